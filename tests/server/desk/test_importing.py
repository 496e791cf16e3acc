"""Imports at the desk: looked at, tried, brought in, undone; and what an attacker would send."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server.config import Config
from contextlib_news_server.store import claims, options, outlets, sources, tables, uploads
from contextlib_news_server.store.uploads import LARGEST_BYTES
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from tests.contextlib_news.formats.review_shapes import make_cases
from tests.server.desk.conftest import EVIL, PASSWORD, Browse, send, sign_in, token_of


def upload(
    client: FlaskClient, content: bytes | str, name: str = "file.csv", kind: str = "claims"
) -> TestResponse:
    """Send a file as the form does."""
    body = content.encode() if isinstance(content, str) else content
    token = token_of(client.get("/admin/imports"))
    return post(client, body, name, form_token=token, kind=kind)


def post(client: FlaskClient, body: bytes, name: str, **fields: str) -> TestResponse:
    """Send a form with a file, written here as the test client leaves its own files open."""
    boundary = "a-boundary-that-no-file-holds"
    parts = b""
    for field, value in fields.items():
        parts += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'.encode()
        parts += f"{value}\r\n".encode()
    named = name.replace('"', "%22")
    parts += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '.encode()
    parts += f'filename="{named}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + body
    return client.post(
        "/admin/imports",
        data=parts + f"\r\n--{boundary}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def sent(client: FlaskClient, content: bytes | str, name: str = "file.csv", **more: str) -> str:
    """Send a file that is taken, and return the path of its page."""
    answer = upload(client, content, name, **more)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def numbers(text: str) -> dict[str, int]:
    """The counts of a report as its page shows them."""
    found = re.findall(r"<dt>(Added|Changed|Unchanged|Rejected)</dt><dd>([\d,]+)</dd>", text)
    return {name.lower(): int(number.replace(",", "")) for name, number in found}


CLAIMS = 'id,text\nbridge-1,"The bridge fell, twice."\nbridge-2,\n'


def test_a_file_is_tried_and_then_brought_in(engine: Engine, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    path = sent(client, CLAIMS)
    assert "our own columns" in client.get(path).text
    tried = send(client, path, action="try", source="Bridges", licence="CC0", date="2024-05-06")
    assert numbers(tried.text) == {"added": 1, "changed": 0, "unchanged": 0, "rejected": 1}
    assert "file.csv: line 3" in tried.text
    assert "nothing was kept" in tried.text
    with engine.connect() as connection:
        assert sources.get(connection, "Bridges") is None
        assert claims.get(connection, "bridge-1") is None
    done = send(client, path, action="keep", source="Bridges", licence="CC0", date="2024-05-06")
    page = client.get(done.headers["Location"]).text
    assert numbers(page) == {"added": 1, "changed": 0, "unchanged": 0, "rejected": 1}
    assert "file.csv: line 3" in page
    assert client.get(path).status_code == 404
    with engine.connect() as connection:
        source, claim = sources.get(connection, "Bridges"), claims.get(connection, "bridge-1")
    assert source is not None
    assert (source.licence, source.date, source.made_by) == ("CC0", "2024-05-06", "reviewer")
    assert claim is not None
    assert claim.text == "The bridge fell, twice."
    assert "Bridges" in client.get("/admin/imports").text


def test_an_import_is_undone_by_removing_its_source(engine: Engine, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    done = send(client, sent(client, CLAIMS), action="keep", source="Bridges")
    page = client.get(done.headers["Location"]).text
    found = re.search(r'href="(/admin/sources/\d+/remove)"', page)
    assert found
    assert "Bridges" in client.get(found[1]).text
    assert send(client, found[1], reason="A mistake.").status_code == 422
    assert send(client, found[1], confirm="yes").status_code == 422
    assert send(client, found[1], confirm="yes", reason="A mistake.").status_code == 302
    with engine.connect() as connection:
        assert claims.get(connection, "bridge-1") is None
        assert sources.get(connection, "Bridges") is None
    assert "(removed)" in client.get("/admin/imports").text
    assert "was removed since" in client.get(done.headers["Location"]).text


def test_five_hundred_malformed_reviews_are_reported_one_by_one(browse: Browse) -> None:
    cases = make_cases(7, plain=20, objects=480, texts=0)
    client = browse(Role.REVIEWER)
    lines = [json.dumps(case.content) for case in cases]
    path = sent(client, "\n".join(lines), "reviews.jsonl")
    page = send(client, path, action="try", source="Reviews").text
    found = numbers(page)
    refused = [case for case in cases if case.expected.outcome == "rejected"]
    assert found["rejected"] == len(refused)
    joined = re.search(r"<p>([\d,]+) reviews were joined to ([\d,]+) claims", page)
    merged = int(joined[1]) - int(joined[2]) if joined else 0
    assert found["added"] + merged + found["rejected"] == len(cases) == 500
    for number, case in enumerate(cases, 1):
        if case.expected.outcome == "rejected":
            assert f"line {number}" in page
            assert case.expected.said.split("'")[0] in page
    done = send(client, path, action="keep", source="Reviews")
    assert numbers(client.get(done.headers["Location"]).text) == found


def test_columns_of_others_are_chosen(engine: Engine, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    table = "Was gesagt wurde;Urteil;Wo;Egal\nDie Brücke fiel.;Falsch;https://a.example/1;x\n"
    path = sent(client, table)
    page = client.get(path).text
    assert "Die Brücke fiel." in page
    fields = {
        "source": "Prüfer",
        "column-0": "text",
        "column-1": "review.rating",
        "column-2": "review.url",
        "column-3": "",
        "constant-0": "review.publisher",
        "value-0": "Die Prüfer",
    }
    assert send(client, path, action="keep", **fields | {"column-3": "text"}).status_code == 422
    assert send(client, path, action="keep", **fields | {"column-3": "nothing"}).status_code == 422
    assert send(client, path, action="keep", **fields).status_code == 302
    with engine.connect() as connection:
        (claim,) = [c for c in claims.published(connection) if c.text == "Die Brücke fiel."]
    assert [(r.publisher, r.rating) for r in claim.reviews] == [("Die Prüfer", "Falsch")]


@pytest.mark.parametrize("kind", ["claims", "outlets"])
@pytest.mark.parametrize("said", ["Maß", "Finding"])
def test_a_table_of_another_encoding_is_told_and_read_once_it_is_named(
    browse: Browse, kind: str, said: str
) -> None:
    client = browse(Role.REVIEWER)
    first = "text" if kind == "claims" else "domain"
    value = "Größe des Damms" if kind == "claims" else "größe.example"
    table = f"{first},{said}\n{value},Zoë\n".encode("cp1252")
    path = sent(client, table, kind=kind)
    page = client.get(path)
    assert page.status_code == 200
    assert "not UTF-8" in page.text
    assert "cp1252" in page.text
    chosen = {"column-0": first, "column-1": "claimant" if kind == "claims" else "label"}
    unnamed = send(client, path, action="try", source="x", **chosen)
    assert unnamed.status_code in (200, 422)
    assert "not UTF-8" in unnamed.text
    named = send(client, path, action="try", source="x", encoding="cp1252", **chosen)
    assert "not UTF-8" not in named.text
    assert said in named.text
    assert "Zoë" in named.text
    if kind == "claims":
        assert numbers(named.text)["added"] == 1


def test_rating_words_seen_for_the_first_time_are_told(browse: Browse) -> None:
    review = {
        "@type": "ClaimReview",
        "url": "https://a.example/1",
        "claimReviewed": "The tower is made of cheese.",
        "author": {"name": "Checks"},
        "reviewRating": {"alternateName": "Three Rotten Tomatoes"},
    }
    client = browse(Role.CURATOR)
    path = sent(client, json.dumps(review), "one.json")
    page = send(client, path, action="try", source="Checks").text
    assert "Three Rotten Tomatoes" in page
    assert "seen for the first time" in page


def test_ratings_of_outlets_come_in_as_a_source(engine: Engine, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    table = "domain,label\nnews.example.com,trusted\nno domain at all,x\n"
    path = sent(client, table, "list.csv", kind="outlets")
    fields = {"source": "A rater", "url": "https://rater.example/", "date": "2024-01"}
    page = send(client, path, action="try", **fields).text
    assert numbers(page)["rejected"] == 1
    assert send(client, path, action="keep", **fields).status_code == 302
    with engine.connect() as connection:
        outlet = outlets.get(connection, "news.example.com")
    assert outlet is not None
    assert [(r.source, r.label, r.date) for r in outlet.ratings] == [
        ("A rater", "trusted", "2024-01")
    ]


def test_a_curator_tries_and_a_reviewer_publishes(engine: Engine, browse: Browse) -> None:
    curator = browse(Role.CURATOR)
    path = sent(curator, CLAIMS)
    assert send(curator, path, action="try", source="Bridges").status_code == 200
    assert send(curator, path, action="keep", source="Bridges").status_code == 422
    reviewer = browse(Role.REVIEWER)
    assert "file.csv" in reviewer.get("/admin/imports").text
    assert send(reviewer, path, action="keep", source="Bridges").status_code == 302
    with engine.connect() as connection:
        assert claims.get(connection, "bridge-1") is not None


def test_a_second_person_brings_in_what_one_sent(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        options.set_on(connection, options.SECOND_PERSON, True, made_by="a test")
    reviewer, other = browse(Role.REVIEWER), browse(Role.ADMINISTRATOR)
    path = sent(reviewer, CLAIMS)
    tried = send(reviewer, path, action="try", source="Bridges")
    assert "another reviewer finds this file" in tried.text
    assert 'value="keep"' not in tried.text
    refused = send(reviewer, path, action="keep", source="Bridges")
    assert refused.status_code == 422
    assert "another person brings in" in refused.text.lower()
    with engine.connect() as connection:
        assert claims.get(connection, "bridge-1") is None
    assert 'value="keep"' in send(other, path, action="try", source="Bridges").text
    assert send(other, path, action="keep", source="Bridges").status_code == 302
    with engine.connect() as connection:
        assert claims.get(connection, "bridge-1") is not None


def test_a_file_of_a_reviewer_is_not_a_curators(browse: Browse) -> None:
    path = sent(browse(Role.REVIEWER), CLAIMS)
    curator = browse(Role.CURATOR)
    assert curator.get(path).status_code == 404
    assert send(curator, path, action="discard").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "name of the source is missing"),
        ({"source": "x", "url": "javascript:alert(1)"}, "must be an http"),
        ({"source": "x", "date": "yesterday"}, "write it as YYYY-MM-DD"),
        ({"source": "x", "encoding": "klingon"}, "not known"),
        ({"source": "x" * 201}, "longer than 200"),
        ({"source": "desk"}, "choose another name"),
        ({"source": "a\x00b"}, "no text holds"),
    ],
)
def test_what_is_wrong_with_the_form_is_said(
    browse: Browse, fields: dict[str, str], said: str
) -> None:
    client = browse(Role.REVIEWER)
    path = sent(client, CLAIMS)
    answer = send(client, path, action="keep", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert str(Path("uploads")) not in answer.text.replace("/admin/imports", "")


# --- An attacker's files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/cron.d/evil.csv",
        "..\\..\\evil.csv",
        "/etc/passwd",
        "....//....//evil.jsonl",
        "evil.csv\x00.html",
        "upload.json",
        ".htaccess",
        "CON.csv",
        "x" * 400 + ".csv",
        EVIL,
    ],
)
def test_the_name_of_a_file_decides_no_path(
    config: Config, engine: Engine, browse: Browse, name: str
) -> None:
    client = browse(Role.CURATOR)
    before = {each.name for each in config.data_folder.iterdir()}
    path = sent(client, CLAIMS, name)
    with engine.connect() as connection:
        (upload,) = uploads.held(connection, "curator")
    assert re.fullmatch(r"(\.[a-z]+)?", upload.ending)
    with uploads.opened(engine, upload, config.data_folder / "uploads") as file:
        assert re.fullmatch(r"file(\.[a-z]+)?", file.name)
        assert file.parent.parent == config.data_folder / "uploads"
        assert file.parent.stat().st_mode & 0o077 == 0
        assert file.read_text() == CLAIMS
    assert "<script>alert" not in client.get(path).text
    assert "<script>alert" not in client.get("/admin/imports").text
    # Nothing lies about, neither where the name points nor where the file was read.
    assert {each.name for each in config.data_folder.iterdir()} - before == {"uploads"}
    assert not list((config.data_folder / "uploads").iterdir())


@pytest.mark.parametrize(
    "key", ["..", "../..", "%2e%2e%2f", "x", "." * 22, "A" * 22, "A" * 21 + "/", "upload.json"]
)
def test_a_key_leads_to_no_other_file(engine: Engine, browse: Browse, key: str) -> None:
    client = browse(Role.ADMINISTRATOR)
    assert client.get(f"/admin/imports/file/{key}").status_code in (302, 308, 404)
    with engine.connect() as connection:
        assert uploads.find(connection, key, None) is None


def test_packed_and_empty_files_are_refused(engine: Engine, browse: Browse) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("claims.csv", b"0" * 50_000_000)
    client = browse(Role.CURATOR)
    for content, said in ((packed.getvalue(), "zip"), (b"\x1f\x8bxx", "gzip"), (b"", "empty")):
        answer = upload(client, content, "claims.csv")
        assert answer.status_code == 422
        assert said in answer.text
    assert kept(engine) == (0, 0)


def test_a_table_without_a_row_is_refused(engine: Engine, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    path = sent(client, "id,text\n")
    for action in ("try", "keep"):
        answer = send(client, path, action=action, source="Bridges")
        assert answer.status_code == 422
        assert "there is no claim in it; nothing was changed" in answer.text
    with engine.connect() as connection:
        assert sources.get(connection, "Bridges") is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("[" * 5_000_000, "deep.json"),
        ('{"a":' * 1_000_000, "deep.json"),
        ("[" + "1," * 300_000 + "1]", "wide.json"),
        ('[{"id": "x", "text": "' + "y" * 6_000_000 + '"}]', "long.json"),
        ('{"id": "x", "text": ' + "9" * 4_000_000 + "}", "number.jsonl"),
        ("id,text\n" + '"' * 3_000_000, "marks.csv"),
        ("a," * 500_000 + "\n", "columns.csv"),
        ("<script type='application/ld+json'>" * 50_000, "page.html"),
    ],
    ids=["arrays", "objects", "items", "text", "digits", "marks", "columns", "scripts"],
)
def test_a_file_made_to_blow_up_is_reported(browse: Browse, content: str, name: str) -> None:
    client = browse(Role.CURATOR)
    path = sent(client, content, name)
    assert client.get(path).status_code == 200
    answer = send(client, path, action="try", source="Bomb")
    assert answer.status_code in (200, 422)
    assert len(answer.text) < 1_000_000


def test_a_file_that_is_too_large_is_refused(browse: Browse, staff: Flask) -> None:
    client = browse(Role.CURATOR)
    answer = upload(client, b"x" * (LARGEST_BYTES + 1), "large.csv")
    assert answer.status_code == 422
    assert "larger than 32 MB" in answer.text
    assert upload(client, b"x" * (LARGEST_BYTES + 200_000), "large.csv").status_code == 413
    body = b"x" * 5_000_000
    for other in (browse(Role.CONTRIBUTOR), staff.test_client()):
        assert post(other, body, "x.csv", kind="claims").status_code == 413


def kept(engine: Engine) -> tuple[int, int]:
    """How many files wait in the database, and in how many parts."""
    with engine.connect() as connection:
        return (
            connection.execute(select(func.count()).select_from(tables.uploads)).scalar_one(),
            connection.execute(select(func.count()).select_from(tables.upload_parts)).scalar_one(),
        )


def test_files_that_wait_are_few_and_gone_after_a_day(
    engine: Engine, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(Role.CURATOR)
    paths = [sent(client, CLAIMS) for _ in range(10)]
    assert "too many files" in upload(client, CLAIMS).text.lower()
    assert kept(engine) == (10, 10)
    monkeypatch.setattr("contextlib_news_server.store.uploads.KEPT_SECONDS", -1)
    assert client.get(paths[0]).status_code == 404
    assert paths[1] not in client.get("/admin/imports").text
    with engine.begin() as connection:
        uploads.sweep(connection)
    assert kept(engine) == (0, 0)


def test_files_that_wait_are_bounded_together(
    engine: Engine, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contextlib_news_server.store.uploads.MOST_BYTES", 60)
    for role in (Role.CURATOR, Role.REVIEWER):
        sent(browse(role), CLAIMS)
    answer = upload(browse(Role.ADMINISTRATOR), CLAIMS)
    assert answer.status_code == 422
    assert "too large together" in answer.text
    assert kept(engine) == (2, 2)


def test_another_machine_goes_on_with_a_file(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines share a database and nothing else, not even the folder of their data."""
    from contextlib_news_server import create_app
    from contextlib_news_server.services import KEY
    from contextlib_news_server.store import users

    apps = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        plain = Config.from_env(
            {
                "CONTEXTLIB_NEWS_DATA_FOLDER": str(folder),
                "CONTEXTLIB_NEWS_DATABASE": database,
                "CONTEXTLIB_NEWS_SECRET_KEY": "a secret that both machines were given",
            }
        )
        apps.append(create_app(replace(plain, poll_seconds=0.0, rate_limit="")))
    held = apps[0].extensions[KEY].engine
    with held.begin() as connection:
        users.add(connection, "rita", role=Role.REVIEWER, password=PASSWORD, made_by="a test")
    one, two = (app.test_client() for app in apps)
    assert sign_in(one, "rita").status_code == 302
    assert sign_in(two, "rita").status_code == 302
    # Larger than one part, so that the parts must come back in their order.
    rows = "".join(f'bridge-{n},"Bridge {n} fell {"x" * 400}."\n' for n in range(3_000))
    path = sent(one, "id,text\n" + rows)
    assert kept(held) == (1, 2)
    assert numbers(send(two, path, action="try", source="Bridges").text)["added"] == 3_000
    done = send(two, path, action="keep", source="Bridges")
    assert numbers(one.get(done.headers["Location"]).text)["added"] == 3_000
    assert kept(held) == (0, 0)
    for app in apps:
        app.extensions[KEY].engine.dispose()


def test_no_record_brings_markup_into_the_report(browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    rows = [
        json.dumps({"id": EVIL, "text": ""}),
        json.dumps({"id": "x", "text": "y", EVIL: 1}),
        json.dumps({"id": "z", "text": EVIL, "verdict": EVIL}),
        EVIL,
    ]
    path = sent(client, "\n".join(rows), f"{EVIL}.jsonl")
    tried = send(client, path, action="try", source=EVIL)
    done = send(client, path, action="keep", source=EVIL, licence=EVIL, method=EVIL)
    page = client.get(done.headers["Location"]) if done.status_code == 302 else done
    for answer in (tried, page, client.get("/admin/sources"), client.get("/admin/imports")):
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
