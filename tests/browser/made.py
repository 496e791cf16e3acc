"""Pages of the browser tests that are made, not kept: large and busy ones, other formats."""

from __future__ import annotations

import html
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

HELD = "The al-Sina’a prison held about 5,000 Islamic State detainees at the time of the attack."
STAGED = "The SDF staged the prison break to keep US forces engaged in Syria."
FILLER = (
    "Cotton is sown in April, when the river runs high and the fields below the town are wet, "
    "and it is picked in September by families who have done so for three generations. "
)
FRAMEWORKS = ("react", "vue", "svelte")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body>{body}</body></html>"
    )


def huge(megabytes: float) -> str:
    """Return an article of so many megabytes of text with known sentences at start and end."""
    paragraph = FILLER * 4
    count = int(megabytes * 1_000_000 / len(paragraph))
    paragraphs = [f"<p>{n:05d}. {paragraph}</p>" for n in range(count)]
    body = f"<p>{HELD}</p>{''.join(paragraphs)}<p>{STAGED}</p>"
    return _page("A very long article", f"<article>{body}</article>")


def busy() -> str:
    """Return a page of 5,000 nodes that all change each second."""
    script = (
        "const cells = []; const grid = document.getElementById('grid');"
        "for (let i = 0; i < 5000; i++) { const cell = document.createElement('span');"
        "cell.textContent = '0 '; grid.append(cell); cells.push(cell); }"
        "let turn = 0; setInterval(() => { turn++; for (const cell of cells)"
        "cell.textContent = turn + ' '; }, 1000);"
    )
    body = f"<article><p>{HELD}</p></article><div id=grid></div><script>{script}</script>"
    return _page("Prices", body)


def pdf() -> bytes:
    """Return a PDF of one line, written by hand."""
    stream = b"BT /F1 18 Tf 40 100 Td (The town is known for its cotton.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R /Resources "
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def made_pages() -> dict[str, str | bytes]:
    """Return the pages by name."""
    return {
        "huge.html": huge(2),
        "busy.html": busy(),
        "plain.txt": f"A night at the prison\n\n{HELD.replace(' Islamic', chr(10) + 'Islamic')}"
        f"\n\nThe town is known for its cotton.\n\n{STAGED}\n",
        "feed.xml": f'<?xml version="1.0"?><news><item>{html.escape(HELD)}</item></news>',
        "page.xhtml": '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/'
        f'xhtml" lang="en"><head><title>XHTML</title></head><body><p>{HELD}</p></body></html>',
        "paper.pdf": pdf(),
        "picture.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 40">'
        f'<text y="20">{html.escape(STAGED)}</text></svg>',
        **{
            f"{name}.html": _page(
                f"A page of {name}", f'<div id=app></div><script src="{name}.js"></script>'
            )
            for name in FRAMEWORKS
        },
    }


def framework_scripts(folder: Path) -> tuple[dict[str, str | bytes], str]:
    """Return the bundled framework pages, and why there are none where there are none."""
    node = shutil.which("node")
    if node is None:
        return {}, "Node.js is not installed"
    if not (ROOT / "node_modules" / "svelte").is_dir():
        return {}, "the development tools are not installed: sh tests/install_node_tools.sh"
    built = subprocess.run(
        [node, str(HERE / "frameworks" / "build.mjs"), str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if built.returncode:
        return {}, f"the bundler failed: {built.stderr[-300:]}"
    return {f"{name}.js": (folder / f"{name}.js").read_bytes() for name in FRAMEWORKS}, ""
