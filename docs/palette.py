"""Small pictures for the documentation: PNG with a palette of 256 colours."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from tests.browser.engine import Engine

__all__ = ["with_palette"]

COLOURS = 256

# The browser reads the picture; what comes back are its pixels, four bytes each.
_PIXELS = """(async () => { const bytes = Uint8Array.from(atob("%s"), (c) => c.charCodeAt(0));
const picture = await createImageBitmap(new Blob([bytes]));
const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
pen.drawImage(picture, 0, 0);
const data = pen.getImageData(0, 0, picture.width, picture.height).data;
let text = ""; for (let at = 0; at < data.length; at += 32768)
text += String.fromCharCode(...data.subarray(at, at + 32768));
return [picture.width, picture.height, btoa(text)]; })()"""


def with_palette(engine: Engine, picture: bytes) -> bytes:
    """Return a PNG with its 256 most frequent colours; others become the nearest of these."""
    width, height, said = engine.control(_PIXELS % base64.b64encode(picture).decode())
    pixels = np.frombuffer(base64.b64decode(said), np.uint8).reshape(-1, 4)[:, :3].astype(np.int64)
    codes = (pixels[:, 0] << 16) | (pixels[:, 1] << 8) | pixels[:, 2]
    found, place, counts = np.unique(codes, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:COLOURS]
    colours = np.stack([found >> 16, (found >> 8) & 255, found & 255], axis=1)
    distances = ((colours[:, None, :] - colours[kept][None, :, :]) ** 2).sum(axis=2)
    indices = distances.argmin(axis=1)[place].astype(np.uint8).reshape(height, width)
    rows = b"".join(b"\0" + row.tobytes() for row in indices)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", colours[kept].astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
