"""The commands as a person types them: results on stdout, one clear line where they fail."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contextlib_news.cli import main
from contextlib_news.formats.claims import load_claims

Run = Callable[..., tuple[int, str, str]]

PATIENCE = 300.0  # seconds; nothing is timed, and a start may take long on a busy machine


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run a command on databases in the test's own folder."""
    monkeypatch.setenv("CONTEXTLIB_NEWS_DATA_FOLDER", str(tmp_path / "data"))

    def call(*arguments: str, database: str = "a") -> tuple[int, str, str]:
        url = f"sqlite:///{tmp_path / database}.db"
        code = main([*arguments, "--database", url])
        said = capsys.readouterr()
        return code, said.out, said.err

    gc.freeze()  # what there was before need not be looked through below
    yield call
    # Commands end with their process, which closes what they opened; here the process goes on.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    gc.unfreeze()


def test_export_import_export_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    assert run("db", "seed")[0] == 0
    code, first, _ = run("export", "claims")
    assert code == 0
    ids = [json.loads(line)["id"] for line in first.splitlines()]
    assert ids == sorted(claim.id for claim in load_claims())
    (tmp_path / "first.jsonl").write_text(first, encoding="utf-8")
    code, said, _ = run("import", "claims", str(tmp_path / "first.jsonl"), database="b")
    assert (code, said) == (0, f"added {len(ids)}, changed 0, unchanged 0, rejected 0\n")
    assert run("export", "claims", database="b")[1] == first
    again = run("import", "claims", str(tmp_path / "first.jsonl"), database="b")
    assert again[1] == f"added 0, changed 0, unchanged {len(ids)}, rejected 0\n"


@pytest.mark.parametrize("form", ["csv", "claimreview", "data-commons"])
def test_other_forms_are_written(run: Run, form: str) -> None:
    run("db", "seed")
    code, said, _ = run("export", "claims", "--format", form)
    assert code == 0
    assert load_claims()[0].text[:30] in said


def test_a_feed_comes_back_as_reviews_of_ours(run: Run, tmp_path: Path) -> None:
    run("db", "seed")
    for form in ("claimreview", "data-commons"):
        code, said, _ = run(
            *("export", "claims", "--format", form, "--address", "https://news.example.org/")
        )
        assert code == 0
        (tmp_path / "feed.json").write_text(said, encoding="utf-8")
        _, said, _ = run("import", "claims", str(tmp_path / "feed.json"), database=form)
        last = said.splitlines()[-1]
        assert re.fullmatch(r"added \d+, changed 0, unchanged 0, rejected 0", last)
        back = [json.loads(line) for line in run("export", "claims", database=form)[1].splitlines()]
        assert {row["text"] for row in back} == {claim.text for claim in load_claims()}
        assert all(row["reviews"][0]["publisher"] == "Contextlib News" for row in back)
    assert run("export", "claims", "--format", "data-commons", "--address", "x")[0] == 1


def test_what_was_left_out_and_new_rating_words_are_told(run: Run, tmp_path: Path) -> None:
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "The bridge opened in 1931.",
        "author": "Check A",
        "url": "https://a.example/1",
        "datePublished": "soon",
        "reviewRating": {"alternateName": "Sort of"},
    }
    other = review | {"author": "Check B", "url": "https://b.example/1", "datePublished": "2020"}
    (tmp_path / "r.json").write_text(json.dumps([review, other, {"@type": "ClaimReview"}]))
    code, said, _ = run("import", "claims", str(tmp_path / "r.json"))
    assert code == 0
    first, second, *rest = said.splitlines()
    assert {first.split(" ")[0], second.split(" ")[0]} == {"left", "rejected"}
    assert "'soon' is no date" in said
    assert "$[0]: datepublished" in said
    assert "$[2]: claimReviewed" in said
    assert rest == [
        "new rating word 'Sort of' (1 times): no verdict follows from it",
        "2 reviews were joined to 1 claims",
        "1 claims were kept in part",
        "added 1, changed 0, unchanged 0, rejected 1",
    ]


def test_a_foreign_table_comes_in_by_a_map(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "checks.csv"
    path.write_bytes(
        "Behauptung;Urteil;Wer;Wo;Interna\n"
        "Die Brücke ist von 1931.;Falsch;Prüfer;https://p.example/1;x\n".encode("cp1252")
    )
    mapped = [
        *(
            "--map",
            "Behauptung=text",
            "--map",
            "Urteil=review.rating",
            "--map",
            "Wer=review.publisher",
        ),
        *("--map", "Wo=review.url", "--map", "language:=de", "--map", "*=-"),
    ]
    code, _, complaint = run("import", "claims", str(path), *mapped)
    assert code == 1
    code, said, _ = run("import", "claims", str(path), *mapped, "--encoding", "cp1252")
    assert (code, said) == (0, "added 1, changed 0, unchanged 0, rejected 0\n")
    (row,) = [json.loads(line) for line in run("export", "claims")[1].splitlines()]
    assert (row["text"], row["language"], row["verdict"]) == (
        "Die Brücke ist von 1931.",
        "de",
        "contradicted",
    )
    code, _, complaint = run("import", "claims", str(path), "--map", "Nichts=text")
    assert code == 1
    assert "there is no column 'Nichts'" in complaint


def test_outlet_lists_come_in_and_go(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("domain,pc1\nelm.com,0.5\nelm. com,0.5\n")
    for counts in ("added 1, changed 0, unchanged 0", "added 0, changed 0, unchanged 1"):
        code, said, _ = run("import", "outlets", str(path), "--source", "scores")
        assert code == 0
        *reasons, last = said.splitlines()
        assert last == f"{counts}, rejected 1"
        assert reasons == [f"rejected {path}: line 3: 'elm. com' is no domain"]
    listed = run("sources", "list")[1]
    assert "scores" in listed
    assert run("sources", "remove", "scores")[0] == 0
    assert "scores" not in run("sources", "list")[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--form", "odd"), "there is no form 'odd'"),
        (("--date", "soon"), "--date"),
        (("--url", "x"), "--url must be"),
        (("--map", "a=odd"), "cannot become 'odd'"),
        (("--map", "/nowhere/map.json"), "neither column=field nor a file"),
        (("--encoding", "odd"), "encoding 'odd' is not known"),
    ],
)
def test_wrong_options_of_an_import_are_named(
    run: Run, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "o.csv").write_text("domain,pc1\nelm.com,0.5\n")
    code, out, complaint = run(
        "import", "outlets", str(tmp_path / "o.csv"), "--source", "s", *options
    )
    assert (code, out) == (1, "")
    assert said in complaint


def test_a_dry_run_keeps_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": "a", "text": "One."}\n')
    code, said, _ = run("import", "claims", str(tmp_path / "c.jsonl"), "--dry-run")
    assert (code, said) == (0, "added 1, changed 0, unchanged 0, rejected 0\n")
    assert run("export", "claims")[1] == ""


def test_rejected_rows_are_told_with_their_reasons(run: Run, tmp_path: Path) -> None:
    rows = [
        '{"id": "a", "text": "One."}',
        "{",
        '{"id": "b"}',
        '{"id": "c", "text": "\\ud800"}',
        '{"id": "d", "text": "t", "revision": 1000000000000000000000000}',
    ]
    (tmp_path / "c.jsonl").write_text("\n".join(rows))
    code, said, _ = run("import", "claims", str(tmp_path / "c.jsonl"))
    *reasons, last = said.splitlines()
    assert code == 0
    assert last == "added 1, changed 0, unchanged 0, rejected 4"
    assert len(reasons) == 4


def test_an_import_is_a_source_that_can_be_removed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": "a", "text": "One."}\n')
    arguments = ("--source", "My feed", "--licence", "CC0-1.0", "--url", "https://example.org/f")
    assert run("import", "claims", str(tmp_path / "c.jsonl"), *arguments)[0] == 0
    code, said, _ = run("sources", "list")
    assert code == 0
    assert said.startswith("My feed\tclaims\t1 claims, 0 outlets, 0 ratings\timported ")
    assert "CC0-1.0" in said
    exported = json.loads(run("export", "claims")[1])
    assert exported["provenance"]["source"] == "My feed"
    code, said, _ = run("sources", "remove", "My feed")
    assert (code, said.count("\n")) == (0, 1)
    assert run("export", "claims")[1] == ""
    assert run("sources", "list")[1] == ""
    assert run("sources", "remove", "My feed")[0] == 1


def test_a_backup_is_restored_into_another_database(run: Run, tmp_path: Path) -> None:
    run("db", "seed")
    first = run("export", "claims")[1]
    file = str(tmp_path / "all.backup")
    code, said, _ = run("db", "backup", file)
    assert code == 0
    assert said.endswith("verified\n")
    assert run("db", "restore", file, database="b")[0] == 0
    assert run("export", "claims", database="b")[1] == first
    code, said, complaint = run("db", "restore", file, database="b")
    assert (code, said) == (1, "")
    assert "--replace" in complaint
    assert run("db", "restore", file, "--replace", database="b")[0] == 0
    assert run("db", "restore", str(tmp_path / "none"), database="c")[0] == 1


def test_a_user_is_added_with_a_password_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long password\n"))
    code, said, _ = run("user", "add", "Ada", "--role", "administrator")
    assert (code, said) == (0, "added Ada as administrator\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    code, said, complaint = run("user", "add", "Ben", "--role", "curator")
    assert (code, said) == (1, "")
    assert "12 to" in complaint


def test_a_role_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["user", "add", "Ada", "--role", "king"])
    assert stopped.value.code == 2
    capsys.readouterr()


def test_the_roles_of_the_command_are_those_of_the_store() -> None:
    from contextlib_news_server.store.users import Role
    from contextlib_news_server.user_commands import ROLES

    assert tuple(Role) == ROLES


def test_nothing_accepted_is_a_failure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": "a"}\n')
    assert run("import", "claims", str(tmp_path / "c.jsonl"))[0] == 1


@pytest.mark.parametrize(
    "arguments", [("import", "claims", "/nowhere/c.jsonl"), ("serve", "--port", "70000")]
)
def test_failures_are_one_clear_line(run: Run, arguments: tuple[str, ...]) -> None:
    code, said, complaint = run(*arguments)
    assert (code, said) == (1, "")
    assert complaint.startswith("contextlib-news: ")
    assert complaint.count("\n") == 1


def test_a_missing_action_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["db"])
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "contextlib_news", "serve", *arguments],
        env=os.environ
        | {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"},
        stderr=subprocess.PIPE,
        text=True,
    )


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"serving at (http://\S+)", line):
            return found[1]
    raise AssertionError("the service ended before it served")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = _start(tmp_path / "data", "--port", "0")
    try:
        yield _address(process), process
    finally:
        process.kill()
        process.communicate()


def test_the_service_as_it_is_started(service: tuple[str, subprocess.Popen[str]]) -> None:
    base, process = service
    with urllib.request.urlopen(base + "/readyz", timeout=PATIENCE) as answer:
        assert json.load(answer)["status"] == "ready"
    page = json.dumps({"text": load_claims()[0].text}).encode()
    request = urllib.request.Request(
        base + "/api/v1/annotate", page, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert any(note["kind"] == "claim" for note in json.load(answer)["notes"])
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def test_a_body_that_is_too_large_gets_its_problem(
    service: tuple[str, subprocess.Popen[str]],
) -> None:
    request = urllib.request.Request(
        service[0] + "/api/v1/annotate", b" " * 10_000_000, {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=PATIENCE)
    with refused.value as answer:
        assert answer.code == 413
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_connection_that_sends_half_a_request_holds_nobody_up(
    service: tuple[str, subprocess.Popen[str]],
) -> None:
    port = int(service[0].rsplit(":", 1)[1])
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for connection in slow:
        connection.sendall(b"POST /api/v1/annotate HTTP/1.1\r\nHost: localhost\r\nContent-Le")
    with urllib.request.urlopen(service[0] + "/healthz", timeout=PATIENCE) as answer:
        assert answer.status == 200
    # It was answered while they dawdled, not after they had been given up.
    for connection in slow:
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        connection.close()


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = _start(tmp_path / "data", "--port", str(taken.getsockname()[1]))
        complaint = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 1
    assert "Traceback" not in complaint
    assert "choose another one with --port" in complaint.strip().splitlines()[-1]
