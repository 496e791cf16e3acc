"""The application for servers of many processes, as ``contextlib_news_server.wsgi:build()``.

Each process holds the index for itself (the file under it is mapped once for all of a machine),
listens for changes, and takes its turn at following feeds and at what has to be done by a clock.
"""

from __future__ import annotations

import atexit
import logging

from flask import Flask

from contextlib_news import Claim, ClaimIndex, Page, annotate, load_outlets
from contextlib_news_server.application import build_application
from contextlib_news_server.chores import Chores
from contextlib_news_server.config import Config
from contextlib_news_server.fetching import build_fetcher
from contextlib_news_server.following import Follower
from contextlib_news_server.listening import Listener
from contextlib_news_server.observing import JsonFormatter
from contextlib_news_server.services import KEY
from contextlib_news_server.serving import settle_memory
from contextlib_news_server.upkeep import Upkeep

__all__ = ["build", "get_ready", "log_as_json", "start_threads"]


def build() -> Flask:
    """Return the application of the environment's settings, its index loaded, its threads running.

    Raises CommandError where a setting or the database is unusable.
    """
    log_as_json()
    config = Config.from_env()
    app = build_application(config)
    get_ready(app)
    start_threads(app, config)
    return app


def get_ready(app: Flask) -> None:
    """Do before anybody asks what the first question would have to wait for.

    The index is loaded or built: with a million claims and no index file this takes minutes. Then
    one sentence is annotated, which reads the tables of words and compiles the loops: seconds after
    an installation, when nothing of it has been kept yet. What is in memory by then stays there.
    """
    app.extensions[KEY].matcher.current()
    text = "The council closed the old bridge on 3 May 2021 after 12 cables had rusted."
    index = ClaimIndex.build([Claim(id="first", text=text)])
    annotate(Page(text=text), index=index, outlets=load_outlets())
    settle_memory()


def start_threads(app: Flask, config: Config) -> None:
    """Start what works beside the requests; it ends with the process."""
    held = app.extensions[KEY]
    for thread in (
        Listener(held.engine, held.matcher),
        Follower(held.engine, build_fetcher(config)),
        Chores(held.engine, held.shown),
        Upkeep(held.engine, config),
    ):
        thread.start()
        atexit.register(thread.stop)


def log_as_json() -> None:
    """Write what is logged as one JSON object a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Says at every request of a crowd how many wait; the refusals tell it too.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
