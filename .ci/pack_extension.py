"""Pack the extension for the stores: one archive a browser, the same bytes from the same files.

usage: python .ci/pack_extension.py [FOLDER]   (default: dist)
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXTENSION = ROOT / "extension"

# The earliest time that an archive can hold, so that the day of packing leaves no trace.
MOMENT = (1980, 1, 1, 0, 0, 0)
MODE = 0o644 << 16
BROWSERS = ("chromium", "firefox")


def manifest_for(browser: str, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest without what only the other browser knows."""
    own = json.loads(json.dumps(manifest))
    if browser == "chromium":
        for name in ("browser_specific_settings", "sidebar_action"):
            del own[name]
        del own["background"]["scripts"]
    else:
        for name in ("minimum_chrome_version", "side_panel", "storage"):
            del own[name]
        del own["background"]["service_worker"]
        own["permissions"].remove("sidePanel")
    return dict(own)


def pack(browser: str) -> bytes:
    """Return the archive for a browser: files in the order of their names, nothing but them."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(EXTENSION.rglob("*")):
            name = path.relative_to(EXTENSION).as_posix()
            if not path.is_file() or any(part.startswith(".") for part in name.split("/")):
                continue
            content = path.read_bytes()
            if name == "manifest.json":
                manifest = manifest_for(browser, json.loads(content))
                content = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
            if browser == "firefox" and name == "managed_schema.json":
                continue
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.external_attr = MODE
            # Stored, not deflated: what zlib writes differs from version to version.
            entry.compress_type = zipfile.ZIP_STORED
            file.writestr(entry, content)
    return archive.getvalue()


def main() -> None:
    """Write the archives and say how to know them again."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    version = json.loads((EXTENSION / "manifest.json").read_text(encoding="utf-8"))["version"]
    for browser in BROWSERS:
        content = pack(browser)
        target = folder / f"contextlib-news-{version}-{browser}.zip"
        target.write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {target} ({len(content) // 1024} KB)")


if __name__ == "__main__":
    main()
