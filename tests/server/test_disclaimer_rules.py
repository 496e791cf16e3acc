"""The service reads pages by rules for disclaimers of the administrator's own as well."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY

from contextlib_news.errors import CommandError


def with_rules(config: Config, path: Path, any_of: str) -> Config:
    rule = {"type": "satire", "language": "en", "any": [any_of]}
    path.write_text(json.dumps({"rules": [rule]}), encoding="utf-8")
    return replace(config, disclaimers=str(path))


def test_rules_of_the_settings_are_used(config: Config, tmp_path: Path) -> None:
    app = create_app(with_rules(config, tmp_path / "rules.json", "<self> <3>is moonshine"))
    text = "This whole page is moonshine."
    answer = app.test_client().post("/api/v1/annotate", json={"text": text})
    (note,) = [note for note in answer.json["notes"] if note["kind"] == "disclaimer"]
    assert note["disclaimer"]["types"] == ["satire"]
    app.extensions[KEY].engine.dispose()


def test_a_wrong_rule_stops_the_start(config: Config, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"CONTEXTLIB_NEWS_DISCLAIMERS.*upper bound"):
        create_app(with_rules(config, tmp_path / "rules.json", "a.*b"))


def test_a_missing_file_stops_the_start(config: Config, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"DISCLAIMERS: .*none\.json: No such file"):
        create_app(replace(config, disclaimers=str(tmp_path / "none.json")))
