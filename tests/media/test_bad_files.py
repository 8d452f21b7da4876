"""Hostile and broken files: a typed error each, or what can be saved and a note."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from sidecar.media.errors import MediaError
from tests.media.make import Opened, largest_gap, moving, note_codes, probe_path, samples, solid, write_video


def _code(path: Path) -> str:
    with pytest.raises(MediaError) as caught:
        probe_path(path)
    message = str(caught.value)
    assert message.endswith(".")
    assert len(message) > 40
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ffconcat", "ffconcat version 1.0\nfile 'good.mp4'\n"),
        ("hls", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\ngood.mp4\n#EXT-X-ENDLIST\n"),
        (
            "dash",
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
            'profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period/></MPD>',
        ),
        ("sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"),
        ("playlist", "[playlist]\nFile1=good.mp4\nNumberOfEntries=1\n"),
        ("text", "Dear diary,\ntoday I renamed a text file.\n" * 40),
        ("svg", '<svg xmlns="http://www.w3.org/2000/svg"><image href="good.mp4"/></svg>'),
    ],
)
def test_lists_of_other_files_are_refused_whatever_their_name(tmp_path: Path, name: str, text: str) -> None:
    write_video(tmp_path / "good.mp4", moving([1], [], 5))
    (tmp_path / f"{name}.mp4").write_text(text.replace("good.mp4", str(tmp_path / "good.mp4")))
    assert _code(tmp_path / f"{name}.mp4") == "unsupported_format"


@pytest.mark.parametrize("data", [b"\0" * 50_000, np.random.default_rng(3).bytes(80_000), b"\xff"])
def test_garbage_is_unreadable(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "garbage.mp4").write_bytes(data)
    assert _code(tmp_path / "garbage.mp4") in ("unreadable", "no_video_stream")


def _linked(data: bytes, path: Path) -> bytes:
    """A QuickTime file (index last) whose pictures lie, as its data reference says, in the file at path."""
    entry = data.index(b"url ", data.index(b"dref")) - 4
    target = str(path).encode()
    alias = bytes(10) + b"\4disk" + bytes(23) + bytes(12) + b"\5a.mov" + bytes(58) + bytes(16)
    alias += struct.pack(">hh", 1, 1) + bytes(16)
    alias += struct.pack(">hh", 2, len(target)) + target + bytes(len(target) % 2) + struct.pack(">hh", -1, 0)
    box = b"alis" + bytes(4) + alias
    box = struct.pack(">I", len(box) + 4) + box
    grown = len(box) - struct.unpack_from(">I", data, entry)[0]
    linked = bytearray(data[:entry] + box + data[entry + len(box) - grown :])
    for ancestor in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = data.index(ancestor, data.index(b"moov")) - 4
        struct.pack_into(">I", linked, at, struct.unpack_from(">I", linked, at)[0] + grown)
    return bytes(linked)


def test_a_data_reference_to_another_file_is_not_followed(tmp_path: Path) -> None:
    outside = write_video(tmp_path / "a.mov", moving([1], [], 5), codec="mjpeg", pix_fmt="yuvj420p")
    (tmp_path / "linked.mov").write_bytes(_linked(outside.read_bytes(), outside))
    unsafe = {"enable_drefs": "1", "use_absolute_path": "1"}
    with av.open(str(tmp_path / "linked.mov"), options=unsafe) as container:
        assert len(list(container.decode(video=0))) == 5  # the link is a good one, if it were followed
    assert _code(tmp_path / "linked.mov") == "unreadable"


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "song.mp3"), "w") as container:
        _silence(container, container.add_stream("mp3", 44100))
    assert _code(tmp_path / "song.mp3") == "no_video_stream"


def _silence(container: av.container.OutputContainer, stream: av.AudioStream) -> None:
    for start in range(0, 44100, 1152):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1152), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 44100, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _add_cover(container: av.container.OutputContainer, attached: bool) -> None:
    cover = container.add_stream("mjpeg", rate=25)
    assert isinstance(cover, av.VideoStream)
    cover.width, cover.height, cover.pix_fmt = 320, 320, "yuvj420p"
    if attached:
        cover.disposition = av.stream.Disposition.attached_pic
    frame = av.VideoFrame.from_ndarray(solid((0, 0, 255), 320, 320), format="rgb24").reformat(format="yuvj420p")
    frame.pts = 0
    container.mux(cover.encode(frame))
    container.mux(cover.encode(None))


def test_a_song_with_a_cover_is_no_video(tmp_path: Path) -> None:
    for name, attached in (("flagged.m4a", True), ("unflagged.mp4", False)):
        with av.open(str(tmp_path / name), "w", format="mp4") as container:
            sound = container.add_stream("aac", 44100)
            _add_cover(container, attached)
            _silence(container, sound)
        assert _code(tmp_path / name) == "no_video_stream"


def test_a_cover_before_a_real_video_is_passed_over(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "both.mkv"), "w") as container:
        cover = container.add_stream("mjpeg", rate=25)
        video = container.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        assert isinstance(cover, av.VideoStream)
        assert isinstance(video, av.VideoStream)
        cover.width, cover.height, cover.pix_fmt = 640, 640, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for number in range(50):
            if number == 0:
                blue = av.VideoFrame.from_ndarray(solid((0, 0, 255), 640, 640), format="rgb24").reformat(
                    format="yuvj420p"
                )
                container.mux(cover.encode(blue))
            frame = av.VideoFrame.from_ndarray(solid((250, 0, 0)), format="rgb24")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    with Opened(tmp_path / "both.mkv") as opened:
        assert opened.info.codec == "h264"
        assert opened.info.duration_s == pytest.approx(2.0, abs=0.05)
        red, _, blue_level = opened.coarse(1.0)[0].image[32, 32]
        assert red > 200
        assert blue_level < 60


def test_a_truncated_mp4_gives_what_is_there(tmp_path: Path) -> None:
    whole = write_video(
        tmp_path / "whole.mp4", moving([1, 2, 3], [100, 200], 300), container_options={"movflags": "faststart"}
    )
    data = whole.read_bytes()
    (tmp_path / "half.mp4").write_bytes(data[: len(data) * 6 // 10])
    with Opened(tmp_path / "half.mp4") as opened:
        assert "truncated" in {note.code for note in opened.info.warnings}
        assert 2.0 < opened.info.duration_s < 11.0
        times = samples(opened.coarse(2.0))
        assert times[0] == 0.0
        assert opened.info.duration_s - times[-1] <= 2.0
        assert largest_gap(times) <= 2.05


def test_an_mp4_without_its_index_is_unreadable(tmp_path: Path) -> None:
    data = write_video(tmp_path / "whole.mp4", moving([1], [], 100)).read_bytes()
    assert data.index(b"moov") > data.index(b"mdat")
    (tmp_path / "cut.mp4").write_bytes(data[: data.index(b"moov") - 4])
    assert _code(tmp_path / "cut.mp4") == "unreadable"


@pytest.mark.parametrize("suffix", ["mkv", "ts", "avi"])
def test_other_truncated_containers_give_what_is_there(tmp_path: Path, suffix: str) -> None:
    codec = "mpeg4" if suffix == "avi" else "libx264"
    data = write_video(
        tmp_path / f"w.{suffix}", moving([1, 2], [90], 300), codec=codec, options={"g": "50"}
    ).read_bytes()
    (tmp_path / f"cut.{suffix}").write_bytes(data[: len(data) * 5 // 10 + 1])
    with Opened(tmp_path / f"cut.{suffix}") as opened:
        times = samples(opened.coarse(2.0))
        assert "truncated" in note_codes(opened)
        assert times[0] == pytest.approx(0.0, abs=0.05)
        assert times[-1] > 3.0
        assert largest_gap(times) <= 2.05
        assert opened.decoder.stats.duration_s_seen < 11.0


def test_a_damaged_middle_costs_only_itself(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", moving([1, 2], [150], 300), options={"g": "25"})
    data = bytearray(path.read_bytes())
    start = len(data) * 4 // 10
    data[start : start + len(data) // 10] = np.random.default_rng(1).bytes(len(data) // 10)
    (tmp_path / "damaged.mkv").write_bytes(data)
    with Opened(tmp_path / "damaged.mkv") as opened:
        times = samples(opened.coarse(1.0, kind="sequential"))
        assert times[0] == 0.0
        assert times[-1] > 10.5
        assert "decode_errors" in note_codes(opened)


def test_a_lying_duration_is_corrected(tmp_path: Path) -> None:
    data = bytearray(write_video(tmp_path / "a.mkv", moving([1], [], 100), options={"g": "25"}).read_bytes())
    at = data.index(b"\x44\x89\x88") + 3
    assert struct.unpack(">d", data[at : at + 8])[0] == pytest.approx(4000, abs=50)
    data[at : at + 8] = struct.pack(">d", 600_000.0)
    (tmp_path / "liar.mkv").write_bytes(data)
    with Opened(tmp_path / "liar.mkv") as opened:
        assert opened.info.duration_s_from_container == pytest.approx(600.0)
        assert opened.info.duration_s == pytest.approx(4.0, abs=0.1)
        assert "duration_mismatch" in note_codes(opened)
        assert samples(opened.coarse(1.0))[-1] <= 4.0


def test_a_video_of_garbage_pictures_is_unreadable(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", moving([1], [], 30), options={"g": "10"})
    data = bytearray(path.read_bytes())
    start = data.index(b"\x1f\x43\xb6\x75") + 40
    data[start:] = os.urandom(len(data) - start)
    (tmp_path / "b.mkv").write_bytes(data)
    assert _code(tmp_path / "b.mkv") == "unreadable"
