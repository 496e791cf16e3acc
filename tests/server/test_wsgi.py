"""What the first question would have to wait for is done before anybody asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import gc
from numba.core import event
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.wsgi import get_ready

compiled = []

class Listener(event.Listener):
    def on_start(self, happened):
        compiled.append(happened.data["dispatcher"].py_func.__name__)
    def on_end(self, happened):
        pass

app = create_app(Config.from_env({}, database="sqlite:///claims.db"))
event.register("numba:compile", Listener())
get_ready(app)
before = len(compiled)
answer = app.test_client().post("/api/v1/annotate", json={"text": (
    "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."
)})
assert answer.status_code == 200, answer.get_data()
assert "claim" in {note["kind"] for note in answer.get_json()["notes"]}
print(before, gc.get_freeze_count(), compiled[before:])
"""


def test_the_first_question_compiles_nothing(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        # As after an installation, when nothing compiled has been kept yet.
        env={
            **os.environ,
            "NUMBA_CACHE_DIR": str(tmp_path / "compiled"),
            "CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path),
            "CONTEXTLIB_NEWS_MAX_SECONDS": "300",
        },
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    before, settled, after = done.stdout.strip().split(" ", 2)
    assert int(before) > 0
    # The collector no longer looks through what was loaded.
    assert int(settled) > 10_000
    assert after == "[]"
