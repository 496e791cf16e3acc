"""The commands as a person types them: results on stdout, one clear line where they fail."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contextlib_news.cli import main
from contextlib_news.formats.claims import load_claims

Run = Callable[..., tuple[int, str, str]]


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

    yield call
    # Commands end with their process, which closes what they opened; here the process goes on.
    import gc
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


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


@pytest.mark.parametrize("form", ["csv", "claimreview"])
def test_other_forms_are_written(run: Run, form: str) -> None:
    run("db", "seed")
    code, said, _ = run("export", "claims", "--format", form)
    assert code == 0
    assert load_claims()[0].text[:30] in said


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
        env=os.environ | {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)},
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
    with urllib.request.urlopen(base + "/readyz", timeout=30) as answer:
        assert json.load(answer)["status"] == "ready"
    page = json.dumps({"text": load_claims()[0].text}).encode()
    request = urllib.request.Request(
        base + "/api/v1/annotate", page, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert any(note["kind"] == "claim" for note in json.load(answer)["notes"])
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_a_body_that_is_too_large_gets_its_problem(
    service: tuple[str, subprocess.Popen[str]],
) -> None:
    request = urllib.request.Request(
        service[0] + "/api/v1/annotate", b" " * 10_000_000, {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
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
    started = time.monotonic()
    with urllib.request.urlopen(service[0] + "/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert time.monotonic() - started < 5
    for connection in slow:
        connection.close()


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = _start(tmp_path / "data", "--port", str(taken.getsockname()[1]))
        complaint = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "Traceback" not in complaint
    assert "choose another one with --port" in complaint.strip().splitlines()[-1]
