"""Following feeds: what is new, changed or withdrawn lands in the queue or is published.

A feed is fetched under the guards of ``fetching``, written to a file and read from there record by
record, so that memory stays flat. One that cannot be fetched or read changes nothing and is tried
again later; one that shrinks to less than half at once is not believed.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine

from contextlib_news.errors import ContextError
from contextlib_news.formats.claims import claim_to_dict, read_records
from contextlib_news.formats.records import Rejection
from contextlib_news.models import Claim, Provenance
from contextlib_news_server.fetching import Fetcher, FetchError
from contextlib_news_server.store import queue, saving, subscriptions
from contextlib_news_server.store.claim_rows import check_keepable
from contextlib_news_server.store.removal import withdraw
from contextlib_news_server.store.subscriptions import FeedForm, Subscription

__all__ = ["Followed", "Follower", "follow"]

CONTENT_TYPES = (
    "application/json",
    "application/ld+json",
    "application/x-ndjson",
    "application/jsonl",
    "text/csv",
    "text/html",
    "application/xhtml+xml",
    "text/plain",
)
SUFFIXES = {
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
}

BATCH = 500
REPORTED = 100

# So many runs in a row fail before somebody is asked to look.
FAILURES_TOLD = 3

# Of so few reviews any number may be withdrawn at once.
FEW = 5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Followed:
    """What a run brought: counts, and the records that were left out with their reasons."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    withdrawn: int = 0
    reasons: list[str] = field(default_factory=list)
    error: str | None = None

    def reject(self, place: str, reason: str) -> None:
        """Count a record that was left out; the first hundred are told."""
        self.rejected += 1
        if len(self.reasons) < REPORTED:
            self.reasons.append(f"{place}: {reason}")


def follow(
    engine: Engine, subscription: Subscription, fetcher: Fetcher, folder: Path | None = None
) -> Followed:
    """Run a subscription once and keep how it went; never raises for what the other side does.

    ``folder`` is where the feed is written while it is read (None: the system's).
    """
    followed = Followed()
    try:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            file = Path(place) / "feed"
            with file.open("wb") as out:
                fetched = fetcher.fetch(
                    subscription.address,
                    etag=subscription.etag,
                    last_modified=subscription.last_modified,
                    content_types=CONTENT_TYPES,
                    into=out,
                )
            if fetched.status == 200:
                named = file.rename(file.with_suffix(SUFFIXES.get(fetched.content_type, ".json")))
                _read(engine, subscription, named, followed)
            elif fetched.status != 304:
                raise FetchError(f"it answered {fetched.status}")
    except (FetchError, ContextError) as error:
        followed.error = str(error)
        with engine.begin() as connection:
            failures = subscriptions.note_failure(connection, subscription, followed.error)
            if failures >= FAILURES_TOLD:
                _tell(connection, subscription, "subscription-failing", followed.error)
        return followed
    with engine.begin() as connection:
        subscriptions.note_success(
            connection,
            subscription,
            etag=fetched.etag or (subscription.etag if fetched.status == 304 else None),
            last_modified=fetched.last_modified
            or (subscription.last_modified if fetched.status == 304 else None),
        )
    return followed


def _read(engine: Engine, subscription: Subscription, file: Path, followed: Followed) -> None:
    seen: set[str] = set()
    claims = _claims(subscription, file, followed, seen)
    while batch := list(islice(claims, BATCH)):
        with engine.begin() as connection:
            _keep(connection, subscription, batch, followed)
    if not seen:
        raise FetchError("it holds no review that could be read")
    if subscription.format is FeedForm.COMPLETE:
        _withdraw(engine, subscription, seen, followed)


def _claims(
    subscription: Subscription, path: Path, followed: Followed, seen: set[str]
) -> Iterator[Claim]:
    for record in read_records(path):
        if isinstance(record, Rejection):
            followed.reject(_place(record.place, path), record.reason)
            continue
        claim = _with_origin(record.claim, subscription)
        try:
            check_keepable(claim)
        except ContextError as error:
            followed.reject(_place(record.place, path), str(error))
            continue
        if claim.id not in seen:
            seen.add(claim.id)
            yield claim


def _place(place: str, path: Path) -> str:
    return place.replace(f"{path}: ", "").replace(str(path), "feed")


def _with_origin(claim: Claim, subscription: Subscription) -> Claim:
    """Return a claim that says where it comes from and under which licence it was given."""
    own = claim.provenance
    return replace(
        claim,
        provenance=Provenance(
            source=(own.source if own else None) or subscription.name,
            licence=(own.licence if own else None) or subscription.licence,
            url=(own.url if own else None) or subscription.address,
        ),
    )


def _keep(
    connection: Connection, subscription: Subscription, batch: list[Claim], followed: Followed
) -> None:
    if not subscription.publish:
        for claim in batch:
            _put(connection, subscription, claim, followed)
        return
    outcomes = saving.save_many(
        connection,
        batch,
        made_by=f"subscription {subscription.name}",
        reason=f"from {subscription.address}"[:500],
        source=subscription.source,
    )
    for outcome in outcomes:
        setattr(followed, outcome, getattr(followed, outcome) + 1)


def _put(
    connection: Connection, subscription: Subscription, claim: Claim, followed: Followed
) -> None:
    """Put a review that is new or changed into the queue; one that was decided stays decided."""
    key = _queue_key(subscription, claim.id)
    payload = claim_to_dict(claim)
    last = subscriptions.last_queued(connection, key)
    if last is not None and last[1] == payload:
        followed.unchanged += 1
        return
    queue.put(
        connection,
        kind="subscription",
        key=key,
        claim_id=claim.id,
        source=subscription.source,
        payload=payload,
        reason="a new review" if last is None else "a review that changed",
        made_by=f"subscription {subscription.name}",
    )
    if last is None:
        followed.added += 1
    else:
        followed.changed += 1


def _withdraw(
    engine: Engine, subscription: Subscription, seen: set[str], followed: Followed
) -> None:
    """Retire what the feed no longer holds, unless it lost more than is believable at once."""
    with engine.connect() as connection:
        held = list(subscriptions.said_by(connection, subscription.source))
    gone = [claim_id for claim_id in held if claim_id not in seen]
    if followed.rejected and gone:
        # What could not be read may be among them.
        followed.reasons.append(f"{len(gone)} reviews are missing and none is withdrawn: see above")
        return
    if len(gone) > FEW and len(gone) > len(held) / 2:
        with engine.begin() as connection:
            reason = f"{len(gone)} of {len(held)} reviews are missing; none was withdrawn"
            _tell(connection, subscription, "subscription-shrunk", reason)
        return
    for some in _pieces(gone):
        with engine.begin() as connection:
            followed.withdrawn += withdraw(
                connection,
                subscription.source,
                some,
                made_by=f"subscription {subscription.name}",
                reason="withdrawn by its publisher",
            )


def _tell(connection: Connection, subscription: Subscription, kind: str, reason: str) -> None:
    queue.put(
        connection,
        kind=kind,
        key=f"{kind} {subscription.number}",
        source=subscription.source,
        reason=reason,
        made_by=f"subscription {subscription.name}",
    )


def _queue_key(subscription: Subscription, claim_id: str) -> str:
    return f"subscription {subscription.number} {claim_id}"[:200]


def _pieces(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while piece := list(islice(rest, BATCH)):
        yield piece


class Follower:
    """Runs subscriptions when their time has come, in a thread of its own."""

    def __init__(self, engine: Engine, fetcher: Fetcher, *, look_seconds: float = 30.0) -> None:
        self._engine = engine
        self._fetcher = fetcher
        self._look_seconds = look_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the run that is on its way, at most a few seconds later."""
        self._ended.set()
        self._thread.join(timeout=5)

    def run_due(self) -> int:
        """Run what is due now; return how many runs that were."""
        with self._engine.connect() as connection:
            waiting = subscriptions.due(connection)
        runs = 0
        for subscription in waiting:
            with self._engine.begin() as connection:
                mine = subscriptions.take(connection, subscription)
            if mine and not self._ended.is_set():
                followed = follow(self._engine, subscription, self._fetcher)
                counts = {
                    name: getattr(followed, name)
                    for name in ("added", "changed", "unchanged", "rejected", "withdrawn")
                }
                log.info("followed", extra={"fields": {"feed": subscription.name, **counts}})
                runs += 1
        return runs

    def _run(self) -> None:
        while not self._ended.wait(self._look_seconds):
            try:
                self.run_due()
            except Exception:
                # A database that is away for a while; the next look may find it again.
                log.exception("following failed")
