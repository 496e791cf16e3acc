"""English verbs in the past, by their ending or by heart."""

from __future__ import annotations

__all__ = ["PAST"]

# As a regular expression without groups; participles are among them.
PAST = (
    r"[a-z]{2,}ed|beat|became|bit|bought|broke|brought|built|caught|chose|drew|drove|fell|fought|"
    r"found|gave|got|grew|heard|held|hid|kept|knew|laid|led|left|lent|lost|made|met|paid|ran|rang|"
    r"rode|rose|sank|saw|sent|shook|shot|shut|sold|sought|sang|spent|split|spread|stole|stood|"
    r"struck|swept|swore|taught|threw|took|went|withdrew|woke|won|wore|wrote"
)
