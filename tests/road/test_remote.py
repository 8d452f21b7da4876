"""A medium on a registered web server: read by ranges, with a key that reaches nobody else and no log."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from protos import inference_pb2
from scripts.sidecar_client import SidecarProcess
from tests.asking import analyze, analyze_one, tag_query

KEY = "open-sesame-and-tell-nobody"


class Films(BaseHTTPRequestHandler):
    """Answers ranges of one film to those who send the key."""

    film: bytes

    def do_GET(self) -> None:
        if self.headers.get("ApiKey") != KEY:
            self.send_error(401)
            return
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first = int(span[1]) if span else 0
        last = min(int(span[2]) if span and span[2] else len(self.film) - 1, len(self.film) - 1)
        body = self.film[first : last + 1]
        self.send_response(206 if span else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(self.film)}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class's name)
        """Nothing."""


@pytest.fixture
def origin(cuts_video: Path) -> Iterator[str]:
    handler = type("FilmsOfThisTest", (Films,), {"film": cuts_video.read_bytes()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def remote(url: str, key: str) -> inference_pb2.AnalyzeRequest:
    asked = inference_pb2.AnalyzeRequest()
    asked.medium.media_id = "remote"
    asked.medium.location.remote.url = url
    asked.medium.location.remote.headers["ApiKey"] = key
    asked.medium.tags.CopyFrom(tag_query())
    return asked


def test_a_remote_film_is_analysed_and_shares_features_with_its_file(
    data_dir: Path, media_dir: Path, cuts_video: Path, origin: str
) -> None:
    with SidecarProcess(data_dir, [media_dir], [f"--allow-origin={origin}"]) as process:
        client = process.client()
        url = f"{origin}/film.mp4?apikey={KEY}"
        refused = analyze(client, [remote(url, "wrong")])["remote"]
        assert refused.code == "PERMISSION_DENIED"
        answer = analyze(client, [remote(url, KEY)])["remote"]
        assert answer.done is not None, answer.error
        assert len(answer.of("cat")) == 1
        same = analyze_one(client, cuts_video)
        assert same.done is not None
        assert same.done.from_cache
        assert same.done.content_key == answer.done.content_key
        elsewhere = analyze(client, [remote("http://127.0.0.1:9/film.mp4", KEY)])["remote"]
        assert elsewhere.code == "ORIGIN_NOT_ALLOWED"
        client.close()
        assert KEY not in process.log_file.read_text(encoding="utf-8")
