"""A server of weights that sends half, and the rest when it is told to."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace

from sidecar.models.catalogue import CATALOGUE
from sidecar.models.spec import ModelFile, ModelSpec

CONTENT = bytes(range(256)) * 12_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2
LICENCE = "MIT, as far as tests go"


class WeightsServer(http.server.ThreadingHTTPServer):
    """content: of its only file. go_on: set once the second half may be sent. starts: where each request began."""

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.go_on, self.half_sent = threading.Event(), threading.Event()
        self.starts: list[int] = []

    def spec(self, sha256: str = SHA256, path: str = "file") -> ModelSpec:
        """A model whose only file lies here."""
        file = ModelFile("open_clip_model.safetensors", f"http://127.0.0.1:{self.server_port}/{path}", None, sha256)
        return replace(CATALOGUE[1], id="open_clip/Test/weights", licence=LICENCE, files=(file,))


class _Handler(http.server.BaseHTTPRequestHandler):
    server: WeightsServer

    def do_GET(self) -> None:
        if self.path != "/file":
            self.send_error(404)
            return
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.server.starts.append(start)
        content, half = self.server.content, len(self.server.content) // 2
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", '"one"')
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked may be gone
            self.wfile.write(content[start:half])
            self.server.half_sent.set()
            self.server.go_on.wait(30)
            self.wfile.write(content[max(start, half) :])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@contextlib.contextmanager
def weights_server(content: bytes = CONTENT) -> Iterator[WeightsServer]:
    server = WeightsServer(content)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
