"""Items that a page writes into its elements (microdata, RDFa), as the objects JSON-LD would hold.

``itemscope`` and ``typeof`` open an item, ``itemprop`` and ``property`` name a value of the item
around it. Each element is looked at once, without recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

__all__ = ["read_items"]

MAX_ELEMENTS = 200_000
MAX_VALUE_CHARACTERS = 20_000
_LINKS = {
    **dict.fromkeys(("a", "link", "area"), "href"),
    **dict.fromkeys(("img", "source", "embed", "iframe", "video", "audio"), "src"),
    "object": "data",
}
_SAID = (("meta", "content"), ("data", "value"), ("meter", "value"), ("time", "datetime"))

Item = dict[str, Any]


def read_items(soup: BeautifulSoup) -> Iterator[Item]:
    """Yield the object of each item that stands in no other item of the page."""
    if soup.find(_opens_item) is None:
        return
    named = _named_parts(soup)
    tops: list[Item] = []
    # Each element with the item around it; a stack instead of recursion.
    stack: list[tuple[Tag, Item | None]] = [(soup, None)]
    looked_at = 0
    while stack and looked_at < MAX_ELEMENTS:
        element, around = stack.pop()
        looked_at += 1
        names = _words(element, "itemprop") or _words(element, "property")
        inner = around
        if _opens_item(element):
            types = _words(element, "itemtype") or _words(element, "typeof")
            item: Item = {"@type": types} if types else {}
            if (name := element.get("itemid") or element.get("resource")) and isinstance(name, str):
                item["@id"] = name
            if names and around is not None:
                for prop in names:
                    around.setdefault(prop, []).append(item)
            else:
                tops.append(item)
            inner = item
            stack.extend((part, item) for part in reversed(_referred(element, named)))
        elif names and around is not None:
            value = _value(element)
            for prop in names:
                around.setdefault(prop, []).append(value)
        children = [child for child in element.contents if isinstance(child, Tag)]
        stack.extend((child, inner) for child in reversed(children))
    yield from tops


def _opens_item(element: Tag) -> bool:
    return element.has_attr("itemscope") or element.has_attr("typeof")


def _named_parts(soup: BeautifulSoup) -> dict[str, Tag]:
    """Return the elements that items elsewhere name by ``itemref``, each to be used once."""
    asked = {
        name for one in soup.find_all(itemref=True, limit=200) for name in _words(one, "itemref")
    }
    parts = soup.find_all(id=True, limit=MAX_ELEMENTS) if asked else []
    return {str(part["id"]): part for part in reversed(parts) if str(part["id"]) in asked}


def _referred(element: Tag, named: dict[str, Tag]) -> list[Tag]:
    """Return the elements elsewhere that an item names, and strike them off the list."""
    found = [named.pop(name, None) for name in _words(element, "itemref")]
    return [part for part in found if part is not None and part is not element]


def _words(element: Tag, attribute: str) -> list[str]:
    value = element.get(attribute)
    if isinstance(value, list):
        value = " ".join(value)
    return value.split()[:20] if isinstance(value, str) else []


def _value(element: Tag) -> str:
    said = element.get("content")
    if not isinstance(said, str) and element.name in _LINKS:
        said = element.get(_LINKS[element.name])
    for name, attribute in _SAID:
        if not isinstance(said, str) and element.name == name:
            said = element.get(attribute)
    text = said if isinstance(said, str) else element.get_text(" ", strip=True)
    return text[: MAX_VALUE_CHARACTERS + 1]
