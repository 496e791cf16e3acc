"""The production server in a thread of the tests, stopped without a race."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from waitress import wasyncore
from waitress.server import BaseWSGIServer, MultiSocketServer

STOP_SECONDS = 60.0  # for the requests under way, on a busy machine


@contextmanager
def running(server: BaseWSGIServer | MultiSocketServer) -> Iterator[int]:
    """Serve in a thread; yield the port. Everything is closed when this ends.

    The workers stop first, as each wakes the loop when it has answered. The sockets are closed by
    the thread that waits for them: closed by another, they would be waited for all the same, and
    their numbers may be those of other files by then.
    """
    assert isinstance(server, BaseWSGIServer), "one address is served"
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.task_dispatcher.shutdown(timeout=STOP_SECONDS)
        # The loop ends once its map of sockets is empty. Woken with the lock held, as it could be
        # awake already, and have closed what is written to here.
        with server.trigger.lock:
            server.trigger.thunks.append(lambda: wasyncore.close_all(server._map, ignore_all=True))
            server.trigger.pull_trigger()
        thread.join(timeout=STOP_SECONDS)
        assert not thread.is_alive(), "the loop of the server did not end"
