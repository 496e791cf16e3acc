"""What publishers' words for a rating stand for; a word seen for the first time is not guessed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from contextlib_news.models import Verdict

__all__ = ["PARTED", "is_number", "joint_verdict", "verdict_of_rating"]

# Between the words where one review gives several, such as in two languages.
PARTED = "; "


def verdict_of_rating(rating: str) -> Verdict | None:
    """Return the verdict that a publisher's words stand for, None for words not in the table.

    Satire and "unproven" never become ``contradicted``, and a number stands for nothing. The table
    is data (``data/rating_words.json``). Several words parted by semicolons must each be known;
    where they differ the verdict is ``disputed``.
    """
    whole = _known(rating)
    if whole is not None or PARTED.strip() not in rating:
        return whole
    return joint_verdict(_known(part) for part in rating.split(PARTED.strip()) if part.strip())


def joint_verdict(verdicts: Iterable[Verdict | None]) -> Verdict | None:
    """Return the verdict of several reviews: the common one, ``disputed`` where they differ.

    None where there are none, or where one is unknown and the others agree: what the unknown
    words say may differ.
    """
    found = set(verdicts)
    known = found - {None}
    if len(known) > 1:
        return Verdict.DISPUTED
    return next(iter(known)) if known and None not in found else None


def is_number(rating: str) -> bool:
    """Say whether a rating holds no word at all, such as "2 (1 to 5)" or "3/5"."""
    return not any(letter.isalpha() for letter in rating.replace(" to ", " ").replace(" of ", " "))


def _known(rating: str) -> Verdict | None:
    words = " ".join(rating.casefold().replace("_", " ").replace("-", " ").split()).strip(
        " .!?:;\"'“”«»()[]"
    )
    for prefix in ("rating:", "verdict:", "claim rating:", "fact check:", "our rating:"):
        words = words.removeprefix(prefix).strip()
    found = _rating_words().get(words)
    return Verdict(found) if found else None


@cache
def _rating_words() -> dict[str, str]:
    text = (files("contextlib_news.data") / "rating_words.json").read_text(encoding="utf-8")
    table = json.loads(text)["verdicts"]
    return {word: verdict for verdict, words in table.items() for word in words}
