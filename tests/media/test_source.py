"""Content keys, and files behind http with ranges."""

from __future__ import annotations

import contextlib
import hashlib
import re
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sidecar.media.access import AccessPolicy
from sidecar.media.decoder import open_decoder
from sidecar.media.errors import MediaError
from sidecar.media.plan import choose_plan
from sidecar.media.probe import probe
from sidecar.media.source import open_source
from sidecar.values import Cancelled
from tests.media.make import SQUARE, moving, never, open_path, write_video


def _oshash(data: bytes) -> str:
    """As pkg/hash/oshash/oshash.go of Stash writes it, word by word."""
    chunk = min(65536, len(data))
    total = len(data)
    for part in (data[:chunk], data[-chunk:]):
        total += sum(struct.unpack(f"<{chunk // 8}Q", part))
    return f"{total % 2**64:016x}"


@pytest.mark.parametrize("size", [8, 4096, 65536, 70_003, 300_000])
def test_video_is_named_by_the_oshash_of_stash(tmp_path: Path, size: int) -> None:
    data = bytes((i * 7 + (i >> 8)) % 251 for i in range(size))
    (tmp_path / "a.mp4").write_bytes(data)
    with open_path(tmp_path / "a.mp4") as source:
        key = source.content_key()
    assert (key.algorithm, key.digest, key.size_bytes) == ("oshash", _oshash(data), size)


def test_images_and_what_has_no_oshash_are_named_by_md5(tmp_path: Path) -> None:
    for name, data in (("a.jpg", b"\xff\xd8\xff\xe0" + bytes(100_000)), ("b.mp4", b"x" * 1001)):
        (tmp_path / name).write_bytes(data)
        with open_path(tmp_path / name) as source:
            assert source.content_key().digest == hashlib.md5(data).hexdigest()
            assert source.content_key().algorithm == "md5"


class _Handler(BaseHTTPRequestHandler):
    """Serves a folder: /whole/ without ranges, /leave and /stay redirect, /fail breaks off, needs the key header."""

    server: _Server

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        if self.headers.get("ApiKey") != "sesame":
            return self._answer(401)
        if self.path.startswith("/leave"):
            return self._answer(302, {"Location": "http://elsewhere.invalid/video.mp4?apikey=secret"})
        if self.path.startswith("/stay"):
            return self._answer(302, {"Location": "/video.mp4"})
        if self.path.startswith("/busy"):
            return self._answer(503)
        if self.path.startswith("/stall"):
            self.server.let_go.wait(60)
            return self._answer(404)
        path = self.server.folder / Path(self.path.partition("?")[0]).name
        if not path.is_file():
            return self._answer(404)
        return self._send(path.read_bytes(), ranged="/whole/" not in self.path)

    def _send(self, data: bytes, ranged: bool) -> None:
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not ranged or match is None:
            return self._answer(200, {}, data)
        start, end = int(match[1]), min(int(match[2]) + 1, len(data))
        if start >= len(data):
            return self._answer(416)
        if len(self.server.seen) > self.server.quick_requests:
            return self._drip({"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}, data[start:end])
        return self._answer(206, {"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}, data[start:end])

    def _answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, headers: dict[str, str], body: bytes) -> None:
        """A byte now and then: no read ever takes too long, and the whole would take days."""
        self.send_response(206)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.server.dripping.set()
        with contextlib.suppress(OSError):
            for position in range(len(body)):
                self.wfile.write(body[position : position + 1])
                self.wfile.flush()
                if self.server.let_go.wait(0.2):
                    return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        pass


class _Server(ThreadingHTTPServer):
    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.seen: list[str] = []
        self.quick_requests = 1_000_000
        self.dripping, self.let_go = threading.Event(), threading.Event()
        self.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.access = AccessPolicy((), (self.origin,))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[_Server]:
    write_video(tmp_path / "video.mp4", moving([1, 2], [60], 120), options={"g": "25"})
    (tmp_path / "empty.mp4").touch()
    with _Server(tmp_path) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.let_go.set()
        running.shutdown()
        thread.join()


_KEY = {"ApiKey": "sesame"}


@pytest.mark.parametrize("path", ["/video.mp4?apikey=secret", "/stay", "/whole/video.mp4"])
def test_a_url_decodes_like_the_file(server: _Server, path: str) -> None:
    with (
        open_source(server.origin + path, server.access, _KEY) as remote,
        open_path(server.folder / "video.mp4") as local,
    ):
        assert "secret" not in remote.name
        assert remote.content_key() == local.content_key()
        info = probe(remote)
        assert info.duration_s == pytest.approx(4.8)
        times = []
        for source in (remote, local):
            with open_decoder(source, info, "cpu", 1) as decoder:
                frames = list(decoder.coarse(choose_plan(info, 2.0), 2.0, SQUARE, never))
                times.append([(frame.pts_s, int(frame.image.sum())) for frame in frames])
        assert times[0] == times[1]
        assert len(times[0]) >= 3


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/leave?apikey=secret", "origin_not_allowed"),
        ("/missing.mp4?apikey=secret", "not_found"),
        ("/busy", "http_error"),
        ("/empty.mp4", "empty_file"),
    ],
)
def test_a_url_that_does_not_serve_is_told(server: _Server, path: str, code: str) -> None:
    with pytest.raises(MediaError) as caught:
        open_source(server.origin + path, server.access, _KEY)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_a_missing_key_is_told(server: _Server) -> None:
    with pytest.raises(MediaError) as caught:
        open_source(server.origin + "/video.mp4", server.access)
    assert caught.value.code == "permission_denied"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/video.mp4", "ftp://127.0.0.1/x", "file:///etc/passwd", "http://me:pw@127.0.0.1/x"]
)
def test_other_origins_are_not_asked(server: _Server, url: str) -> None:
    with pytest.raises(MediaError) as caught:
        open_source(url, server.access, _KEY)
    assert caught.value.code == "origin_not_allowed"
    assert "pw" not in str(caught.value).replace("password", "")
    assert server.seen == []


def test_a_server_that_is_down_is_told(tmp_path: Path) -> None:
    server = _Server(tmp_path)
    server.server_close()
    with pytest.raises(MediaError) as caught:
        open_source(server.origin + "/video.mp4", server.access)
    assert caught.value.code == "http_error"


@pytest.mark.parametrize("quick_requests", [0, 1, 2, 3, 5])
def test_a_slow_server_holds_nobody_who_has_gone(server: _Server, quick_requests: int) -> None:
    """Wherever it slows down: at the first byte, while the key is read, while the film is probed, while it decodes."""
    options = {"g": "5", "crf": "1"}
    write_video(server.folder / "video.mp4", moving([1, 2], [60], 400, 640, 360), options=options)
    assert (server.folder / "video.mp4").stat().st_size > 10 << 20
    server.quick_requests = quick_requests
    gone = threading.Event()
    gone_at: list[float] = []

    def leave() -> None:
        assert server.dripping.wait(30)
        time.sleep(0.3)
        gone_at.append(time.monotonic())
        gone.set()

    threading.Thread(target=leave, daemon=True).start()
    with (
        pytest.raises(Cancelled),
        open_source(f"{server.origin}/video.mp4", server.access, _KEY, gone.is_set) as source,
    ):
        source.content_key()
        info = probe(source)
        with open_decoder(source, info, "cpu", 2) as decoder:
            list(decoder.coarse(choose_plan(info, 1.0), 1.0, SQUARE, gone.is_set))
    assert time.monotonic() - gone_at[0] < 1.0
    deadline = time.monotonic() + 2.0
    while any(thread.name == "http" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "what was left behind ends by itself"
        time.sleep(0.05)


def test_a_server_that_never_answers_holds_nobody_who_has_gone(server: _Server) -> None:
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        open_source(f"{server.origin}/stall", server.access, _KEY, lambda: time.monotonic() - begun > 0.3)
    assert time.monotonic() - begun < 1.0


def test_a_name_that_nobody_looks_up_holds_nobody_who_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: asleep.wait(30))
    begun = time.monotonic()
    access = AccessPolicy((), ("http://slow.invalid",))
    with pytest.raises(Cancelled):
        open_source("http://slow.invalid/a.mp4", access, is_cancelled=lambda: time.monotonic() - begun > 0.3)
    assert time.monotonic() - begun < 1.0
    asleep.set()


def test_only_what_is_needed_is_read(server: _Server) -> None:
    big = server.folder / "big.mp4"
    data = (server.folder / "video.mp4").read_bytes()
    big.write_bytes(data + (20 << 20).to_bytes(4, "big") + b"free" + bytes((20 << 20) - 8))
    with open_source(server.origin + "/big.mp4", server.access, _KEY) as source:
        assert source.size_bytes > 20 << 20
        assert probe(source).duration_s == pytest.approx(4.8)
    assert len(server.seen) < 20
