"""Hashes of wordings and of stretches of sentences, by which one is found inside the other.

A hash is a polynomial over the keys of terms, modulo 2**64, so that the one of any stretch follows
from running sums (Rabin and Karp 1987). That of a wording has two halves: the upper one is of its
first terms, the lower one of all of them. So one look-up tells whether any wording starts at some
place of a sentence, and only there further ones are needed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "HALF_SPAN",
    "OPENING_TERMS",
    "first_half",
    "hash_filter",
    "hash_wordings",
    "join_halves",
    "may_be_there",
    "running_hashes",
    "stretch_hashes",
]

# Terms of a wording that the upper half is made of; all of a shorter one.
OPENING_TERMS = 4

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
# At most 32, the bits of a first half, are used up to 2**29 wordings.
BITS_A_HASH = 8

HALF_SPAN = np.uint64(0xFFFFFFFF)

Hashes = NDArray[np.uint64]
Integers = NDArray[np.int64]


def hash_wordings(keys: Hashes, starts: Integers) -> Hashes:
    """Return the hash of each wording; ``keys`` are those of their terms, end to end."""
    lengths = np.diff(starts)
    begins, ends = starts[:-1], starts[1:]
    running = running_hashes(keys, np.arange(len(keys)) - np.repeat(begins, lengths))
    opened = np.minimum(ends, begins + OPENING_TERMS)
    return join_halves(running[opened] - running[begins], running[ends] - running[begins])


def running_hashes(keys: Hashes, places: Integers) -> Hashes:
    """Return sums of keys up to each term, one more than there are keys.

    ``places`` says where in its wording or sentence each term stands.
    """
    sums = np.zeros(len(keys) + 1, np.uint64)
    np.cumsum(keys * _powers(_BASE, places), out=sums[1:])
    return sums


def stretch_hashes(running: Hashes, places: Integers, begins: Integers, ends: Integers) -> Hashes:
    """Return what a wording hashes to whose terms are those from ``begins`` to before ``ends``."""
    return (running[ends] - running[begins]) * _powers(_INVERSE, places[begins])


def join_halves(opening: Hashes, whole: Hashes) -> Hashes:
    """Return the hashes of wordings by those of their first terms and of all of them."""
    return first_half(opening) | (_mixed(whole) >> _HALF)


def first_half(opening: Hashes) -> Hashes:
    """Return the least hash of a wording with these first terms; HALF_SPAN more is the highest."""
    return _mixed(opening) & ~HALF_SPAN


def hash_filter(hashes: Hashes) -> NDArray[np.uint8]:
    """Return a bit for each value of the first bits of a hash, eight and more for each hash.

    Seven in eight look-ups for what is not there end at such a bit, in a table that is small enough
    for the processor's cache.
    """
    bits = max(3, int(BITS_A_HASH * len(hashes) - 1).bit_length())
    there = np.zeros(1 << bits, np.bool_)
    there[hashes >> np.uint64(64 - bits)] = True
    return np.packbits(there, bitorder="little")


def may_be_there(table: NDArray[np.uint8], hashes: Hashes) -> NDArray[np.bool_]:
    """Return which hashes, or their first halves, may be among those of a filter."""
    place = hashes >> np.uint64(64 - 3 - (len(table).bit_length() - 1))
    bit = table[place >> np.uint64(3)] >> (place & np.uint64(7)).astype(np.uint8)
    found: NDArray[np.bool_] = (bit & 1) > 0
    return found


def _powers(base: int, exponents: Integers) -> Hashes:
    powers = np.full(int(exponents.max(initial=0)) + 1, base, np.uint64)
    powers[0] = 1
    found: Hashes = np.cumprod(powers)[exponents]
    return found


def _mixed(hashes: Hashes) -> Hashes:
    """Return hashes whose upper halves tell as much as the whole."""
    return (hashes ^ (hashes >> np.uint64(31))) * _MIX
