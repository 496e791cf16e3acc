"""A cut of the fuzzing in the suites, and proof that it would notice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from contextlib_news_server.services import KEY
from flask import Flask

from tests.fuzz.requests import Question, Questions
from tests.fuzz.service import Asker, build_app, fault, late_growth


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = build_app(tmp_path)
    yield app
    app.extensions[KEY].engine.dispose()


def test_a_number_is_always_the_same_request(root: Path) -> None:
    one, other = Questions(root), Questions(root)
    assert [one.question(n) for n in range(200)] == [other.question(n) for n in range(200)]


def test_its_requests_are_of_every_kind(root: Path) -> None:
    questions = Questions(root)
    asked = {(q.method, q.path.split("?")[0]) for q in map(questions.question, range(2_000))}
    assert {("POST", "/api/v1/annotate"), ("POST", "/api/v1/flags")} <= asked
    assert ("GET", "/v1alpha1/claims:search") in asked


def test_a_fault_would_be_noticed(app: Flask) -> None:
    @app.get("/healthz/fault")
    def broken() -> str:
        raise RuntimeError

    app.view_functions["public.start"] = broken
    assert fault(app.test_client(), Question("GET", "/"))[1] == "answered 500"


def test_memory_that_goes_on_growing_would_be_noticed() -> None:
    levelled = [100.0 + min(at, 20) * 5 for at in range(80)]
    assert late_growth(levelled) == 0.0
    assert late_growth([100.0 + at for at in range(80)]) == pytest.approx(36, abs=1)
    assert late_growth([100.0, 900.0]) == 0.0, "too short to be judged"


@pytest.fixture
def asker(tmp_path: Path) -> Iterator[Asker]:
    asker = Asker(tmp_path)
    yield asker
    asker.close()
    logging.disable(logging.NOTSET)


def test_a_few_hundred_requests(asker: Asker) -> None:
    run = asker.run(range(300))
    assert not run.faults
    assert {"200", "404", "422"} <= set(run.counts)


@pytest.mark.slow
def test_some_thousand_requests(asker: Asker) -> None:
    run = asker.run(range(1_000_000, 1_004_000))
    assert not run.faults
    assert run.counts["200"] > 500
    assert len(run.memory) == 8
