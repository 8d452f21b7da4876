"""One HTTP request to one server, with an end: of time, of size, of addresses. Standard library only.

Neither requests nor urllib bounds a whole exchange, or connects to the address that was checked: a server that sends a
byte a minute, or a name that resolves to another address the second time, is what this is for.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult

from plugin.stashbox.addresses import port_of
from plugin.stashbox.errors import StashBoxUnavailable

USER_AGENT = "stash-sense-native"
CHUNK_BYTES = 64 * 1024


class TooLarge(Exception):
    """The body is larger than was allowed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """headers: names in lower case. body: empty where it was not wanted."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    method: str,
    parts: SplitResult,
    addresses: Sequence[str],
    headers: Mapping[str, str],
    body: bytes | None,
    *,
    largest_bytes: int,
    deadline_s: float,
    wants_body: Callable[[int, Mapping[str, str]], bool] = lambda status, headers: True,
) -> Answer:
    """Ask the server at one of these addresses; follows no redirect. deadline_s: for all of it, seconds.

    wants_body: told status and headers before the body is read. Raises StashBoxUnavailable, TooLarge.
    """
    ends_at = time.monotonic() + deadline_s
    connection = _Connection(parts, addresses, ends_at)
    watchdog = threading.Timer(deadline_s, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers}
        connection.request(method, target, body, sent)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        content = b""
        if wants_body(response.status, found):
            content = _read(response, largest_bytes, ends_at)
        if connection.was_cut:
            raise TimeoutError  # what was read so far looks like an answer, but is half of one
        return Answer(response.status, found, content)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.was_cut or isinstance(error, TimeoutError):
            raise StashBoxUnavailable(f"it did not answer within {deadline_s:g} s") from error
        raise StashBoxUnavailable(f"it cannot be reached ({_why(error)})") from error
    finally:
        watchdog.cancel()
        connection.close()


def _read(response: http.client.HTTPResponse, largest_bytes: int, ends_at: float) -> bytes:
    if (response.length or 0) > largest_bytes:
        raise TooLarge
    pieces, size = [], 0
    while piece := response.read1(CHUNK_BYTES):
        pieces.append(piece)
        size += len(piece)
        if size > largest_bytes:
            raise TooLarge
        if time.monotonic() > ends_at:
            raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)


class _Connection(http.client.HTTPConnection):
    """To addresses that were checked, under the name that the URL says. cut() ends it from another thread."""

    def __init__(self, parts: SplitResult, addresses: Sequence[str], ends_at: float) -> None:
        super().__init__(parts.hostname or "", port_of(parts))
        self._addresses, self._ends_at = addresses, ends_at
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        if self._tls is not None:
            self.default_port = 443  # what the Host header need not say
        self._open: socket.socket | None = None
        self.was_cut = False

    def connect(self) -> None:
        found = self._connected()
        self._open = found
        if self._tls is not None:
            found = self._tls.wrap_socket(found, server_hostname=self.host, do_handshake_on_connect=False)
            self._open = found
            found.do_handshake()
        self.sock = found

    def cut(self) -> None:
        self.was_cut = True
        if self._open is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket's own, which takes the TLS state from under whoever reads.
                socket.socket.shutdown(self._open, socket.SHUT_RDWR)

    def _connected(self) -> socket.socket:
        failure: OSError = OSError("it has no address")
        for address in self._addresses:
            left_s = self._ends_at - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            try:
                return socket.create_connection((address, self.port), timeout=left_s)
            except OSError as error:
                failure = error
        raise failure


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
