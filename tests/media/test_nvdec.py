"""The NVIDIA decoder: chosen only where it works, and its reasons otherwise. Runs without a GPU."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import av
import numpy as np
import pytest

from sidecar.media.decoder import Device, open_decoder
from sidecar.media.nvdec import NvCodec, nvdec_codec_factory, nvdec_status
from sidecar.media.plan import DecodePlan
from sidecar.media.probe import probe
from sidecar.media.video_decoder import VideoDecoder, cpu_codec
from sidecar.values import RgbImage
from tests.media.make import SQUARE, moving, never, open_path, probe_path, write_video


def _resize(frame: object, part: object, width_px: int, height_px: int) -> RgbImage:
    return np.zeros((height_px, width_px, 3), np.uint8)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "a.mp4", moving([1], [], 50), options={"g": "25"})


def test_the_status_always_has_a_reason() -> None:
    works, reason = nvdec_status()
    assert reason
    assert works == reason.startswith("PyNvVideoCodec 2") or "cannot be used" in reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"codec": "prores"}, "no decoder for prores"),
        ({"pix_fmt": "yuv444p"}, "pixel format yuv444p"),
        ({"transfer": "pq"}, "HDR"),
        ({"interlaced": True}, "interlaced"),
    ],
)
def test_what_it_cannot_do_is_said(video: Path, change: dict[str, object], reason: str) -> None:
    factory, said = nvdec_codec_factory(replace(probe_path(video), **change), _resize)  # type: ignore[arg-type]
    assert factory is None
    assert reason in said


def test_without_a_resize_it_is_not_used(video: Path) -> None:
    factory, reason = nvdec_codec_factory(probe_path(video), None)
    assert factory is None
    assert "tensor library" in reason


def test_asking_for_it_in_vain_decodes_on_the_cpu_and_says_why(video: Path) -> None:
    if nvdec_status()[0]:
        pytest.skip("this machine has a GPU that decodes")
    with open_path(video) as source:
        info = probe(source)
        devices: tuple[Device, ...] = ("cuda", "auto")
        for device in devices:
            with open_decoder(source, info, device, 1, _resize) as decoder:
                assert decoder.name == "pyav-cpu"
                assert any(note.code == "nvdec_unavailable" for note in decoder.notes) == (device == "cuda")
                assert len(list(decoder.window(0.0, 1.0, 0.5, SQUARE, never))) >= 2


class _Driver:
    """Stands in for PyNvVideoCodec's packet API with FFmpeg's decoder, to test what is fed to it and what comes back.

    Like the real one it takes Annex B bytes by address, gives times back untouched, and ends the stream at an empty
    packet. It proves the plumbing, not the hardware.
    """

    class PyNvVCException(Exception):
        pass

    class PacketData:
        bsl = bsl_data = pts = dts = key = 0

    cudaVideoCodec = SimpleNamespace(H264=4)  # noqa: N815
    OutputColorType = SimpleNamespace(RGB=1)
    DisplayDecodeLatencyType = SimpleNamespace(NATIVE=0)

    def CreateDecoder(self, **_: object) -> _Driver:  # noqa: N802
        return _Driver()

    def __init__(self) -> None:
        self._context = av.CodecContext.create("h264", "r")

    def Decode(self, data: PacketData) -> list[_Surface]:  # noqa: N802
        if not data.bsl:
            frames = self._context.decode(None)
            self._context = av.CodecContext.create("h264", "r")
        else:
            raw = ctypes.string_at(data.bsl_data, data.bsl)
            assert raw.startswith((b"\0\0\0\1", b"\0\0\1"))
            packet = av.Packet(raw)
            packet.pts, packet.dts = data.pts, data.dts
            frames = self._context.decode(packet)
        return [_Surface(frame) for frame in frames]


class _Surface:
    def __init__(self, frame: av.VideoFrame) -> None:
        self.frame = frame

    def getPTS(self) -> int:  # noqa: N802
        assert self.frame.pts is not None
        return self.frame.pts


def _scale(frame: object, part: tuple[int, int, int, int] | None, width_px: int, height_px: int) -> RgbImage:
    assert isinstance(frame, _Surface)
    source = frame.frame
    if part is not None:
        left, top, right, bottom = part
        pixels = source.to_ndarray(format="rgb24").astype(np.uint8)[top:bottom, left:right]
        source = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    scaled = source.reformat(width=width_px, height=height_px, format="rgb24", interpolation="AREA")
    return scaled.to_ndarray().astype(np.uint8)


@pytest.mark.parametrize("kind", ["keyframes", "sequential"])
def test_every_pass_gives_the_same_frames_as_the_cpu(tmp_path: Path, kind: Literal["keyframes", "sequential"]) -> None:
    path = write_video(tmp_path / "a.mp4", moving([1, 2], [42], 90), fps=15, options={"g": "30", "bf": "2"})
    with open_path(path) as source:
        info = probe(source)
        plan = DecodePlan(kind, "test", 1.0, 1, False)
        seen = []
        for make in (cpu_codec(1), lambda video, media: NvCodec(_Driver(), video, media, _scale)):
            with VideoDecoder(source, info, make) as decoder:
                frames = [
                    *decoder.coarse(plan, 1.5, SQUARE, never),
                    *decoder.window(2.0, 3.5, 0.3, SQUARE, never),
                    *decoder.window(0.5, 1.0, 0.3, SQUARE, never),
                ]
                seen.append(frames)
                assert decoder.stats.decode_errors == 0
    assert [(f.pts_s, f.role, f.after_cut, f.keyframe) for f in seen[0]] == [
        (f.pts_s, f.role, f.after_cut, f.keyframe) for f in seen[1]
    ]
    assert any(frame.after_cut for frame in seen[0])
    for cpu, gpu in zip(*seen, strict=True):
        assert np.abs(cpu.image.astype(int) - gpu.image).mean() < 3
