"""What a sentence does to a claim, and in what the two differ."""
