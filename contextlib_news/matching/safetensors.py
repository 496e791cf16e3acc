"""Arrays from files in the format safetensors: a length, a table as JSON, then the numbers.

The package of that name would bring nothing but this; the product reads two such files.
"""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

__all__ = ["parse_arrays"]

MAX_HEADER_BYTES = 10_000_000

_TYPES = {"F32": "<f4", "F16": "<f2"}


def parse_arrays(raw: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Return the arrays of floats in the bytes of a file, by name, as float32.

    Half floats are widened, float32 stay views of ``raw``, other types are left out. Raises
    ValueError where the bytes are not of that format.
    """
    length = int.from_bytes(raw[:8].tobytes(), "little")
    if not 0 < length <= min(MAX_HEADER_BYTES, raw.size - 8):
        raise ValueError("no safetensors header")
    table = json.loads(raw[8 : 8 + length].tobytes())
    body = raw[8 + length :]
    arrays: dict[str, NDArray[np.float32]] = {}
    try:
        for name, row in table.items():
            if kind := _TYPES.get(row.get("dtype")):
                start, end = row["data_offsets"]
                found = body[start:end].view(kind).reshape(row["shape"])
                arrays[name] = found.astype(np.float32, copy=False)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("damaged safetensors header") from error
    return arrays
