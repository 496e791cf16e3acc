"""Outlet ratings from a file into the database, as one source that can be taken away again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from contextlib_news.errors import CommandError
from contextlib_news.formats.outlet_tables import OutletRow, join_rows
from contextlib_news.formats.records import Rejection
from contextlib_news_server.store import outlets, sources
from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.import_runs import reason_of
from contextlib_news_server.store.importing import (
    ImportCounts,
    note_counts,
    note_start,
    trial_or_kept,
)

__all__ = ["OutletCounts", "import_outlets"]

BATCH = 500


@dataclass(slots=True)
class OutletCounts:
    """What became of the rows of one import.

    ``withdrawn`` are domains that the source spoke of before and does no more, ``stale`` those
    that stay although this file does not hold them, since rows of it could not be read.
    """

    rows: ImportCounts
    withdrawn: int = 0
    stale: int = 0


def import_outlets(
    engine: Engine,
    rows: Iterable[OutletRow | Rejection],
    *,
    source: str,
    made_by: str,
    details: Mapping[str, str | None],
    file: str | None = None,
    dry_run: bool = False,
    rejected: Callable[[Rejection], object] = lambda _: None,
    progress: Callable[[int], object] = lambda _: None,
) -> OutletCounts:
    """Bring the ratings of a file in under the name of a source; return what became of its rows.

    What the source said before of a domain is replaced, what others say stays beside it. A domain
    that it says nothing of any more is withdrawn, unless rows could not be read: one of those may
    have been it. ``details`` are ``url``, ``licence``, ``method`` and ``date`` of the source. The
    rows of a file are held in memory, as rows of one domain may stand far apart. Raises
    CommandError where there is no row at all, which would withdraw everything, and where the
    source's name is held by another kind.
    """
    counts = OutletCounts(ImportCounts())
    reason = reason_of(file, source)
    by_domain: dict[str, list[OutletRow]] = {}
    for row in rows:
        if isinstance(row, Rejection):
            counts.rows.rejected += 1
            rejected(row)
        else:
            by_domain.setdefault(row.domain, []).append(row)
    if not by_domain and not counts.rows.rejected:
        raise CommandError(f"{file or source}: there is no rating in it; nothing was changed")

    def declare(connection: Connection) -> int:
        return sources.declare(
            connection, source, kind="outlets", made_by=made_by, **details
        ).number

    with trial_or_kept(engine, keep=not dry_run) as connection:
        number = declare(connection)
        run = note_start(connection, number, file, made_by)
    domains = sorted(by_domain)
    for start in range(0, len(domains), BATCH):
        part = domains[start : start + BATCH]
        with trial_or_kept(engine, keep=not dry_run) as connection:
            number = declare(connection) if dry_run else number
            outcomes = outlets.save_many(
                connection,
                [join_rows(by_domain[domain]) for domain in part],
                made_by=made_by,
                reason=reason,
                source=number,
            )
            for domain, outcome in zip(part, outcomes, strict=True):
                held = getattr(counts.rows, outcome)
                setattr(counts.rows, outcome, held + len(by_domain[domain]))
            note_counts(connection, run, counts.rows, "running")
        progress(sum(len(by_domain[domain]) for domain in part))
    with trial_or_kept(engine, keep=not dry_run) as connection:
        number = declare(connection) if dry_run else number
        gone = outlets.spoken_of(connection, number) - by_domain.keys()
        if counts.rows.rejected:
            counts.stale = len(gone)
        else:
            counts.withdrawn = len(gone)
            _withdraw(connection, number, sorted(gone), made_by, reason)
        note_counts(connection, run, counts.rows, "done")
    return counts


def _withdraw(
    connection: Connection, source: int, domains: list[str], made_by: str, reason: str
) -> None:
    if domains:
        take_turn(connection)
    for start in range(0, len(domains), BATCH):
        outlets.replace_records(
            connection,
            source,
            dict.fromkeys(domains[start : start + BATCH]),
            made_by=made_by,
            reason=f"{reason}, which speaks of it no more",
        )
