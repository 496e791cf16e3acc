"""Disputes: the form anyone may send, the page where its sender finds the answer, the public log.

The log tells what a dispute was about, what was decided and why. What the sender wrote, the page
they read and their contact are never shown there: none of it was written to be published, and a
form whose words appear in public invites those who want theirs to. The sender gets a link with a
key, and sees their own words under it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news_server.desk.access import FORM_FIELD, holds_form_token
from contextlib_news_server.errors import Problem
from contextlib_news_server.public.blueprint import bp, page
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import flags, publications
from contextlib_news_server.store.database import read
from contextlib_news_server.store.flags import ANSWER_DAYS, CONTACT_DAYS, Flag, FlagState

__all__ = ["dispute_key", "list_disputes", "send_dispute", "show_dispute", "write_dispute"]

LOGGED = 50

LEAST_REASON = 10
LONGEST_REASON = 4_000
LONGEST_ADDRESS = 2_000
LONGEST_CONTACT = 200

# A field that people do not see. Programs that fill in every field fill it in as well.
TRAP = "website"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dispute is about: a claim or an outlet, under its name and address here."""

    text: str
    address: str
    claim_id: str | None = None
    domain: str | None = None


@bp.get("/disputes")
def list_disputes() -> Response:
    """Show what was disputed, what was decided and why, the last decision first."""
    before = request.args.get("before", type=int)
    with read(services().engine) as connection:
        last = None if before is None else flags.get(connection, before)
        if before is not None and (last is None or last.state is not FlagState.ANSWERED):
            raise Problem(404, "No page of the log ended there.")
        found = flags.answered(connection, before=last, limit=LOGGED + 1)
        texts = publications.texts(connection, {f.claim_id for f in found if f.claim_id})
    shown = found[:LOGGED]
    return page(
        "disputes.html",
        disputes=[(each, _subject(each, texts)) for each in shown],
        older=shown[-1].number if len(found) > LOGGED else None,
        first=before is None,
    )


@bp.get("/disputes/<int:number>")
def show_dispute(number: int) -> Response:
    """Show how a dispute stands: all of it to its sender, to others what was decided."""
    with read(services().engine) as connection:
        flag = flags.get(connection, number) if number < 2**31 else None
        mine = flag is not None and _is_sender(number)
        if flag is None or not (mine or flag.state is FlagState.ANSWERED):
            raise Problem(404, "No dispute that was answered has this number.")
        texts = publications.texts(connection, [flag.claim_id] if flag.claim_id else [])
    response = page(
        "dispute.html",
        dispute=flag,
        subject=_subject(flag, texts),
        mine=mine,
        key=request.args.get("key") if mine else None,
        days=ANSWER_DAYS,
    )
    if mine:
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/disputes/new")
def write_dispute() -> Response:
    """Show the form with which a reader disputes a claim or what is said of an outlet."""
    return _form(_asked_for(request.args.get("claim"), request.args.get("outlet")))


@bp.post("/disputes/new")
def send_dispute() -> BaseResponse:
    """Keep a dispute and lead its sender to the page where it will be answered."""
    fields = {name: request.form.get(name, "").strip() for name in ("reason", "url", "contact")}
    subject = _asked_for(request.form.get("claim"), request.form.get("outlet"))
    if not holds_form_token(request.form.get(FORM_FIELD, "")):
        errors = {"form": "This form was open too long. Nothing is lost: please send it again."}
        return _form(subject, fields, errors, status=400)
    errors = _errors(fields)
    if errors:
        return _form(subject, fields, errors, status=422)
    with services().engine.begin() as connection:
        number = flags.add(
            connection,
            reason=fields["reason"],
            claim_id=subject.claim_id,
            domain=subject.domain,
            url=fields["url"] or None,
            contact=fields["contact"] or None,
        )
    return redirect(
        url_for("public.show_dispute", number=number, key=dispute_key(number)), code=303
    )


@bp.post("/disputes/<int:number>/forget")
def forget_contact(number: int) -> BaseResponse:
    """Delete the contact that the sender of a dispute left, at once."""
    if not _is_sender(number):
        raise Problem(404, "No dispute that was answered has this number.")
    if holds_form_token(request.form.get(FORM_FIELD, "")):
        with services().engine.begin() as connection:
            flags.forget_contact(connection, number)
    return redirect(
        url_for("public.show_dispute", number=number, key=dispute_key(number)), code=303
    )


def dispute_key(number: int) -> str:
    """Return the key that the sender's link to a dispute carries."""
    secret = services().config.secret_key.encode()
    return hmac.new(secret, f"dispute {number}".encode(), hashlib.sha256).hexdigest()[:32]


def _is_sender(number: int) -> bool:
    given = request.args.get("key", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), dispute_key(number).encode())


def _asked_for(claim_id: str | None, address: str | None) -> Subject:
    """Return what a form is about; raises Problem for what is not public here."""
    if claim_id and is_keepable(claim_id):
        with read(services().engine) as connection:
            text = publications.texts(connection, [claim_id]).get(claim_id)
        if text is not None:
            return _of_claim(claim_id, text)
    elif address and is_keepable(address):
        outlet = services().matcher.current().outlets.find(address)
        if outlet is not None:
            return _of_outlet(outlet.domain, outlet.name)
    raise Problem(404, "A dispute is about a published claim or an outlet; open its page first.")


def _subject(flag: Flag, texts: dict[str, str]) -> Subject | None:
    """Return what a dispute is about, None where that is nothing public here."""
    if flag.claim_id is not None and flag.claim_id in texts:
        return _of_claim(flag.claim_id, texts[flag.claim_id])
    if flag.domain is not None:
        return _of_outlet(flag.domain, flag.domain)
    return None


def _of_claim(claim_id: str, text: str) -> Subject:
    return Subject(text, url_for("public.show_claim", claim_id=claim_id), claim_id=claim_id)


def _of_outlet(domain: str, name: str) -> Subject:
    return Subject(name, url_for("public.show_outlet", domain=domain), domain=domain)


def _errors(fields: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the fields of a form, by field, each with its remedy."""
    errors: dict[str, str] = {}
    for name, longest in (
        ("reason", LONGEST_REASON),
        ("url", LONGEST_ADDRESS),
        ("contact", LONGEST_CONTACT),
    ):
        if len(fields[name]) > longest:
            errors[name] = f"Please use at most {longest:,} characters."
        elif not is_keepable(fields[name]):
            errors[name] = "It holds a character that cannot be kept; please type it again."
    if len(fields["reason"]) < LEAST_REASON:
        errors["reason"] = "Please say in a sentence or two what is wrong."
    if fields["url"] and not fields["url"].startswith(("https://", "http://")):
        errors["url"] = "Please give an address that begins with https://, or leave this empty."
    if "\n" in fields["contact"] or "\r" in fields["contact"]:
        errors["contact"] = "Please give it in one line."
    if request.form.get(TRAP):
        errors["form"] = "Please leave the field “Website” empty: it is there to catch programs."
    return errors


def _form(
    subject: Subject,
    fields: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    response = page(
        "dispute_form.html",
        status,
        subject=subject,
        fields=fields or {},
        errors=errors or {},
        longest={"reason": LONGEST_REASON, "url": LONGEST_ADDRESS, "contact": LONGEST_CONTACT},
        least=LEAST_REASON,
        trap=TRAP,
        open_days=CONTACT_DAYS,
        answer_days=ANSWER_DAYS,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
