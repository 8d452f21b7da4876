"""A stand-in for a stash-box: its GraphQL over HTTP, its pictures, and everything that can go wrong with both.

with StashBox() as box:
    ada = box.add_performer("Ada", [picture_bytes])
    stash.add_stash_box(box.endpoint, box.api_key, "A box")
    box.pictures[ada.images[0].id] = Reply(status=302, headers={"Location": "file:///etc/passwd"})
    box.failures.append(Reply(status=429, headers={"Retry-After": "2"}))    # of the next question
    assert box.leaked == []
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image
from graphql import GraphQLSchema, build_schema, graphql_sync

SCHEMA_FILE = Path(__file__).with_name("stashbox.graphql")


@dataclass
class Reply:
    """What a server sends. length: what it declares, None for the truth, -1 for nothing (the end of the connection is
    the end). pause_s: between bytes. repeat: how often the body is sent.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    pause_s: float = 0.0
    repeat: int = 1


@dataclass(frozen=True)
class BoxImage:
    id: str
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class BoxPerformer:
    id: str
    name: str
    disambiguation: str | None = None
    aliases: tuple[str, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    images: tuple[BoxImage, ...] = ()
    deleted: bool = False
    merged_into_id: str | None = None


@dataclass(frozen=True)
class Asked:
    """One request. question: the GraphQL operation's name, "" for a picture."""

    at_s: float
    method: str
    path: str
    headers: Mapping[str, str]
    question: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def load_schema() -> GraphQLSchema:
    return build_schema(SCHEMA_FILE.read_text("utf-8"))


class Server:
    """An HTTP server of its own origin, with a log of what it was asked."""

    def __init__(self, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.pictures: dict[str, Reply] = {}
        """Path's last part -> what comes"""
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                server.asked.append(Asked(time.monotonic(), "GET", self.path, dict(self.headers)))
                _send(self, server.pictures.get(self.path.split("?")[0].rsplit("/", 1)[-1], Reply(status=404)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                _send(self, server.answer(self.path, dict(self.headers), body))

            def log_message(self, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer((address, 0), Handler)
        self._http.daemon_threads = True
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"http{'s' if tls else ''}://{address}:{self._http.server_port}"

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return Reply(status=404)

    def show(self, name: str, reply: Reply) -> str:
        """Serve something; its URL."""
        self.pictures[name] = reply
        return f"{self.url}/images/{name}"

    def __enter__(self) -> Any:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class StashBox(Server):
    """A stash-box with a key of its own. failures: what is answered to the next questions instead."""

    def __init__(
        self, api_key: str = "the-boxs-secret-key", address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(address, tls)
        self.api_key = api_key
        self.performers: dict[str, BoxPerformer] = {}
        self.failures: deque[Reply] = deque()
        self.endpoint = f"{self.url}/graphql"

    def add_performer(self, name: str, pictures: Iterable[bytes] = (), **fields: Any) -> BoxPerformer:
        """One whose pictures are served here."""
        images = tuple(self.add_image(data) for data in pictures)
        performer = BoxPerformer(str(uuid.uuid4()), name, images=images, **fields)
        self.performers[performer.id] = performer
        return performer

    def add_image(self, data: bytes, size_px: tuple[int, int] | None = None, url: str | None = None) -> BoxImage:
        """A picture that is served here, unless it has another URL."""
        if size_px is None:
            size_px = PIL.Image.open(BytesIO(data)).size
        image_id = str(uuid.uuid4())
        ours = self.show(image_id, Reply(data, headers={"Content-Type": "image/png"}))
        return BoxImage(image_id, url or ours, *size_px)

    def questions(self) -> list[str]:
        return [asked.question for asked in self.asked if asked.method == "POST"]

    def fetched(self) -> list[str]:
        """Paths of pictures, in the order in which they were asked for."""
        return [asked.path for asked in self.asked if asked.method == "GET"]

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        document = json.loads(body)
        question = document["query"].split("(")[0].split("{")[0].split()[-1]
        self.asked.append(Asked(time.monotonic(), "POST", path, headers, question, document.get("variables") or {}))
        if self.failures:
            return self.failures.popleft()
        if path != "/graphql":
            return Reply(status=404)
        found = {name.lower(): value for name, value in headers.items()}
        if found.get("apikey") != self.api_key:
            return Reply(status=401)
        resolvers = {
            "findPerformer": self._find,
            "queryPerformers": self._page,
            "searchPerformer": self._search,
        }
        result = graphql_sync(load_schema(), document["query"], resolvers, variable_values=document.get("variables"))
        text = json.dumps(result.formatted).encode()
        return Reply(text, headers={"Content-Type": "application/json"})

    def _find(self, _: Any, id: str) -> BoxPerformer | None:  # noqa: A002
        return self.performers.get(id)

    def _search(self, _: Any, term: str, limit: int | None = None) -> list[BoxPerformer]:
        found = [
            performer
            for performer in self.performers.values()
            if not performer.deleted
            and any(term.lower() in name.lower() for name in (performer.name, *performer.aliases))
        ]
        return found[: limit or 10]

    def _page(self, _: Any, input: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
        found = [performer for performer in self.performers.values() if not performer.deleted]
        if input["direction"] == "DESC":
            found.reverse()
        start = (input["page"] - 1) * input["per_page"]
        return {"count": len(found), "performers": found[start : start + input["per_page"]]}


def keys_sent(servers: Iterable[Server], key: str) -> list[Asked]:
    """Requests in which a key occurs, wherever."""
    return [
        asked
        for server in servers
        for asked in server.asked
        if key in asked.path or any(key in value for value in asked.headers.values())
    ]


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    length = len(reply.body) * reply.repeat if reply.length is None else reply.length
    with contextlib.suppress(OSError):
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if length >= 0:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        for _ in range(reply.repeat):
            _send_slowly(handler.wfile.write, reply)
        with contextlib.suppress(OSError):
            handler.connection.shutdown(socket.SHUT_WR)


def _send_slowly(write: Callable[[bytes], object], reply: Reply) -> None:
    if not reply.pause_s:
        write(reply.body)
        return
    for byte in reply.body:
        write(bytes([byte]))
        time.sleep(reply.pause_s)
