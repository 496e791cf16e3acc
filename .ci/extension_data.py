"""Write the data that ships with the extension, made from that of the library.

``extension/data/disclaimers.json``: the rules that are precise enough to run without a service.
``extension/data/outlets.json``: the starter outlets with their ratings. Both are in the checkout,
so that the folder loads as it is; a test tells when they are out of step, ``make fix`` writes them.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from contextlib_news.context.disclaimer_rules import load_disclaimer_rules

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "extension" / "data"


def outlets() -> dict[str, Any]:
    """Return the starter outlets: what they are called and listed as, and what raters say."""
    text = (files("contextlib_news.data") / "starter_outlets.json").read_text(encoding="utf-8")
    content = json.loads(text)
    kept = ("source", "label", "date", "url", "licence")
    rows = [
        {
            "domain": outlet["domain"],
            "name": outlet["name"],
            "aliases": outlet.get("aliases", []),
            **{key: outlet[key] for key in ("categories", "look_alike_of") if outlet.get(key)},
            "ratings": [
                {name: rating[name] for name in kept if rating.get(name)}
                for rating in outlet.get("ratings", [])
            ],
        }
        for outlet in content["outlets"]
    ]
    date = re.search(r"\d{4}-\d{2}-\d{2}", content["about"])
    return {"date": date[0] if date else "", "outlets": rows}


def rules() -> str:
    """Return the rules that a browser runs as JSON, one a line."""
    rows = load_disclaimer_rules().for_browser()["rules"]
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return '{"rules": [\n' + ",\n".join(lines) + "\n]}\n"


def written() -> dict[Path, str]:
    """Return the content of each file."""
    return {
        FOLDER / "disclaimers.json": rules(),
        FOLDER / "outlets.json": json.dumps(outlets(), ensure_ascii=False, indent=1) + "\n",
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, content in written().items():
        path.write_text(content, encoding="utf-8")
