"""The ClaimReviews of a document: a saved page, a feed, a search answer, any JSON with them.

Each is handed out with its place. An item of a feed that holds none is told too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contextlib_news.formats.feeds import claim_to_claim_review
from contextlib_news.formats.joining import join_records
from contextlib_news.formats.markup import Broken, Lines, Located, read_json, read_page
from contextlib_news.formats.ratings import verdict_of_rating
from contextlib_news.formats.records import Record, Rejection
from contextlib_news.formats.review_objects import is_claim_review, read_review
from contextlib_news.models import Claim

__all__ = [
    "claim_to_claim_review",
    "claims_from_markup",
    "holds_reviews",
    "is_page",
    "read_markup",
    "read_reviews",
    "verdict_of_rating",
]

MAX_NODES = 2_000_000
MAX_REFERENCES = 50_000
MAX_FOLLOWED = 20_000
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|script|div|meta|!--|\?xml|article|section|p)\b",
                   re.IGNORECASE)  # fmt: skip


def read_markup(text: str, name: str) -> Iterator[Record | Rejection]:
    """Yield the record or the rejection of each ClaimReview in a page's or a document's text.

    ``name`` begins each place: ``name: script 2, line 14, $.@graph[1]``.
    """
    if is_page(text):
        located, base = read_page(text)
        found = False
        for part, one in located:
            for result in read_reviews(one, f"{name}: {part}", base=base):
                found = True
                yield result
        if not found:
            yield Rejection(place=name, reason="no ClaimReview markup was found in the page")
        return
    found = False
    for one in read_json(text):
        for result in read_reviews(one, name):
            found = True
            yield result
    if not found:
        yield Rejection(place=name, reason="no ClaimReview was found in it")


def claims_from_markup(source: object, name: str = "document") -> Iterator[tuple[str, Claim | str]]:
    """Yield place and claim, or place and reason, of parsed JSON or the text of a page or a feed.

    Reviews of one claim are joined. :func:`read_markup` also says what was left out of each.
    """

    def read() -> Iterator[Record | Rejection]:
        if isinstance(source, str):
            return read_markup(source, name)
        return read_reviews(Located(source, "$", 1, Lines("")), name)

    found = False
    for one in join_records(read):
        found = True
        yield one.place, one.reason if isinstance(one, Rejection) else one.claim
    if not found:
        yield name, "no ClaimReview was found in it"


def is_page(text: str) -> bool:
    """Say whether a text is HTML, by how it begins."""
    begins = text[:20_000].lstrip("\ufeff \n\r\t")
    return bool(_HTML.match(begins)) or (not begins.startswith(("{", "[")) and "<script" in text)


def holds_reviews(value: object) -> bool:
    """Say whether parsed JSON holds ClaimReviews, or is the envelope of some."""
    if isinstance(value, dict) and "dataFeedElement" in value:
        return True
    return next(_nodes(value, "$"), None) is not None


def read_reviews(
    one: Located | Broken, name: str, *, base: str | None = None
) -> Iterator[Record | Rejection]:
    """Yield the record or the rejection of each ClaimReview in one value of a document."""
    if isinstance(one, Broken):
        yield Rejection(place=_place(name, one.line, one.path), reason=one.reason)
        return
    nodes = list(_nodes(one.value, one.path))
    shared = _losses(one, nodes)
    references: dict[str, dict[str, Any]] | None = None
    for number, found in enumerate(nodes):
        place = _place(name, _line(one, found.node), found.path)
        if found.nothing:
            yield Rejection(place=place, reason=found.nothing)
            continue
        if references is None:
            references = _references(one.value)
        if _is_reference(found.node) and found.node["@id"] in references:
            continue  # It names a review that stands elsewhere in the document.
        node = _resolved(found.node, references)
        yield read_review(node, place, base=base, lost=shared.get(number, ()))
    if not nodes and (kind := _feed_item(one.path)):
        place = _place(name, one.line, one.path)
        yield Rejection(place=place, reason=f"the {kind} holds no ClaimReview")


def _place(name: str, line: int, path: str) -> str:
    """Return where something stands; the parser of pages knows no lines of elements (0)."""
    return f"{name}, line {line}, {path}" if line else f"{name}, {path}"


@dataclass(frozen=True, slots=True)
class _Found:
    """A ClaimReview and its path, or the place of one that is missing and why."""

    node: Any
    path: str
    nothing: str = ""


def _feed_item(path: str) -> str | None:
    if re.fullmatch(r"\$\.dataFeedElement\[\d+\]", path):
        return "item of the feed"
    return "claim of the answer" if re.fullmatch(r"\$\.claims\[\d+\]", path) else None


def _nodes(value: object, path: str) -> Iterator[_Found]:
    """Yield the reviews in a value in their order, nested ones too, without recursion."""
    stack: list[tuple[Any, str]] = [(value, path)]
    looked_at = 0
    while stack and looked_at < MAX_NODES:
        node, at = stack.pop()
        looked_at += 1
        if isinstance(node, list):
            stack.extend((node[n], f"{at}[{n}]") for n in range(len(node) - 1, -1, -1))
            continue
        if not isinstance(node, dict):
            if node is None and re.search(r"\.dataFeedElement\[\d+\](?:\.item(?:\[\d+\])?)?$", at):
                yield _Found(node, at, "null stands there instead of a ClaimReview")
            continue
        if is_claim_review(node):
            yield _Found(node, at)
        if isinstance(answers := node.get("claimReview"), list) and "@type" not in node:
            yield from _answers(node, answers, at)
            continue
        stack.extend(
            (member, f"{at}.{name}")
            for name, member in reversed(node.items())
            if isinstance(member, dict | list) or (member is None and name == "item")
        )


def _answers(claim: dict[str, Any], answers: list[Any], path: str) -> Iterator[_Found]:
    """Yield the reviews of a claim in an answer of a fact-check search, as ClaimReviews."""
    for number, review in enumerate(answers):
        at = f"{path}.claimReview[{number}]"
        if not isinstance(review, dict):
            yield _Found(review, at, "it is no review but something else")
            continue
        node = {
            "@type": "ClaimReview",
            "claimReviewed": claim.get("text"),
            "url": review.get("url"),
            "datePublished": review.get("reviewDate"),
            "inLanguage": review.get("languageCode"),
            "name": review.get("title"),
            "publisher": _publisher(review.get("publisher")),
            "reviewRating": {"alternateName": review.get("textualRating")},
            "itemReviewed": {
                "@type": "Claim",
                "author": claim.get("claimant"),
                "datePublished": claim.get("claimDate"),
            },
        }
        yield _Found(node, at)


def _publisher(value: object) -> object:
    """Return a publisher of a search answer: its name, else its site."""
    if not isinstance(value, dict):
        return value
    return {"@type": "Organization", "name": value.get("name") or value.get("site")}


# --- References between the objects of one document -----------------------------------------------


def _is_reference(node: dict[str, Any]) -> bool:
    return isinstance(node.get("@id"), str) and set(node) <= {"@id", "@type", "type", "url"}


def _references(value: object) -> dict[str, dict[str, Any]]:
    """Return the objects of a document that carry an id and say something."""
    found: dict[str, dict[str, Any]] = {}
    stack: list[Any] = [value]
    while stack and len(found) < MAX_REFERENCES:
        node = stack.pop()
        if isinstance(node, dict):
            name = node.get("@id")
            if isinstance(name, str) and not _is_reference(node):
                found.setdefault(name, node)
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return found


def _resolved(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a review whose members that only name another object are that object."""
    if not known:
        return node
    left = MAX_FOLLOWED

    def follow(value: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if depth == 0 or left < 0 or not isinstance(value, dict | list):
            return value
        if isinstance(value, list):
            return [follow(item, depth) for item in value]
        name = value.get("@id")
        if isinstance(name, str) and _is_reference(value) and name in known:
            value = known[name]
        return {key: follow(member, depth - 1) for key, member in value.items()}

    return {key: follow(member, 3) for key, member in node.items()}


# --- What was mended ------------------------------------------------------------------------------


def _line(one: Located, node: object) -> int:
    offset = one.offsets.get(id(node))
    return one.line if offset is None else one.lines.at(offset)


def _losses(one: Located, nodes: list[_Found]) -> dict[int, tuple[str, ...]]:
    """Return what the mending of a document lost, by the review in which it was lost."""
    losses = [repair for repair in one.repairs if repair.loss]
    if not losses or not nodes:
        return {}
    begins = sorted((one.offsets.get(id(f.node), 0), n) for n, f in enumerate(nodes))
    found: dict[int, list[str]] = {}
    for repair in losses:
        at = max(0, bisect_right(begins, (repair.offset, len(nodes))) - 1)
        said = f"{repair.what} (line {one.lines.at(repair.offset)})"
        found.setdefault(begins[at][1], []).append(said)
    return {number: tuple(said[:20]) for number, said in found.items()}
