"""The outlets that are known, found by address; look-alikes are told apart from the real thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urlsplit

from contextlib_news.context.domains import host_of, registrable_domain, unwrap_address
from contextlib_news.context.look_alikes import LookAlikes
from contextlib_news.context.ratings import fits_path
from contextlib_news.models import Outlet, OutletRelation, OutletSection
from contextlib_news.page.named_sources import fold_name

__all__ = ["OutletDirectory"]

# A name shorter than this is too often something else ("RT", "GB").
SHORTEST_NAME = 3

# Some papers put the day of an article before its section.
_DATED = re.compile(r"^/(?:19|20)\d\d/\d\d/\d\d(?=/)")


class OutletDirectory:
    """Outlets by domain and alias; immutable once built, safe to share between threads.

    ``impersonated`` names the domains that others often dress up as; only these are compared with
    unknown domains, and only unknown ones are compared. ``names`` leads from an outlet's name, as
    :func:`~contextlib_news.page.named_sources.fold_name` folds it, to its domain.
    """

    def __init__(self, outlets: Iterable[Outlet], *, impersonated: Iterable[str] = ()) -> None:
        self._outlets: dict[str, Outlet] = {}
        self._aliases: dict[str, str] = {}
        self._houses: dict[str, set[str]] = {}
        for outlet in outlets:
            self._outlets[outlet.domain.lower()] = outlet
        for outlet in self._outlets.values():
            domain = outlet.domain.lower()
            for alias in map(str.lower, outlet.aliases):
                own = self._outlets.get(alias)
                if alias != domain and (own is None or own.look_alike_of is None):
                    self._aliases.setdefault(alias, domain)
            if outlet.publisher:
                self._houses.setdefault(outlet.publisher.casefold(), set()).add(domain)
        self.names = MappingProxyType(_names(self._outlets.values()))
        marked = {domain.lower() for domain in impersonated} & set(self._outlets)
        self.impersonated = tuple(sorted(marked))
        self._look_alikes = LookAlikes(self.impersonated)

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

        The page behind an archive, AMP or translation copy counts (``via`` names the copy's host).
        A host with a record of its own comes first, then its parents down to the registrable
        domain. Another address of an outlet (``relation`` alias, ``reason`` says why) brings what
        is known of the outlet, and what raters say of that address itself. An address with a path
        brings the section that it lies in, and of the ratings for a part of the site only those
        that fit it. A domain that resembles an often impersonated outlet comes back as
        ``look-alike`` without that outlet's ratings, any other one as ``unrated``.
        """
        original = unwrap_address(address)
        host = host_of(original)
        domain = registrable_domain(host) if host else None
        if host is None or domain is None:
            return None
        via = host_of(address) if original != address.strip() else None
        found = self._known(host, domain) or self._unknown(domain)
        found = _at_path(found, _path_of(original))
        return found if via is None or via == host else replace(found, via=via)

    def sisters(self, address: str) -> frozenset[str]:
        """Return the domains of the outlet behind an address: its own, aliases, its house's sites.

        Empty where the address has no public host.
        """
        outlet = self.find(address)
        if outlet is None:
            return frozenset()
        domains = {outlet.domain.lower(), *map(str.lower, outlet.aliases)}
        own = registrable_domain(unwrap_address(address))
        if own is not None:
            domains.add(own)
        if outlet.publisher and outlet.relation is not OutletRelation.LOOK_ALIKE:
            for sister in self._houses.get(outlet.publisher.casefold(), ()):
                domains |= {sister, *map(str.lower, self._outlets[sister].aliases)}
        return frozenset(domains)

    def _known(self, host: str, domain: str) -> Outlet | None:
        for name in _parents(host, domain):
            outlet = self._outlets.get(name)
            known = self._aliases.get(name)
            if known is not None:
                return _alias(name, self._outlets[known], outlet)
            if outlet is not None:
                return replace(outlet, relation=_relation(outlet))
        return None

    def _unknown(self, domain: str) -> Outlet:
        resembled = self._look_alikes.resembled(domain)
        if resembled is None:
            return Outlet(domain=domain, name=domain, relation=OutletRelation.UNRATED)
        return Outlet(
            domain=domain,
            name=domain,
            relation=OutletRelation.LOOK_ALIKE,
            look_alike_of=resembled,
            reason=f"{domain} is written much like {resembled}, which is another site",
        )


def _names(outlets: Iterable[Outlet]) -> dict[str, str]:
    """Return the outlets that have a name of their own; one that two share leads nowhere."""
    names: dict[str, str] = {}
    shared: set[str] = set()
    for outlet in outlets:
        folded = fold_name(outlet.name)
        if "." in folded or len(folded) < SHORTEST_NAME:
            continue
        if names.setdefault(folded, outlet.domain) != outlet.domain:
            shared.add(folded)
    return {name: domain for name, domain in names.items() if name not in shared}


def _relation(outlet: Outlet) -> OutletRelation:
    if outlet.look_alike_of is not None:
        return OutletRelation.LOOK_ALIKE
    return OutletRelation.SAME if outlet.ratings else OutletRelation.UNRATED


def _alias(name: str, outlet: Outlet, own: Outlet | None) -> Outlet:
    """Return an outlet as its other address shows it, with what lists say of that address."""
    reason = f"{name} is another address of {outlet.name} ({outlet.domain})"
    if outlet.reason:
        reason = f"{reason}: {outlet.reason}"
    found = replace(outlet, relation=OutletRelation.ALIAS, reason=reason)
    if own is None:
        return found
    said = {(rating.source, rating.label, rating.date, rating.path) for rating in outlet.ratings}
    more = [
        replace(rating, remark="; ".join(filter(None, (f"of {name} itself", rating.remark))))
        for rating in own.ratings
        if (rating.source, rating.label, rating.date, rating.path) not in said
    ]
    return replace(
        found,
        ratings=(*outlet.ratings, *more),
        categories=tuple(dict.fromkeys((*outlet.categories, *own.categories))),
        facts=tuple(dict.fromkeys((*outlet.facts, *own.facts))),
        sections=tuple(dict.fromkeys((*outlet.sections, *own.sections))),
    )


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path if "://" in address else ""
    except ValueError:
        return ""


def _at_path(outlet: Outlet, path: str) -> Outlet:
    """Return the outlet as it stands at a path of its site; the site as a whole for none."""
    if path.strip("/") == "":
        return outlet
    ratings = tuple(rating for rating in outlet.ratings if fits_path(rating, path))
    section = _section_at(outlet, path)
    if section is None:
        return outlet if len(ratings) == len(outlet.ratings) else replace(outlet, ratings=ratings)
    categories = tuple(dict.fromkeys((*section.categories, *outlet.categories)))
    return replace(outlet, ratings=ratings, categories=categories, section=section.name)


def _section_at(outlet: Outlet, path: str) -> OutletSection | None:
    place = f"{_DATED.sub('', path)}/"
    fitting = [section for section in outlet.sections if place.startswith(section.path)]
    return max(fitting, key=lambda section: len(section.path), default=None)


def _parents(host: str, domain: str) -> Iterator[str]:
    """Yield the host and its parents down to the registrable domain, walking the dots."""
    name = host
    while True:
        yield name
        if name == domain or "." not in name:
            return
        name = name.split(".", 1)[1]
