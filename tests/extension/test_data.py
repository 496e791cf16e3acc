"""The data that ships with the extension is that of the library, and packing is reproducible."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import zipfile
from pathlib import Path
from types import ModuleType


def load(root: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, root / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_data_of_the_extension_is_in_step_with_the_library(root: Path) -> None:
    written = load(root, "extension_data").written()
    assert len(written) == 2
    behind = [path.name for path, text in written.items() if path.read_text("utf-8") != text]
    assert not behind, "run: make fix"


def test_archives_are_the_same_each_time_and_hold_what_their_browser_knows(root: Path) -> None:
    pack = load(root, "pack_extension")
    names: dict[str, set[str]] = {}
    for browser in pack.BROWSERS:
        content = pack.pack(browser)
        assert content == pack.pack(browser)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            names[browser] = set(archive.namelist())
            manifest = json.loads(archive.read("manifest.json"))
        assert ("sidePanel" in manifest["permissions"]) is (browser == "chromium")
        assert ("browser_specific_settings" in manifest) is (browser == "firefox")
        assert ("scripts" in manifest["background"]) is (browser == "firefox")
        assert ("service_worker" in manifest["background"]) is (browser == "chromium")
    assert names["chromium"] - names["firefox"] == {"managed_schema.json"}
    assert "background/worker.js" in names["firefox"]
    assert not [name for name in names["firefox"] if name.endswith((".py", ".md", ".map"))]


def test_a_policy_may_fix_every_setting(root: Path) -> None:
    schema = json.loads((root / "extension" / "managed_schema.json").read_text(encoding="utf-8"))
    code = (root / "extension" / "background" / "settings.js").read_text(encoding="utf-8")
    body = code.split("export const DEFAULTS = {")[1].split("\n};")[0]
    settings = set(re.findall(r"^  (\w+)[:,]", body, re.MULTILINE))
    assert set(schema["properties"]) == settings


def test_nothing_is_vendored_and_no_markup_is_parsed(root: Path) -> None:
    scripts = [*(root / "extension").rglob("*.js")]
    assert len(scripts) > 30
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|eval\(|new Function|"
        r"importScripts|DOMParser"
    )
    assert not [path.name for path in scripts if forbidden.search(path.read_text("utf-8"))]
    assert not [path.name for path in scripts if len(path.read_text("utf-8").splitlines()) > 400]
