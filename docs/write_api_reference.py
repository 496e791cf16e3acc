"""Write the page of all routes from the service's own description, with answers it really gave.

usage: python docs/write_api_reference.py FILE   (in the environment of the service; see make docs)
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from contextlib_news_server import create_app
from contextlib_news_server.config import Config

Json = dict[str, Any]

ADDRESS = "http://127.0.0.1:8765"
SENTENCE = "Islamic State fighters attacked a prison in al-Hasakah on 20 January 2022."

# What is asked where the description has no example; the starter records answer.
QUERIES: dict[str, dict[str, str]] = {
    "/api/v1/outlet-list": {},
    "/api/v1/claims": {"query": "attack on a prison", "limit": "1"},
    "/v1alpha1/claims:search": {"query": "attack on a prison", "pageSize": "1"},
}
LIMITS = (("minimum", "from"), ("maximum", "to"))
PLACES = {"{domain}": "reuters.com", "{id}": "starter-01"}

INTRODUCTION = """# All routes

Made by `make docs` from the description that the service itself gives at `/openapi.json`; the
answers are those of a service with the starter records, shortened where an ellipsis stands.
[The HTTP API](api.md) tells what they mean, how to sign in, and what errors look like.
"""


def main() -> None:
    """Write the page."""
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        settings = {"CONTEXTLIB_NEWS_DATA_FOLDER": folder, "CONTEXTLIB_NEWS_RATE_LIMIT": "none"}
        app = create_app(Config.from_env(settings, database=f"sqlite:///{folder}/claims.db"))
        client = app.test_client()
        description = client.get("/openapi.json").get_json()
        parts = [INTRODUCTION]
        for path, operations in description["paths"].items():
            for method, operation in operations.items():
                parts.append(_operation(client, description, method.upper(), path, operation))
        parts.append("## What is sent and given\n")
        for name, schema in sorted(description["components"]["schemas"].items()):
            parts.append(_schema(name, schema))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(parts), encoding="utf-8")


def _operation(client: Any, description: Json, method: str, path: str, said: Json) -> str:
    lines = [f"## `{method} {path}`\n", f"**{said['summary']}.** {said.get('description', '')}\n"]
    if said.get("parameters"):
        lines += ["| Parameter | In | Is | Means |", "| --- | --- | --- | --- |"]
        for each in said["parameters"]:
            needed = ", needed" if each.get("required") else ""
            told = each.get("description") or each["schema"].get("description") or ""
            lines.append(
                f"| `{each['name']}` | {each['in']}{needed} | {_kind(each['schema'])} | "
                f"{_cell(told)} |"
            )
        lines.append("")
    body = said.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        lines.append(f"Takes {_kind(body['schema'])} as `application/json`.\n")
    given = [
        f"{status}: {answer['description']} ({', '.join(_forms(answer))})"
        for status, answer in sorted(said["responses"].items())
        if status.isdigit()
    ]
    lines += [*(f"- {each}" for each in given), "- any other status: a problem document\n"]
    lines.append(_example(client, method, path, body))
    return "\n".join(lines)


def _forms(answer: Json) -> list[str]:
    return [
        f"{_kind(content['schema'])} as `{form}`" if "$ref" in content["schema"] else f"`{form}`"
        for form, content in answer.get("content", {}).items()
    ]


def _example(client: Any, method: str, path: str, body: Json | None) -> str:
    for place, value in PLACES.items():
        path = path.replace(place, value)
    query = QUERIES.get(path)
    asked = path + (f"?{urlencode(query)}" if query else "")
    sent = None
    if body:
        sent = body.get("example") or body["schema"].get("example")
        if sent is None:
            raise SystemExit(f"{method} {path} has no example of what is sent")
    answer = client.open(asked, method=method, json=sent, base_url=ADDRESS)
    if answer.status_code not in (200, 201):
        raise SystemExit(f"{method} {asked} answered {answer.status_code}: {answer.text}")
    command = f"curl '{ADDRESS}{asked}'"
    if sent is not None:
        text = json.dumps(sent, ensure_ascii=False).replace("'", "’")
        command += f" \\\n  -H 'Content-Type: application/json' \\\n  -d '{text}'"
    given = json.dumps(_shortened(answer.get_json()), indent=2, ensure_ascii=False)
    return f"```sh\n{command}\n```\n\n```json\n{given}\n```\n"


def _shortened(value: Any, depth: int = 0) -> Any:
    """Return a value with two items of its lists, and the beginnings of its long texts."""
    if isinstance(value, dict):
        if depth > 5:
            return "…"
        return {name: _shortened(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        some = [_shortened(each, depth + 1) for each in value[: 1 if depth > 2 else 2]]
        return some + (["…"] if len(value) > len(some) else [])
    if isinstance(value, str) and len(value) > 120:
        return value[:110].rsplit(" ", 1)[0] + " …"
    return value


def _schema(name: str, schema: Json) -> str:
    lines = [f"### {name}\n", f"{schema.get('description', '')}\n"]
    if "enum" in schema:
        lines.append("One of " + ", ".join(f"`{value}`" for value in schema["enum"]) + ".\n")
        return "\n".join(lines)
    needed = set(schema.get("required", ()))
    fields = schema.get("properties", {})
    told = any(each.get("description") for each in fields.values())
    if fields:
        lines += ["| Field | Is |" + " Means |" * told, "| --- | --- |" + " --- |" * told]
    for field, each in fields.items():
        mark = ", needed" if field in needed else ""
        meant = f" {_cell(each.get('description', ''))} |" * told
        lines.append(f"| `{field}` | {_kind(each)}{mark} |{meant}")
    return "\n".join([*lines, ""])


def _kind(schema: Json) -> str:
    """Say in a few words what a schema lets through."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(dict.fromkeys(_kind(each) for each in options))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        most = f", at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"list of {_kind(schema.get('items', {}))}{most}"
    limits = [f"{words} {schema[key]:g}" for key, words in LIMITS if key in schema]
    if "maxLength" in schema:
        limits.append(f"at most {schema['maxLength']} characters")
    return ", ".join([str(kind), *limits])


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
