"""A small WebDriver BiDi client for stock Firefox; no driver program in between."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import websocket

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")

PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.webextOptionalPermissionPrompts": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class FirefoxSession:
    """One headless Firefox with a profile of its own."""

    def __init__(self, binary: str, uuids: dict[str, str]) -> None:
        self.profile = tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)
        preferences = PREFERENCES | {"extensions.webextensions.uuids": json.dumps(uuids)}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items()]
        Path(self.profile.name, "user.js").write_text("\n".join(lines), encoding="utf-8")
        self.process = subprocess.Popen(
            [binary, "--headless", "--no-remote", "--profile", self.profile.name,
             "--remote-debugging-port", "0", "--remote-allow-system-access"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        address = None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = LISTENING.search(line)
            if found:
                address = found[1]
                break
        if address is None:
            raise RuntimeError("Firefox ended before it listened")
        self.socket = websocket.create_connection(
            f"{address}/session", suppress_origin=True, timeout=60
        )
        self.number = 0
        self.call("session.new", capabilities={})
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            reply = json.loads(self.socket.recv())
            if reply.get("id") == self.number:
                if reply["type"] == "error":
                    raise RuntimeError(f"{method}: {reply['error']}: {reply['message']}")
                return dict(reply["result"])

    def close(self) -> None:
        try:
            self.call("browser.close")
        except (RuntimeError, OSError, websocket.WebSocketException):
            self.process.kill()
        self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.socket.close()
        self.profile.cleanup()
