"""Fit what the sentence encoder learns about claims: the adapter that ships, and three to judge it.

usage: python -m benchmarks.train_encoder EVAL_FOLDER --teacher FOLDER -o FOLDER

EVAL_FOLDER holds the public evaluation data, of which the train queries and the train halves of the
news sentences are learned from; FOLDER of the teacher has all-mpnet-base-v2. Written are
``encoder_adapter.safetensors``, which has learned from all of them, and ``encoder_adapter-0``, -1
and -2, each of which has not seen a third: ``benchmarks.train_matching --semantic --adapters``
fits the matching model with these. Needs requirements/encoder.txt and, to end within minutes, a
large graphics card.

What pulls: the right claim before others and before those now nearest by mistake (the usual
contrastive loss over a temperature), an absolute line between right claims and the nearest claim of
a news sentence (logistic loss: what is shown is decided by a threshold), and the cosines of a
larger encoder tuned in the same way.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.encoder_student import DEVICE, Student, Teacher, encode, encode_all
from benchmarks.encoder_texts import PARTS, Asked, Texts, learned_from, read_texts
from contextlib_news.matching.encoder import find_weights
from contextlib_news.matching.semantic import BEST_WEIGHT

SEED = 1

# Sentences of a step; half as many of news; claims beside the right one: so many of the nearest.
SENTENCES = 96
NEAREST, TRIED = 24, 7
NEWS_NEAREST, NEWS_TRIED = 6, 2
TITLES, TITLE_WEIGHT = 3_000, 0.35

TEMPERATURE = 1 / 20
TEACHING_TEMPERATURE = 0.05
COSINE_WEIGHT = 10.0
LINE_WEIGHT = 0.5
LINE, LINE_AT = 20.0, 11.0
SHARP = 50.0

# Claims as near as this say the same, whoever linked which of them.
DOUBLE = 0.88

# Found on the first third of the train queries; twice as many rounds gave the same on all three.
STUDENT = {"rounds": 5, "rate": 3e-3, "teaching": 1.0}
TEACHER = {"rounds": 2, "rate": 2e-5, "teaching": 0.0}


class Lesson:
    """What one model is taught: the texts, the sentences left out, the claims that are doubles."""

    def __init__(self, texts: Texts, part: int | None, base: Tensor) -> None:
        self.texts = texts
        self.asked = learned_from(texts.train, part)
        self.news = [one for rows in texts.news.values() for one in learned_from(rows, part)]
        self.chance = np.random.default_rng(SEED)
        self._base = base

    def teach(
        self,
        model: Student | Teacher,
        rounds: int,
        rate: float,
        teaching: float,
        table: Tensor | None = None,
    ) -> None:
        """Fit the model; ``table`` has the teacher's vector of each text."""
        moved = [weight for weight in model.parameters() if weight.requires_grad]
        line = torch.nn.Parameter(torch.tensor([LINE, LINE_AT], device=DEVICE))
        groups = [
            {"params": moved, "lr": rate, "weight_decay": 0.01},
            {"params": [line], "lr": 0.05, "weight_decay": 0.0},
        ]
        optimiser = torch.optim.AdamW(groups)
        sentences = len(self.asked) + min(TITLES, len(self.texts.title))
        steps = max(1, sentences // SENTENCES)
        total = max(1, rounds * steps)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda at: min(1, (at + 1) / (0.1 * total + 1)) * max(0.02, 1 - at / total)
        )
        for _ in range(rounds):
            asked = self.asked + self._titles()
            near, news_near = self._nearest(model, asked), self._nearest(model, self.news)
            order = self.chance.permutation(len(asked))
            for at in range(steps):
                rows = order[at * SENTENCES : (at + 1) * SENTENCES]
                loss = self._loss(
                    model,
                    [asked[row] for row in rows],
                    near[rows],
                    news_near,
                    line,
                    table,
                    teaching,
                )
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(moved, 1.0)
                optimiser.step()
                schedule.step()
            print(f"round done, last loss {float(loss.detach()):.3f}", flush=True)

    def _titles(self) -> list[Asked]:
        claims = self.chance.permutation(len(self.texts.title))[:TITLES].tolist()
        return [
            Asked(int(self.texts.title[n]), (n,), int(self.texts.collection[n]), n, own=True)
            for n in claims
            if self.texts.title[n] != self.texts.text[n]
        ]

    @torch.no_grad()
    def _nearest(self, model: Student | Teacher, asked: Sequence[Asked]) -> np.ndarray[Any, Any]:
        """Return the claims nearest to each sentence by the model as it is, nearest first."""
        whole, text = claim_vectors(model, self.texts)
        found = np.zeros((len(asked), NEAREST + 16), np.int64)
        vectors = encode_all(model, np.array([one.text for one in asked]))
        for collection in (0, 1):
            rows = np.array([n for n, one in enumerate(asked) if one.collection == collection], int)
            if len(rows):
                claims = self.texts.claims_of(collection)
                scores = score(vectors[torch.from_numpy(rows).to(DEVICE)], whole, text, claims)
                best = scores.topk(found.shape[1], 1).indices.cpu().numpy()
                found[rows] = claims[best]
        return found

    def _loss(
        self,
        model: Student | Teacher,
        asked: Sequence[Asked],
        near: np.ndarray[Any, Any],
        news_near: np.ndarray[Any, Any],
        line: Tensor,
        table: Tensor | None,
        teaching: float,
    ) -> Tensor:
        right = [int(self.chance.choice(one.right)) for one in asked]
        news = self.chance.choice(len(self.news), min(SENTENCES // 2, len(self.news)), False)
        claims, texts = self._claims(asked, right, near, news_near[news])
        said = np.array([one.text for one in asked])
        nothing = np.array([self.news[n].text for n in news])
        vectors = encode(model, np.concatenate([said, nothing, texts]))
        sentences, other, held = vectors.split([len(said), len(nothing), len(texts)])
        place = {int(claim): at for at, claim in enumerate(claims)}
        at = torch.tensor([place[claim] for claim in right], device=DEVICE)
        rows = torch.arange(len(asked), device=DEVICE)
        cosines = sentences @ held.T
        left_out = self._base[right] @ self._base[claims].T > DOUBLE
        for row, one in enumerate(asked):
            left_out[row, [place[claim] for claim in one.right if claim in place]] = True
        left_out[rows, at] = False
        weights = torch.tensor([TITLE_WEIGHT if one.own else 1.0 for one in asked], device=DEVICE)
        sums = (cosines / TEMPERATURE).masked_fill(left_out, -1e4)
        first = functional.cross_entropy(sums, at, reduction="none")
        loss = (first * weights).sum() / weights.sum()
        stated = torch.tensor([not one.own for one in asked], device=DEVICE)
        above = functional.softplus(line[1] - line[0] * cosines[rows, at])[stated]
        nearest = torch.logsumexp(other @ held.T * SHARP, 1) / SHARP
        below = functional.softplus(line[0] * nearest - line[1])
        loss = loss + LINE_WEIGHT * (above.sum() / max(1, len(above)) + below.mean())
        if table is not None and teaching:
            told = np.concatenate([said, nothing])
            wanted = table[told].float() @ table[texts].float().T
            given = torch.cat([sentences, other]) @ held.T
            apart = functional.kl_div(
                functional.log_softmax(given / TEACHING_TEMPERATURE, 1),
                functional.softmax(wanted / TEACHING_TEMPERATURE, 1),
                reduction="batchmean",
            )
            loss = loss + teaching * (apart + COSINE_WEIGHT * functional.mse_loss(given, wanted))
        return loss

    def _claims(
        self,
        asked: Sequence[Asked],
        right: Sequence[int],
        near: np.ndarray[Any, Any],
        news_near: np.ndarray[Any, Any],
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return the claims of a step and of each the text that is read: its whole or its text."""
        chosen = list(right)
        for one, row in zip(asked, near, strict=True):
            wrong = [claim for claim in row.tolist() if claim not in one.right][:NEAREST]
            chosen += self.chance.choice(wrong, min(TRIED, len(wrong)), False).tolist()
        for row in news_near:
            chosen += self.chance.choice(row[:NEWS_NEAREST], NEWS_TRIED, False).tolist()
        claims = np.array(list(dict.fromkeys(chosen)))
        # A title is no sentence about a claim where it stands in what is read of the claim.
        own = {claim for one, claim in zip(asked, right, strict=True) if one.own}
        alone = (self.chance.random(len(claims)) >= 0.6) | np.isin(claims, list(own))
        return claims, np.where(alone, self.texts.text[claims], self.texts.whole[claims])


def claim_vectors(model: Student | Teacher, texts: Texts) -> tuple[Tensor, Tensor]:
    """Return the vectors of all claims, of all words and of the text alone."""
    vectors = encode_all(model, np.concatenate([texts.whole, texts.text]))
    return vectors[: len(texts.whole)], vectors[len(texts.whole) :]


def score(vectors: Tensor, whole: Tensor, text: Tensor, claims: np.ndarray[Any, Any]) -> Tensor:
    """Return how near claims are, sentences x claims, as the index has it."""
    chosen = torch.from_numpy(claims).to(DEVICE)
    all_words, alone = vectors @ whole[chosen].T, vectors @ text[chosen].T
    return all_words + BEST_WEIGHT * torch.maximum(all_words, alone)


def write_adapter(arrays: dict[str, np.ndarray[Any, Any]], path: Path) -> None:
    """Write the changes as safetensors."""
    header: dict[str, Any] = {}
    body = b""
    for name, array in arrays.items():
        raw = array.astype("<f2").tobytes()
        span = [len(body), len(body) + len(raw)]
        header[name] = {"dtype": "F16", "shape": list(array.shape), "data_offsets": span}
        body += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def main() -> None:
    """Fit the adapter that ships and one for each part that is left out, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--claims", type=int, help="only so many a set (60 or more), to try it out")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    texts = read_texts(options.folder, options.claims)
    torch.manual_seed(SEED)
    base = claim_vectors(Student(find_weights(), texts.texts), texts)[0]
    for part in (None, *range(PARTS)):
        teacher = Teacher(options.teacher, texts.texts)
        Lesson(texts, part, base).teach(teacher, **TEACHER)
        table = encode_all(teacher, np.arange(len(texts.texts))).half()
        del teacher
        student = Student(find_weights(), texts.texts)
        Lesson(texts, part, base).teach(student, **STUDENT, table=table)
        name = "encoder_adapter" if part is None else f"encoder_adapter-{part}"
        write_adapter(student.adapter(), options.output / f"{name}.safetensors")
        print(f"{name} written", flush=True)


if __name__ == "__main__":
    main()
