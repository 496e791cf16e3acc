"""People: digests, roles, locks and the log of sign-ins."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher
from contextlib_news_server.store import revisions, users
from contextlib_news_server.store.database import read
from contextlib_news_server.store.tables import sign_ins
from contextlib_news_server.store.tables import users as table
from contextlib_news_server.store.users import ALLOWED_FAILURES, Role, SignIn
from sqlalchemy import Engine, select, update

from contextlib_news.errors import CommandError

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(engine: Engine) -> users.User:
    with engine.begin() as connection:
        return users.add(connection, "Ada", role=Role.CURATOR, password=PASSWORD, made_by="a test")


def sign_in(engine: Engine, password: str, name: str = "Ada") -> SignIn:
    return users.check_password(engine, name, password, address="192.0.2.1")[0]


def test_the_password_is_kept_as_a_digest(engine: Engine, ada: users.User) -> None:
    with read(engine) as connection:
        kept = connection.scalar(select(table.c.password))
        (told,) = revisions.history(connection, "user", "Ada")
    assert str(kept).startswith("$argon2id$")
    assert PASSWORD not in repr(told)
    assert ada.role == Role.CURATOR


def test_a_right_password_signs_in_and_is_logged(engine: Engine, ada: users.User) -> None:
    assert sign_in(engine, PASSWORD) == SignIn.RIGHT
    assert sign_in(engine, PASSWORD + "x") == SignIn.WRONG
    assert sign_in(engine, PASSWORD, "Nobody") == SignIn.WRONG
    with read(engine) as connection:
        rows = connection.execute(select(sign_ins.c.name, sign_ins.c.outcome)).all()
    assert [tuple(row) for row in rows] == [("Ada", "right"), ("Ada", "wrong"), ("Nobody", "wrong")]


def test_too_many_wrong_ones_close_the_account_for_a_while(engine: Engine, ada: users.User) -> None:
    for _ in range(ALLOWED_FAILURES):
        assert sign_in(engine, "wrong") == SignIn.WRONG
    assert sign_in(engine, PASSWORD) == SignIn.LOCKED
    with engine.begin() as connection:
        connection.execute(update(table).values(locked_until="2020-01-01T00:00:00+00:00"))
    assert sign_in(engine, PASSWORD) == SignIn.RIGHT
    assert sign_in(engine, "wrong") == SignIn.WRONG


def test_tries_at_the_same_moment_all_count(engine: Engine, ada: users.User) -> None:
    tries = [threading.Thread(target=sign_in, args=(engine, "wrong")) for _ in range(6)]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    with read(engine) as connection:
        failed, until = connection.execute(select(table.c.failed, table.c.locked_until)).one()
    assert failed >= ALLOWED_FAILURES
    assert until is not None


def test_who_is_shut_out_stays_out(engine: Engine, ada: users.User) -> None:
    with engine.begin() as connection:
        users.set_disabled(connection, "Ada", True, made_by="a test")
    assert sign_in(engine, PASSWORD) == SignIn.DISABLED
    with engine.begin() as connection:
        users.set_disabled(connection, "Ada", False, made_by="a test")
        users.set_password(connection, "Ada", "another one entirely", made_by="a test")
        assert users.set_role(connection, "Ada", Role.REVIEWER, made_by="x").role == Role.REVIEWER
    assert sign_in(engine, "another one entirely") == SignIn.RIGHT


def test_an_unknown_name_costs_a_digest_as_a_wrong_password_does(
    engine: Engine, ada: users.User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = PasswordHasher.verify

    def verify(hasher: PasswordHasher, digest: str, password: str) -> bool:
        seen.append(digest.rsplit("$", 2)[0])
        return real(hasher, digest, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for name in ("Ada", "Nobody"):
        assert sign_in(engine, "wrong", name) == SignIn.WRONG
    # The same algorithm with the same parameters both times.
    assert len(seen) == 2
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("Ada", PASSWORD), ("Ben", "short"), ("a\nb", PASSWORD)]
)
def test_what_cannot_be_is_refused(
    engine: Engine, ada: users.User, name: str, password: str
) -> None:
    with engine.begin() as connection, pytest.raises(CommandError):
        users.add(connection, name, role=Role.CURATOR, password=password, made_by="a test")
