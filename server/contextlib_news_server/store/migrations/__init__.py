"""Migrations of the claim database; run by the service at start."""
