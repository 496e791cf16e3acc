"""Domains that are written or drawn much like an outlet that others often dress up as."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

__all__ = ["LookAlikes"]

# Letters that are drawn alike, folded to one of them before look-alikes are compared.
FOLDED_SHAPES = str.maketrans("01358", "olese")
SHAPE_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))

# Shorter names lie one edit from too many honest ones (apnews and amnews are both real papers).
SHORTEST_IMPERSONATED = 5
SHORTEST_ONE_EDIT = 9

# What impostors hang onto a name (washingtonposted, nytimespost). Any other addition makes another
# name: lemondejuif is no Le Monde, nbcnews11 a station of the network.
ADDITIONS = frozenset(
    "s ed er co com net org us usa uk eu tv fm info news post press media daily online live today "
    "now world web site blog mag paper times report breaking official".split()
)

# Letters of other scripts that are drawn like Latin ones; written from the Unicode charts.
HOMOGLYPHS = {
    **dict(zip("авекмнорстухгпьшёіјѕԁԛԝһӏ", "abekmhopctyxrnbweijsdqwhl", strict=True)),
    **dict(zip("αβεηικνορτυχωγκ", "abenikvoptuxwyk", strict=True)),
    **dict(zip("ıøłđħŧɑɡɩʟɴʀʏßþ", "ioldhtagilnrybp", strict=True)),
    **dict(zip("օսոհցքյ", "ounhgpj", strict=True)),
}


class LookAlikes:
    """The domains that are compared with; immutable, safe to share between threads."""

    def __init__(self, impersonated: Iterable[str]) -> None:
        self.domains = tuple(sorted({domain.lower() for domain in impersonated}))
        names = [(domain, domain.split(".", 1)[0]) for domain in self.domains]
        self._long = [(d, real) for d, real in names if len(real) >= SHORTEST_ONE_EDIT]
        self._names = [
            (domain, real, _fold_shapes(real))
            for domain, real in names
            if len(real) >= SHORTEST_IMPERSONATED
        ]

    def resembled(self, domain: str) -> str | None:
        """Return the domain that another registrable domain resembles, None where it does not.

        >>> LookAlikes(["washingtonpost.com"]).resembled("washingtonpost.com.co")
        'washingtonpost.com'
        >>> LookAlikes(["washingtonpost.com"]).resembled("notwashingtonpost.com")
        """
        label = _shown(domain.split(".", 1)[0])
        drawn = _drawn_as(label)
        foreign = drawn != label
        folded = _fold_shapes(drawn)
        bare = drawn.replace("-", "")
        for known, real, real_folded in self._names:
            if drawn == real or folded == real_folded:
                return known
            if not foreign and bare.startswith(real) and bare[len(real) :] in ADDITIONS:
                return known
        for known, real in self._long:
            if DamerauLevenshtein.distance(drawn, real, score_cutoff=1) <= 1:
                return known
        return None


def _shown(label: str) -> str:
    """Return a label as an address bar may show it, out of its ASCII form."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _drawn_as(label: str) -> str:
    """Return a label in the Latin letters that it looks like, without marks on them."""
    if label.isascii():
        return label
    bare = unicodedata.normalize("NFKD", "".join(HOMOGLYPHS.get(c, c) for c in label.lower()))
    return "".join(HOMOGLYPHS.get(c, c) for c in bare if not unicodedata.combining(c))


def _fold_shapes(label: str) -> str:
    folded = label.replace("-", "").translate(FOLDED_SHAPES)
    for pair, single in SHAPE_PAIRS:
        folded = folded.replace(pair, single)
    return folded
