"""The policies of a publisher that a page's markup links: corrections, ethics, ownership."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from contextlib_news.context.domains import registrable_domain, unwrap_address
from contextlib_news.models import Document, Outlet, OutletFact

__all__ = ["with_linked_policies"]

# Properties of schema.org's NewsMediaOrganization and CreativeWork that hold the address of one.
_KINDS = {
    "correctionsPolicy": "corrections-policy",
    "ownershipFundingInfo": "ownership",
    "ethicsPolicy": "policy",
    "publishingPrinciples": "policy",
    "verificationFactCheckingPolicy": "policy",
    "actionableFeedbackPolicy": "policy",
    "unnamedSourcesPolicy": "policy",
    "missionCoveragePrioritiesPolicy": "policy",
    "masthead": "policy",
}
MOST = 6
REMARK = "linked by the page"


def with_linked_policies(outlet: Outlet, document: Document, today: str) -> Outlet:
    """Return the outlet with the policies that the page's markup links on the page's own site.

    A link to another site would let a look-alike dress up in the policies of the real one. That a
    policy is there says nothing of whether it is kept.
    """
    known = {fact.source for fact in outlet.facts}
    found: dict[str, OutletFact] = {}
    for kind, address in _linked(document):
        if address not in known and address not in found and len(found) < MOST:
            found[address] = OutletFact(
                kind=kind, text=address, source=address, date=today, remark=REMARK
            )
    return replace(outlet, facts=(*outlet.facts, *found.values())) if found else outlet


def _linked(document: Document) -> Iterator[tuple[str, str]]:
    base = unwrap_address(document.url or "")
    own = registrable_domain(base)
    for name, value in document.metadata.policies:
        kind = _KINDS.get(name)
        if kind is None or " " in value:
            continue
        try:
            address = unwrap_address(urljoin(base, value))
        except ValueError:
            continue
        if address.startswith(("http://", "https://")) and registrable_domain(address) == own:
            yield kind, address
