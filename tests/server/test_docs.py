"""Each route and each setting is described, and what is described is there."""

from __future__ import annotations

import re
from pathlib import Path

from contextlib_news_server.desk.queue import KINDS
from flask import Flask

SETTING = re.compile(r"CONTEXTLIB_NEWS_[A-Z_]+")


def test_every_route_is_described(app: Flask, root: Path) -> None:
    text = (root / "docs" / "api.md").read_text(encoding="utf-8")
    ours = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.replace("<path:claim_id>", "{id}"))
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith(("/try/", "/static/", "/admin/")) and rule.rule != "/"
    }
    assert not [path for path in ours if f"{path}`" not in text]


def test_every_status_that_is_sent_is_described(root: Path) -> None:
    text = (root / "docs" / "api.md").read_text(encoding="utf-8")
    code = (root / "server" / "contextlib_news_server").rglob("*.py")
    sent = {
        n for path in code for n in re.findall(r"(?:Problem|answer)\((\d{3})", path.read_text())
    }
    assert sent >= {"400", "404", "413", "415"}
    assert not [status for status in sent if status not in text]


def test_every_kind_of_matter_in_the_queue_is_described(root: Path) -> None:
    text = (root / "docs" / "curation.md").read_text(encoding="utf-8").lower()
    rows = " ".join(line for line in text.splitlines() if line.startswith("|"))
    assert not [title for title, _ in KINDS.values() if title.lower() not in rows]


def test_every_setting_is_described_and_there(root: Path) -> None:
    described = set(SETTING.findall((root / "docs" / "settings.md").read_text(encoding="utf-8")))
    code = (root / "server" / "contextlib_news_server" / "config.py").read_text(encoding="utf-8")
    there = {f"CONTEXTLIB_NEWS_{name}" for name in re.findall(r'value\("([A-Z_]+)"\)', code)}
    assert described == there
