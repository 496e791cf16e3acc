"""How large a page may be, checked before the expensive steps: a page too many costs every reader.

The limits are far above any article and below what one request may cost: 3,000 sentences take some
four seconds on one core of a small machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news_server.config import Config

__all__ = ["PageTooLargeError", "check_size"]

# Large front pages have some ten thousand tags; parsing a hundred thousand takes some seconds.
MAX_TAGS = 100_000

# Markup of more than this is always read once before it is annotated.
UNREAD_CHARACTERS = 1_000_000

# Where a sentence may end in a text, and where a block may start in markup. Both count too many
# rather than too few; what they cost is nothing beside reading a page.
_SENTENCE_END = re.compile(r"[.!?…。！？]+(?:[\s”\"’»)\]]+|$)|\n+")
_BLOCK_START = re.compile(r"<(?:p|li|h[1-6]|div|br|t[dh]|dd|dt|blockquote)\b", re.IGNORECASE)


class PageTooLargeError(ValueError):
    """The page has more text or more sentences than one request may ask about."""


def check_size(pages: Sequence[Page], config: Config) -> None:
    """Raise PageTooLargeError, saying the limit, where pages are larger than the settings allow.

    The limits on text and sentences hold for all of them together.
    """
    measured = [_measure(page, config.max_sentences) for page in pages]
    if sum(characters for characters, _ in measured) > config.max_text_characters:
        raise PageTooLargeError(
            f"The page has more than {config.max_text_characters:,} characters."
        )
    if sum(sentences for _, sentences in measured) > config.max_sentences:
        raise PageTooLargeError(f"The page has more than {config.max_sentences:,} sentences.")
    for page in pages:
        longest = max((len(line) for line in (page.text or "").splitlines()), default=0)
        longest = max([longest, *(len(block.text) for block in page.blocks or ())])
        if longest > config.max_sentence_characters:
            raise PageTooLargeError(
                f"A paragraph has more than {config.max_sentence_characters:,} characters."
            )


def _measure(page: Page, max_sentences: int) -> tuple[int, int]:
    """Return how many characters and sentences a page has, the latter at most a little too high."""
    if page.html is not None:
        html = page.html if isinstance(page.html, str) else page.html.decode("utf-8", "replace")
        if html.count("<") > MAX_TAGS:
            raise PageTooLargeError(f"The markup has more than {MAX_TAGS:,} tags.")
        likely = _count(_BLOCK_START, html) + _count(_SENTENCE_END, html)
        if likely <= max_sentences and len(html) <= UNREAD_CHARACTERS:
            return 0, likely
        # Markup may look like more than it holds, so that only reading it gives a fair answer.
        document = read_page(page)
        return len(document.text), len(document.sentences)
    texts = [block.text for block in page.blocks or ()] or [page.text or ""]
    return sum(map(len, texts)), sum(max(1, _count(_SENTENCE_END, text)) for text in texts)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))
