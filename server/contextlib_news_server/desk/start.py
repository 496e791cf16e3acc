"""What waits, and how the desk stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news_server.desk.access import bp, needs, page
from contextlib_news_server.desk.queue import COUNTED, KINDS
from contextlib_news_server.services import services
from contextlib_news_server.store import claims, figures, queue, shown, trial_counts
from contextlib_news_server.store.database import read
from contextlib_news_server.store.flags import FlagDecision
from contextlib_news_server.store.users import Role

__all__ = ["start"]

DAYS = 7
TRIAL_DAYS = 30
RIGHT = (FlagDecision.CHANGED, FlagDecision.WITHDRAWN)


@bp.get("/")
@needs(Role.CONTRIBUTOR)
def start() -> BaseResponse:
    """Show what waits, what is shown and disputed most, and how old the claims are."""
    today = datetime.now(UTC).date()
    since = (today - timedelta(days=DAYS - 1)).isoformat()
    trials_since = (today - timedelta(days=TRIAL_DAYS - 1)).isoformat()
    with read(services().engine) as connection:
        waiting = queue.count_up_to(connection, COUNTED)
        ages = figures.ages(connection)
        decided = figures.decided(connection)
        tried, ruled_out = trial_counts.since(connection, trials_since)
        most_shown = _told(connection, shown.most_shown(connection, since))
        most_disputed = _told(connection, figures.most_disputed(connection))
    answered = sum(decided.values())
    return page(
        "start.html",
        waiting=waiting,
        counted=COUNTED,
        kinds=KINDS,
        # Of the index, as counting a million rows takes longer than all else here.
        published=len(services().matcher.current().index),
        coverage=services().metrics.coverage(),
        ages=ages,
        most_counted=figures.MOST_COUNTED,
        most_shown=most_shown,
        most_disputed=most_disputed,
        days=DAYS,
        answered=answered,
        tried=tried,
        ruled_out=min(ruled_out, tried),
        trial_days=TRIAL_DAYS,
        right=sum(decided.get(each, 0) for each in RIGHT),
    )


def _told(
    connection: Connection, counts: list[tuple[str, int]]
) -> list[tuple[str, str | None, int]]:
    """Return id, text (None where the claim is gone) and number of each claim."""
    texts = claims.texts(connection, [claim_id for claim_id, _ in counts])
    return [(claim_id, texts.get(claim_id), number) for claim_id, number in counts]
