"""Settings of gunicorn: ``gunicorn -c python:contextlib_news_server.gunicorn_settings``.

Host and port are those of the service; all else can be given on gunicorn's own command line or in
``GUNICORN_CMD_ARGS``, which go before what is written here.

Nothing of ours is imported here: the process that starts the workers would hold it, and after the
installation of a new release its next workers would be made of old modules and new ones.
"""

from __future__ import annotations

import logging
import os
from typing import Any

# As in contextlib_news.cli: the workers share the cores, and take these with them.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

wsgi_app = "contextlib_news_server.wsgi:build()"
host = os.environ.get("CONTEXTLIB_NEWS_HOST") or "127.0.0.1"
bind = [f"{host}:{os.environ.get('CONTEXTLIB_NEWS_PORT') or 8765}"]
# One process for each core: matching is work, not waiting.
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
worker_class = "gthread"
threads = 32
# Not loaded before the fork: connections to the database must not be shared by processes, and the
# index is shared by its file anyway.
preload_app = False
# A process that says nothing for so long is replaced; building a large index takes minutes, once.
timeout = 600
# Between the wish to stop and the end: a rolling upgrade lets every request finish.
graceful_timeout = 30
# Longer than nginx keeps its connections to here, so that none is closed while it is used.
keepalive = 75
backlog = 512
# The service writes a line of its own for each request, without addresses.
accesslog = None
loglevel = "warning"
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """Write gunicorn's own lines in the form of the service."""
    from contextlib_news_server.observing import JsonFormatter  # in the worker, of its release

    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.setFormatter(JsonFormatter())


def child_exit(server: Any, worker: Any) -> None:
    """Take the gauges of a process that ended out of the sums."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
