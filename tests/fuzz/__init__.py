"""Requests that nobody sends on purpose, many of them."""
