"""Every route by every kind of token, from the map of routes itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.authorization import DESK, OPEN, SCOPES
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import tokens
from contextlib_news_server.store.tables import tokens as token_table
from contextlib_news_server.store.tokens import Scope
from flask import Flask
from flask.testing import FlaskClient

# What a route answers to a caller who may ask it but sends nothing.
BODIES = {
    "annotate.annotate_page": {"text": "Hello."},
    "annotate.annotate_pages": {"pages": [{"text": "Hello."}]},
    "flags.add_flag": {"reason": "a test"},
    "outlets.look_up_outlets": {"domains": []},
}
QUERIES = {"fact_check_tools.search_claims": {"query": "prison"}}


def make(app: Flask, *scopes: str, **more: int) -> str:
    with app.extensions[KEY].engine.begin() as connection:
        return tokens.add(connection, "a test", scopes, made_by="a test", **more)


@pytest.fixture
def closed(config: Config) -> Iterator[Flask]:
    app = create_app(replace(config, token_required=True))
    yield app
    app.extensions[KEY].engine.dispose()


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and path of every route."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "reuters.com", re.sub(r"<int:[^>]+>", "1", rule.rule))
        found += [
            (rule.endpoint, method, path)
            for method in sorted(rule.methods or ())
            if method not in ("HEAD", "OPTIONS")
        ]
    return found


def ask(client: FlaskClient, route: tuple[str, str, str], secret: str | None) -> int:
    endpoint, method, path = route
    headers = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
    answer = client.open(
        path,
        method=method,
        headers=headers,
        json=BODIES.get(endpoint) if method == "POST" else None,
        query_string=QUERIES.get(endpoint),
        environ_base={"REMOTE_ADDR": "192.0.2.1"},
    )
    return answer.status_code


def test_every_route_is_in_the_table(app: Flask) -> None:
    ours = {endpoint for endpoint, _, _ in routes(app) if not endpoint.startswith(DESK)}
    assert ours == set(SCOPES) | OPEN
    assert not set(SCOPES) & OPEN


def test_a_view_that_is_not_in_the_table_is_closed(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 403


def test_each_route_by_each_kind_of_token(closed: Flask) -> None:
    client = closed.test_client()
    revoked, expired = make(closed, *Scope), make(closed, *Scope, days=1)
    with closed.extensions[KEY].engine.begin() as connection:
        tokens.revoke(connection, 1)
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="seconds")
        connection.execute(token_table.update().values(expires=past))
    by_scope = {scope: make(closed, scope) for scope in Scope}
    for route in routes(closed):
        endpoint = route[0]
        if endpoint.startswith(DESK):
            continue
        if endpoint in OPEN:
            assert ask(client, route, None) not in (401, 403), route
            assert ask(client, route, "none") not in (401, 403), route
            continue
        missing = 403 if endpoint == "metrics.show" else 401
        assert ask(client, route, None) == missing, route
        for bad in ("", "none", "cnews_", revoked, expired, revoked[:-1], "é", "a" * 9_000):
            assert ask(client, route, bad) == 401, (route, bad)
        for scope, secret in by_scope.items():
            status = ask(client, route, secret)
            if scope is SCOPES[endpoint]:
                assert status in (200, 201, 404), (route, scope)
            else:
                assert status == 403, (route, scope)


def test_where_none_is_asked_for_a_wrong_one_is_noticed(app: Flask) -> None:
    client = app.test_client()
    route = ("claims.list_claims", "GET", "/api/v1/claims")
    assert ask(client, route, None) == 200
    assert ask(client, route, "none") == 401
    answer = client.get("/api/v1/claims", headers={"Authorization": "Basic dTpw"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_ends_within_seconds(
    closed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = closed.test_client()
    secret = make(closed, "read")
    route = ("claims.list_claims", "GET", "/api/v1/claims")
    assert ask(client, route, secret) == 200
    with closed.extensions[KEY].engine.begin() as connection:
        assert tokens.revoke(connection, 1)
        assert not tokens.revoke(connection, 1)
    monkeypatch.setattr("contextlib_news_server.authorization.BELIEVED_SECONDS", 0.0)
    assert ask(client, route, secret) == 401


def test_a_token_opens_the_metrics_from_elsewhere(app: Flask) -> None:
    client = app.test_client()
    route = ("metrics.show", "GET", "/metrics")
    assert ask(client, route, None) == 403
    assert ask(client, route, make(app, "metrics")) == 200


def test_a_quota_is_a_tokens_own(config: Config) -> None:
    app = create_app(replace(config, rate_limit="1000 per minute"))
    client = app.test_client()
    small, large = make(app, "read", quota=3), make(app, "read")
    route = ("claims.list_claims", "GET", "/api/v1/claims")
    assert [ask(client, route, small) for _ in range(4)] == [200, 200, 200, 429]
    answer = client.get("/api/v1/claims", headers={"Authorization": f"Bearer {small}"})
    assert 0 < int(answer.headers["Retry-After"]) <= 86_400
    assert ask(client, route, large) == 200
    assert ask(client, route, None) == 200
    app.extensions[KEY].engine.dispose()


def test_a_token_is_kept_as_a_digest_and_its_last_day_is_noted(app: Flask) -> None:
    secret = make(app, "read")
    client = app.test_client()
    assert ask(client, ("claims.list_claims", "GET", "/api/v1/claims"), secret) == 200
    with app.extensions[KEY].engine.connect() as connection:
        (row,) = connection.execute(token_table.select()).all()
        (token,) = tokens.listed(connection)
    assert secret not in " ".join(map(str, row))
    assert token.used == datetime.now(UTC).date().isoformat()


def test_preflights_need_no_token(closed: Flask) -> None:
    answer = closed.test_client().options(
        "/api/v1/annotate",
        headers={
            "Origin": "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert answer.status_code == 200
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].casefold()
