"""Rules for disclaimers that administrators write: tried, kept, switched off, restored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.context.disclaimer_matching import match_sentences
from contextlib_news.context.disclaimer_rules import DISCLAIMER_TYPES
from contextlib_news.errors import CommandError, ContextError
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, me, needs, page
from contextlib_news_server.desk.disclaimers import fits_of, sentences_of
from contextlib_news_server.errors import as_sentence
from contextlib_news_server.rule_checks import checked_rule
from contextlib_news_server.services import services
from contextlib_news_server.store import disclaimer_rules, revisions
from contextlib_news_server.store.database import read
from contextlib_news_server.store.disclaimer_rules import DeskRule
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.revisions import Change, diff
from contextlib_news_server.store.users import Role

__all__ = ["add_rule", "change_rule", "export_rules", "new_rule", "show_rule"]

# As many as a browser takes of one rule.
MOST_EXPRESSIONS = 40
MOST_EXAMPLES = 20
LONGEST_EXAMPLE = 600
LONGEST_REASON = 500
LONGEST_TEXT = 20_000
MOST_TOLD = 50
HISTORY = 50

EXPRESSIONS = {"any": "what must match", "all": "what must match as well", "not": "what must not"}
EXAMPLES = {"matches": "sentences that it matches", "misses": "sentences that it must not match"}
MARKS = ("local", "reported")


@bp.get("/disclaimers/rules/new")
@needs(Role.ADMINISTRATOR)
def new_rule() -> BaseResponse:
    """Show an empty form."""
    return _page(None, {})


@bp.post("/disclaimers/rules/new")
@needs(Role.ADMINISTRATOR)
def add_rule() -> BaseResponse:
    """Try a new rule on a text, or keep it; it holds at once in every process."""
    typed: dict[str, Any] = {}
    try:
        typed = _typed()
        if request.form.get("action") == "try":
            return _tried(None, typed)
        why = forms.line("why", called="the reason", most=LONGEST_REASON)
        checked_rule(typed)
        with services().engine.begin() as connection:
            kept = disclaimer_rules.add(connection, typed, made_by=me().name, reason=why)
    except ContextError as error:
        return _page(None, typed or _loose(), as_sentence(error), 422)
    flash("Kept. It holds from now on.")
    return redirect(url_for("admin.show_rule", number=kept.number))


@bp.get("/disclaimers/rules/<int:number>")
@needs(Role.CONTRIBUTOR)
def show_rule(number: int) -> BaseResponse:
    """Show a rule with its history."""
    held = _held(number)
    return _page(held, held.document)


@bp.post("/disclaimers/rules/<int:number>")
@needs(Role.ADMINISTRATOR)
def change_rule(number: int) -> BaseResponse:
    """Try a changed rule on a text, keep it, switch it on or off, or go back to a version."""
    held = _held(number)
    typed: dict[str, Any] = {}
    action = request.form.get("action", "")
    try:
        seen = forms.whole("seen", called="the revision")
        if seen is None:
            raise CommandError("the form says not which revision it changes")
        document, on = held.document, held.on
        if action == "switch":
            on = request.form.get("on") == "yes"
        elif action == "revert":
            document, on = _earlier(number)
        else:
            document = typed = _typed()
            if action == "try":
                return _tried(held, typed)
        why = forms.line("why", called="the reason", most=LONGEST_REASON)
        if on:  # one that no longer holds can still be switched off
            checked_rule(document)
        with services().engine.begin() as connection:
            disclaimer_rules.save(
                connection, number, document, on=on, seen=seen, made_by=me().name, reason=why
            )
    except ConflictError as conflict:
        said = (
            "Somebody else changed it meanwhile. Below is what differs; save again to keep yours."
        )
        theirs = diff(conflict.mine, conflict.theirs)
        return _page(_held(number), typed or held.document, said, 409, theirs=theirs)
    except ContextError as error:
        shown = typed or (held.document if action in ("switch", "revert") else _loose())
        return _page(held, shown, as_sentence(error), 422)
    flash("Kept. It holds from now on." if on else "Kept. It is switched off.")
    return redirect(url_for("admin.show_rule", number=number))


@bp.get("/disclaimers/rules.json")
@needs(Role.CURATOR)
def export_rules() -> BaseResponse:
    """Return the rules that are on, as a file of rules."""
    with read(services().engine) as connection:
        rules = disclaimer_rules.listed(connection, only_on=True)
    lines = ",\n".join(json.dumps(rule.document, ensure_ascii=False) for rule in rules)
    response = Response(f'{{"rules": [\n{lines}\n]}}\n', content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="disclaimer-rules.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _held(number: int) -> DeskRule:
    held = None
    if number < 2**31:
        with read(services().engine) as connection:
            held = disclaimer_rules.find(connection, number)
    if held is None:
        abort(404)
    return held


def _earlier(number: int) -> tuple[dict[str, Any], bool]:
    """Return a rule as it was in the revision that the form names, and whether it was on."""
    to = forms.whole("to", called="the revision", least=1)
    found = None
    if to is not None:
        with read(services().engine) as connection:
            found = revisions.find(connection, disclaimer_rules.KIND, str(number), to)
    if found is None or found.after is None:
        raise CommandError("there is no such revision of it")
    document = dict(found.after)
    return document, bool(document.pop("on"))


def _page(
    held: DeskRule | None,
    rule: Mapping[str, Any],
    message: str = "",
    status: int = 200,
    theirs: tuple[Change, ...] = (),
    **tried: Any,
) -> BaseResponse:
    history = []
    if held is not None:
        with read(services().engine) as connection:
            found = disclaimer_rules.history(connection, held.number, limit=HISTORY)
        history = [(revision, diff(revision.before, revision.after)) for revision in found]
    return page(
        "disclaimer_rule.html",
        status,
        message=message,
        held=held,
        rule=rule,
        types=sorted(DISCLAIMER_TYPES),
        history=history,
        theirs=theirs,
        typed=request.form,
        **tried,
    )


def _tried(held: DeskRule | None, typed: Mapping[str, Any]) -> BaseResponse:
    """Show what a rule does with a text before anything is kept."""
    text = forms.text("trial", called="the text to try it on", most=LONGEST_TEXT)
    rules = checked_rule(typed)
    sentences = sentences_of(text)
    fits = list(fits_of(sentences, None, rules))
    known = match_sentences(sentences, services().rules(), None)
    before = {s for s, (types, _) in zip(sentences, known, strict=True) if typed["type"] in types}
    new = sum(fit.sentence not in before for fit in fits)
    return _page(held, typed, fits=fits[:MOST_TOLD], hits=len(fits), new=new, count=len(sentences))


def _typed() -> dict[str, Any]:
    """Return the rule of the form with the fields of a rule in a file; empty ones are left out."""
    rule: dict[str, Any] = {
        "type": forms.line("type", called="the type"),
        "language": forms.line("language", called="the language", most=20).lower(),
    }
    for name, called in EXPRESSIONS.items():
        lines = _lines(name, called, MOST_EXPRESSIONS, 4_000)
        if lines or name == "any":
            rule[name] = lines
    for name, called in EXAMPLES.items():
        if lines := _lines(name, called, MOST_EXAMPLES, LONGEST_EXAMPLE):
            rule[name] = [line.strip() for line in lines]
    for name in MARKS:
        if request.form.get(name) == "yes":
            rule[name] = True
    if remark := forms.line("remark"):
        rule["remark"] = remark
    return rule


def _loose() -> dict[str, Any]:
    """Return what was typed though it cannot be read, so that nothing is lost."""
    rule: dict[str, Any] = {
        name: request.form.get(name, "")[:LONGEST_TEXT].split("\n")
        for name in (*EXPRESSIONS, *EXAMPLES)
    }
    for name in ("type", "language", "remark", *MARKS):
        rule[name] = request.form.get(name, "")[:LONGEST_REASON]
    return rule


def _lines(name: str, called: str, most: int, longest: int) -> list[str]:
    """Return the lines of a field; a space before an expression has a meaning and stays."""
    forms.text(name, most=LONGEST_TEXT)
    said = request.form.get(name, "").replace("\r\n", "\n").split("\n")
    lines = list(dict.fromkeys(line for line in said if line.strip()))
    if len(lines) > most:
        raise CommandError(f"{called}: more than {most} lines")
    if any(len(line) > longest for line in lines):
        raise CommandError(f"{called}: a line is longer than {longest:,} characters")
    return lines
