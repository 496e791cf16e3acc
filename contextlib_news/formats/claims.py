"""Claims from files: JSONL, JSON, CSV, ClaimReview, Data Commons feeds, foreign tables by a map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claim_objects import claim_from_dict, claim_to_dict, write_claims
from contextlib_news.formats.claimreview import holds_reviews, is_page, read_markup, read_reviews
from contextlib_news.formats.column_maps import ColumnMap, claim_fields
from contextlib_news.formats.encodings import (
    bad_byte,
    numbered_lines,
    open_text,
    read_page_text,
    read_text,
)
from contextlib_news.formats.fields import FieldError
from contextlib_news.formats.joining import join_records
from contextlib_news.formats.json_values import JsonError, decoder
from contextlib_news.formats.lenient_json import parse_lenient
from contextlib_news.formats.markup import Broken, Lines, Located, read_json
from contextlib_news.formats.records import Dropped, Record, Rejection
from contextlib_news.formats.tables import read_claim_table, row_fields
from contextlib_news.models import Claim

__all__ = [
    "Rejection",
    "claim_from_dict",
    "claim_to_dict",
    "form_of_file",
    "load_claims",
    "read_claims",
    "read_records",
    "write_claims",
]

STARTER_FILE = "starter_claims.jsonl"
MAX_FILE_BYTES = 4 * 1024**3
MAX_DOCUMENT_BYTES = 1024**3
MAX_PAGE_BYTES = 64 * 1024**2
MAX_LINE_CHARACTERS = 2_000_000

_DECODER = decoder()


def load_claims(path: str | Path | None = None) -> tuple[Claim, ...]:
    """Return the claims of a file, or the starter claims that ship.

    Takes ``.jsonl``, ``.json`` (a list, or an object with ``claims``), ``.csv``, ClaimReview
    JSON-LD (also inside a saved page) and Data Commons feeds. Raises
    :class:`~contextlib_news.errors.InvalidClaimError` naming the place of the first record that
    does not fit, and OSError where the file cannot be read.
    """
    rows: Iterable[Record | Rejection]
    if path is None:
        text = (files("contextlib_news.data") / STARTER_FILE).read_text(encoding="utf-8")
        rows = _read_lines(enumerate(text.split("\n"), 1), STARTER_FILE, None)
    else:
        rows = read_records(path)
    claims: list[Claim] = []
    seen: set[str] = set()
    for row in rows:
        if isinstance(row, Rejection):
            raise InvalidClaimError(f"{row.place}: {row.reason}")
        if row.claim.id in seen:
            raise InvalidClaimError(f"{path}: the id {row.claim.id!r} stands there twice")
        seen.add(row.claim.id)
        claims.append(row.claim)
    return tuple(claims)


def read_claims(path: str | Path) -> Iterator[Claim | Rejection]:
    """Yield the claims of a file one by one, and a rejection for each record that does not fit.

    As :func:`read_records`, without what was left out of the claims.
    """
    for row in read_records(path):
        yield row if isinstance(row, Rejection) else row.claim


def read_records(
    path: str | Path,
    *,
    columns: ColumnMap | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Iterator[Record | Rejection]:
    """Yield each record of a file as a claim, in whole or in part, or a rejection with its place.

    The form is told from the name (``.jsonl``, ``.csv``, ``.tsv``, ``.json``, ``.html``), else
    from how the content begins. ``columns`` says which column or member is which field. JSONL and
    tables are read as a stream, feeds item by item; the reviews of one claim are joined, see
    :func:`~contextlib_news.formats.joining.join_records`. Raises InvalidClaimError where the file
    as a whole is none of the forms or has another encoding, OSError where it cannot be read.
    """
    path = Path(path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InvalidClaimError(f"{path}: larger than {MAX_FILE_BYTES // 2**30} GB")
    form = form_of_file(path, encoding)
    if form == "lines":
        return join_records(lambda: _read_line_file(path, encoding, columns))
    if form == "table":
        mark = delimiter or ("\t" if path.suffix.lower() == ".tsv" else None)
        return join_records(lambda: _read_table_file(path, encoding, mark, columns))
    largest = MAX_PAGE_BYTES if form == "page" else MAX_DOCUMENT_BYTES
    if path.stat().st_size > largest:
        raise InvalidClaimError(f"{path}: larger than {largest // 2**20} MB; split it or use JSONL")
    text = read_page_text(path, encoding) if form == "page" else read_text(path, encoding)
    return join_records(lambda: read_document(text, str(path), columns))


def read_document(
    text: str, name: str, columns: ColumnMap | None = None
) -> Iterator[Record | Rejection]:
    """Yield the records of a page's or a document's text, each review for itself.

    Raises InvalidClaimError where it is no page, no JSON, and holds no list.
    """
    if is_page(text):
        yield from read_markup(text, name)
        return
    number = 0
    for one in read_json(text):
        if isinstance(one, Broken):
            if not number:
                raise InvalidClaimError(f"{name}: line {one.line}: {one.reason}")
            yield from read_reviews(one, name)
        elif columns is None and holds_reviews(one.value):
            yield from read_reviews(one, name)
        elif one.path == "$" and number:
            continue  # What stands beside a list that was read already.
        elif one.path == "$" and not _is_record(one.value, columns):
            raise InvalidClaimError(
                f"{name}: expected a list of claims, an object with 'claims', or ClaimReview markup"
            )
        elif any(repair.loss for repair in one.repairs) or (one.repairs and columns is None):
            # What is ours is written by programs: a fault in it is not mended but told.
            place = f"{name}, line {one.line}, {one.path}"
            yield Rejection(place=place, reason=f"not JSON: {one.repairs[0].what}")
        elif one.path.startswith("$.dataFeedElement"):
            yield from read_reviews(one, name)
        else:
            yield _try(one.value, f"{name}, line {one.line}, {one.path}", columns)
        number += 1


# --- Forms ----------------------------------------------------------------------------------------


def form_of_file(path: Path, encoding: str | None = None) -> str:
    """Return the form of a file: ``lines``, ``table``, ``page`` or ``document`` (JSON).

    Raises InvalidClaimError where it has another encoding.
    """
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return "lines"
    if suffix in (".csv", ".tsv"):
        return "table"
    if suffix in (".html", ".htm", ".xhtml"):
        return "page"
    try:
        with open_text(path, encoding) as file:
            begins = file.read(4_096).lstrip("\ufeff \t\r\n")
    except UnicodeError as error:
        raise InvalidClaimError(f"{path}: not {encoding or 'text'}: {error}") from None
    if begins.startswith("<"):
        return "page"
    if suffix not in (".json", ".jsonld") and begins.startswith("{"):
        first, _, rest = begins.partition("\n")
        if first.rstrip().endswith("}") and rest.lstrip().startswith("{"):
            return "lines"
    if suffix in (".txt", ".tab") and not begins.startswith(("{", "[")):
        return "table"
    return "document"


def _read_line_file(
    path: Path, encoding: str | None, columns: ColumnMap | None
) -> Iterator[Record | Rejection]:
    with open_text(path, encoding) as file:
        try:
            yield from _read_lines(numbered_lines(file, MAX_LINE_CHARACTERS), str(path), columns)
        except UnicodeError as error:
            raise InvalidClaimError(f"{path}: not {encoding or 'text'}: {error}") from None


def _read_table_file(
    path: Path, encoding: str | None, delimiter: str | None, columns: ColumnMap | None
) -> Iterator[Record | Rejection]:
    try:
        with open_text(path, encoding) as file:
            for row in read_claim_table(file, delimiter=delimiter, columns=columns):
                place = f"{path}: line {row.line}"
                if row.wrong:
                    yield Rejection(place=place, reason=row.wrong)
                elif columns is None:
                    yield _try(row_fields(row.cells), place, None)
                else:
                    yield _try(row.cells, place, columns)
    except UnicodeError as error:
        raise InvalidClaimError(f"{path}: not {encoding or 'text'}: {error}") from None
    except InvalidClaimError as error:
        raise InvalidClaimError(f"{path}: {error}") from None


def _read_lines(
    lines: Iterable[tuple[int, str | None]], name: str, columns: ColumnMap | None
) -> Iterator[Record | Rejection]:
    for number, line in lines:
        place = f"{name}: line {number}"
        if line is None:
            yield Rejection(place=place, reason=f"more than {MAX_LINE_CHARACTERS:,} characters")
            continue
        line = line.strip("\ufeff \t\r\n")
        if not line:
            continue
        if wrong := bad_byte(line):
            yield Rejection(place=place, reason=wrong)
            continue
        try:
            row = _DECODER.decode(line)
        except (ValueError, RecursionError) as error:
            yield from _mended_line(line, number, name, f"not JSON: {error}")
            continue
        if columns is None and isinstance(row, dict | list) and not _is_claim(row):
            reviews = list(read_reviews(Located(row, "$", number, Lines("", number)), name))
            if reviews:
                yield from reviews
                continue
        yield _try(row, place, columns)


def _mended_line(line: str, number: int, name: str, why: str) -> Iterator[Record | Rejection]:
    """Yield the reviews of a line that is no JSON, where it can be mended; our claims are not."""
    try:
        parsed = parse_lenient(line)
    except JsonError as error:
        yield Rejection(place=f"{name}: line {number}", reason=f"not JSON: {error.reason}")
        return
    lines = Lines("", number)
    repairs = tuple(parsed.repairs)
    found = [
        result
        for _, value in parsed.values
        for result in read_reviews(
            Located(value, "$", number, lines, repairs, parsed.offsets), name
        )
    ]
    yield from found or [Rejection(place=f"{name}: line {number}", reason=why)]


# --- One record -----------------------------------------------------------------------------------


def _is_claim(row: object) -> bool:
    """Say whether an object names its fields as we do; then it is no ClaimReview."""
    return isinstance(row, dict) and "id" in row and "text" in row and "@type" not in row


def _is_record(value: object, columns: ColumnMap | None) -> bool:
    return isinstance(value, dict) and (columns is not None or _is_claim(value))


def _try(row: object, place: str, columns: ColumnMap | None) -> Record | Rejection:
    try:
        if columns is None:
            return Record(claim=claim_from_dict(row), place=place)
        mapped = claim_fields(columns, _flat(row))
        claim = claim_from_dict(mapped.fields)
    except (InvalidClaimError, FieldError) as error:
        return Rejection(place=place, reason=str(error))
    return Record(
        claim=claim,
        place=place,
        dropped=tuple(Dropped(place=place, field=n, reason=why) for n, why in mapped.dropped),
        joins=mapped.joins,
        unknown_ratings=mapped.unknown_ratings,
    )


def _flat(row: object) -> dict[str, Any]:
    """Return the members of an object, those of objects in it by dotted names."""
    if not isinstance(row, dict):
        raise FieldError("the record must be an object")
    flat: dict[str, Any] = {}
    stack: list[tuple[str, dict[str, Any]]] = [("", row)]
    while stack:
        prefix, node = stack.pop()
        for name, value in node.items():
            if isinstance(value, dict) and len(stack) < 100:
                stack.append((f"{prefix}{name}.", value))
            else:
                flat[f"{prefix}{name}"] = value
    return flat
