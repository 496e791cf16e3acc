"""What ships with the library: starter claims, outlets and patterns, each with its origin."""
