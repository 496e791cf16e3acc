"""The sentence encoder while it learns: its weights stand still, narrow matrices beside them move.

all-MiniLM-L6-v2 in PyTorch, and the larger encoder that it is taught by (all-mpnet-base-v2). Both
give vectors of length 1. Needs ``torch`` and ``transformers``, which requirements/encoder.txt has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from contextlib_news.matching.adapter import DOWN, UP
from contextlib_news.matching.encoder_graph import (
    DIMENSIONS,
    EPSILON,
    HEADS,
    LAYERS,
    MAX_TOKENS,
    read_weights,
)
from contextlib_news.matching.wordpiece import WordPiece

__all__ = ["DEVICE", "RANK", "Pieces", "Student", "Teacher", "encode", "encode_all"]

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
HALF = torch.bfloat16 if DEVICE == "cuda" else torch.float32

RANK = 16
SCALE = 2.0 / math.sqrt(RANK)

DENSE = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip

# Texts encoded together: as many as fit into the memory of a large card, few on a processor.
BATCH = 2_048 if DEVICE == "cuda" else 32


class Pieces:
    """The pieces of all texts, cut once, and padded batches of them."""

    def __init__(self, rows: Sequence[Sequence[int]], padding: int) -> None:
        self.lengths = np.array([len(row) for row in rows])
        self._flat = torch.tensor([piece for row in rows for piece in row], device=DEVICE)
        self._begin = torch.tensor(np.cumsum(self.lengths) - self.lengths, device=DEVICE)
        self._counts = torch.tensor(self.lengths, device=DEVICE)
        self._padding = padding

    def batch(self, texts: np.ndarray[Any, Any]) -> tuple[Tensor, Tensor]:
        """Return pieces and mask, texts x pieces of the longest, by the numbers of texts."""
        chosen = torch.from_numpy(texts).to(DEVICE)
        places = torch.arange(int(self.lengths[texts].max()), device=DEVICE)[None]
        mask = places < self._counts[chosen][:, None]
        found = (self._begin[chosen][:, None] + places).clamp(max=len(self._flat) - 1)
        return torch.where(mask, self._flat[found], self._padding), mask


class Changed(nn.Module):
    """A matrix that stands still and the product of two narrow ones that is added to it."""

    def __init__(self, matrix: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.matrix, self.bias = matrix, bias
        wide, deep = matrix.shape
        self.down = nn.Parameter(torch.randn(RANK, deep, device=DEVICE) / math.sqrt(deep))
        self.up = nn.Parameter(torch.zeros(wide, RANK, device=DEVICE))

    def forward(self, flow: Tensor) -> Tensor:
        matrix = self.matrix + self.up @ self.down * SCALE
        return functional.linear(flow, matrix.to(flow.dtype), self.bias.to(flow.dtype))


class Student(nn.Module):
    """all-MiniLM-L6-v2 with changes of its matrices."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        super().__init__()
        cut = WordPiece(folder / "vocab.txt")
        self.pieces = Pieces([cut.numbers(text, MAX_TOKENS) or [0] for text in texts], 0)
        found = read_weights(folder / "model.safetensors")
        self._weights = {name: torch.tensor(array).to(DEVICE) for name, array in found.items()}
        names = [f"encoder.layer.{n}.{part}" for n in range(LAYERS) for part in DENSE]
        self._dense = nn.ModuleDict(
            {
                name.replace(".", "/"): Changed(
                    self._weights[name + ".weight"], self._weights[name + ".bias"]
                )
                for name in names
            }
        )

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return the vectors of a batch, texts x 384."""
        weights = self._weights
        flow = weights["embeddings.word_embeddings.weight"][pieces]
        flow = flow + weights["embeddings.position_embeddings.weight"][: pieces.shape[1]]
        flow = flow + weights["embeddings.token_type_embeddings.weight"][0]
        flow = self._norm(flow, "embeddings.LayerNorm")
        shape = (*pieces.shape, HEADS, DIMENSIONS // HEADS)
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}."
            query, key, value = (
                self._through(flow, f"{layer}attention.self.{part}").view(shape).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            mixed = functional.scaled_dot_product_attention(
                query, key, value, attn_mask=mask[:, None, None, :]
            )
            mixed = mixed.transpose(1, 2).reshape(flow.shape)
            flow = self._through(mixed, layer + "attention.output.dense") + flow
            flow = self._norm(flow, layer + "attention.output.LayerNorm")
            inner = functional.gelu(self._through(flow, layer + "intermediate.dense"))
            outer = self._through(inner, layer + "output.dense")
            flow = self._norm(outer + flow, layer + "output.LayerNorm")
        return mean(flow, mask)

    def adapter(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the changes by name, as half floats."""
        arrays = {}
        for name, dense in sorted(self._dense.items()):
            assert isinstance(dense, Changed)
            arrays[name.replace("/", ".") + DOWN] = dense.down
            arrays[name.replace("/", ".") + UP] = dense.up * SCALE
        return {name: array.detach().cpu().half().numpy() for name, array in arrays.items()}

    def _through(self, flow: Tensor, name: str) -> Tensor:
        result: Tensor = self._dense[name.replace(".", "/")](flow)
        return result

    def _norm(self, flow: Tensor, name: str) -> Tensor:
        gain, shift = self._weights[name + ".weight"], self._weights[name + ".bias"]
        return functional.layer_norm(flow.float(), (DIMENSIONS,), gain, shift, EPSILON).to(HALF)


class Teacher(nn.Module):
    """all-mpnet-base-v2 from a folder, all of whose weights may move."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        super().__init__()
        cut = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        rows = cut(list(texts), truncation=True, max_length=MAX_TOKENS + 16)["input_ids"]
        self.pieces = Pieces(rows, cut.pad_token_id)
        self._model = AutoModel.from_pretrained(folder, local_files_only=True).to(DEVICE).eval()

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return the vectors of a batch, texts x 768."""
        with torch.autocast(DEVICE, torch.bfloat16, enabled=DEVICE == "cuda"):
            flow = self._model(input_ids=pieces, attention_mask=mask.long()).last_hidden_state
        return mean(flow, mask)


def mean(flow: Tensor, mask: Tensor) -> Tensor:
    """Return the mean over the pieces of each text, of length 1."""
    counted = mask[..., None].float()
    return functional.normalize((flow.float() * counted).sum(1) / counted.sum(1), dim=-1)


@torch.no_grad()
def encode_all(model: Student | Teacher, texts: np.ndarray[Any, Any]) -> Tensor:
    """Return the vectors of many texts by their numbers, which learn nothing from it."""
    return _encoded(model, texts, -(-len(texts) // BATCH))


def encode(model: Student | Teacher, texts: np.ndarray[Any, Any]) -> Tensor:
    """Return the vectors of a step's texts; those of a length stand together."""
    distinct, places = np.unique(texts, return_inverse=True)
    return _encoded(model, distinct, 4)[torch.from_numpy(places).to(DEVICE)]


def _encoded(model: Student | Teacher, texts: np.ndarray[Any, Any], batches: int) -> Tensor:
    order = np.argsort(model.pieces.lengths[texts], kind="stable")
    found = [model(*model.pieces.batch(texts[part])) for part in np.array_split(order, batches)]
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return torch.cat(found)[torch.from_numpy(back).to(DEVICE)]
