"""The methods that are measured: this project's engine, a reference and its peers."""
