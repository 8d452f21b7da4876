"""Every kind of bad medium gets its own typed error, harms no neighbour, and the sidecar lives on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from scripts.sidecar_client import SidecarClient
from tests.asking import analyze, request


def sound_only(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        assert isinstance(stream, av.AudioStream)
        tone = np.sin(np.arange(44_100) / 20).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode())


def ffconcat(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")


def hls(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


BAD: dict[str, tuple[str, Callable[[Path], object]]] = {
    "missing.mp4": ("NOT_FOUND", lambda path: None),
    "empty.mp4": ("EMPTY_FILE", lambda path: path.write_bytes(b"")),
    "folder.mp4": ("NOT_A_FILE", lambda path: path.mkdir()),
    "pipe.mp4": ("NOT_A_FILE", lambda path: os.mkfifo(path)),
    "noise.mp4": ("UNREADABLE", lambda path: path.write_bytes(np.random.default_rng(1).bytes(200_000))),
    "sound.mp4": ("NO_VIDEO_STREAM", sound_only),
    "concat.mp4": ("UNSUPPORTED_FORMAT", ffconcat),
    "playlist.mp4": ("UNSUPPORTED_FORMAT", hls),
    "text.mp4": ("UNSUPPORTED_FORMAT", lambda path: path.write_text("hello, I am a film")),
    "link-out.mp4": ("OUTSIDE_MEDIA_ROOTS", lambda path: path.symlink_to("/etc/passwd")),
    "broken.jpg": ("UNREADABLE", lambda path: path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(300))),
}


@pytest.fixture(scope="module")
def folder(media_dir: Path, cuts_video: Path) -> Path:
    """Every bad file between good ones."""
    folder = media_dir / "mixed"
    folder.mkdir()
    for name, (_, make) in BAD.items():
        make(folder / name)
    whole = cuts_video.read_bytes()
    (folder / "good.mp4").write_bytes(whole)
    (folder / "no-moov.mp4").write_bytes(whole[: len(whole) // 2])
    return folder


def test_every_bad_file_gets_its_error_and_good_ones_their_spans(client: SidecarClient, folder: Path) -> None:
    names = [*BAD, "no-moov.mp4", "good.mp4"]
    answers = analyze(client, [request(folder / name, name) for name in names])
    expected = {name: code for name, (code, _) in BAD.items()} | {"no-moov.mp4": "UNREADABLE", "good.mp4": ""}
    assert {name: answer.code for name, answer in answers.items()} == expected
    assert len(answers["good.mp4"].of("cat")) == 1
    assert client.is_serving()
    for name in BAD:
        error = answers[name].error
        assert error is not None
        assert error.message.endswith(".")
        assert "passwd" not in error.message or name == "link-out.mp4"


def test_paths_outside_the_media_roots_are_refused(client: SidecarClient, tmp_path: Path, cuts_video: Path) -> None:
    outside = tmp_path / "outside.mp4"
    outside.write_bytes(cuts_video.read_bytes())
    sneaky = f"{cuts_video.parent}/../../{outside.relative_to(outside.parents[len(outside.parts) - 2])}"
    answers = analyze(client, [request(outside), request(sneaky), request("relative.mp4"), request("/etc/passwd")])
    assert {answer.code for answer in answers.values()} <= {"OUTSIDE_MEDIA_ROOTS", "NOT_FOUND"}
    assert answers[str(outside)].code == "OUTSIDE_MEDIA_ROOTS"
    assert answers["/etc/passwd"].code == "OUTSIDE_MEDIA_ROOTS"


def test_a_truncated_file_gives_the_spans_of_what_is_there(client: SidecarClient, media_dir: Path) -> None:
    from scripts.sample_video import VideoFormat, write_video
    from tests.conftest import UNEVEN_CUTS

    whole = write_video(
        media_dir / "whole.mkv",
        UNEVEN_CUTS,
        VideoFormat(width_px=320, height_px=180, options={"preset": "veryfast", "g": "50"}),
    )
    cut = media_dir / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.55)])
    answers = analyze(client, [request(cut)])
    answer = answers[str(cut)]
    assert answer.done is not None, answer.error
    assert "truncated" in [warning.code for warning in answer.done.warnings]
    assert answer.of("cat")
    assert answer.done.duration_s < 27
    assert max(span.end_s for span in answer.spans) <= answer.done.duration_s


def test_malformed_requests_are_answered(client: SidecarClient, cuts_video: Path) -> None:
    from protos import inference_pb2

    nothing = inference_pb2.AnalyzeRequest()
    no_location = request(cuts_video, "no-location")
    no_location.medium.ClearField("location")
    bad_interval = request(cuts_video, "interval", sampling=inference_pb2.Sampling(interval_s=1e9))
    url = inference_pb2.AnalyzeRequest()
    url.medium.media_id = "url"
    url.medium.location.remote.url = "http://localhost:1/a.mp4?key=secret"
    url.medium.sampling.interval_s = 4
    odd_url = inference_pb2.AnalyzeRequest()
    odd_url.medium.media_id = "odd-url"
    odd_url.medium.location.remote.url = "http://[::1"
    odd_path = request("//[a/b.mp4", "odd-path")
    inherits = request(cuts_video, "inherits")
    inherits.medium.ClearField("sampling")
    good = request(cuts_video, "good")
    answers = analyze(client, [nothing, no_location, odd_url, odd_path, bad_interval, inherits, url, good])
    assert {media_id: answer.code for media_id, answer in answers.items()} == {
        "": "INVALID_REQUEST",
        "no-location": "INVALID_REQUEST",
        "odd-url": "ORIGIN_NOT_ALLOWED",
        "odd-path": "OUTSIDE_MEDIA_ROOTS",
        "interval": "INVALID_REQUEST",
        "inherits": "INVALID_REQUEST",
        "url": "ORIGIN_NOT_ALLOWED",
        "good": "",
    }
    assert answers["url"].error is not None
    assert "secret" not in answers["url"].error.message
