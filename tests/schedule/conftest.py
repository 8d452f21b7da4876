"""A listener that is woken, and a store with a schedule."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sidecar.store import FeatureStore

KEY = "open-sesame-and-tell-nobody"


@dataclass
class Call:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """What stands in for Stash: notes what arrives, and answers with the statuses in turn (the last one for ever)."""

    origin: str
    calls: list[Call] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [200])
    holds: threading.Event = field(default_factory=threading.Event)
    """Answers wait until it is set."""

    def next_status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@pytest.fixture
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.calls.append(Call(self.path, dict(self.headers.items()), body))
            found.holds.wait(60)
            self.send_response(found.next_status())
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            found.calls.append(Call(self.path, dict(self.headers.items()), b"a redirect was followed"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class's name)
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Listener(f"http://127.0.0.1:{server.server_port}")
        found.holds.set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        found.holds.set()
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[FeatureStore]:
    with FeatureStore.open(folder) as opened:
        yield opened
