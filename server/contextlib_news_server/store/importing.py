"""Claims from a file into the database, as one source: in batches, in steady memory.

Each batch is one transaction, so that other writers get their turn and a crash loses at most the
batch in hand; the same import again goes on from there, since what is held already is unchanged.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice

from sqlalchemy import Connection, Engine, update

from contextlib_news.errors import CommandError, InvalidClaimError
from contextlib_news.formats.claims import Rejection
from contextlib_news.models import Claim, Provenance
from contextlib_news_server.store import claims, revisions, sources
from contextlib_news_server.store.claim_rows import check_keepable
from contextlib_news_server.store.import_runs import reason_of
from contextlib_news_server.store.tables import imports

__all__ = ["ImportCounts", "import_claims", "note_counts", "note_start", "trial_or_kept"]

BATCH = 500


@dataclass(slots=True)
class ImportCounts:
    """What became of the records of one import."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def accepted(self) -> int:
        """How many records are now held."""
        return self.added + self.changed + self.unchanged


def import_claims(
    engine: Engine,
    rows: Iterable[Claim | Rejection],
    *,
    source: str,
    made_by: str,
    url: str | None = None,
    licence: str | None = None,
    method: str | None = None,
    date: str | None = None,
    file: str | None = None,
    dry_run: bool = False,
    rejected: Callable[[Rejection], object] = lambda _: None,
    progress: Callable[[int], object] = lambda _: None,
) -> ImportCounts:
    """Bring claims in under the name of a source, published; return what became of them.

    Claims without provenance get the source's where it has a ``url`` or a ``licence``. Of several
    records with one id the first counts, so that the same file again changes nothing. ``rejected``
    is told what was left out, ``progress`` how many records were read. With ``dry_run`` nothing is
    kept. Raises CommandError where there is no record at all, which more likely is a download that
    failed than what was meant, and where the source's name is held by another kind.
    """
    counts = ImportCounts()
    reason = reason_of(file, source)
    provenance = None
    if url is not None or licence is not None:
        provenance = Provenance(source=source, licence=licence, url=url, date=date)

    def declare(connection: Connection) -> int:
        return sources.declare(
            connection,
            source,
            kind="claims",
            made_by=made_by,
            url=url,
            licence=licence,
            method=method,
            date=date,
        ).number

    def refuse(rejection: Rejection) -> None:
        counts.rejected += 1
        rejected(rejection)

    batches = _batches(_checked(rows, refuse, provenance), progress)
    # A file that cannot be read at all says so here, before it is a source.
    first = list(islice(batches, 1))
    if not first:
        raise CommandError(f"{file or source}: there is no claim in it; nothing was changed")
    with trial_or_kept(engine, keep=not dry_run) as connection:
        number = declare(connection)
        run = note_start(connection, number, file, made_by)
    for batch in chain(first, batches):
        with trial_or_kept(engine, keep=not dry_run) as connection:
            number = declare(connection) if dry_run else number
            for outcome in claims.save_many(
                connection, batch, made_by=made_by, reason=reason, source=number, checked=True
            ):
                setattr(counts, outcome, getattr(counts, outcome) + 1)
            note_counts(connection, run, counts, "running")
    with trial_or_kept(engine, keep=not dry_run) as connection:
        note_counts(connection, run, counts, "done")
    return counts


@contextmanager
def trial_or_kept(engine: Engine, *, keep: bool) -> Iterator[Connection]:
    """Begin a transaction that is kept, or taken back as a trial."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        if not keep:
            transaction.rollback()


def note_start(connection: Connection, source: int, file: str | None, made_by: str) -> int:
    """Write down that an import has begun, and return the number it is kept under."""
    done = connection.execute(
        imports.insert()
        .values(
            source=source,
            state="running",
            file=file,
            started=revisions.now(),
            made_by=made_by,
            **asdict(ImportCounts()),
        )
        .returning(imports.c.number)
    )
    return int(done.scalar_one())


def note_counts(connection: Connection, run: int, counts: ImportCounts, state: str) -> None:
    """Write down how far an import has come; ``state`` is ``running`` or ``done``."""
    finished = revisions.now() if state == "done" else None
    connection.execute(
        update(imports)
        .where(imports.c.number == run)
        .values(state=state, finished=finished, **asdict(counts))
    )


def _checked(
    rows: Iterable[Claim | Rejection],
    refuse: Callable[[Rejection], object],
    provenance: Provenance | None,
) -> Iterator[Claim | None]:
    """Yield the claims that can be kept, the first of each id, and None for what is left out."""
    with closing(_Seen()) as seen:
        for row in rows:
            if isinstance(row, Rejection):
                refuse(row)
                yield None
                continue
            claim = row
            if claim.provenance is None and provenance is not None:
                claim = replace(claim, provenance=provenance)
            place = f"claim {ascii(claim.id)[:80]}"
            try:
                document = check_keepable(claim)
            except InvalidClaimError as error:
                refuse(Rejection(place=place, reason=str(error)))
                yield None
                continue
            if seen.differs(claim.id, document):
                refuse(Rejection(place=place, reason="the id stands twice; the first one counts"))
                yield None
                continue
            yield claim


def _batches(
    claims: Iterable[Claim | None], progress: Callable[[int], object]
) -> Iterator[list[Claim]]:
    batch: list[Claim] = []
    count = 0
    for claim in claims:
        count += 1
        if claim is not None:
            batch.append(claim)
        if count >= BATCH:
            yield batch
            progress(count)
            batch, count = [], 0
    if count:
        yield batch
        progress(count)


class _Seen:
    """The ids of an import with digests of their records, on disk, so that memory stays steady."""

    def __init__(self) -> None:
        # An empty name is a private file that is gone when it is closed.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, digest BLOB)")
        self._connection.execute("BEGIN")

    def differs(self, claim_id: str, document: str) -> bool:
        """Note a claim; say whether its id was there with another record."""
        digest = hashlib.blake2b(document.encode("utf-8"), digest_size=16).digest()
        done = self._connection.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?)", (claim_id, digest)
        )
        if done.rowcount:
            return False
        held = self._connection.execute("SELECT digest FROM seen WHERE id = ?", (claim_id,))
        return bool(held.fetchone()[0] != digest)

    def close(self) -> None:
        self._connection.close()
