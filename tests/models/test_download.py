"""Downloads against a real HTTP server: resumed after a cut, verified, and never half in place."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from scripts.commands import fetch_models
from sidecar.models import download
from sidecar.models.catalogue import LITE, ModelSpec
from sidecar.models.download import Progress, fetch_file, fetch_model
from sidecar.models.errors import DownloadFailed, WeightsMismatch
from sidecar.models.spec import ModelFile
from sidecar.models.weights import RECORD_NAME, recorded_sha256

CONTENT = bytes(range(256)) * 12_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Behaviour:
    """cut_after: bytes after which the connection breaks, per request, in order. ranges: the Range headers seen."""

    content: bytes = CONTENT
    etag: str = '"one"'
    cut_after: list[int] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)
    linked_sha256: str = ""
    status: int = 200


class Server(http.server.ThreadingHTTPServer):
    behaviour: Behaviour

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        behaviour = self.server.behaviour
        if self.path == "/absent":
            self.send_error(404)
            return
        if self.path == "/resolve":
            self.send_response(302)
            self.send_header("Location", "/file")
            self.send_header("X-Linked-ETag", f'"{behaviour.linked_sha256}"')
            self.send_header("X-Repo-Commit", "c0ffee")
            self.end_headers()
            return
        wanted = self.headers.get("Range")
        behaviour.ranges.append(wanted)
        if behaviour.status != 200:
            self.send_error(behaviour.status)
            return
        start = 0
        if wanted and self.headers.get("If-Range") == behaviour.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(behaviour.content):
                self.send_error(416)
                return
        body = behaviour.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(behaviour.content) - 1}/{len(behaviour.content)}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", behaviour.etag)
        self.end_headers()
        self.wfile.write(body[: behaviour.cut_after.pop(0)] if behaviour.cut_after else body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.behaviour = Behaviour()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def spec_of(*files: ModelFile) -> ModelSpec:
    return replace(LITE, id="test/model", files=files, embedded=False)


def ignore(_: Progress) -> None:
    pass


def test_a_cut_download_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.behaviour.cut_after = [1_000_000]
    seen: list[Progress] = []
    fetched = fetch_file(ModelFile("w.bin", f"{server.url}/file", len(CONTENT), SHA256), tmp_path, seen.append)
    assert (tmp_path / "w.bin").read_bytes() == CONTENT
    assert fetched.sha256 == SHA256 and fetched.size_bytes == len(CONTENT)
    assert server.behaviour.ranges[0] is None
    resumed = server.behaviour.ranges[1]
    assert resumed is not None and 0 < int(resumed.removeprefix("bytes=").rstrip("-")) <= 1_000_000
    assert seen[-1] == Progress("w.bin", len(CONTENT), len(CONTENT))
    assert [path.name for path in tmp_path.iterdir()] == ["w.bin"]


def test_a_later_run_resumes_too(server: Server, tmp_path: Path) -> None:
    server.behaviour.cut_after = [1_000_000, 500_000, 500_000]
    file = ModelFile("w.bin", f"{server.url}/file", None, SHA256)
    with pytest.raises(DownloadFailed, match="What has arrived is kept"):
        fetch_file(file, tmp_path, ignore)
    assert not (tmp_path / "w.bin").exists()
    fetch_file(file, tmp_path, ignore)
    assert (tmp_path / "w.bin").read_bytes() == CONTENT
    assert server.behaviour.ranges[3] is not None


def test_a_changed_source_is_not_glued_together(server: Server, tmp_path: Path) -> None:
    server.behaviour.cut_after = [1_000_000] * 3
    file = ModelFile("w.bin", f"{server.url}/file")
    with pytest.raises(DownloadFailed):
        fetch_file(file, tmp_path, ignore)
    server.behaviour.content, server.behaviour.etag = CONTENT[::-1], '"two"'
    fetch_file(file, tmp_path, ignore)
    assert (tmp_path / "w.bin").read_bytes() == CONTENT[::-1]


def test_a_wrong_checksum_is_refused_and_removed(server: Server, tmp_path: Path) -> None:
    with pytest.raises(WeightsMismatch, match="It was removed"):
        fetch_file(ModelFile("w.bin", f"{server.url}/file", None, "0" * 64), tmp_path, ignore)
    with pytest.raises(WeightsMismatch, match="the source has changed"):
        fetch_file(ModelFile("w.bin", f"{server.url}/file", 17, None), tmp_path, ignore)
    server.behaviour.linked_sha256 = "f" * 64
    with pytest.raises(WeightsMismatch, match="f" * 64):
        fetch_file(ModelFile("w.bin", f"{server.url}/resolve"), tmp_path, ignore)
    assert not list(tmp_path.iterdir())


def test_the_first_download_is_recorded_and_binds_later_ones(server: Server, tmp_path: Path) -> None:
    server.behaviour.linked_sha256 = SHA256
    spec = spec_of(ModelFile("w.bin", f"{server.url}/resolve"))
    folder = fetch_model(spec, tmp_path, ignore)
    assert recorded_sha256(folder, "w.bin") == SHA256
    record = json.loads((folder / RECORD_NAME).read_bytes())["w.bin"]
    assert (record["revision"], record["size_bytes"]) == ("c0ffee", len(CONTENT))
    requests = len(server.behaviour.ranges)
    fetch_model(spec, tmp_path, ignore)
    assert len(server.behaviour.ranges) == requests, "what is here is not fetched again"
    (folder / "w.bin").unlink()
    server.behaviour.content, server.behaviour.linked_sha256 = b"something else", ""
    with pytest.raises(WeightsMismatch):
        fetch_model(spec, tmp_path, ignore)


def test_alternatives_and_optional_files(server: Server, tmp_path: Path) -> None:
    spec = spec_of(
        ModelFile("w.safetensors", f"{server.url}/absent"),
        ModelFile("w.bin", f"{server.url}/file", required=False, instead_of="w.safetensors"),
        ModelFile("tokenizer.json", f"{server.url}/absent", required=False),
    )
    folder = fetch_model(spec, tmp_path, ignore)
    assert (folder / "w.bin").read_bytes() == CONTENT and not (folder / "tokenizer.json").exists()
    with pytest.raises(DownloadFailed, match="does not exist"):
        fetch_model(spec_of(ModelFile("x.bin", f"{server.url}/absent")), tmp_path, ignore)


@pytest.mark.parametrize(("status", "words"), [(403, "accept the licence"), (503, "try again later")])
def test_what_a_server_refuses_is_explained(server: Server, tmp_path: Path, status: int, words: str) -> None:
    server.behaviour.status = status
    with pytest.raises(DownloadFailed, match=words):
        fetch_file(ModelFile("w.bin", f"{server.url}/file"), tmp_path, ignore)


@pytest.mark.parametrize("source", ["http://example.org/w.bin", "file:///etc/passwd", "ftp://example.org/w"])
def test_only_https_is_fetched(tmp_path: Path, source: str) -> None:
    with pytest.raises(DownloadFailed, match="only https"):
        fetch_file(ModelFile("w.bin", source), tmp_path, ignore)


def offline_spec() -> ModelSpec:
    return spec_of(ModelFile("w.bin", "https://weights.invalid/w.bin"))


def test_without_a_network_one_sentence_says_what_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fetch_models, "resolve", lambda _: offline_spec())
    assert fetch_models.main(["--model", "test/model", "--yes", "--data", str(tmp_path)]) == 1
    words = capsys.readouterr().err.strip()
    assert "weights.invalid cannot be reached" in words and 'embedded models "lite" and "dlib" work' in words
    assert "Traceback" not in words and "\n" not in words


def test_nothing_is_fetched_without_consent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fetch_models, "resolve", lambda _: offline_spec())
    monkeypatch.setattr(download, "fetch_file", lambda *_: pytest.fail("fetched without consent"))
    arguments = ["--model", "test/model", "--data", str(tmp_path)]
    assert fetch_models.main(arguments, ask=lambda _: "n") == 1
    shown = capsys.readouterr().out
    assert LITE.licence in shown and LITE.source in shown and "Nothing was downloaded" in shown

    def nobody(_: str) -> str:
        raise EOFError

    assert fetch_models.main(arguments, ask=nobody) == 1
    assert "--yes" in capsys.readouterr().err


def test_consent_fetches_into_the_data_folder(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = spec_of(ModelFile("w.bin", f"{server.url}/file"))
    monkeypatch.setattr(fetch_models, "resolve", lambda _: spec)
    assert fetch_models.main(["--model", "test/model", "--data", str(tmp_path)], ask=lambda _: "yes") == 0
    assert (tmp_path / "models" / "test--model" / "w.bin").read_bytes() == CONTENT
    assert "--model test/model" in capsys.readouterr().out
    assert fetch_models.main(["--model", "test/model", "--data", str(tmp_path)]) == 0
    assert "here already" in capsys.readouterr().out


def test_list_and_wrong_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch_models.main(["--list", "--data", str(tmp_path)]) == 0
    assert "not fetched" in capsys.readouterr().out
    assert fetch_models.main(["--model", "nonsense", "--data", str(tmp_path)]) == 2
    assert "no model is called 'nonsense'" in capsys.readouterr().err
    assert fetch_models.main(["--model", "lite", "--data", str(tmp_path)]) == 0
