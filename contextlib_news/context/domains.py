"""Registrable domains, and the address behind archive, translation and mobile copies.

The public-suffix list is the one bundled with tldextract; the network is never asked.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from urllib.parse import parse_qs, urlsplit

import tldextract

__all__ = ["hides_address", "host_of", "registrable_domain", "unwrap_address"]

MAX_ADDRESS_CHARACTERS = 4_000

# Hosts that put the address of the page they show behind their own path, with a time before it.
_ARCHIVE = re.compile(
    r"^https?://(?:(?:web|wayback)\.archive(?:-it)?\.org|archive\.org|archive\.(?:today|ph|is|li|md|fo|vn)"
    r"|webarchive\.nationalarchives\.gov\.uk|arquivo\.pt|timetravel\.mementoweb\.org|12ft\.io"
    r"|r\.jina\.ai|web\.archive\.org\.au)/(?:[a-z]{2,12}/){0,2}"
    r"(?:[\d*.-]{1,24}[a-z_]{0,4}/){0,2}(?P<address>(?:https?:/{1,2})?[^/\s]+\.[^\s]+)$",
    re.IGNORECASE,
)
_GOOGLE_AMP = re.compile(
    r"^https?://(?:www\.)?google\.[a-z.]{2,6}/amp/s?/?(?P<address>[^\s]+)$", re.IGNORECASE
)
_AMP_CACHE = re.compile(
    r"^https?://[^/\s]+\.(?:cdn\.ampproject\.org|bing-amp\.com)/[a-z]/(?:s/)?(?P<address>[^\s]+)$",
    re.IGNORECASE,
)
_TRANSLATED = re.compile(r"^(?P<host>[a-z0-9-]+)\.translate\.goog$", re.IGNORECASE)

# Hosts (or the beginning of an address) that carry the page's address in a parameter: translators,
# caches, and the redirects that sites put before links.
_PARAMETERS = {
    "translate.google.com": ("u",),
    "translate.googleusercontent.com": ("u",),
    "webcache.googleusercontent.com": ("u", "q"),
    "www.translatetheweb.com": ("a",),
    "www.microsofttranslator.com": ("a",),
    "translate.yandex.ru": ("url",),
    "translate.yandex.com": ("url",),
    "www.google.com": ("url", "q"),
    "news.google.com": ("url",),
    "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",),
    "out.reddit.com": ("url",),
    "cc.bingj.com": ("u",),
}

# Services whose short links do not tell where they lead. Outlets' own (wapo.st) are their aliases.
_SHORTENERS = frozenset(
    "bit.ly buff.ly cutt.ly dlvr.it fb.me goo.gl ift.tt is.gd j.mp lnkd.in ow.ly rb.gy rebrand.ly "
    "shorturl.at t.co t.ly tiny.cc tinyurl.com trib.al v.gd x.gd".split()
)
_SHORT_ARCHIVE = re.compile(
    r"^https?://(?:archive\.(?:today|ph|is|li|md|fo|vn)/(?:[a-z]{2}/)?[a-z0-9]{4,6}|"
    r"perma\.cc/[a-z0-9-]{4,12}|ghostarchive\.org/(?:archive|varchive)/[^/]{1,40})/?$",
    re.IGNORECASE,
)


@cache
def _extractor() -> tldextract.TLDExtract:
    """Return the extractor, read once (about 150 ms) and only when it is needed."""
    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=False
    )


def host_of(address: str) -> str | None:
    """Return the host of an address or a bare host, lower-case, None where there is none.

    Internationalised names come back in their ASCII form, so that look-alike letters show.
    """
    text = address.strip()[:MAX_ADDRESS_CHARACTERS]
    if "://" not in text:
        text = "//" + text.removeprefix("//")
    try:
        host = urlsplit(text).hostname
    except ValueError:
        return None
    if not host:
        return None
    host = host.rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    if not re.fullmatch(r"[a-z0-9_.:-]+", host):
        return None
    return host


@lru_cache(maxsize=4096)
def registrable_domain(address: str) -> str | None:
    """Return public suffix plus one label of an address or host, None where there is none.

    >>> registrable_domain("https://blogs.nytimes.com/a?b=1")
    'nytimes.com'
    >>> registrable_domain("https://washingtonpost.com.co/")
    'washingtonpost.com.co'
    >>> registrable_domain("http://127.0.0.1:8765/") is None
    True
    """
    host = host_of(address)
    if host is None or _is_address(host):
        return None
    found = _extractor()(host)
    return found.top_domain_under_public_suffix or None


def unwrap_address(url: str) -> str:
    """Return the address behind an archive, AMP or translation copy or a redirect, else itself.

    >>> unwrap_address("https://web.archive.org/web/2022*/https://example.org/a")
    'https://example.org/a'
    >>> unwrap_address("https://www-example-org.translate.goog/a?_x_tr_sl=de")
    'https://www.example.org/a?_x_tr_sl=de'
    """
    address = url.strip()[:MAX_ADDRESS_CHARACTERS]
    for _ in range(3):
        inner = _unwrap_once(address)
        if inner is None:
            return address
        address = inner
    return address


def hides_address(url: str) -> bool:
    """Say whether an address is a short link that does not tell where it leads.

    >>> hides_address("https://t.co/abc123"), hides_address("https://archive.ph/AbC12")
    (True, True)
    >>> hides_address("https://archive.ph/2022/https://example.org/a")
    False
    """
    address = unwrap_address(url)
    return host_of(address) in _SHORTENERS or _SHORT_ARCHIVE.match(address) is not None


def _unwrap_once(address: str) -> str | None:
    for pattern in (_ARCHIVE, _GOOGLE_AMP, _AMP_CACHE):
        match = pattern.match(address)
        if match:
            inner = match["address"]
            inner = re.sub(r"^(https?):/+", r"\1://", inner)
            return inner if "://" in inner else f"https://{inner}"
    host = host_of(address)
    if host is None:
        return None
    translated = _TRANSLATED.match(host)
    if translated:
        plain = translated["host"].replace("--", "\x00").replace("-", ".").replace("\x00", "-")
        return re.sub(r"^(https?://)[^/?#]+", rf"\g<1>{plain}", address, flags=re.IGNORECASE)
    names = _PARAMETERS.get(host)
    if names is None and host.endswith(".safelinks.protection.outlook.com"):
        names = ("url",)
    if names is None:
        return None
    query = parse_qs(urlsplit(address).query, max_num_fields=100)
    for name in names:
        inner = query.get(name, [""])[0].removeprefix("cache:")
        if inner.startswith(("http://", "https://")):
            return inner
    return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
