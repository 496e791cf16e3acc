"""The outlets that are known, found by address; look-alikes are told apart from the real thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from contextlib_news.context.domains import host_of, registrable_domain, unwrap_address
from contextlib_news.models import Outlet, OutletRelation

__all__ = ["OutletDirectory"]

# Letters that are drawn alike, folded to one of them before look-alikes are compared.
FOLDED_SHAPES = str.maketrans("01358", "olese")
SHAPE_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))

# Shorter names lie one edit from too many honest ones (apnews and amnews are both real papers).
SHORTEST_IMPERSONATED = 5
SHORTEST_ONE_EDIT = 9


class OutletDirectory:
    """Outlets by domain and alias; immutable once built, safe to share between threads.

    ``impersonated`` names the domains that others often dress up as; only these are compared with
    unknown domains, and only unknown ones are compared.
    """

    def __init__(self, outlets: Iterable[Outlet], *, impersonated: Iterable[str] = ()) -> None:
        self._outlets: dict[str, Outlet] = {}
        self._aliases: dict[str, str] = {}
        for outlet in outlets:
            self._outlets[outlet.domain.lower()] = outlet
        for outlet in self._outlets.values():
            for alias in outlet.aliases:
                self._aliases.setdefault(alias.lower(), outlet.domain.lower())
        self.impersonated = tuple(sorted({d.lower() for d in impersonated} & set(self._outlets)))

    def __len__(self) -> int:
        """Return the number of outlets."""
        return len(self._outlets)

    def __iter__(self) -> Iterator[Outlet]:
        """Iterate over the outlets by domain."""
        return (self._outlets[domain] for domain in sorted(self._outlets))

    def get(self, domain: str) -> Outlet | None:
        """Return the outlet kept under exactly this domain, or None."""
        return self._outlets.get(domain.lower())

    def find(self, address: str) -> Outlet | None:
        """Return the outlet behind an address, None where the address has no public host.

        A host with a record of its own comes first, then its parents down to the registrable
        domain, then aliases (``relation`` alias, ``reason`` says why). A domain that resembles an
        often impersonated outlet comes back as ``look-alike`` without that outlet's ratings, any
        other one as ``unrated``.
        """
        host = host_of(unwrap_address(address))
        domain = registrable_domain(host) if host else None
        if host is None or domain is None:
            return None
        for name in _parents(host, domain):
            outlet = self._outlets.get(name)
            if outlet is not None:
                rated = OutletRelation.SAME if outlet.ratings else OutletRelation.UNRATED
                return replace(outlet, relation=rated, reason=None)
            known = self._aliases.get(name)
            if known is not None:
                return self._alias(name, self._outlets[known])
        resembled = self._resembles(domain)
        if resembled is not None:
            return Outlet(
                domain=domain,
                name=domain,
                relation=OutletRelation.LOOK_ALIKE,
                look_alike_of=resembled,
                reason=f"{domain} is written much like {resembled}, which is another site",
            )
        return Outlet(domain=domain, name=domain, relation=OutletRelation.UNRATED)

    def _alias(self, name: str, outlet: Outlet) -> Outlet:
        reason = f"{name} is another address of {outlet.name} ({outlet.domain})"
        if outlet.reason:
            reason = f"{reason}: {outlet.reason}"
        return replace(outlet, relation=OutletRelation.ALIAS, reason=reason)

    def _resembles(self, domain: str) -> str | None:
        """Return the impersonated outlet that an unknown domain is written like, or None."""
        if domain.startswith("xn--") or ".xn--" in domain:
            return self._resembles_in_shape(domain)
        label = domain.split(".", 1)[0]
        folded = _fold_shapes(label)
        for known in self.impersonated:
            real = known.split(".", 1)[0]
            if len(real) < SHORTEST_IMPERSONATED:
                continue
            same_name = label == real or folded == _fold_shapes(real)
            long_enough = len(real) >= SHORTEST_ONE_EDIT
            one_edit = long_enough and _one_edit(label, real)
            bare = label.replace("-", "")
            dressed_up = bare.startswith(real) and 0 < len(bare) - len(real) <= 5
            if same_name or one_edit or dressed_up:
                return known
        return None

    def _resembles_in_shape(self, domain: str) -> str | None:
        """Return the outlet that an internationalised domain is drawn like, or None."""
        try:
            label = domain.encode("ascii").decode("idna").split(".", 1)[0]
        except UnicodeError:
            return None
        plain = "".join(HOMOGLYPHS.get(letter, letter) for letter in label)
        for known in self.impersonated:
            real = known.split(".", 1)[0]
            if plain == real or (len(real) >= SHORTEST_ONE_EDIT and _one_edit(plain, real)):
                return known
        return None


# Cyrillic and Greek letters drawn like Latin ones; written from the Unicode charts.
HOMOGLYPHS = dict(zip("асеоріхуѕјԁһӏԛԝаοαеіυκνρτ", "aceopixysjdhlqwaoaeiuvvpt", strict=False))


def _one_edit(one: str, other: str) -> bool:
    return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _fold_shapes(label: str) -> str:
    folded = label.replace("-", "").translate(FOLDED_SHAPES)
    for pair, single in SHAPE_PAIRS:
        folded = folded.replace(pair, single)
    return folded


def _parents(host: str, domain: str) -> Iterator[str]:
    """Yield the host and its parents down to the registrable domain, walking the dots."""
    name = host
    while True:
        yield name
        if name == domain or "." not in name:
            return
        name = name.split(".", 1)[1]
