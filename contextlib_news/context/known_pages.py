"""What a claim database knows of pages: the reports it names, and the texts that carry claims."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from contextlib_news.context.domains import unwrap_address
from contextlib_news.context.same_text import SAME_TEXT, similarity
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Fingerprint, Report

__all__ = ["KnownPages", "known_pages"]

# Up to so many claims with reports all are looked through, once for each state of an index; of
# more only those that sentences of the page resemble are asked, which finds what matters to it.
MOST_CLAIMS = 20_000


@dataclass(slots=True)
class KnownPages:
    """Reports by their addresses and by outlet and day, and fingerprints of texts."""

    _reports: dict[str, Report] = field(default_factory=dict)
    _days: dict[tuple[str, str], Report] = field(default_factory=dict)
    _texts: dict[tuple[str, str], Fingerprint] = field(default_factory=dict)

    def add(self, claims: Iterable[Claim]) -> None:
        """Take the reports and fingerprints of claims in."""
        for claim in claims:
            for report in claim.reports:
                if report.url:
                    self._reports.setdefault(plain_address(report.url), report)
                if report.date and len(report.date) == 10:
                    outlet = (report.origin or report.outlet).casefold()
                    self._days.setdefault((outlet, report.date), report)
                    self._days.setdefault((outlet, f"-{report.date[4:]}"), report)
            for found in claim.fingerprints:
                self._texts.setdefault((plain_address(found.url), found.value), found)

    @property
    def holds_texts(self) -> bool:
        """Whether any fingerprint is held at all."""
        return bool(self._texts)

    def report(self, href: str) -> Report | None:
        """Return the report that stands at an address, whatever copy of it, or None."""
        return self._reports.get(plain_address(unwrap_address(href)))

    def report_of(self, outlet: str, date: str) -> Report | None:
        """Return the report of an outlet of a day (``YYYY-MM-DD``, ``--MM-DD``), or None."""
        return self._days.get((outlet.casefold(), date))

    def same_text(self, value: str, url: str | None) -> tuple[tuple[Fingerprint, float], ...]:
        """Return other pages with much the same text as a fingerprint, the most alike first."""
        own = plain_address(unwrap_address(url)) if url else None
        best: dict[str, tuple[Fingerprint, float]] = {}
        for (address, _), found in self._texts.items():
            if address == own:
                continue
            alike = similarity(value, found.value)
            if alike >= SAME_TEXT and alike > best.get(address, (found, 0.0))[1]:
                best[address] = (found, alike)
        return tuple(sorted(best.values(), key=lambda pair: (-pair[1], pair[0].url)))


_held: weakref.WeakKeyDictionary[ClaimIndex, KnownPages | None] = weakref.WeakKeyDictionary()


def known_pages(index: ClaimIndex, candidates: Callable[[], Iterable[Claim]]) -> KnownPages:
    """Return what the claims of an index know of pages, of very many those of ``candidates``."""
    if index not in _held:
        claims = index.holding("pages", MOST_CLAIMS)
        _held[index] = None if claims is None else _of(claims)
    held = _held[index]
    return _of(candidates()) if held is None else held


def _of(claims: Iterable[Claim]) -> KnownPages:
    known = KnownPages()
    known.add(claims)
    return known


def plain_address(url: str) -> str:
    """Return an address without what varies between copies of a link: scheme, www, query, slash."""
    rest = url.split("://", 1)[-1].split("#", 1)[0].split("?", 1)[0]
    return rest.removeprefix("www.").rstrip("/").casefold()
