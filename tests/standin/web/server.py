"""The HTTP server: a thread per connection, keep-alive, and a way to be gone for a while."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from tests.standin.log import Log
from tests.standin.web.graphql_endpoint import Dropped
from tests.standin.web.media import chunks, ranged
from tests.standin.web.messages import Request, Response
from tests.standin.web.routes import Routes
from tests.standin.web.subscriptions import PROTOCOL
from tests.standin.web.websocket import WebSocket, accept_key


class WebServer:
    """Listens on 127.0.0.1. stop() closes every connection; whoever waits on one sees it close."""

    def __init__(self, routes: Routes, log: Log, port: int = 0) -> None:
        self._routes = routes
        self._log = log
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.port = port

    def start(self) -> None:
        """Raises OSError if the port is taken."""
        server = _Server(("127.0.0.1", self.port), _Handler)
        server.routes, server.log = self._routes, self._log
        self.port = server.server_address[1]
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Safe to call twice."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._server = None

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """Inside the block connections are refused, and those that were open are closed."""
        self.stop()
        try:
            yield
        finally:
            self.start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False
    request_queue_size = 128
    routes: Routes
    log: Log

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._lock:
            found, self._open = list(self._open), set()
        for connection in found:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm: ClassVar[bool] = True

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_HEAD = do_OPTIONS = do_PUT = do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stash logs no access either."""

    def _answer(self) -> None:
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._converse()
            return
        try:
            response = self.server.routes.answer(self._request())
        except Dropped as drop:
            if drop.answer is not None:
                self._send_half(drop.answer)
            self._hang_up()
            return
        except Exception as error:
            self.server.log.error(f"the stand-in failed at {self.path}: {error!r}")
            response = Response.text(500, str(error))
        with contextlib.suppress(ConnectionError):
            self._send(response)

    def _converse(self) -> None:
        self.close_connection = True
        turned_away = self.server.routes.converse(self._request(), self._open_socket)
        if turned_away is not None:
            self._send(turned_away)

    def _open_socket(self) -> WebSocket:
        self.send_response(101, "Switching Protocols")
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept_key(self.headers.get("Sec-WebSocket-Key", "")))
        if PROTOCOL in self.headers.get("Sec-WebSocket-Protocol", ""):
            self.send_header("Sec-WebSocket-Protocol", PROTOCOL)
        self.end_headers()
        return WebSocket(self.rfile, self.connection)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return Request(
            method="GET" if self.command == "HEAD" else self.command,
            path=path.rstrip("/") or "/",
            query=parse_qs(parts.query, keep_blank_values=True),
            raw_query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            is_gone=self._is_gone,
        )

    def _is_gone(self) -> bool:
        """Whether the client has closed its side, as Go's server notices while it works."""
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    def _send(self, response: Response) -> None:
        request_headers = {name.lower(): value for name, value in self.headers.items()}
        shown = Request("GET", "", {}, "", request_headers, b"", self._is_gone)
        response, part = ranged(shown, response)
        self._send_head(response, part.end - part.start)
        if self.command != "HEAD":
            for chunk in chunks(response, part):
                self.wfile.write(chunk)

    def _send_head(self, response: Response, length: int) -> None:
        self.send_response(response.status, HTTPStatus(response.status).phrase)
        self.send_header("Access-Control-Allow-Origin", "*")
        for cookie in response.cookies:
            self.send_header("Set-Cookie", cookie)
        for name, value in response.headers:
            self.send_header(name, value)
        if length or response.body:
            self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send_half(self, response: Response) -> None:
        self._send_head(response, len(response.body))
        self.wfile.write(response.body[: len(response.body) // 2])
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
