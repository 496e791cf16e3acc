"""How secrets that are long and random are kept: there is nothing to guess, so SHA-256 serves."""

from __future__ import annotations

import hashlib

__all__ = ["digest_of"]


def digest_of(secret: str) -> str:
    """Return the digest of a secret, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
