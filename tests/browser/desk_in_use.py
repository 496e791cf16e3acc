"""A desk that is in use, served for the browser tests: what there is after some days."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import (
    claims,
    disclaimer_rules,
    flags,
    queue,
    sources,
    subscriptions,
    users,
)
from contextlib_news_server.store.importing import import_claims
from contextlib_news_server.store.outlets import save
from contextlib_news_server.store.users import Role
from sqlalchemy import Engine as Database
from werkzeug.serving import make_server

from contextlib_news import Claim, Outlet, load_claims
from contextlib_news.formats.claims import claim_to_dict
from contextlib_news.models import Rating

PASSWORD = "correct horse battery staple"
DISPUTED = "The figure is from another year, and the report was corrected on the day after."


@contextmanager
def desk_in_use(folder: Path) -> Iterator[str]:
    """Serve a desk that is in use from a folder of its own; gives its address."""
    config = Config.from_env(
        {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
    )
    app = create_app(replace(config, rate_limit="", fetch_hosts=("checks.example",)))
    fill(app.extensions[KEY].engine)
    known = " ".join(claim.text for claim in load_claims()[:3])
    app.test_client().post("/api/v1/annotate", json={"text": known})
    app.extensions[KEY].shown.flush(app.extensions[KEY].engine)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions[KEY].engine.dispose()


def fill(engine: Database) -> None:
    """Put into the database what a desk has after some days."""
    first = load_claims()[0]
    with engine.begin() as connection:
        users.add(connection, "ada", role=Role.ADMINISTRATOR, password=PASSWORD, made_by="x")
        flags.add(
            connection,
            reason=DISPUTED,
            claim_id=first.id,
            exact=first.text,
            url="https://news.example/a/very/long/address/that/goes/on/and/on/without/any/space.html",
            contact="reader@mail.example",
        )
        flags.add(connection, reason="Is this so?", exact="Seven dams broke in one night.")
        flags.add(connection, reason="More about dams, please.")
        held = Claim(id="dam", text="The dam holds two million litres.", topics=("dams",))
        claims.save(connection, held, made_by="ada", reason="written")
        feed = subscriptions.add(
            connection, "Checks of the valley", "https://checks.example/feed.json", made_by="ada"
        )
        brought = Claim(
            id="dam", text="The dam holds three million litres.", topics=("dams", "lake")
        )
        queue.put(
            connection,
            kind="subscription",
            claim_id="dam",
            source=feed.source,
            payload=claim_to_dict(brought),
            reason="a review that changed",
            made_by="subscription Checks of the valley",
        )
        rule = {
            "type": "satire",
            "language": "en",
            "any": ["<self> <3>(?:is|are) (?:made up|invented)", "not one word of <self> is true"],
            "matches": ["Not one word of this article is true."],
            "misses": ["The witness had invented the story, the court found."],
            "local": True,
        }
        disclaimer_rules.add(connection, rule, made_by="ada", reason="seen at the Onion Patch")
        narrower = {**rule, "any": ["not one word of <self> is true"], "not": ["<speech>"]}
        for number, on in ((1, True), (2, False)):
            disclaimer_rules.save(
                *(connection, 1, narrower),
                **{"on": on, "seen": number, "made_by": "ada", "reason": "took novels for satire"},
            )
        opinion = {
            **rule,
            "type": "opinion",
            "language": "de",
            "matches": ["Hier meint die Redaktion."],
        }
        disclaimer_rules.add(connection, opinion, made_by="ada", reason="two papers write so")
        for name, label, score, scale in (
            ("Rater One", "high credibility", 0.83, (0.0, 1.0)),
            ("Rater Two", "mixed", 44.0, (0.0, 100.0)),
        ):
            number = sources.declare(
                connection, name, kind="outlets", made_by="ada", licence="CC BY 4.0"
            ).number
            rating = Rating(
                source=name,
                label=label,
                score=score,
                scale=scale,
                date="2024-05-06",
                url="https://rater.example/gazette",
            )
            outlet = Outlet(domain="gazette.example.com", name="The Gazette", ratings=(rating,))
            save(connection, outlet, source=number, reason="imported")
    some = [Claim(id=f"b{n}", text=f"Bridge {n} fell.") for n in range(3)]
    import_claims(engine, some, source="Bridges of the valley", made_by="ada", licence="CC0")
