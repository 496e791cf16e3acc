"""A small WebDriver BiDi client: it starts the system's own Firefox and speaks to it directly.

No driver program stands in between; the browser prints the address of its socket itself.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

import websocket

START_SECONDS = 120
ANSWER_SECONDS = 180
CLOSE_SECONDS = 20

_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class BidiError(Exception):
    """The browser refused a command or a script threw; the text is the browser's own."""


class Bidi:
    """A Firefox process with a profile of its own and the session with it."""

    def __init__(self, binary: str, preferences: dict[str, object]) -> None:
        self.events: deque[dict[str, Any]] = deque(maxlen=5_000)
        self._numbers = itertools.count(1)
        self._profile = Path(tempfile.mkdtemp(prefix="contextlib-news-firefox-"))
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items()]
        (self._profile / "user.js").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._log = (self._profile / "output.log").open("w+b")
        self._process = subprocess.Popen(
            [
                binary,
                "--headless",
                "--no-remote",
                "--profile",
                str(self._profile),
                "--remote-debugging-port",
                "0",
                "--remote-allow-system-access",  # needed for moz-extension: pages
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._socket = websocket.create_connection(
                f"{self._address()}/session", suppress_origin=True, timeout=ANSWER_SECONDS
            )
            self.send("session.new", capabilities={})
        except BaseException:
            self._end()
            raise

    def _address(self) -> str:
        # The output goes to a file and not to a pipe, which would fill up and stop the browser.
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            text = Path(self._log.name).read_text(encoding="utf-8", errors="replace")
            if found := _LISTENING.search(text):
                return found[1]
            time.sleep(0.05)
        text = Path(self._log.name).read_text(encoding="utf-8", errors="replace")
        raise BidiError(
            f"Firefox opened no socket within {START_SECONDS} s; it said: {text[-500:]}"
        )

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the result of a command; events that arrive meanwhile are kept."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("type") == "event":
                self.events.append(message)
            elif message.get("id") == number:
                if message["type"] == "error":
                    raise BidiError(f"{method}: {message['error']}: {message['message']}")
                result: dict[str, Any] = message["result"]
                return result

    def evaluate(self, context: str, expression: str) -> Any:
        """Return what an expression gives in a context, through JSON; promises are awaited."""
        answer = self.send(
            "script.evaluate",
            # JSON keeps the two engines alike: what it cannot carry becomes null in both.
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": context},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait(START_SECONDS)

    def close(self) -> None:
        """End the browser and remove its profile."""
        try:
            self._socket.settimeout(CLOSE_SECONDS)  # one that hangs is killed
            self.send("browser.close")
            self._process.wait(CLOSE_SECONDS)
        except (BidiError, OSError, websocket.WebSocketException, subprocess.TimeoutExpired):
            pass
        finally:
            self._socket.close()
            self._end()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(START_SECONDS)
        self._log.close()
        shutil.rmtree(self._profile, ignore_errors=True)
