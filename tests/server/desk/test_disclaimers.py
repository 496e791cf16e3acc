"""The rules for disclaimers at the desk: one's own are shown, and all are tried on a text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server.services import KEY
from contextlib_news_server.store.users import Role
from flask import Flask

from contextlib_news.context.disclaimer_rules import load_disclaimer_rules
from tests.server.desk.conftest import EVIL, Browse, send

PATH = "/admin/disclaimers"
OWN = {"type": "satire", "language": "en", "any": ["everything here is invented"]}


@pytest.fixture
def with_own(staff: Flask, tmp_path: Path) -> Flask:
    """The application of an administrator who named a file with one rule."""
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"rules": [OWN]}), encoding="utf-8")
    found = staff.extensions[KEY]
    staff.extensions[KEY] = replace(
        found,
        disclaimers=load_disclaimer_rules(file),
        config=replace(found.config, disclaimers=str(file)),
    )
    return staff


def test_own_rules_are_shown(with_own: Flask, browse: Browse) -> None:
    text = browse(Role.CONTRIBUTOR).get(PATH).text
    assert "everything here is invented" in text
    assert "rules.json" in text


def test_without_own_rules_the_setting_is_named(browse: Browse) -> None:
    text = browse(Role.CONTRIBUTOR).get(PATH).text
    assert "CONTEXTLIB_NEWS_DISCLAIMERS" in text


def test_a_text_is_tried(with_own: Flask, browse: Browse) -> None:
    said = (
        "The bridge fell on Tuesday. This post contains affiliate links. "
        "Everything here is invented."
    )
    text = send(browse(Role.CONTRIBUTOR), PATH, text=said).text
    assert "2 of 3 sentences disclaim something" in text
    assert "affiliate" in text
    assert "<mark>" in text
    assert "your own: satire" in text
    assert "ships: affiliate" in text
    assert "The bridge fell" not in text.partition('id="found"')[2]


def test_what_cannot_be_tried_is_said(browse: Browse) -> None:
    client = browse(Role.CONTRIBUTOR)
    for text in ("", "x" * 20_001, "a\x00b"):
        assert send(client, PATH, text=text).status_code == 422


def test_a_text_is_shown_as_text(browse: Browse) -> None:
    said = f"This post contains affiliate links {EVIL}. {EVIL}"
    text = send(browse(Role.CONTRIBUTOR), PATH, text=said, language=EVIL[:20]).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize("text", ["disclaimer " * 1_800, "a" * 20_000, "( " * 10_000, ". " * 9_000])
def test_odd_texts_are_answered(browse: Browse, text: str) -> None:
    assert send(browse(Role.CONTRIBUTOR), PATH, text=text).status_code == 200
