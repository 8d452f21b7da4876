"""Makes the media files of these tests with FFmpeg's encoders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias, cast

import av
import numpy as np
from numpy.typing import NDArray

from sidecar.media.access import AccessPolicy
from sidecar.media.decoder import Decoder, open_decoder
from sidecar.media.frames import Frame
from sidecar.media.info import MediaInfo
from sidecar.media.plan import DecodePlan, choose_plan
from sidecar.media.probe import probe
from sidecar.media.source import Source, open_source
from sidecar.values import FrameGeometry

Image = NDArray[np.uint8]
Fit: TypeAlias = Literal["crop", "squash", "pad"]
SQUARE = FrameGeometry(64, "squash")
FITS: tuple[Fit, ...] = ("crop", "squash", "pad")


def never() -> bool:
    return False


def scene(seed: int, width: int = 320, height: int = 180) -> Image:
    """A picture of soft blobs, unlike those of other seeds."""
    coarse = np.random.default_rng(seed).integers(10, 245, (5, 8, 3)).astype(np.uint8)
    frame = av.VideoFrame.from_ndarray(coarse, format="rgb24")
    return frame.reformat(width=width, height=height, interpolation="BICUBIC").to_ndarray().astype(np.uint8)


def solid(rgb: tuple[int, int, int], width: int = 64, height: int = 64) -> Image:
    return np.full((height, width, 3), rgb, dtype=np.uint8)


def moving(
    seeds: Sequence[int], cuts: Sequence[int], count: int, width: int = 320, height: int = 180
) -> Iterator[Image]:
    """count pictures that drift slowly; the scene changes at the frame numbers in cuts."""
    scenes = [scene(seed, width + 64, height) for seed in seeds]
    for number in range(count):
        shift = 64 - abs(number % 128 - 64)  # there and back, without a jump
        yield np.ascontiguousarray(scenes[sum(number >= cut for cut in cuts)][:, shift : shift + width])


def write_video(
    path: Path,
    pictures: Iterable[Image | av.VideoFrame],
    *,
    codec: str = "libx264",
    fps: int = 25,
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    pts: Sequence[int] | None = None,
    pixel_aspect: Fraction | None = None,
    colour: dict[str, int] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Encode pictures (uint8 RGB, or frames in pix_fmt). pts: in 1/fps; colour: attributes of the codec context."""
    presets = {"libx264": {"preset": "ultrafast"}, "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"}}
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream: av.VideoStream | None = None
        for number, picture in enumerate(pictures):
            frame = (
                picture if isinstance(picture, av.VideoFrame) else av.VideoFrame.from_ndarray(picture, format="rgb24")
            )
            if stream is None:
                added = container.add_stream(codec, rate=fps, options={**presets.get(codec, {}), **(options or {})})
                stream = cast(av.VideoStream, added)
                stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, pix_fmt
                if pixel_aspect is not None:
                    stream.codec_context.sample_aspect_ratio = pixel_aspect
                for name, value in (colour or {}).items():
                    setattr(stream.codec_context, name, value)
            frame = _converted(frame, pix_fmt, colour or {})
            frame.pts = pts[number] if pts is not None else number
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        assert stream is not None
        container.mux(stream.encode(None))
    return path


def _converted(frame: av.VideoFrame, pix_fmt: str, colour: dict[str, int]) -> av.VideoFrame:
    converted = frame
    if frame.format.name != pix_fmt:
        converted = frame.reformat(
            format=pix_fmt, dst_colorspace=colour.get("colorspace"), dst_color_range=colour.get("color_range")
        )
    for name, value in colour.items():
        setattr(converted, name, value)
    return converted


def access_to(path: Path) -> AccessPolicy:
    return AccessPolicy((path.parent,), ())


def open_path(path: Path) -> Source:
    return open_source(str(path), access_to(path))


def probe_path(path: Path) -> MediaInfo:
    with open_path(path) as source:
        return probe(source)


class Opened:
    """A file with everything that looks at it, for one test."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self.source = open_path(path)
        self.info = probe(self.source)
        self.decoder: Decoder = open_decoder(self.source, self.info, "cpu", threads)

    def plan(self, interval_s: float) -> DecodePlan:
        return choose_plan(self.info, interval_s)

    def coarse(
        self, interval_s: float, geometry: FrameGeometry = SQUARE, start_s: float = 0.0, kind: str | None = None
    ) -> list[Frame]:
        plan = self.plan(interval_s)
        if kind == "sequential":
            plan = DecodePlan("sequential", "asked for by the test", 1.0, 1, plan.skip_unreferenced)
        return list(self.decoder.coarse(plan, interval_s, geometry, never, start_s))

    def window(self, start_s: float, end_s: float, step_s: float) -> list[Frame]:
        return list(self.decoder.window(start_s, end_s, step_s, SQUARE, never))

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.decoder.close()
        self.source.close()


def samples(frames: Iterable[Frame]) -> list[float]:
    return [frame.pts_s for frame in frames if frame.role == "sample"]


def largest_gap(times: Sequence[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


def note_codes(opened: Opened) -> set[str]:
    return {note.code for note in (*opened.info.warnings, *opened.decoder.notes)}
