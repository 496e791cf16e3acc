"""The rules for disclaimers that the service hands to browsers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from flask.testing import FlaskClient

from contextlib_news.context.disclaimer_rules import load_disclaimer_rules

LIST = "/api/v1/disclaimer-rules"


def test_they_are_the_local_rules_of_the_library(client: FlaskClient) -> None:
    answer = client.get(LIST)
    assert answer.status_code == 200
    assert answer.json["rules"] == load_disclaimer_rules().for_browser()["rules"]
    assert len(answer.json["rules"]) > 50
    for rule in answer.json["rules"]:
        for expression in (*rule["any"], *rule["all"], *rule["not"]):
            re.compile(expression)


def test_a_tag_spares_what_is_known(client: FlaskClient) -> None:
    first = client.get(LIST)
    assert "max-age" in first.headers["Cache-Control"]
    same = client.get(LIST, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


def test_rules_of_the_settings_are_handed_out_where_they_are_local(tmp_path: Path) -> None:
    own = [
        {"type": "satire", "language": "en", "any": ["purple unicorns"], "local": True},
        {"type": "satire", "language": "en", "any": ["grey unicorns"]},
    ]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"rules": own}), encoding="utf-8")
    config = Config.from_env(
        {"CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
    )
    client = create_app(replace(config, disclaimers=str(file))).test_client()
    shipped = create_app(config).test_client().get(LIST).json
    found = client.get(LIST).json
    assert found["version"] != shipped["version"]
    (added,) = found["rules"][len(shipped["rules"]) :]
    assert added["type"] == "satire"
    assert "purple unicorns" in added["any"][0]
