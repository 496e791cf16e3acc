"""Claims with a past, and the hands of a reader who fills in a form."""

from __future__ import annotations

import re

import pytest
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims, drafts, users
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from contextlib_news.models import Claim
from tests.factories import make_claim

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
REASON = "The archive gives another year: see https://example.org/archive."


@pytest.fixture
def store(app: Flask) -> Engine:
    """The database behind the application."""
    engine: Engine = app.extensions[KEY].engine
    return engine


def publish(store: Engine, claim: Claim, *, made_by: str = "Ada", reason: str = "") -> Claim:
    """Bring a new text of a claim before the readers, as the desk does."""
    with store.begin() as connection:
        held = drafts.find(connection, claim.id)
        seen = None if held is None else held.newest.revision
        draft = drafts.save_draft(
            connection, claim, seen=seen, made_by=made_by, reason="a private remark on the draft"
        )
        done = drafts.publish(
            connection,
            claim.id,
            seen=draft.newest.revision,
            made_by=made_by,
            reason=reason,
        )
    assert done.public is not None
    return done.public


def retire(store: Engine, claim_id: str, reason: str) -> None:
    """Take a claim from the readers."""
    with store.begin() as connection:
        held = claims.get(connection, claim_id)
        assert held is not None
        drafts.retire(connection, claim_id, seen=held.revision, made_by="Ada", reason=reason)


@pytest.fixture
def claim(store: Engine) -> Claim:
    """A claim that a curator published and changed once."""
    with store.begin() as connection:
        users.add(
            connection, "Ada", role=Role.CURATOR, password="a long pass phrase", made_by="a test"
        )
    publish(store, make_claim(), reason="from the town archive")
    return publish(
        store, make_claim(summary="The archive's newer list agrees."), reason="a second source"
    )


def dispute(client: FlaskClient, about: dict[str, str], **fields: str) -> TestResponse:
    """Fill in the form as a browser would: with the token of the page that it loaded."""
    shown = client.get("/disputes/new", query_string=about)
    assert shown.status_code == 200, shown.text
    found = TOKEN.search(shown.text)
    assert found
    data = {"form_token": found[1], "reason": REASON, **about, **fields}
    return client.post("/disputes/new", data=data)
