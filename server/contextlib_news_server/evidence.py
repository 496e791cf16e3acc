"""Evidence upkeep: looking whether what claims rest on still stands where it stood.

Links on hosts of the allow-list are visited under the guards of ``fetching``, one host at a time
with a pause between, and with the tags of the last visit, so that a page which did not change sends
nothing. A page that is gone, moved for good, changed or long out of reach puts the claims that rest
on it into the queue, once. Of a page its fingerprint is kept, not its text.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from contextlib_news.context.same_text import SAME_TEXT, fingerprint_of, similarity
from contextlib_news.errors import ContextError
from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news_server.config import Config
from contextlib_news_server.fetching import (
    Fetched,
    Fetcher,
    FetchError,
    FetchRefusedError,
    FetchTooLargeError,
)
from contextlib_news_server.store import links
from contextlib_news_server.store.database import read
from contextlib_news_server.store.links import Link, LinkState

__all__ = ["Checker", "Finding", "archived_copy", "build_checker", "look"]

# Of a page so much is read; a page of news has some hundred kilobytes.
MAX_BYTES = 2 * 1024 * 1024
MAX_SECONDS = 30.0

# Between two visits to one host.
PAUSE_SECONDS = 10.0

DAY = 24 * 3_600.0

# A host may be down for an evening: so many visits in a row, a day and more apart, are told of.
FAILURES_TOLD = 3

# Answers by which a host asks to be left alone for now.
BUSY = (429, 503)

ARCHIVE = "https://web.archive.org/web/"

GONE = (404, 410)
TROUBLES = (LinkState.GONE, LinkState.MOVED, LinkState.CHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a visit found: the state, in words of ours why, and what to compare the next time with.

    ``same`` is the share of the text that is still the same, 0 to 1, None where none was compared.
    """

    state: LinkState
    detail: str
    status: int | None = None
    moved_to: str | None = None
    fingerprint: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    same: float | None = None


def look(link: Link, fetcher: Fetcher) -> Finding:
    """Visit a link and say what is there; never raises for what the other side does."""
    try:
        fetched = fetcher.fetch(link.address, etag=link.etag, last_modified=link.last_modified)
    except FetchTooLargeError as error:
        return Finding(state=LinkState.THERE, detail=f"it is there; {error}, so not compared")
    except FetchRefusedError as error:
        if error.lasting_url is not None:
            return _moved(error.lasting_url, "its new host is not on the allow-list")
        return Finding(state=LinkState.UNREACHABLE, detail=str(error))
    except FetchError as error:
        return Finding(state=LinkState.UNREACHABLE, detail=str(error))
    if fetched.status in GONE:
        return Finding(
            state=LinkState.GONE, detail=f"it answers {fetched.status}", status=fetched.status
        )
    if fetched.status not in (200, 304):
        return Finding(
            state=LinkState.UNREACHABLE,
            detail=f"it answers {fetched.status}",
            status=fetched.status,
        )
    return _compare(link, fetched)


def _compare(link: Link, fetched: Fetched) -> Finding:
    same: float | None = None
    new: str | None = link.fingerprint
    if fetched.status == 200:
        new = _fingerprint(fetched)
        if link.fingerprint is not None:
            same = 0.0 if new is None else similarity(link.fingerprint, new)
    found = Finding(
        state=LinkState.THERE,
        detail="it is there" if same is None else f"it is there, {same:.0%} the same",
        status=fetched.status,
        fingerprint=new,
        etag=fetched.etag or (link.etag if fetched.status == 304 else None),
        last_modified=fetched.last_modified
        or (link.last_modified if fetched.status == 304 else None),
        same=same,
    )
    if fetched.lasting_url and fetched.lasting_url != link.address:
        told = "" if same is None else f"the text there is {same:.0%} the same"
        moved = _moved(fetched.lasting_url, told)
        return replace(found, state=moved.state, detail=moved.detail, moved_to=moved.moved_to)
    if same is not None and same < SAME_TEXT:
        return replace(
            found, state=LinkState.CHANGED, detail=f"its text is only {same:.0%} the same"
        )
    return found


def _moved(address: str, more: str) -> Finding:
    detail = f"it moved for good to {address}" + (f"; {more}" if more else "")
    return Finding(state=LinkState.MOVED, detail=detail, moved_to=address)


def _fingerprint(fetched: Fetched) -> str | None:
    """Return the fingerprint of a page's text, None for what is no page or too short for one."""
    try:
        if fetched.content_type in ("text/html", "application/xhtml+xml"):
            return fingerprint_of(read_page(Page(html=fetched.content)))
        if fetched.content_type == "text/plain":
            return fingerprint_of(read_page(Page(text=fetched.content.decode("utf-8", "replace"))))
    except ContextError:
        return None  # larger or deeper than a page may be
    return None


def archived_copy(address: str, day: str | None) -> str:
    """Return where the Internet Archive shows its copy of a page nearest to a day, or its latest.

    >>> archived_copy("https://a.example/x", "2022-01-28")
    'https://web.archive.org/web/20220128/https://a.example/x'
    """
    when = (day or "").replace("-", "")
    return f"{ARCHIVE}{when}/{address}" if when.isdecimal() else f"{ARCHIVE}{address}"


class Checker:
    """Visits links whose time has come, some at a time.

    ``hosts`` are those of the allow-list; a link is visited again after ``every_days``. ``ended``
    stops it between two visits.
    """

    def __init__(
        self,
        engine: Engine,
        fetcher: Fetcher,
        hosts: Iterable[str],
        *,
        every_days: float = 30.0,
        pause_seconds: float = PAUSE_SECONDS,
        ended: threading.Event | None = None,
    ) -> None:
        self._engine = engine
        self._fetcher = fetcher
        self._hosts = tuple(dict.fromkeys(host.casefold().rstrip(".") for host in hosts))
        self._every_seconds = every_days * DAY
        self._pause_seconds = pause_seconds
        self._ended = ended or threading.Event()

    def gather(self) -> None:
        """Bring what is known of the claims' links up to date."""
        while not self._ended.is_set():
            with self._engine.begin() as connection:
                if not links.gather(connection):
                    return

    def run(
        self,
        limit: int,
        *,
        moment: str | None = None,
        report: Callable[[Link, Finding], object] = lambda *_: None,
    ) -> Counter[LinkState]:
        """Visit up to ``limit`` links that are due; return how many were found in which state.

        The hosts take turns. A host that says it is busy is left alone for the rest of the run.
        ``moment`` is what counts as now for what is due.
        """
        self.gather()
        found: Counter[LinkState] = Counter()
        waiting: dict[str, deque[Link]] = {}
        with read(self._engine) as connection:
            for host in self._hosts:
                if due := links.due(connection, host, limit=limit, moment=moment):
                    waiting[host] = deque(due)
        ready = dict.fromkeys(waiting, 0.0)
        while waiting and found.total() < limit:
            host = min(waiting, key=ready.__getitem__)
            if self._ended.wait(max(0.0, ready[host] - time.monotonic())):
                break
            link = waiting[host].popleft()
            if not waiting[host]:
                del waiting[host]
            with self._engine.begin() as connection:
                if not links.take(connection, link):
                    continue
            finding = look(link, self._fetcher)
            self._keep(link, finding)
            report(link, finding)
            found[finding.state] += 1
            ready[host] = time.monotonic() + self._pause_seconds
            if finding.status in BUSY:
                waiting.pop(host, None)
        return found

    def _keep(self, link: Link, finding: Finding) -> None:
        """Keep a finding, and tell the queue of it where it is new trouble."""
        out_of_reach = finding.state is LinkState.UNREACHABLE
        failures = link.failures + 1 if out_of_reach else 0
        trouble = finding.state in TROUBLES or failures >= FAILURES_TOLD
        payload = {} if not trouble or _told(finding) == link.told else self._payload(finding)
        with self._engine.begin() as connection:
            settled = links.is_settled(connection, link)
            if finding.state is LinkState.CHANGED and settled and link.told == _told(finding):
                # Somebody looked at the page as it is now and left the claim on it.
                finding = replace(finding, state=LinkState.THERE)
                link = replace(link, fingerprint=None)
                trouble = False
            if trouble and _told(finding) != link.told:
                links.tell(
                    connection,
                    link,
                    _told(finding),
                    reason=_sentence(link, finding),
                    payload={"address": link.address, **payload},
                    archived=_Archived(link.address),
                )
            elif finding.state is LinkState.THERE and link.told is not None:
                links.settle(connection, link, "the page is in order again")
            changes: dict[str, object] = {
                "state": finding.state.value,
                "status": finding.status,
                "detail": finding.detail[:1_000],
                "moved_to": finding.moved_to,
                "failures": failures,
            }
            if finding.state is LinkState.THERE:
                # What later visits are compared with is the text that the claim was written after.
                changes |= {
                    "fingerprint": link.fingerprint or finding.fingerprint,
                    "etag": finding.etag,
                    "last_modified": finding.last_modified,
                }
            links.keep(connection, link, seconds=self._wait(failures), **changes)

    def _wait(self, failures: int) -> float:
        """Return after how long to look again: sooner where it was out of reach, then less."""
        if not failures:
            return self._every_seconds
        return min(self._every_seconds, DAY * 2.0 ** min(failures - 1, 10))

    def _payload(self, finding: Finding) -> dict[str, object]:
        found: dict[str, object] = {"found": finding.state.value, "detail": finding.detail}
        if finding.moved_to is not None:
            found["moved to"] = finding.moved_to
        return found


class _Archived(dict[str | None, str]):
    """The archived copies of an address by day, made when they are asked for."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def __missing__(self, day: str | None) -> str:
        return archived_copy(self._address, day)


def _told(finding: Finding) -> str:
    return f"{finding.state.value} {finding.moved_to or ''}".strip()


def _sentence(link: Link, finding: Finding) -> str:
    what = {
        LinkState.GONE: "A page that this claim rests on is gone",
        LinkState.MOVED: "A page that this claim rests on has moved",
        LinkState.CHANGED: "A page that this claim rests on has changed",
        LinkState.UNREACHABLE: "A page that this claim rests on is out of reach",
    }[finding.state]
    return f"{what}: {link.address[:500]} ({finding.detail[:500]})"


def build_checker(config: Config, engine: Engine, ended: threading.Event | None = None) -> Checker:
    """Return the checker of the settings."""
    fetcher = Fetcher(
        config.fetch_hosts,
        private=config.fetch_private_hosts,
        max_bytes=MAX_BYTES,
        max_seconds=MAX_SECONDS,
    )
    return Checker(
        engine, fetcher, config.fetch_hosts, every_days=config.evidence_days or 30, ended=ended
    )
