"""Tables of outlet ratings: the known forms, and any other table by a column map, row by row.

A row is one statement of one rater about one site or a part of it. A domain may have several rows;
none overwrites another.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from contextlib_news.context.domains import host_of, registrable_domain
from contextlib_news.errors import InvalidClaimError, InvalidOutletError
from contextlib_news.formats.column_maps import ColumnMap
from contextlib_news.formats.dates import read_date
from contextlib_news.formats.encodings import open_text
from contextlib_news.formats.fields import FieldError
from contextlib_news.formats.outlet_forms import FORMS, OutletForm, RatedCells, form_of, score_of
from contextlib_news.formats.outlets import outlet_from_dict, outlet_to_dict
from contextlib_news.formats.records import Rejection
from contextlib_news.formats.schema_values import addresses_in
from contextlib_news.formats.tables import Row, read_table
from contextlib_news.models import Outlet, Rating

__all__ = ["FIELDS", "OutletRow", "OutletTable", "join_rows", "open_outlet_table", "site_of"]

# What a column of a foreign table can be.
FIELDS = tuple(
    "domain path name label score scale_low scale_high category date url method licence remark "
    "country alias".split()
)
MAX_FILE_BYTES = 256 * 1024**2
MAX_DOMAIN_CHARACTERS = 253
MAX_TEXT_CHARACTERS = 2_000
_PATH_MARKS = re.compile(r"[\x00-\x20<>\"\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRow:
    """One rater's statement on a site or a part of it (``rating.path``), and where it stands.

    ``name``, ``country`` and ``aliases`` are None and empty where the row does not say them.
    """

    place: str
    domain: str
    rating: Rating
    name: str | None = None
    country: str | None = None
    categories: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletTable:
    """An open table: the form its header tells, None for a foreign one, and its rows to come."""

    form: OutletForm | None
    rows: Iterator[OutletRow | Rejection]


def open_outlet_table(
    path: str | Path,
    *,
    rater: str,
    form: str | None = None,
    columns: ColumnMap | None = None,
    date: str | None = None,
    url: str | None = None,
    method: str | None = None,
    licence: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> OutletTable:
    """Return the rows of a file of outlet ratings, read as a stream, bad ones as rejections.

    The form is told from the header, or given by its name; a known one brings its own rater, date,
    addresses and licence, which the arguments of these names replace. Any other table needs the
    columns ``domain`` and ``label`` or ``score``, or a map to them; ``rater`` is then who rates.
    Raises InvalidOutletError where it is none of this, OSError where it cannot be read.
    """
    path = Path(path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InvalidOutletError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MB")
    if form is not None and form not in FORMS:
        raise InvalidOutletError(f"there is no form {form!r}; there are: {', '.join(FORMS)}")
    rows = _open(path, encoding, delimiter)
    try:
        names = next(rows)
        assert isinstance(names, list)  # noqa: S101 - the first item of _open is the header
        known = None if columns is not None else form_of(names) if form is None else FORMS[form]
        if known is not None:
            lacking = [column for column in known.columns if column not in names]
            if lacking:
                raise InvalidOutletError(f"the form {known.name} has a column {lacking[0]!r}")
            known = replace(
                known,
                date=date or known.date,
                url=url or known.url,
                method=method or known.method,
                licence=licence or known.licence,
            )
        else:
            columns = columns or ColumnMap(fields=FIELDS)
            columns.check(names)
            named = {columns.field_of(name) for name in names} | set(columns.constants)
            if "domain" not in named or not named & {"label", "score"}:
                raise InvalidOutletError(
                    "the columns 'domain' and 'label' or 'score' are needed, or a known form "
                    f"({', '.join(FORMS)}); say which column is which with --map COLUMN=FIELD"
                )
    except (InvalidClaimError, InvalidOutletError) as error:
        raise InvalidOutletError(f"{path}: {error}") from None
    plain = Rating(source=rater, label="", date=date, url=url, method=method, licence=licence)

    def read() -> Iterator[OutletRow | Rejection]:
        for row in rows:
            assert isinstance(row, Row)  # noqa: S101 - only the first item is the header
            place = f"{path}: line {row.line}"
            try:
                if row.wrong:
                    raise FieldError(row.wrong)
                if known is not None:
                    yield _row(row.cells.get("domain", ""), known.rate(row.cells), place)
                elif columns is not None:
                    yield _mapped(columns, row.cells, plain, place)
            except (FieldError, InvalidOutletError) as error:
                yield Rejection(place=place, reason=str(error))

    return OutletTable(form=known, rows=read())


def join_rows(rows: Iterable[OutletRow]) -> Outlet:
    """Return the outlet that rows of one domain make: all of their ratings, in their order.

    The name is the one that rows on the whole site agree on. Rows that are equal count once.
    """
    rows = list(rows)
    whole = [row for row in rows if row.rating.path is None]
    names = {row.name for row in whole if row.name}
    countries = [row.country for row in rows if row.country]
    return Outlet(
        domain=rows[0].domain,
        name=names.pop() if len(names) == 1 else rows[0].domain,
        ratings=tuple(dict.fromkeys(row.rating for row in rows)),
        aliases=tuple(dict.fromkeys(alias for row in rows for alias in row.aliases)),
        categories=tuple(dict.fromkeys(c for row in whole for c in row.categories)),
        country=countries[0] if countries else None,
    )


def site_of(text: str) -> tuple[str, str | None]:
    """Return the domain and the path, if any, of an address or a domain as lists write it.

    Schemes, ports, ``www.`` and ``*.`` are taken off; internationalised names come in their ASCII
    form. Raises FieldError where it is no public domain.

    >>> site_of("https://www.Example.com/opinion/")
    ('example.com', '/opinion')
    >>> site_of("例え.jp")
    ('xn--r8jz45g.jp', None)
    """
    written = text.strip()
    if not written:
        raise FieldError("the row names no domain")
    if len(written) > 2_000 or _PATH_MARKS.search(written):
        raise FieldError(f"{written[:60]!r} is no domain")
    bare = written.removeprefix("*.")
    if "://" not in bare:
        bare = "//" + bare.removeprefix("//")
    host = host_of(bare)
    if host is None or len(host) > MAX_DOMAIN_CHARACTERS or not _is_name(host):
        raise FieldError(f"{written[:60]!r} is no domain")
    if host.startswith("www.") and registrable_domain(host[4:]) is not None:
        host = host[4:]
    if registrable_domain(host) is None:
        raise FieldError(f"{written[:60]!r} is no domain under which sites are registered")
    path = urlsplit(bare).path.rstrip("/")
    return host, path or None


def _is_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        return all(label and len(label) <= 63 and ":" not in label for label in labels)
    return False


def _row(
    written: str,
    said: RatedCells,
    place: str,
    *,
    country: str | None = None,
    aliases: tuple[str, ...] = (),
) -> OutletRow:
    domain, path = site_of(written)
    row = OutletRow(
        place=place,
        domain=domain,
        rating=replace(said.rating, path=said.path or path),
        name=said.name,
        country=country,
        categories=said.categories,
        aliases=aliases,
    )
    for name, text in (("path", row.rating.path), ("name", row.name)):
        if text is not None and len(text) > MAX_TEXT_CHARACTERS:
            raise FieldError(f"{name!r} has more than {MAX_TEXT_CHARACTERS:,} characters")
    return row


def _mapped(columns: ColumnMap, cells: dict[str, str], plain: Rating, place: str) -> OutletRow:
    said = {name: texts[0] for name, texts in columns.texts(cells).items() if texts}
    scale = None
    if "scale_low" in said or "scale_high" in said:
        low, high = (score_of(said.get(n, ""), n, None) for n in ("scale_low", "scale_high"))
        if low >= high:
            raise FieldError("'scale_low' must be smaller than 'scale_high'")
        scale = (low, high)
    score = score_of(said["score"], "score", scale) if "score" in said else None
    label = said.get("label")
    if label is None and score is not None:
        label = said["score"] + (f" on a scale from {scale[0]:g} to {scale[1]:g}" if scale else "")
    if not label:
        raise FieldError("the row has no label and no score")
    names = ("method", "licence", "remark")
    given: dict[str, str] = {name: said[name] for name in names if name in said}
    if "date" in said:
        found, why = read_date(said["date"])
        if found is None or why:
            raise FieldError(f"'date': {why}")
        given["date"] = found
    if "url" in said:
        addresses, _ = addresses_in(said["url"])
        if not addresses:
            raise FieldError(f"'url': {said['url'][:80]!r} is no address")
        given["url"] = addresses[0]
    rating = replace(plain, label=label, score=score, scale=scale, **given)
    row = _row(
        said.get("domain", ""),
        RatedCells(
            rating=rating,
            path=said.get("path"),
            name=said.get("name"),
            categories=(said["category"],) if "category" in said else (),
        ),
        place,
        country=said.get("country"),
        aliases=(site_of(said["alias"])[0],) if "alias" in said else (),
    )
    outlet_from_dict(outlet_to_dict(join_rows([row])))  # It raises for what no outlet can hold.
    return row


def _open(path: Path, encoding: str | None, delimiter: str | None) -> Iterator[list[str] | Row]:
    """Yield the names of the columns, then the rows; the file is open while they are read."""
    known = {column for form in FORMS.values() for column in form.columns} | set(FIELDS)
    try:
        with open_text(path, encoding) as file:
            names, rows = read_table(file, delimiter=delimiter, known=known)
            yield names
            yield from rows
    except UnicodeError as error:
        raise InvalidOutletError(f"{path}: not {encoding or 'text'}: {error}") from None
    except InvalidClaimError as error:
        raise InvalidOutletError(f"{path}: {error}") from None
