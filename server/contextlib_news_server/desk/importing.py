"""Imports at the desk: a file is sent, looked at, tried while nothing is kept, and brought in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError, ContextError
from contextlib_news.formats.claims import form_of_file, read_records
from contextlib_news.formats.column_maps import FIELDS as CLAIM_FIELDS
from contextlib_news.formats.column_maps import LEFT_OUT, ColumnMap
from contextlib_news.formats.encodings import bad_byte, open_text, readable
from contextlib_news.formats.outlet_forms import OutletForm, form_of
from contextlib_news.formats.outlet_tables import FIELDS as OUTLET_FIELDS
from contextlib_news.formats.outlet_tables import open_outlet_table
from contextlib_news.formats.tables import COLUMNS, LISTS, OBJECTS, Row, read_table
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, has_role, me, needs, page
from contextlib_news_server.desk.patience import OutOfTimeError, Patience
from contextlib_news_server.import_reports import ImportReport
from contextlib_news_server.services import services
from contextlib_news_server.store import import_runs, options, uploads
from contextlib_news_server.store.database import read
from contextlib_news_server.store.import_runs import ImportRun
from contextlib_news_server.store.importing import ImportCounts, import_claims
from contextlib_news_server.store.outlet_importing import import_outlets
from contextlib_news_server.store.uploads import LARGEST_BYTES, Upload
from contextlib_news_server.store.users import Role

__all__ = ["add_upload", "show_import", "show_imports", "show_upload", "use_upload"]

PAGE = 30
KINDS = ("claims", "outlets")
SAMPLE_ROWS = 3
SAMPLE_CHARACTERS = 120
CONSTANTS = 4

# What a form of a file is called to people.
FORMS = {
    "lines": "JSON lines, one record a line",
    "table": "a table (CSV)",
    "page": "a web page with ClaimReview markup",
    "document": "JSON: claims, ClaimReview or a feed",
}
_OUT_OF_TIME = {
    True: "The first {:,} records could be read in the time of one request; import it untried, "
    "or use the command contextlib-news import.",
    False: "{:,} records so far. Send the same again to go on with the rest.",
}
DOUBT = (
    "Some letters of this file are not UTF-8. Name its encoding below (often cp1252, that of older "
    "spreadsheets) and try it, or save it as UTF-8."
)
DETAILS = ("url", "licence", "method", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found by looking at a file; ``wrong`` says why it cannot be used.

    ``native`` says that a table has our own columns, ``known`` is the list of outlets that it is;
    ``doubt`` says that its letters may be of another encoding.
    """

    form: str = ""
    names: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    native: bool = False
    known: OutletForm | None = None
    wrong: str = ""
    doubt: str = ""

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the columns as a page can show them."""
        return tuple(readable(name) for name in self.names)


@bp.get("/imports")
@needs(Role.CURATOR)
def show_imports() -> BaseResponse:
    """Show the form for a file, and the imports that there were."""
    return _imports()


def _imports(message: str = "", status: int = 200) -> BaseResponse:
    before = forms.cursor("before") or None
    with read(services().engine) as connection:
        runs = import_runs.listed(connection, before=before, limit=PAGE + 1)
        waiting = uploads.held(connection, _whose())
    following = runs[PAGE - 1].number if len(runs) > PAGE else None
    return page(
        "imports.html",
        status,
        message=message,
        runs=runs[:PAGE],
        following=following,
        waiting=waiting,
        largest=LARGEST_BYTES // 2**20,
    )


@bp.post("/imports")
@needs(Role.CURATOR)
def add_upload() -> BaseResponse:
    """Take a file, and go on to what it holds."""
    kind, sent = request.form.get("kind", ""), request.files.get("file")
    try:
        if kind not in KINDS:
            raise CommandError("say what the file holds: claims or outlets")
        if sent is None:
            raise CommandError("no file was chosen")
        with services().engine.begin() as connection:
            upload = uploads.add(connection, sent.stream, sent.filename or "", kind, me().name)
    except CommandError as error:
        return _imports(_sentence(error), 422)
    return redirect(url_for("admin.show_upload", key=upload.key))


@bp.get("/imports/file/<key>")
@needs(Role.CURATOR)
def show_upload(key: str) -> BaseResponse:
    """Show what a file holds, and ask for what it does not say itself."""
    upload = _found(key)
    with _opened(upload) as path:
        return _upload(upload, _look(upload, path))


def _upload(
    upload: Upload, look: Look, message: str = "", status: int = 200, **more: Any
) -> BaseResponse:
    return page(
        "import_file.html",
        status,
        message=message,
        upload=upload,
        look=look,
        forms=FORMS,
        fields=_fields(upload),
        left_out=LEFT_OUT,
        constants=range(CONSTANTS),
        typed=request.form,
        needs_another=_needs_another(upload),
        **more,
    )


@bp.post("/imports/file/<key>")
@needs(Role.CURATOR)
def use_upload(key: str) -> BaseResponse:
    """Try a file, bring it in, or discard it."""
    upload = _found(key)
    action = request.form.get("action")
    if action == "discard":
        _discard(upload)
        return redirect(url_for("admin.show_imports"))
    with _opened(upload) as path:
        return _use(upload, path, action)


def _use(upload: Upload, path: Path, action: str | None) -> BaseResponse:
    look = _look(upload, path)
    try:
        if action not in ("try", "keep"):
            raise CommandError("this form says nothing that is known")
        if action == "keep" and not has_role(Role.REVIEWER):
            raise CommandError("an import publishes what it brings; a reviewer does that")
        if action == "keep" and _needs_another(upload):
            raise CommandError(
                "another person brings in what you sent; a reviewer finds it under Imports"
            )
        source = forms.line("source", called="the name of the source", most=200)
        report = ImportReport(path=str(path), name=upload.name)
        counts = _import(upload, path, look, source, report, dry_run=action == "try")
    except OutOfTimeError as error:
        return _upload(upload, look, _OUT_OF_TIME[action == "try"].format(error.done))
    except (ContextError, OSError) as error:
        said = str(error).replace(str(path), upload.name)
        return _upload(upload, look, _sentence(said), 422)
    if action == "try":
        return _upload(upload, look, tried=report.to_dict(), counts=counts)
    with services().engine.begin() as connection:
        run = import_runs.latest(connection, source)
        if run is None:
            abort(404)
        import_runs.note_report(connection, run.number, report.to_dict())
    _discard(upload)
    return redirect(url_for("admin.show_import", number=run.number))


@bp.get("/imports/<int:number>")
@needs(Role.CURATOR)
def show_import(number: int) -> BaseResponse:
    """Show what became of the records of one import."""
    run: ImportRun | None = None
    if number < 2**31:
        with read(services().engine) as connection:
            run = import_runs.get(connection, number)
    if run is None:
        abort(404)
    return page("import_run.html", run=run)


# --- What a file holds ----------------------------------------------------------------------------


def _look(upload: Upload, path: Path) -> Look:
    """Return what a file holds as far as its beginning tells."""
    encoding = forms.line("encoding", most=40) or None
    try:
        form = "table" if upload.kind == "outlets" else form_of_file(path, encoding)
        if form != "table":
            return Look(form=form)
        with open_text(path, encoding) as file:
            fields = _fields(upload)
            names, rows = read_table(file, known=fields)
            first = list(islice(rows, SAMPLE_ROWS))
        sample = tuple(_cells(row, names) for row in first)
        letters = "".join([*names, *(cell for row in first for cell in row.cells.values())])
        doubt = DOUBT if bad_byte(letters) else ""
        known = form_of(names) if upload.kind == "outlets" else None
        own = {*COLUMNS, *LISTS, *OBJECTS} if upload.kind == "claims" else set(OUTLET_FIELDS)
        needed = {"id", "text"} if upload.kind == "claims" else {"domain"}
        native = needed <= set(names) <= own
        return Look(
            form=form, names=tuple(names), sample=sample, native=native, known=known, doubt=doubt
        )
    except (ContextError, UnicodeError, OSError) as error:
        return Look(wrong=_sentence(str(error).replace(str(path), upload.name)))


def _cells(row: Row, names: list[str]) -> tuple[str, ...]:
    return tuple(readable(row.cells.get(name, "")[:SAMPLE_CHARACTERS]) for name in names)


def _fields(upload: Upload) -> tuple[str, ...]:
    return CLAIM_FIELDS if upload.kind == "claims" else OUTLET_FIELDS


def _columns(upload: Upload, look: Look) -> ColumnMap | None:
    """Return the map of the form; None where the file says itself which column is which.

    Columns are asked for by their place, as their names are whatever the file says.
    """
    if look.form != "table" or look.known is not None or look.native:
        return None
    chosen = {
        name: request.form.get(f"column-{place}") or LEFT_OUT
        for place, name in enumerate(look.names)
    }
    constants: dict[str, str] = {}
    for place in range(CONSTANTS):
        field, value = request.form.get(f"constant-{place}", ""), forms.line(f"value-{place}")
        if field and value:
            constants[field] = value
    return ColumnMap(columns=chosen, constants=constants, fields=_fields(upload))


# --- Bringing it in -------------------------------------------------------------------------------


def _import(
    upload: Upload, path: Path, look: Look, source: str, report: ImportReport, *, dry_run: bool
) -> ImportCounts:
    if look.wrong:
        raise CommandError(look.wrong)
    encoding = forms.line("encoding", most=40) or None
    columns = _columns(upload, look)
    details = {
        "url": forms.address("url", called="the address"),
        "licence": forms.line("licence") or None,
        "method": forms.line("method") or None,
        "date": forms.day("date", called="the date"),
    }
    engine, by = services().engine, me().name
    if upload.kind == "claims":
        records = read_records(path, columns=columns, encoding=encoding)
        return import_claims(
            engine,
            report.claims(records),
            source=source,
            made_by=by,
            file=upload.name,
            dry_run=dry_run,
            rejected=report.reject,
            progress=Patience(),
            **details,
        )
    forms.address("method", called="the method")
    table = open_outlet_table(path, rater=source, columns=columns, encoding=encoding, **details)
    if table.form is not None:
        # A known list brings its own, which what was typed replaces.
        details = {name: getattr(table.form, name) for name in DETAILS}
    counts = import_outlets(
        engine,
        table.rows,
        source=source,
        made_by=by,
        details=details,
        file=upload.name,
        dry_run=dry_run,
        rejected=report.reject,
        progress=Patience(),
    )
    return counts.rows


def _opened(upload: Upload) -> AbstractContextManager[Path]:
    """Lay a file down on this machine while a request reads it."""
    folder = services().config.data_folder / "uploads"
    return uploads.opened(services().engine, upload, folder)


def _discard(upload: Upload) -> None:
    with services().engine.begin() as connection:
        uploads.remove(connection, upload)


def _needs_another(upload: Upload) -> bool:
    """Say whether somebody else than this person has to bring a file in.

    An import publishes, so the rule of the second person holds for it as for a draft.
    """
    with read(services().engine) as connection:
        return upload.made_by == me().name and options.is_on(connection, options.SECOND_PERSON)


def _whose() -> str | None:
    """Return whose files are shown: one's own, and to a reviewer, who imports them, everybody's."""
    return None if has_role(Role.REVIEWER) else me().name


def _found(key: str) -> Upload:
    with read(services().engine) as connection:
        upload = uploads.find(connection, key, _whose())
    if upload is None:
        abort(404)
    return upload


def _sentence(said: str | Exception) -> str:
    text = str(said)
    return f"{text[:1].upper()}{text[1:]}."
