"""Dashboard and alerts ask for metrics that there are, in words that their readers take."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from prometheus_client.parser import text_string_to_metric_families

METRIC = re.compile(r"\b(?:contextlib_news_\w+|up)\b")
LABELS = re.compile(r"(contextlib_news_\w+)\{([^}]*)\}")
LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
# What Prometheus itself adds to each series.
ADDED = {"job", "instance"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The metrics of a service that answered a page, each with the labels that it has."""
    folder = tmp_path_factory.mktemp("service")
    app = create_app(
        Config.from_env(
            {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
        )
    )
    client = app.test_client()
    page = {"text": "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah."}
    assert client.post("/api/v1/annotate", json=page).status_code == 200
    text = client.get("/metrics").text
    app.extensions[KEY].engine.dispose()
    names: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            names.setdefault(sample.name, set()).update(sample.labels)
    return names


def check(expression: str, told: dict[str, set[str]]) -> None:
    """Fail where an expression asks for a metric or a label that there is not."""
    named = set(METRIC.findall(expression)) - {"up"}
    assert named <= set(told), f"{named - set(told)} in {expression}"
    for name, matchers in LABELS.findall(expression):
        asked = set(LABEL.findall(re.sub(r'"[^"]*"', '""', matchers)))
        assert asked <= told[name] | ADDED, f"{asked} of {name}"


@pytest.fixture(scope="module")
def dashboard(root: Path) -> dict[str, Any]:
    text = (root / "server" / "grafana" / "contextlib-news.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def test_the_dashboard_asks_for_what_there_is(
    dashboard: dict[str, Any], told: dict[str, set[str]]
) -> None:
    expressions = [
        target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())
    ]
    assert len(expressions) > 10
    for expression in expressions:
        check(expression, told)
        assert expression.count("(") == expression.count(")")
        assert 'job=~"$job"' in expression
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(dashboard["panels"])))
    assert used - {"__rate_interval", "__all"} <= variables


def test_every_metric_is_on_the_dashboard(
    dashboard: dict[str, Any], told: dict[str, set[str]]
) -> None:
    ours = {
        re.sub(r"_(?:bucket|count|sum|total|created)$", "", name)
        for name in told
        if name.startswith("contextlib_news_")
    }
    text = json.dumps(dashboard)
    assert ours
    assert not [name for name in ours if name not in text]


def test_the_panels_lie_side_by_side(dashboard: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers)
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
        letters = [target["refId"] for target in panel.get("targets", ())]
        assert len(set(letters)) == len(letters)


def test_alerts_ask_for_what_there_is(root: Path, told: dict[str, set[str]]) -> None:
    rules = yaml.safe_load((root / "server" / "prometheus" / "alerts.yml").read_text("utf-8"))
    found = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in found}) == len(found) > 5
    pages = (root / "docs" / "deployment.md").read_text("utf-8")
    for rule in found:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[mhd]", rule.get("for", "1m"))
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        assert set(rule["annotations"]) == {"summary", "description"}
        assert f"`{rule['alert']}`" in pages
        check(rule["expr"], told)
        for setting in re.findall(r"CONTEXTLIB_NEWS_\w+", rule["annotations"]["description"]):
            assert f"`{setting}`" in (root / "docs" / "settings.md").read_text("utf-8")


def test_each_alert_is_tried(root: Path) -> None:
    """Each has a case in which it must stay silent; promtool runs them where it is installed."""
    folder = root / "server" / "prometheus"
    rules = yaml.safe_load((folder / "alerts.yml").read_text("utf-8"))
    cases = yaml.safe_load((folder / "alerts.test.yml").read_text("utf-8"))
    tried = {
        case["alertname"] for test in cases["tests"] for case in test.get("alert_rule_test", ())
    }
    assert tried == {rule["alert"] for group in rules["groups"] for rule in group["rules"]}


@pytest.mark.parametrize(
    "what", [["check", "rules", "alerts.yml"], ["test", "rules", "alerts.test.yml"]]
)
def test_prometheus_takes_them(root: Path, what: list[str]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    folder = root / "server" / "prometheus"
    done = subprocess.run([promtool, *what], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_its_settings(root: Path, tmp_path: Path) -> None:
    folder = root / "server" / "prometheus"
    text = (folder / "prometheus.yml").read_text("utf-8")
    settings = yaml.safe_load(text)
    assert settings["rule_files"] == ["alerts.yml"]
    (scraped,) = settings["scrape_configs"]
    # The alert that says it does not answer knows it by this name.
    assert f'up{{job="{scraped["job_name"]}"}}' in (folder / "alerts.yml").read_text("utf-8")
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    (tmp_path / "token").write_text("token")
    shutil.copy(folder / "alerts.yml", tmp_path)
    settings_file = tmp_path / "prometheus.yml"
    settings_file.write_text(text.replace("/run/secrets/metrics-token", str(tmp_path / "token")))
    done = subprocess.run(
        [promtool, "check", "config", settings_file],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_grafana_finds_source_and_dashboard(root: Path, dashboard: dict[str, Any]) -> None:
    folder = root / "server" / "grafana"
    (source,) = yaml.safe_load((folder / "source.yml").read_text("utf-8"))["datasources"]
    (provider,) = yaml.safe_load((folder / "provisioning.yml").read_text("utf-8"))["providers"]
    compose = yaml.safe_load((root / "server" / "compose.yaml").read_text("utf-8"))["services"]
    assert source["url"].partition("//")[2].partition(":")[0] in compose
    mounted = [volume.split(":") for volume in compose["grafana"]["volumes"]]
    assert any(to.startswith(provider["options"]["path"]) for _, to, *_ in mounted)
    assert dashboard["uid"] == "contextlib-news"
