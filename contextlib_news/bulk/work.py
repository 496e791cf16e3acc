"""One unit after another in one process: pages in, a part of the output out."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contextlib_news.annotate import annotate_in_parts, finish
from contextlib_news.bulk.attempts import Attempts
from contextlib_news.bulk.found import Found
from contextlib_news.bulk.inputs import reader_of
from contextlib_news.bulk.parts import Part, part_path, write_part
from contextlib_news.bulk.plan import Job, Unit
from contextlib_news.bulk.rows import row_of
from contextlib_news.context.disclaimer_rules import load_disclaimer_rules
from contextlib_news.errors import CommandError, ContextError
from contextlib_news.formats.outlets import load_outlets
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Annotation, Page

__all__ = ["INSTALLED", "Worker"]

INSTALLED = "installed"


class _TooSlowError(Exception):
    """A page took longer than it may."""


class Worker:
    """Annotates units of a job; the index is mapped, so that processes of a machine share it.

    ``attempt`` names the run of the command, see :class:`Attempts`. Raises ContextError where
    index, outlets or rules cannot be used.
    """

    def __init__(self, job: Job, folder: Path, attempt: str) -> None:
        self._job = job
        self._folder = folder
        self._attempt = attempt
        self._run = job.run
        encoder = None
        if job.encoder is not None:
            encoder = Encoder.open(None if job.encoder == INSTALLED else Path(job.encoder))
        self._index = ClaimIndex.open(job.index, encoder=encoder)
        self._outlets = load_outlets(job.outlets)
        self._disclaimers = load_disclaimer_rules(job.disclaimers)
        self._settled = False

    def do(self, unit: Unit) -> Part:
        """Write the part of a unit.

        Raises OSError where it cannot be written, CommandError where the input is not what it was
        when the plan was made; nothing is then written.
        """
        path = part_path(self._folder, unit.number)
        attempts = Attempts(path.with_name(f".{path.name}.at"), self._attempt)
        try:
            return write_part(self._folder, unit.number, self._run, self._rows(unit, attempts))
        finally:
            attempts.end()

    def _rows(self, unit: Unit, attempts: Attempts) -> Iterator[dict[str, Any]]:
        path = Path(unit.path)
        count = 0
        for found in reader_of(path).read(path, unit.cut, self._job.columns):
            yield self._row(unit, found, may_try=attempts.begin(count))
            count += 1
            self._settle()
        if count != unit.pages:
            raise CommandError(f"{unit.path}: changed since the run began; begin in another folder")

    def _row(self, unit: Unit, found: Found, *, may_try: bool) -> dict[str, Any]:
        if found.page is None:
            return row_of(unit.path, found, None, found.error)
        if not may_try:
            reason = "left out: processes that read this page were killed, twice"
            return row_of(unit.path, found, None, reason)
        try:
            return row_of(unit.path, found, self._annotate(found.page), None)
        except _TooSlowError:
            reason = f"given up after {self._job.page_seconds} seconds"
        except ContextError as error:
            reason = str(error)
        except (Exception, RecursionError) as error:  # whatever it is, the next page is another one
            reason = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        return row_of(unit.path, found, None, reason)

    def _annotate(self, page: Page) -> Annotation:
        end = time.monotonic() + self._job.page_seconds

        def watch(stage: str, seconds: float) -> None:
            if time.monotonic() > end:
                raise _TooSlowError

        return finish(
            annotate_in_parts(
                page,
                index=self._index,
                outlets=self._outlets,
                reader_language=self._job.reader_language,
                today=self._job.today,
                disclaimers=self._disclaimers,
                on_stage=watch,
            )
        )

    def _settle(self) -> None:
        """After the first page: take the tables that were read out of the collector's sight."""
        if not self._settled:
            self._settled = True
            gc.collect()
            gc.freeze()
