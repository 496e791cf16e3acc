"""The index that the service holds: with an encoder it finds claims that share no word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.matcher import Matcher
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import open_database
from sqlalchemy import Engine

from contextlib_news.errors import CommandError
from contextlib_news.matching.encoder import WEIGHTS_PACKAGE, Encoder
from contextlib_news.models import Claim

needs_encoder = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("onnxruntime", "onnx", WEIGHTS_PACKAGE)),
    reason="the semantic tier is not installed: onnxruntime, onnx and the weights",
)

BLEACH = Claim(id="bleach", text="Drinking bleach cures a viral infection.")
PARAPHRASE = "Disinfectant, when swallowed, heals the flu."


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    """The seeded database of the settings; what is said of the index holds on either database."""
    engine = open_database(config.database)
    yield engine
    engine.dispose()


def best(matcher: Matcher) -> str | None:
    (matches,) = matcher.current().index.search([PARAPHRASE], limit=1)
    return matches[0].claim_id if matches else None


def add(engine: Engine, claim: Claim) -> None:
    with engine.begin() as connection:
        claims.save(connection, claim, made_by="test", reason="for the test")


@needs_encoder
def test_only_the_encoder_finds_a_paraphrase_without_a_shared_word(
    engine: Engine, tmp_path: Path
) -> None:
    add(engine, BLEACH)
    encoder = Encoder.open(cache=tmp_path)
    assert best(Matcher(engine, 0.0)) is None
    assert best(Matcher(engine, 0.0, encoder)) == "bleach"


@needs_encoder
def test_a_claim_that_comes_later_is_found_by_its_meaning_too(
    engine: Engine, tmp_path: Path
) -> None:
    matcher = Matcher(engine, 0.0, Encoder.open(cache=tmp_path))
    assert best(matcher) != "bleach"
    add(engine, BLEACH)
    assert best(matcher) == "bleach"


@needs_encoder
def test_the_setting_reaches_the_index_and_the_graph_is_kept(config: Config) -> None:
    app = create_app(replace(config, encoder="installed"))
    services = app.extensions[KEY]
    add(services.engine, BLEACH)
    assert best(services.matcher) == "bleach"
    services.engine.dispose()
    assert [path.name for path in config.data_folder.glob("minilm-*.onnx")]


@needs_encoder
def test_a_folder_without_weights_stops_the_start_and_names_the_setting(
    config: Config, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=r"CONTEXTLIB_NEWS_ENCODER: .*vocab"):
        create_app(replace(config, encoder=str(tmp_path)))
