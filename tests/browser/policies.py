"""Browsers with a policy of an organisation, which no other browser of the machine heeds.

Chromium reads the policies of the whole system: the file names one extension alone, by an id that
is made up for it. Firefox has the folder of its program as a place for them, and that folder can be
another one: links to the program's own files, beside a policy.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.browser.engine import EXTENSION

__all__ = ["CHROMIUM_POLICIES", "extension_with_id", "firefox_policy", "system_policy"]

# Where Debian's Chromium looks; others look in /etc/opt/chrome/policies/managed.
CHROMIUM_POLICIES = Path("/etc/chromium/policies/managed")


def extension_with_id(folder: Path) -> tuple[Path, str, str]:
    """Copy the extension under ids of its own; gives its folder, its id in Chromium, in Firefox."""
    target = folder / "named"
    shutil.copytree(EXTENSION, target)
    path = target / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    key = uuid.uuid4().bytes * 4
    manifest["key"] = base64.b64encode(key).decode()
    gecko = f"contextlib-news-{uuid.uuid4()}@tests.example"
    manifest["browser_specific_settings"]["gecko"]["id"] = gecko
    path.write_text(json.dumps(manifest), encoding="utf-8")
    # Chromium makes the id of a key: its sum, each half byte a letter from a to p.
    digits = hashlib.sha256(key).hexdigest()[:32]
    return target, "".join(chr(ord("a") + int(digit, 16)) for digit in digits), gecko


@contextmanager
def system_policy(own: str, policy: dict[str, Any]) -> Iterator[None]:
    """Fix settings of one extension in Chromium; afterwards all is as it was.

    Raises OSError where the folder cannot be written.
    """
    missing = [
        folder for folder in (CHROMIUM_POLICIES, *CHROMIUM_POLICIES.parents) if not folder.exists()
    ]
    file = CHROMIUM_POLICIES / f"contextlib-news-test-{own}.json"
    try:
        CHROMIUM_POLICIES.mkdir(parents=True, exist_ok=True)
        content = {"3rdparty": {"extensions": {own: policy}}}
        file.write_text(json.dumps(content), encoding="utf-8")
        yield
    finally:
        file.unlink(missing_ok=True)
        for folder in missing:
            with suppress(OSError):  # somebody else uses it by now
                folder.rmdir()


def firefox_policy(binary: str, folder: Path, own: str, policy: dict[str, Any]) -> str:
    """Make a Firefox that has a policy for one extension; gives the path of its program."""
    program = Path(binary).resolve()
    target = folder / "firefox"
    target.mkdir()
    for file in program.parent.iterdir():
        # It takes for its folder the one in which the program really lies.
        if file.name == program.name:
            shutil.copy(file, target / file.name)
        elif file.name != "distribution":
            (target / file.name).symlink_to(file)
    place = target / "distribution" / "policies.json"
    place.parent.mkdir()
    content = {"policies": {"3rdparty": {"Extensions": {own: policy}}}}
    place.write_text(json.dumps(content), encoding="utf-8")
    return str(target / program.name)
