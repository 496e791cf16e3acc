"""What machines read: sitemap, feed of changes, robots.txt. All of it is written as XML or text."""

from __future__ import annotations

import re
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask import Response, request, url_for

from contextlib_news_server.errors import Problem
from contextlib_news_server.presenters import claim_address
from contextlib_news_server.public.blueprint import PUBLISHER, bp, root_address
from contextlib_news_server.services import services
from contextlib_news_server.store import outlets, publications
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.publications import PublicChange

__all__ = ["list_changes", "map_claims", "map_outlets", "map_site", "tell_robots"]

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50

# Characters that XML 1.0 cannot hold in any form.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

register_namespace("", ATOM)


@bp.get("/robots.txt")
def tell_robots() -> Response:
    """Tell search engines what is there for them: the public pages, not the desk or the API."""
    lines = ("User-agent: *", "Disallow: /admin/", "Disallow: /api/", "Disallow: /v1alpha1/",
             "Disallow: /disputes/", f"Sitemap: {root_address()}sitemap.xml", "")  # fmt: skip
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
def map_site() -> Response:
    """Name the parts of the sitemap: a million claims are two hundred of them."""
    with read(services().engine) as connection:
        claim_parts = publications.last_sitemap_page(connection) + 1
        outlet_parts = -(-outlets.count(connection) // publications.SITEMAP_PAGE)
    index = Element("sitemapindex", xmlns=SITEMAP)
    for endpoint, parts in (
        ("public.map_claims", claim_parts),
        ("public.map_outlets", outlet_parts),
    ):
        for part in range(parts):
            entry = SubElement(index, "sitemap")
            SubElement(entry, "loc").text = url_for(endpoint, part=part, _external=True)
    return _xml(index, "application/xml")


@bp.get("/sitemap/claims-<int:part>.xml")
def map_claims(part: int) -> Response:
    """List the published claims of a part of the sitemap."""
    with read(services().engine) as connection:
        if part > publications.last_sitemap_page(connection):
            raise Problem(404, "The sitemap has no such part.")
        rows = publications.sitemap_page(connection, part)
    root = root_address()
    return _urls([(claim_address(root, claim_id), day) for claim_id, day in rows])


@bp.get("/sitemap/outlets-<int:part>.xml")
def map_outlets(part: int) -> Response:
    """List the outlets of a part of the sitemap."""
    with read(services().engine) as connection:
        domains = outlets.domains(
            connection, part=min(part, 10_000), size=publications.SITEMAP_PAGE
        )
    if not domains:
        raise Problem(404, "The sitemap has no such part.")
    root = root_address()
    return _urls([(f"{root}outlets/{quote(domain, safe='')}", day) for domain, day in domains])


@bp.get("/changes.atom")
def list_changes() -> Response:
    """List claims by their last change as an Atom feed, those that were withdrawn among them."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before < 2**31:
        raise Problem(404, "No page of the feed ended there.")
    with read(services().engine) as connection:
        found = publications.recent(connection, before=before, limit=ENTRIES + 1)
    shown = found[:ENTRIES]
    here = url_for("public.list_changes", _external=True)
    feed = Element(f"{{{ATOM}}}feed")
    _add(feed, "id", here)
    _add(feed, "title", f"What changed at {PUBLISHER}")
    _add(feed, "subtitle", "New, changed and withdrawn claims, the last change first")
    _add(feed, "updated", _moment(shown[0].made if shown else ""))
    _add(_add(feed, "author"), "name", PUBLISHER)
    _add(feed, "link", rel="self", href=here if before is None else f"{here}?before={before}")
    if len(found) > ENTRIES:
        _add(feed, "link", rel="next", href=f"{here}?before={shown[-1].change}")
    for each in shown:
        _entry(feed, each)
    return _xml(feed, "application/atom+xml")


def _entry(feed: Element, change: PublicChange) -> None:
    claim = change.claim
    withdrawn = change.state is ClaimState.RETIRED
    what = "Withdrawn" if withdrawn else "New" if change.first else "Changed"
    address = claim_address(root_address(), claim.id)
    entry = _add(feed, "entry")
    _add(entry, "id", f"{address}#revision-{claim.revision}")
    _add(entry, "title", f"{what}: {claim.text}")
    _add(entry, "updated", _moment(change.made))
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    _add(entry, "category", term=what.lower())
    verdict = None if withdrawn else f"Verdict: {claim.verdict or 'none'}."
    reason = change.reason if change.reason.endswith((".", "!", "?")) else f"{change.reason}."
    _add(entry, "summary", " ".join(filter(None, (verdict, reason if change.reason else None))))


def _urls(rows: list[tuple[str, str]]) -> Response:
    root = Element("urlset", xmlns=SITEMAP)
    for address, day in rows:
        entry = SubElement(root, "url")
        SubElement(entry, "loc").text = _keepable(address)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            SubElement(entry, "lastmod").text = day
    return _xml(root, "application/xml")


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    made = SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = None if text is None else _keepable(text)
    return made


def _keepable(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _moment(text: str) -> str:
    """Return a moment as Atom wants it: an import may have brought a day alone."""
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", text):
        return text
    day = re.match(r"\d{4}-\d\d-\d\d", text)
    return f"{day[0] if day else '1970-01-01'}T00:00:00Z"


def _xml(root: Element, kind: str) -> Response:
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type=f"{kind}; charset=utf-8")
