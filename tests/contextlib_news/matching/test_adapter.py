"""The changes of the encoder's weights: their file, what they are added to, and what is refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from contextlib_news.errors import EncoderMissingError
from contextlib_news.matching import encoder as module
from contextlib_news.matching.adapter import DOWN, KNOWN_BY, UP, Adapter
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.encoder_graph import read_weights
from contextlib_news.matching.safetensors import parse_arrays
from tests.contextlib_news.matching.test_encoder import SENTENCES, model_folder, needs_model

# Cosines of the float32 model, from another implementation of it.
REFERENCE = {
    (0, 1): 0.792, (2, 3): 0.624, (4, 5): 0.749, (0, 2): 0.045, (1, 4): 0.008, (3, 6): 0.007,
}  # fmt: skip


def packed(arrays: dict[str, np.ndarray]) -> bytes:
    """Return a file of arrays."""
    header, body = {}, b""
    for name, array in arrays.items():
        kind = {"float16": "F16", "float32": "F32", "int64": "I64"}[array.dtype.name]
        span = [len(body), len(body) + array.nbytes]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": span}
        body += array.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def parsed(raw: bytes) -> dict[str, np.ndarray]:
    return parse_arrays(np.frombuffer(raw, np.uint8))


def test_halves_are_widened_and_whole_numbers_left_out() -> None:
    half = np.array([[0.5, -1.25]], np.float16)
    arrays = {"half": half, "float": np.ones((2, 3), np.float32), "whole": np.arange(3)}
    found = parsed(packed(arrays))
    assert list(found) == ["half", "float"]
    assert {array.dtype.name for array in found.values()} == {"float32"}
    assert (found["half"] == half).all()
    assert found["float"].shape == (2, 3)


@pytest.mark.parametrize(
    "header",
    [b"[]", b'{"a": 1}', b'{"a": {"dtype": "F32"}}', b'{"a": {"dtype": "F16", "shape": [2]}}'],
)
def test_damaged_headers_are_refused(header: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        parsed(len(header).to_bytes(8, "little") + header + bytes(8))


def test_arrays_that_end_too_early_are_refused() -> None:
    with pytest.raises(ValueError, match=r"cannot reshape|buffer"):
        parsed(packed({"half": np.ones((4, 4), np.float16)})[:-2])


def test_what_ships_changes_every_matrix_a_little() -> None:
    arrays = Adapter()._arrays
    ups = [name for name in arrays if name.endswith(UP)]
    assert len(ups) == 36
    for name in ups:
        up, down = arrays[name], arrays[name.removesuffix(UP) + DOWN]
        assert up.shape[1] == down.shape[0] == 16
        assert 0 < np.abs(up @ down).max() < 1


@needs_model
def test_changes_are_added_to_the_matrices_alone() -> None:
    weights = read_weights(model_folder() / module.WEIGHTS)
    adapter = Adapter()
    changed = adapter.changed(weights)
    assert changed.keys() == weights.keys()
    moved = {name for name in weights if (changed[name] != weights[name]).any()}
    assert moved == {
        name.removesuffix(UP) + ".weight" for name in adapter._arrays if name.endswith(UP)
    }
    up, down = adapter._arrays[KNOWN_BY[:-7] + UP], adapter._arrays[KNOWN_BY[:-7] + DOWN]
    assert np.allclose(changed[KNOWN_BY] - weights[KNOWN_BY], up @ down, atol=1e-6)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The encoder as it was before it learned about claims."""
    arrays = {
        name: (array * (0 if name.endswith(UP) else 1)).astype(np.float16)
        for name, array in Adapter()._arrays.items()
    }
    path = tmp_path_factory.mktemp("adapter") / "nothing.safetensors"
    path.write_bytes(packed(arrays))
    return Encoder.open(adapter=path)


@needs_model
def test_without_changes_the_values_are_those_of_the_model(unchanged: Encoder) -> None:
    vectors = unchanged.encode(SENTENCES)
    cosines = [vectors[a] @ vectors[b] for a, b in REFERENCE]
    assert cosines == pytest.approx(list(REFERENCE.values()), abs=0.05)


@needs_model
def test_changes_give_other_vectors_under_another_digest(
    unchanged: Encoder, encoder: Encoder
) -> None:
    assert unchanged.digest != encoder.digest
    cosines = (unchanged.encode(SENTENCES) * encoder.encode(SENTENCES)).sum(1)
    assert (cosines < 0.999).all()


@needs_model
def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    weights = read_weights(model_folder() / module.WEIGHTS)
    other = weights | {KNOWN_BY: weights[KNOWN_BY] + np.float32(0.001)}
    shutil.copy(model_folder() / module.VOCABULARY, tmp_path / module.VOCABULARY)
    (tmp_path / module.WEIGHTS).write_bytes(packed(dict(other)))
    with pytest.raises(EncoderMissingError, match="not the weights of all-MiniLM-L6-v2"):
        Encoder.open(tmp_path)


@needs_model
@pytest.mark.parametrize("raw", [b"", b"\xff" * 40], ids=["empty", "ones"])
def test_a_damaged_adapter_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "damaged.safetensors"
    path.write_bytes(raw)
    with pytest.raises(EncoderMissingError, match="no safetensors header"):
        Encoder.open(adapter=path)
