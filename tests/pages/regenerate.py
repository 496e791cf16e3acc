"""Writes document.json beside each golden page; read the difference before committing it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from contextlib_news.models import Page
from contextlib_news.page.document import read_page

FOLDER = Path(__file__).resolve().parent
ADDRESS = "https://example.org/2021/05/06/bridge/"


def describe(folder: Path) -> dict[str, Any]:
    """Return what a golden page reads as: blocks, sentences, links and metadata."""
    document = read_page(Page(html=(folder / "page.html").read_bytes(), url=ADDRESS))
    return {
        "title": document.title,
        "language": document.language,
        "date": document.date,
        "types": list(document.metadata.types),
        "policies": [list(policy) for policy in document.metadata.policies],
        "author": document.metadata.author,
        "blocks": [[b.role.value, document.text[b.start : b.end]] for b in document.blocks],
        "sentences": [sentence.text for sentence in document.sentences],
        "links": [[link.href, link.text] for link in document.links],
    }


if __name__ == "__main__":
    for page in sorted(FOLDER.glob("*/page.html")):
        text = json.dumps(describe(page.parent), ensure_ascii=False, indent=1)
        (page.parent / "document.json").write_text(text + "\n", encoding="utf-8")
