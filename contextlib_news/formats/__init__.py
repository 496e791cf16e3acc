"""Claims, outlets and answers in the forms that files and callers use."""
