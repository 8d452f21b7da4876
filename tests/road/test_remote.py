"""A medium on a registered web server: read by ranges, with a key that reaches nobody else and no log."""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from protos import inference_pb2
from scripts.sample_video import photo_path
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


class Stash(BaseHTTPRequestHandler):
    """Serves a scene and an image at the addresses that Stash does, to those whose query has the key.

    /zipped/... answers without ranges, as Stash does for members of archives; /slow/... sends a byte now and then.
    """

    film: bytes
    photo: bytes
    slow = threading.Event()

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if query != f"apikey={KEY}":
            self.send_error(401)
            return
        data = {"scene": self.film, "image": self.photo, "zipped": self.photo, "slow": self.film}[path.split("/")[1]]
        span = None if path.startswith("/zipped") else re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        first, last = (int(span[1]), min(int(span[2]), len(data) - 1)) if span else (0, len(data) - 1)
        self.send_response(206 if span else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(last + 1 - first))
        if span:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.end_headers()
        if not path.startswith("/slow"):
            self.wfile.write(data[first : last + 1])
            return
        self.slow.set()
        with contextlib.suppress(OSError):
            for position in range(first, last + 1):
                self.wfile.write(data[position : position + 1])
                self.wfile.flush()
                time.sleep(0.2)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class's name)
        """Nothing."""


@pytest.fixture
def stash(cuts_video: Path) -> Iterator[str]:
    files = {"film": cuts_video.read_bytes(), "photo": photo_path("chelsea").read_bytes(), "slow": threading.Event()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("StashOfThisTest", (Stash,), files))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def remote(url: str, key: str, media_id: str = "remote") -> inference_pb2.AnalyzeRequest:
    asked = inference_pb2.AnalyzeRequest()
    asked.medium.media_id = media_id
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


def test_what_stash_serves_is_known_by_its_bytes(data_dir: Path, media_dir: Path, cuts_video: Path, stash: str) -> None:
    """Addresses without a file name, keys in the query, answers without ranges."""
    photo = photo_path("chelsea").read_bytes()
    with SidecarProcess(data_dir, [media_dir], [f"--allow-origin={stash}"]) as process:
        client = process.client()
        scene = analyze(client, [remote(f"{stash}/scene/7/stream?apikey={KEY}", "")])["remote"]
        assert scene.done is not None, scene.error
        assert (scene.done.kind, scene.done.content_key.split("-")[0]) == ("video", "oshash")
        assert len(scene.of("cat")) == 1
        same = analyze_one(client, cuts_video)
        assert same.done is not None
        assert same.done.from_cache
        for path in ("image/9/image", "zipped/9/image"):
            image = analyze(client, [remote(f"{stash}/{path}?apikey={KEY}", "")])["remote"]
            assert image.done is not None, image.error
            digest = hashlib.md5(photo, usedforsecurity=False).hexdigest()
            assert image.done.content_key == f"md5-{digest}-{len(photo)}"
            assert image.done.kind == "image"
            assert [tag.tag for tag in image.done.tags] == ["cat"]
        refused = analyze(client, [remote(f"{stash}/image/9/image?apikey=wrong", "")])["remote"]
        assert refused.code == "PERMISSION_DENIED"
        client.close()
        assert KEY not in process.log_file.read_text(encoding="utf-8")


def test_a_medium_that_comes_slowly_is_cancelled_at_once_and_its_neighbour_finishes(
    data_dir: Path, media_dir: Path, cuts_video: Path, stash: str
) -> None:
    cancelled_at: list[float] = []

    def requests() -> Iterator[inference_pb2.AnalyzeRequest]:
        yield remote(f"{stash}/slow/7/stream?apikey={KEY}", "", "slow")
        yield remote(f"{stash}/scene/7/stream?apikey={KEY}", "", "quick")
        time.sleep(3.0)
        cancelled_at.append(time.monotonic())
        yield inference_pb2.AnalyzeRequest(cancel_media_id="slow")

    ends: dict[str, tuple[inference_pb2.AnalyzeEvent, float]] = {}
    with SidecarProcess(data_dir, [], [f"--allow-origin={stash}"]) as process:
        client = process.client()
        for event in client.inference.Analyze(requests(), timeout=60):
            if event.HasField("done") or event.HasField("error"):
                ends[event.media_id] = (event, time.monotonic())
        client.close()
    assert ends["quick"][0].HasField("done")
    assert ends["slow"][0].error.code == 16, "CANCELLED, not UNREADABLE"
    assert ends["slow"][1] - cancelled_at[0] < 2.0
