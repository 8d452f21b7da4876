"""A file behind http(s), read by Range requests in blocks; never leaves its origin, and never outstays its asker."""

from __future__ import annotations

import contextlib
import http.client
import io
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast
from weakref import WeakSet

from sidecar.media.access import origin_of
from sidecar.media.errors import MediaError, redacted_location
from sidecar.values import Cancelled, IsCancelled

_BLOCK_BYTES = 256 * 1024
# A sequential reader gets up to this much per request: on a LAN one round trip then costs less than the transfer.
_READ_AHEAD_BLOCKS = 8
_CACHED_BLOCKS = 48
_WHOLE_LIMIT_BYTES = 64 * 1024 * 1024
_TIMEOUT_S = 10.0
_TRIES = 3
_RETRY_WAIT_S = 0.3
_POLL_S = 0.1
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


class _SameOriginRedirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 3

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            stays = origin_of(newurl) == origin_of(req.full_url)
        except ValueError:
            stays = False
        if not stays:
            raise MediaError(
                "origin_not_allowed",
                f"{redacted_location(req.full_url)} redirects to {redacted_location(newurl)}, off its origin. "
                "Register and send the final address instead.",
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens connections whose sockets can be shut from another thread."""

    def __init__(self, opened: Callable[[socket.socket], None]) -> None:
        urllib.request.AbstractHTTPHandler.__init__(self)  # the one between makes a TLS context, wanted or not
        self._opened = opened
        self._tls: ssl.SSLContext | None = None

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(lambda host, **more: _noticed(http.client.HTTPConnection(host, **more), self._opened), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        self._tls = tls = self._tls or ssl.create_default_context()  # reading the authorities takes 20 ms: once a file

        def connection(host: str, **more: Any) -> http.client.HTTPConnection:
            return _noticed(http.client.HTTPSConnection(host, context=tls, **more), self._opened)

        return self.do_open(connection, req)


def _noticed(
    connection: http.client.HTTPConnection, opened: Callable[[socket.socket], None]
) -> http.client.HTTPConnection:
    connect = connection.connect

    def connect_and_tell() -> None:
        connect()
        opened(connection.sock)

    connection.connect = connect_and_tell  # type: ignore[method-assign]
    return connection


@dataclass(frozen=True, slots=True)
class _Block:
    """Bytes from start of a file of size_bytes; version is the server's ETag or ""."""

    start: int
    data: bytes
    size_bytes: int
    version: str
    whole: bool


class HttpFile:
    """One remote file of fixed size. Holds the headers, which hold keys: it is never printed.

    name: the URL without user, password and query. Every method that reads raises Cancelled within about 0.1 s of
    is_cancelled() turning true, however slow the server (or the name server) is.
    """

    def __init__(self, url: str, headers: Mapping[str, str], is_cancelled: IsCancelled) -> None:
        self.name = redacted_location(url)
        self.size_bytes = 0
        self._url = url
        self._headers = dict(headers)
        self._version = ""
        self._whole: bytes | None = None
        self._is_cancelled = is_cancelled
        self._sockets: WeakSet[socket.socket] = WeakSet()
        # No proxies from the environment: the owner registered this origin and no other machine.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _Handler(self._sockets.add), _SameOriginRedirects()
        )

    @classmethod
    def open(cls, url: str, headers: Mapping[str, str], is_cancelled: IsCancelled) -> HttpFile:
        """Ask for the first block, which tells size and whether ranges are served. Raises MediaError, Cancelled."""
        file = cls(url, headers, is_cancelled)
        first = file._request(0, _BLOCK_BYTES)
        file.size_bytes, file._version = first.size_bytes, first.version
        if first.whole:
            file._whole = first.data
        return file

    def read_range(self, start: int, count: int) -> bytes:
        """Bytes [start, start + count), cut at the end of the file. Retries; raises MediaError, Cancelled."""
        if self._whole is not None:
            return self._whole[start : start + count]
        block = self._request(start, min(count, self.size_bytes - start))
        if (block.size_bytes, block.version) != (self.size_bytes, self._version):
            raise MediaError("io_error", f"{self.name} changed while it was read. Try again.")
        return block.data

    def forget(self) -> None:
        """Free the bytes that were kept of a server without ranges."""
        self._whole = None if self._whole is None else b""

    def _request(self, start: int, count: int) -> _Block:
        for attempt in range(_TRIES):
            try:
                return self._while_wanted(lambda: self._request_once(start, count))
            except urllib.error.HTTPError as error:
                error.close()
                if error.code == 416 and start == 0:
                    return _Block(0, b"", 0, "", True)
                if error.code < 500 or attempt == _TRIES - 1:
                    raise self._refused(error.code) from None
            except (OSError, http.client.HTTPException) as error:
                if attempt == _TRIES - 1:
                    raise MediaError(
                        "http_error",
                        f"{self.name} did not answer in {_TRIES} tries ({type(error).__name__}). "
                        "Check that the server runs and can be reached from the sidecar.",
                    ) from None
            time.sleep(_RETRY_WAIT_S * (attempt + 1))
        raise AssertionError("every attempt returns or raises")

    def _while_wanted(self, ask: Callable[[], _Block]) -> _Block:
        """What ask returns or raises, or Cancelled as soon as nobody wants it.

        It runs in a thread of its own, which is left behind then with its connection shut: that ends waiting for bytes
        at once, while a name server or a connection that is being made ends by its own time limit.
        """
        answer: list[_Block] = []
        failure: list[Exception] = []

        def run() -> None:
            try:
                answer.append(ask())
            except Exception as error:
                failure.append(error)

        if self._is_cancelled():
            raise Cancelled
        thread = threading.Thread(target=run, name="http", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(_POLL_S)
            if self._is_cancelled():
                self._shut()
                raise Cancelled
        if failure:
            raise failure[0]
        return answer[0]

    def _shut(self) -> None:
        for connection in list(self._sockets):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _request_once(self, start: int, count: int) -> _Block:
        headers = {**self._headers, "Range": f"bytes={start}-{start + count - 1}", "Accept-Encoding": "identity"}
        request = urllib.request.Request(self._url, headers=headers)  # noqa: S310 (scheme checked with the origin)
        with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
            version = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
            if answer.status != 206:
                return self._read_whole(answer, version)
            size_bytes = self._check_range(answer.headers.get("Content-Range"), start)
            wanted = min(count, size_bytes - start)
            data = cast(bytes, answer.read(wanted))
        if len(data) < wanted:
            raise http.client.IncompleteRead(data, wanted - len(data))
        return _Block(start, data, size_bytes, version, whole=False)

    def _check_range(self, content_range: str | None, start: int) -> int:
        match = _CONTENT_RANGE.fullmatch(content_range or "")
        if match is None or int(match[1] or -1) != start:
            raise MediaError(
                "http_error", f"{self.name} answered a Range request with {content_range!r}. Use a server with ranges."
            )
        return int(match[3])

    def _read_whole(self, answer: http.client.HTTPResponse, version: str) -> _Block:
        """A server without ranges: take a small file whole, refuse a large one."""
        data = answer.read(_WHOLE_LIMIT_BYTES + 1)
        if len(data) > _WHOLE_LIMIT_BYTES:
            raise MediaError(
                "http_error",
                f"{self.name} is served without Range support and is larger than {_WHOLE_LIMIT_BYTES >> 20} MiB. "
                "Use a server that answers Range requests.",
            )
        return _Block(0, data, len(data), version, whole=True)

    def _refused(self, status: int) -> MediaError:
        if status == 404:
            return MediaError("not_found", f"{self.name} does not exist (HTTP 404). Check the address.")
        if status in (401, 403):
            return MediaError("permission_denied", f"{self.name} refused access (HTTP {status}). Check the key header.")
        return MediaError("http_error", f"{self.name} answered HTTP {status}. Check the server.")


class RangeReader(io.RawIOBase):
    """A seekable stream over an HttpFile with a small cache; reads further ahead while reading is sequential."""

    def __init__(self, file: HttpFile) -> None:
        super().__init__()
        self.name = file.name
        self._file = file
        self._position = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._next_block = 0
        self._run = 1

    def buffered(self) -> BinaryIO:
        """This stream as a BinaryIO whose read(n) returns n bytes unless the file ends."""
        return cast(BinaryIO, io.BufferedReader(self, buffer_size=64 * 1024))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._file.size_bytes}[whence]
        if base + offset < 0:
            raise OSError(f"cannot seek to {base + offset}")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._position >= self._file.size_bytes or not len(buffer):
            return 0
        index, skip = divmod(self._position, _BLOCK_BYTES)
        part = self._block(index)[skip : skip + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _block(self, index: int) -> bytes:
        if index not in self._blocks:
            self._run = min(self._run * 2, _READ_AHEAD_BLOCKS) if index == self._next_block else 1
            data = self._file.read_range(index * _BLOCK_BYTES, self._run * _BLOCK_BYTES)
            for ahead in range(0, len(data), _BLOCK_BYTES):
                self._blocks[index + ahead // _BLOCK_BYTES] = data[ahead : ahead + _BLOCK_BYTES]
            self._next_block = index + self._run
            while len(self._blocks) > _CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(index)
        return self._blocks[index]
