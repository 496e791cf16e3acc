"""What may be done to many claims at once, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contextlib_news_server.desk.access import has_role
from contextlib_news_server.store.bulk import BulkAction
from contextlib_news_server.store.users import Role

__all__ = ["ACTIONS", "Offer", "offered"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What is done: its words, who may, and what its value is called, if it has one."""

    words: str
    role: Role
    value: str = ""
    needs_reason: bool = False


ACTIONS: Mapping[BulkAction, Offer] = {
    BulkAction.ADD_TOPIC: Offer("Add a topic", Role.CURATOR, "topic"),
    BulkAction.REMOVE_TOPIC: Offer("Take a topic away", Role.CURATOR, "topic"),
    BulkAction.VALID_UNTIL: Offer("Set until when they hold", Role.CURATOR, "day"),
    BulkAction.SUBMIT: Offer("Send to review", Role.CURATOR),
    BulkAction.PUBLISH: Offer("Publish", Role.REVIEWER),
    BulkAction.RETIRE: Offer("Retire", Role.REVIEWER, needs_reason=True),
}


def offered() -> dict[BulkAction, Offer]:
    """Return what the person who is signed in may do."""
    return {action: offer for action, offer in ACTIONS.items() if has_role(offer.role)}
