"""What the site of the documentation has beside the pages of this folder; mkdocs calls it.

Pages of the repository's root come in with their links set anew, the page of all routes as
``write_api_reference.py`` wrote it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent
FROM_ROOT = {
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
    "changelog.md": "CHANGELOG.md",
}
MADE = ("api-routes.md",)

LINK = re.compile(r"\]\((?!\w+:)(?:\./)?([^)#]+)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that do not lie in the folder."""
    names = {source: name for name, source in FROM_ROOT.items()} | {
        "README.md": "index.md",
        "LICENSE": "licence.md",
    }

    def led(link: re.Match[str]) -> str:
        target = names.get(link[1]) or link[1].removeprefix("docs/")
        return f"]({target}"

    for name, source in FROM_ROOT.items():
        text = LINK.sub(led, (ROOT / source).read_text("utf-8"))
        files.append(File.generated(config, name, content=text))
    for name in MADE:
        made = ROOT / "build" / "docs" / name
        files.append(File.generated(config, name, content=made.read_text("utf-8")))
    licence = (ROOT / "LICENSE").read_text("utf-8")
    text = f"# Licence\n\nCode and documentation:\n\n```text\n{licence}\n```\n"
    text += "\nWhat ships of others' data, with the licence of each: [data](data.md).\n"
    files.append(File.generated(config, "licence.md", content=text))
    return files
