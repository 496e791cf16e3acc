"""What a page's markup says about it: meta elements, JSON-LD, dates and publisher policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from contextlib_news.models import PageMetadata

__all__ = ["plain_date", "read_json_ld", "read_metadata"]

MAX_META = 300
MAX_MICRODATA = 2_000
MAX_NODES_OF_A_VALUE = 100
MAX_JSON_LD_CHARACTERS = 500_000
MAX_JSON_LD_NODES = 5_000
MAX_VALUE_CHARACTERS = 1_000

# schema.org properties that say how a publisher answers for what it prints.
POLICIES = frozenset(
    "actionableFeedbackPolicy backstory correction correctionsPolicy digitalSourceType "
    "ethicsPolicy isBasedOn masthead missionCoveragePrioritiesPolicy ownershipFundingInfo "
    "publishingPrinciples unnamedSourcesPolicy verificationFactCheckingPolicy".split()
)
# What these say of themselves is not said of the page: when a comment was written, say.
PARTS = frozenset(
    "AudioObject Claim ClaimReview Comment CorrectionComment ImageObject Organization "
    "NewsMediaOrganization Person Product Review VideoObject".split()
)
PICTURES = frozenset({"ImageObject", "VideoObject", "AudioObject", "MediaObject"})
OF_PICTURE = "of a picture or recording"

PUBLISHED = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "parsely-pub-date",
    "pubdate",
    "sailthru.date",
)

_DATE = re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


def read_metadata(soup: BeautifulSoup) -> tuple[str | None, PageMetadata]:
    """Return the title and the metadata of a parsed page; what is malformed is passed over."""
    meta = tuple(_meta(soup))
    named = dict(reversed(meta))
    nodes = list(read_json_ld(soup))
    types: list[str] = []
    policies: list[tuple[str, str]] = []
    published = modified = author = None
    for node in nodes:
        own = _strings(node.get("@type"))
        types += [name for name in own if name not in types]
        kinds = {name.rsplit("/", 1)[-1] for name in own}
        if not kinds & PARTS:
            published = published or plain_date(node.get("datePublished"))
            modified = modified or plain_date(node.get("dateModified"))
            author = author or _name(node.get("author"))
        # What a review or a picture rests on is not what the page is made of.
        for key in (POLICIES - {"isBasedOn"} if kinds & PARTS else POLICIES) & node.keys():
            name = f"{key} {OF_PICTURE}" if kinds & PICTURES else key
            policies += [(name, value) for value in _texts(node[key])]
    for name, kind_or_value in _microdata(soup):
        if name == "itemtype":
            types += [kind_or_value] if kind_or_value not in types else []
        else:
            policies.append((name, kind_or_value))
    for name in PUBLISHED:
        published = published or plain_date(named.get(name))
    if published is None:
        time = soup.find("time", datetime=True)
        published = plain_date(time.get("datetime")) if isinstance(time, Tag) else None
    canonical = soup.find("link", rel="canonical", href=True)
    title = named.get("og:title") or (soup.title.get_text(" ", strip=True) if soup.title else None)
    return title or None, PageMetadata(
        canonical_url=str(canonical["href"]) if isinstance(canonical, Tag) else None,
        site_name=named.get("og:site_name"),
        author=author or named.get("author"),
        published=published,
        modified=modified or plain_date(named.get("article:modified_time")),
        types=tuple(types[:100]),
        meta=meta,
        policies=tuple(sorted(set(policies))[:100]),
    )


def read_json_ld(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """Yield every object of the page's JSON-LD, nested ones too, without recursion."""
    left = MAX_JSON_LD_NODES
    for script in soup.find_all("script", type="application/ld+json"):
        stack: list[Any] = [_load(script.get_text()[:MAX_JSON_LD_CHARACTERS])]
        while stack and left > 0:
            left -= 1
            node = stack.pop()
            if isinstance(node, dict):
                yield node
                stack.extend(v for v in reversed(node.values()) if isinstance(v, dict | list))
            elif isinstance(node, list):
                stack.extend(v for v in reversed(node) if isinstance(v, dict | list))


def plain_date(value: object) -> str | None:
    """Return the date at the start of an ISO time as ``YYYY-MM-DD`` or ``YYYY-MM``, else None."""
    match = _DATE.search(value[:100]) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = match.groups()
    return f"{year}-{month}" + (f"-{day}" if day else "")


def _load(text: str) -> Any:
    """Return the parsed JSON; comments, control characters and trailing commas are forgiven."""
    cleaned = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for candidate in (cleaned, _TRAILING_COMMA.sub(r"\1", cleaned)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _meta(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all("meta", limit=MAX_META):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        content = tag.get("content")
        if isinstance(name, str) and isinstance(content, str) and content.strip():
            yield name.strip().lower(), content.strip()[:MAX_VALUE_CHARACTERS]


def _microdata(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield the types of articles and the policies that are written as microdata."""
    # Looking through the attributes costs a tenth of what a search by them does.
    tags = (tag for tag in soup.descendants if isinstance(tag, Tag) and tag.attrs)
    marked = (tag for tag in tags if "itemtype" in tag.attrs or "itemprop" in tag.attrs)
    for tag in islice(marked, MAX_MICRODATA):
        for name in str(tag.get("itemtype") or "").split():
            if name.endswith(("Article", "Comments")) and "schema.org/" in name:
                yield "itemtype", name[:MAX_VALUE_CHARACTERS]
        for name in POLICIES & set(str(tag.get("itemprop") or "").split()):
            value = str(tag.get("content") or tag.get("href") or _first_words(tag)).strip()
            if value:
                yield name, value[:MAX_VALUE_CHARACTERS]


def _first_words(tag: Tag) -> str:
    """Return the text of an element as far as it stands among its first nodes."""
    texts: list[str] = []
    # Walked by hand: where an element ends costs the parser's own walk the depth of the page.
    stack = list(reversed(tag.contents[:MAX_NODES_OF_A_VALUE]))
    for _ in range(MAX_NODES_OF_A_VALUE):
        if not stack:
            break
        node = stack.pop()
        if isinstance(node, Tag):
            stack.extend(reversed(node.contents[:MAX_NODES_OF_A_VALUE]))
        else:
            texts += str(node).split()
    return " ".join(texts)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    """Return the texts of a policy: itself, or the text, name, url or id of the object it is.

    The day of a correction is written behind its text.
    """
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            day = plain_date(item.get("datePublished") or item.get("dateCreated"))
            item = item.get("text") or item.get("name") or item.get("url") or item.get("@id")
            if day and isinstance(item, str) and not item.startswith("http"):
                item = f"{item.strip()} ({day})"
        if isinstance(item, str) and item.strip():
            found.append(item.strip()[:MAX_VALUE_CHARACTERS])
    return found


def _name(value: object) -> str | None:
    names = _texts(value)
    return names[0] if names else None
