"""What the sentence encoder learned about claims: small changes of its weights, kept as products.

Each of its 36 matrices is changed by ``up @ down``, two narrow matrices of rank 16 (LoRA: Hu et
al., 2021), so that 1.3 MB ship where the weights take 90. ``benchmarks/train_encoder.py`` fits
them on the data that it names; they are numbers only and hold no text of that data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.encoder_graph import Weights
from contextlib_news.matching.safetensors import parse_arrays

__all__ = ["DOWN", "UP", "Adapter"]

ADAPTER = "encoder_adapter.safetensors"
UP, DOWN = ".up", ".down"

# A matrix by which weights are known again, and how its digest begins in all-MiniLM-L6-v2.
KNOWN_BY = "encoder.layer.0.attention.self.query.weight"
KNOWN_AS = "37cd347d0b4299ae"


class Adapter:
    """The changes as they ship, or those of a file; ``digest`` (64 hexadecimal digits) names them.

    Raises OSError where the file cannot be read, ValueError where it is of another format.
    """

    def __init__(self, path: Path | None = None) -> None:
        raw = (path or files("contextlib_news.data").joinpath(ADAPTER)).read_bytes()
        self.digest = hashlib.sha256(raw).hexdigest()
        self._arrays = parse_arrays(np.frombuffer(raw, np.uint8))

    def changed(self, weights: Weights) -> Weights:
        """Return the weights with the changes, all other arrays as they are.

        Raises ValueError where they are not those of all-MiniLM-L6-v2: scores and thresholds were
        fitted to these alone.
        """
        known = weights.get(KNOWN_BY)
        if known is None or not hashlib.sha256(known.tobytes()).hexdigest().startswith(KNOWN_AS):
            raise ValueError("not the weights of all-MiniLM-L6-v2")
        return weights | dict(self._matrices(weights))

    def _matrices(self, weights: Weights) -> Iterator[tuple[str, NDArray[np.float32]]]:
        for name, up in self._arrays.items():
            if name.endswith(UP):
                matrix = name.removesuffix(UP) + ".weight"
                yield matrix, weights[matrix] + up @ self._arrays[name.removesuffix(UP) + DOWN]
