"""The running service keeps to its description, for what it allows and for what it forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store.database import open_database
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

# These hold to conditions that a schema cannot say: one of two parameters, a text that says
# something.
CONDITIONS = {"searchClaims", "addFlag"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("described")
    open_database(f"sqlite:///{folder / 'claims.db'}").dispose()
    plain = Config.from_env(
        {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
    )
    app = create_app(replace(plain, rate_limit=""))
    yield app
    app.extensions[KEY].engine.dispose()


@pytest.mark.hypothesis
def test_every_route_answers_as_described(asked: Flask) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", asked)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 9
    for operation in operations:
        hold(operation, GenerationMode.POSITIVE)
        if operation.definition.raw.get("requestBody"):  # any text is a path
            hold(operation, GenerationMode.NEGATIVE)


def hold(operation: Any, mode: GenerationMode) -> None:
    """Hold an operation to its description with what it allows, or with what it forbids."""
    conditional = operation.definition.raw["operationId"] in CONDITIONS

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
    def answers(case: Case) -> None:
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"},  # its client unpacks nothing here
            excluded_checks=[positive_data_acceptance] if conditional else [],
        )

    answers()


def test_texts_that_no_database_keeps_are_forbidden(asked: Flask) -> None:
    client = asked.test_client()
    paths = client.get("/openapi.json").get_json()["paths"]
    (after,) = (p for p in paths["/api/v1/claims"]["get"]["parameters"] if p["name"] == "after")
    pattern = re.compile(after["schema"]["pattern"])
    assert pattern.search("starter-02\nand more")
    assert not pattern.search("starter\0-02")
    assert client.get("/api/v1/claims?after=starter-02").status_code == 200
    assert client.get("/api/v1/claims?after=starter%00-02").status_code == 422


@pytest.mark.hypothesis
def test_what_one_answer_names_can_be_asked_for_next(asked: Flask) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", asked)

    class Machine(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def validate_response(self, response: Any, case: Case, **more: Any) -> None:
            case.validate_response(response, excluded_checks=[positive_data_acceptance])

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": {"Accept-Encoding": "identity"}}

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=5,
            stateful_step_count=6,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )


def test_every_shape_that_is_named_is_there(client: FlaskClient) -> None:
    api = client.get("/openapi.json").json
    named = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            named.update(v for k, v in value.items() if k == "$ref" and isinstance(v, str))
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(api)
    shapes = {f"#/components/schemas/{name}" for name in api["components"]["schemas"]}
    assert named <= shapes


def test_the_page_shows_every_operation(client: FlaskClient) -> None:
    api = client.get("/openapi.json").json
    page = client.get("/docs").text
    for path, item in api["paths"].items():
        for operation in item.values():
            assert path in page
            assert f'id="{operation["operationId"]}"' in page
    assert "<script" not in page
