"""Who publishes a page and what it disclaims."""
