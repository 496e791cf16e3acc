"""Fetching what an administrator allowed, and nothing else on the way to it.

The only module that opens a connection to another machine. An address is fetched where its host is
on the allow-list and every address that the name resolves to is public; the connection then goes to
the very address that was checked, so that a name which changes its mind (DNS rebinding) gains
nothing. Redirects are followed by hand, each held to the same rules. Time, size, number of
redirects and kind of content are bounded, packed answers by what they unpack to.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from contextlib_news.version import __version__
from contextlib_news_server.config import Config

__all__ = [
    "FetchError",
    "FetchRefusedError",
    "FetchTooLargeError",
    "Fetched",
    "Fetcher",
    "build_fetcher",
]

AGENT = f"ContextlibNews/{__version__}"
MAX_REDIRECTS = 5
MAX_ADDRESS = 4_000

# One step on the wire, such as a connection or the next bytes, may take so long.
STEP_SECONDS = 10.0
PIECE = 64 * 1024

# IPv6 addresses that end in an IPv4 one: of translators, and of a form given up long ago.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Collection[str]]


class FetchError(Exception):
    """The address could not be fetched; the message says why."""


class FetchRefusedError(FetchError):
    """The address must not be fetched: its host is not allowed, or leads to where it may not.

    ``lasting_url`` is where an allowed address said that it has moved for good, where it did.
    """

    lasting_url: str | None = None


class FetchTooLargeError(FetchError):
    """The address answered with more than is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer: its status, the address it came from in the end, and its unpacked content.

    ``etag`` and ``last_modified`` are what to ask with the next time; a status of 304 means that
    nothing changed and has no content. ``lasting_url`` is where the address has moved for good
    (301, 308), as far as every step on the way there said so; else the address itself.
    """

    status: int
    url: str
    content: bytes
    content_type: str
    lasting_url: str = ""
    etag: str | None = None
    last_modified: str | None = None


class Fetcher:
    """Fetches from the hosts of an allow-list.

    ``allowed`` are host names as an administrator wrote them, without wildcards; a name with a port
    (``feeds.example:8443``) allows that port, one without allows 443 and 80. ``private`` are those
    of them that may resolve to addresses that are not public, such as a feed of one's own network.
    """

    def __init__(
        self,
        allowed: Collection[str],
        *,
        private: Collection[str] = (),
        max_bytes: int = 64 * 1024 * 1024,
        max_seconds: float = 120.0,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = frozenset(name.casefold().rstrip(".") for name in allowed)
        self._private = frozenset(name.casefold().rstrip(".") for name in private)
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._resolve = resolve or _resolve
        self._tls = tls or ssl.create_default_context()

    def allows(self, url: str) -> bool:
        """Say whether the host of an address is on the allow-list; nothing is looked up."""
        try:
            self._target(url)
        except FetchRefusedError:
            return False
        return True

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        content_types: Collection[str] = (),
        method: str = "GET",
        into: BinaryIO | None = None,
    ) -> Fetched:
        """Return the answer of an address; raises FetchRefusedError or FetchError.

        ``etag`` and ``last_modified`` make the question conditional. ``content_types`` are those
        that are taken (none: any). Statuses other than 200 and 304 are returned without content.
        What is fetched is written ``into`` a file where one is given, so that memory stays flat.
        """
        end = time.monotonic() + self._max_seconds
        headers = {
            "User-Agent": AGENT,
            "Accept": ", ".join(content_types) or "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        asked = lasting = url
        for_good = True
        for _ in range(MAX_REDIRECTS + 1):
            try:
                with self._ask(url, method, headers, end) as response:
                    if response.status in (301, 302, 303, 307, 308):
                        url = urljoin(url, response.headers.get("Location", ""))
                        for_good = for_good and response.status in (301, 308)
                        lasting = url if for_good else lasting
                        continue
                    fetched = self._take(url, method, response, content_types, end, into)
            except FetchRefusedError as error:
                error.lasting_url = lasting if lasting != asked else None
                raise
            return replace(fetched, lasting_url=lasting)
        raise FetchError(f"it led on more than {MAX_REDIRECTS} times")

    def _target(self, url: str) -> tuple[SplitResult, str, int]:
        """Return the parts of an address that may be fetched; its host is on the list."""
        if len(url) > MAX_ADDRESS or any(c <= " " or c == "\x7f" for c in url):
            raise FetchRefusedError("it is no address")
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").casefold().rstrip(".")
            port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
            host.encode("ascii")
        except ValueError:
            raise FetchRefusedError("it is no address") from None
        if parts.scheme not in ("https", "http") or not host:
            raise FetchRefusedError("it is no address of the web")
        if parts.username is not None or parts.password is not None:
            raise FetchRefusedError("it holds a name or a password")
        usual = port in (443, 80) and host in self._allowed
        if not usual and f"{host}:{port}" not in self._allowed:
            raise FetchRefusedError(f"its host {host} (port {port}) is not on the allow-list")
        return parts, host, port

    @contextmanager
    def _ask(
        self, url: str, method: str, headers: dict[str, str], end: float
    ) -> Iterator[BaseHTTPResponse]:
        parts, host, port = self._target(url)
        address = self._checked_address(host, port, end)
        pinned = _connect(address, port, end)
        connection = self._connection(parts.scheme, host, port, pinned)
        # A duplicate stays ours when TLS takes the socket over, and ends both when time is over.
        handle = pinned.dup()
        watch = threading.Timer(max(0.0, end - time.monotonic()), _end, [handle])
        watch.daemon = True
        watch.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                method, path, headers=headers, preload_content=False, decode_content=False
            )
            yield connection.getresponse()
        except (HTTPError, OSError, ValueError) as error:
            if time.monotonic() >= end:
                raise FetchError(f"it took longer than {self._max_seconds:g} seconds") from None
            raise FetchError(f"the connection failed ({type(error).__name__})") from None
        finally:
            watch.cancel()
            connection.close()
            handle.close()

    def _connection(
        self, scheme: str, host: str, port: int, pinned: socket.socket
    ) -> HTTPConnection:
        connection: _PinnedHTTPSConnection | _PinnedHTTPConnection
        if scheme == "https":
            connection = _PinnedHTTPSConnection(
                host,
                port,
                timeout=STEP_SECONDS,
                ssl_context=self._tls,
                server_hostname=host,
                assert_hostname=host,
            )
        else:
            connection = _PinnedHTTPConnection(host, port, timeout=STEP_SECONDS)
        connection.pinned = pinned
        return connection

    def _checked_address(self, host: str, port: int, end: float) -> str:
        """Return the address to connect to; every address of the name must be a public one."""
        try:
            addresses = _within(end, lambda: self._resolve(host, port))
        except OSError:
            raise FetchError(f"the name {host} is not known") from None
        if not addresses:
            raise FetchError(f"the name {host} has no address")
        if host not in self._private and f"{host}:{port}" not in self._private:
            for address in addresses:
                if not _is_public(address):
                    raise FetchRefusedError(f"{host} leads to an address that is not public")
        return next(iter(addresses))

    def _take(
        self,
        url: str,
        method: str,
        response: BaseHTTPResponse,
        content_types: Collection[str],
        end: float,
        into: BinaryIO | None,
    ) -> Fetched:
        kind = response.headers.get("Content-Type", "").split(";")[0].strip().casefold()
        wanted = response.status == 200 and method != "HEAD"
        if wanted and content_types and kind not in content_types:
            raise FetchError(f"its content is {kind or 'of no kind'}, not {_list(content_types)}")
        pieces = self._pieces(response, end) if wanted else iter(())
        if into is not None:
            into.writelines(pieces)
        return Fetched(
            status=response.status,
            url=url,
            content=b"".join(pieces),
            content_type=kind,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )

    def _pieces(self, response: BaseHTTPResponse, end: float) -> Iterator[bytes]:
        """Yield the content, unpacked, and stop with an error where it is too long or slow."""
        packing = response.headers.get("Content-Encoding", "identity").strip().casefold()
        if packing not in ("identity", "", "gzip", "x-gzip"):
            raise FetchError(f"it is packed as {packing}, which was not asked for")
        unpacker = zlib.decompressobj(31) if "gzip" in packing else None
        left = self._max_bytes
        while True:
            piece = response.read1(PIECE)
            # Looked at after reading: a connection that was ended because its time is over looks
            # like one whose content is complete.
            if time.monotonic() >= end:
                raise FetchError(f"it took longer than {self._max_seconds:g} seconds")
            if not piece:
                break
            while piece:
                if unpacker is not None:
                    out = unpacker.decompress(piece, PIECE)
                    piece = unpacker.unconsumed_tail
                else:
                    out, piece = piece, b""
                left -= len(out)
                if left < 0:
                    raise FetchTooLargeError(f"it is larger than {self._max_bytes:,} bytes")
                yield out
        if unpacker is not None and not unpacker.eof:
            raise FetchError("its packed content ends too soon")


def build_fetcher(config: Config) -> Fetcher:
    """Return the fetcher of the settings."""
    return Fetcher(
        config.fetch_hosts, private=config.fetch_private_hosts, max_bytes=config.fetch_bytes
    )


class _PinnedHTTPConnection(HTTPConnection):
    """A connection over a socket that is open already."""

    pinned: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.pinned


class _PinnedHTTPSConnection(HTTPSConnection):
    """The same with TLS; the certificate is held to the name, not to the address."""

    pinned: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.pinned


def _connect(address: str, port: int, end: float) -> socket.socket:
    seconds = min(STEP_SECONDS, end - time.monotonic())
    if seconds <= 0:
        raise FetchError("its time was over before it was asked")
    try:
        return socket.create_connection((address, port), timeout=seconds)
    except OSError as error:
        raise FetchError(f"the connection failed ({type(error).__name__})") from None


def _end(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def _resolve(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _within(end: float, work: Callable[[], Collection[str]]) -> Collection[str]:
    """Return the outcome of a look-up that knows no time limit of its own."""
    outcome: queue.SimpleQueue[Collection[str] | OSError] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(work())
        except (OSError, UnicodeError) as error:
            outcome.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=run, daemon=True).start()
    try:
        found = outcome.get(timeout=max(0.001, min(STEP_SECONDS, end - time.monotonic())))
    except queue.Empty:
        raise FetchError("looking its name up took too long") from None
    if isinstance(found, OSError):
        raise found
    return found


def _is_public(text: str) -> bool:
    """Say whether an address belongs to the public network, also one that wraps another."""
    try:
        address: Address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return False
    inner: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            inner.append(address.ipv4_mapped)
        if address.sixtofour is not None:
            inner.append(address.sixtofour)
        if address.teredo is not None:
            inner.extend(address.teredo)
        if address in _NAT64 or address in _COMPATIBLE:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None:
            inner.remove(address)  # the wrapping itself counts as reserved
    return all(each.is_global and not each.is_multicast for each in inner)


def _list(kinds: Collection[str]) -> str:
    return " or ".join(kinds)
