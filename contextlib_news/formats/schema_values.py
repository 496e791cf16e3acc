"""Values of schema.org properties in the shapes that they come in: texts, addresses, languages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

__all__ = [
    "addresses_in",
    "fold_names",
    "host_of_address",
    "language_of",
    "objects_in",
    "plain_text",
    "texts_in",
    "types_of",
]

MAX_URL_CHARACTERS = 2_000
MAX_ITEMS = 1_000
_PREFIX = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"(?:https?:)?//[^\s<>\"]+|www\.[^\s<>\"]+", re.IGNORECASE)
# Several addresses in one text, parted by a comma, a semicolon, or nothing; an address inside an
# address (an archive's) stands behind a slash or an equals sign.
_PARTED = re.compile(r"[,;|]+(?=(?:https?://|www\.))|(?<=[A-Za-z0-9])(?=https?://)", re.IGNORECASE)
_EMPTY = frozenset({"", "-", "n/a", "na", "none", "null", "undefined", "nan", "[]", "{}", "tbd"})
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8}){0,3}")
# Names of languages in English and in themselves, for sites that write them out.
_LANGUAGES = {
    "english": "en", "spanish": "es", "español": "es", "french": "fr", "français": "fr",
    "german": "de", "deutsch": "de", "portuguese": "pt", "português": "pt", "italian": "it",
    "italiano": "it", "arabic": "ar", "العربية": "ar", "turkish": "tr", "türkçe": "tr",
    "polish": "pl", "polski": "pl", "dutch": "nl", "nederlands": "nl", "russian": "ru",
    "русский": "ru", "ukrainian": "uk", "українська": "uk", "hindi": "hi", "bengali": "bn",
    "indonesian": "id", "bahasa indonesia": "id", "malay": "ms", "chinese": "zh", "japanese": "ja",
    "korean": "ko", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi",
    "greek": "el", "czech": "cs", "hungarian": "hu", "romanian": "ro", "hebrew": "he",
    "persian": "fa", "urdu": "ur", "tamil": "ta", "telugu": "te", "thai": "th", "vietnamese": "vi",
    "filipino": "fil", "swahili": "sw", "catalan": "ca",
}  # fmt: skip


def fold_names(node: dict[str, Any]) -> dict[str, Any]:
    """Return an object's members by lower-case names without schema.org's prefix, ``-`` or ``_``.

    Of two members with one folded name the first with content counts.
    """
    folded: dict[str, Any] = {}
    for name, value in node.items():
        key = _PREFIX.sub("", name, count=1).lower().replace("_", "").replace("-", "")
        if folded.get(key) in (None, "", [], {}):
            folded[key] = value
    return folded


def types_of(node: dict[str, Any]) -> list[str]:
    """Return the types of an object in lower case, without schema.org's prefix."""
    value = node.get("@type", node.get("type"))
    names = value if isinstance(value, list) else [value]
    return [
        part.rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1].strip().lower()
        for name in names
        if isinstance(name, str)
        for part in name.split()
    ]


def texts_in(value: object, names: tuple[str, ...] = ("name", "text", "url")) -> list[str]:
    """Return the differing texts of a text, a number, an object or a list of them, in order."""
    found: dict[str, None] = {}
    for text in _texts(value, names, depth=4):
        found.setdefault(text)
    return list(found)


def _texts(value: object, names: tuple[str, ...], depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value[:MAX_ITEMS]:
            yield from _texts(item, names, depth - 1)
    elif isinstance(value, dict):
        folded = fold_names(value)
        for name in ("@value", *names):
            inner = list(_texts(folded.get(name), names, depth - 1))
            if inner:
                yield from inner
                return
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = plain_text(_digits(value) if isinstance(value, int) else str(value))
        if text:
            yield text


def _digits(value: int) -> str:
    # Python refuses to write out numbers of more than some thousand digits.
    return str(value) if value.bit_length() < 1_000 else ""


def plain_text(text: str) -> str | None:
    """Return a text without entities, tags, control characters and doubled spaces.

    None where nothing is left, or only a word that stands for nothing, such as "n/a".
    """
    if "&" in text:
        # Texts that went through two systems are escaped twice.
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = " ".join(_BROKEN.sub(" ", text).split())
    return None if text.casefold() in _EMPTY else text


def objects_in(value: object) -> list[dict[str, Any]]:
    """Return the objects among a value's items, their names folded."""
    items = value[:MAX_ITEMS] if isinstance(value, list) else [value]
    return [fold_names(item) for item in items if isinstance(item, dict)]


def addresses_in(value: object, base: str | None = None) -> tuple[list[str], list[str]]:
    """Return the http and https addresses in a value, and the texts that hold none.

    Several may stand in one text, parted by a comma, a space or a word. Addresses without a scheme
    are taken as https, those without a host as parts of ``base`` where it is given.
    """
    found: dict[str, None] = {}
    odd: list[str] = []
    for text in _address_texts(value, depth=5):
        parts = [part for hit in _ADDRESS.findall(text) for part in _PARTED.split(hit)]
        good = [address for part in parts if (address := _address(part))]
        if not parts and base and re.fullmatch(r"/?[^\s:]{1,500}", text) and "/" in text:
            good = [address for address in [_address(urljoin(base, text))] if address]
        for address in good:
            found.setdefault(address)
        if not good:
            odd.append(text[:80])
    return list(found), odd


def _address_texts(value: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value[:MAX_ITEMS]:
            yield from _address_texts(item, depth - 1)
    elif isinstance(value, dict):
        folded = fold_names(value)
        for name in ("url", "contenturl", "@value", "@id", "sameas", "archivedat"):
            inner = list(_address_texts(folded.get(name), depth - 1))
            if inner:
                yield from inner
                return
    elif isinstance(value, str) and value.strip():
        text = html.unescape(value[:20_000]) if "&" in value else value[:20_000]
        text = _BROKEN.sub("", text).strip()
        if text.casefold() not in _EMPTY:
            yield text


def _address(text: str) -> str | None:
    text = text.rstrip(".,;:'\"”’>]}|")
    if text.endswith(")") and "(" not in text:
        text = text.rstrip(").,;")
    if text.startswith("//"):
        text = "https:" + text
    elif text[:4].lower() == "www.":
        text = "https://" + text
    if len(text) > MAX_URL_CHARACTERS or host_of_address(text) is None:
        return None
    return text


def host_of_address(url: str | None) -> str | None:
    """Return the host of an http or https address, None where it is none."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None
    return host if host and ("." in host or host == "localhost" or ":" in host) else None


def language_of(value: object) -> str | None:
    """Return a language code such as ``en`` or ``pt-BR``, None where there is none."""
    for names in (("alternatename", "name"), ("name", "alternatename")):
        for text in texts_in(value, names):
            if text.casefold() in _LANGUAGES:
                return _LANGUAGES[text.casefold()]
            if _LANGUAGE.fullmatch(text) and len(text) <= 12:
                first, *rest = re.split("[-_]", text)
                # Regions are written large, scripts with a large first letter (BCP 47).
                parts = [
                    p.upper() if len(p) == 2 else p.title() if len(p) == 4 else p for p in rest
                ]
                return "-".join([first.lower(), *parts])
    return None
