"""The process that starts the workers holds nothing that a new release replaces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from contextlib_news_server import config, metrics, serving

from contextlib_news.cli import ONE_THREAD

PROGRAM = """
import sys
before = set(sys.modules)
import contextlib_news_server.gunicorn_settings as settings
new = {name.split(".")[0] for name in set(sys.modules) - before}
ours = sorted(name for name in sys.modules if name.startswith("contextlib_news"))
print(ours, sorted(new - set(sys.stdlib_module_names)))
"""


def test_nothing_of_ours_is_held(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == (
        "['contextlib_news_server', 'contextlib_news_server.gunicorn_settings'] "
        "['contextlib_news_server']"
    )


def test_it_says_the_same_as_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONTEXTLIB_NEWS_HOST", raising=False)
    monkeypatch.delenv("CONTEXTLIB_NEWS_PORT", raising=False)
    import importlib

    import contextlib_news_server.gunicorn_settings as settings

    settings = importlib.reload(settings)
    assert settings.bind == [f"127.0.0.1:{config.DEFAULT_PORT}"]
    assert settings.threads == serving.THREADS
    text = Path(settings.__file__).read_text("utf-8")
    settled = (f"{config.PREFIX}HOST", f"{config.PREFIX}PORT", metrics.FOLDER, *ONE_THREAD)
    for name in settled:
        assert name in text
