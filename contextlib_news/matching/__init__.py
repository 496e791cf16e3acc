"""From a sentence to the claims it may be about."""
