"""A video made of real photos: what analyze shows without arguments, what tests and benchmarks look at.

The photos ship inside scikit-image, so nothing is downloaded. A slow zoom keeps frames from being identical.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import av
import av.filter
import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo on screen for `seconds`. photo: a file name in scikit-image's data folder, without its ending, or one
    of PEOPLE_PHOTOS. centre_y: which height of it (0 top, 1 bottom) is kept where it is taller than the frame.
    """

    photo: str
    seconds: float
    centre_y: float = 0.5


SAMPLE_SHOTS = (
    Shot("coffee", 7.4),
    Shot("chelsea", 9.2),
    Shot("rocket", 6.0),
    Shot("motorcycle_left", 8.6),
    Shot("coffee", 5.2),
    Shot("hubble_deep_field", 6.8),
    Shot("camera", 7.2),
)


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """How a video is written. options go to the encoder (see FFmpeg's documentation of it)."""

    width_px: int = 1280
    height_px: int = 720
    fps: int = 25
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    zoom_per_s: float = 0.01
    noise: int = 0
    options: Mapping[str, str] = field(default_factory=lambda: {"preset": "veryfast", "crf": "23"})


PEOPLE_PHOTOS = {
    "grace_hopper": ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    "six_people": ("insightface", "data/images/t1.jpg"),
}
"""Photos of people that other packages ship. scikit-image's `astronaut` shows one, too: Eileen Collins."""


def photo_path(photo: str) -> Path:
    """Path of one of scikit-image's own photos, or of PEOPLE_PHOTOS. Raises FileNotFoundError naming what there is."""
    if photo in PEOPLE_PHOTOS:
        package, inside = PEOPLE_PHOTOS[photo]
        found = find_spec(package)  # importing them would take a second
        if found is None or not found.submodule_search_locations:
            raise FileNotFoundError(f"the photo {photo!r} comes with {package}, which is not installed")
        return Path(found.submodule_search_locations[0]) / inside
    import skimage

    folder = Path(skimage.__file__).parent / "data"
    for ending in (".png", ".jpg"):
        if (path := folder / f"{photo}{ending}").exists():
            return path
    known = sorted(p.stem for p in folder.iterdir() if p.suffix in (".png", ".jpg"))
    raise FileNotFoundError(f"scikit-image ships no photo {photo!r}; it has {', '.join(known)}")


@lru_cache(maxsize=32)
def load_photo(photo: str) -> NDArray[np.uint8]:
    """uint8 (H, W, 3) RGB."""
    with Image.open(photo_path(photo)) as image:
        return np.asarray(image.convert("RGB"))


def frame_of(photo: str, seconds_in: float, video: VideoFormat, centre_y: float = 0.5) -> NDArray[np.uint8]:
    """The photo covering a whole frame, zoomed in by zoom_per_s for every second it has been on screen."""
    pixels = load_photo(photo)
    height, width = pixels.shape[:2]
    zoom = 1.0 + video.zoom_per_s * seconds_in
    scale = min(width / video.width_px, height / video.height_px) / zoom
    crop_w, crop_h = video.width_px * scale, video.height_px * scale
    left = max(0.0, (width - crop_w) / 2)
    top = min(max(0.0, centre_y * height - crop_h / 2), max(0.0, height - crop_h))
    resized = Image.fromarray(pixels).resize(
        (video.width_px, video.height_px), Image.Resampling.BILINEAR, box=(left, top, left + crop_w, top + crop_h)
    )
    return np.asarray(resized)


def cut_times_s(shots: Sequence[Shot]) -> list[float]:
    """Start of every shot, and the end of the last, seconds."""
    return [0.0, *np.cumsum([shot.seconds for shot in shots]).tolist()]


def write_video(
    path: Path,
    shots: Sequence[Shot] = SAMPLE_SHOTS,
    video: VideoFormat | None = None,
    times_s: Sequence[float] | None = None,
) -> Path:
    """Write the shots as a video file, atomically; the ending of path chooses the container.

    times_s: presentation times of the frames (variable frame rate); default: every 1 / fps.
    """
    video = video or VideoFormat()
    total_s = cut_times_s(shots)[-1]
    times = list(times_s) if times_s is not None else [n / video.fps for n in range(round(total_s * video.fps))]
    partial = path.with_name(f".partial-{path.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(partial), "w") as container:
        stream = container.add_stream(video.codec, rate=video.fps, options=dict(video.options))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = video.width_px, video.height_px, video.pix_fmt
        time_base = Fraction(1, 90_000)
        stream.codec_context.time_base = time_base
        grain = _Grain(video, time_base) if video.noise else None
        for time_s, pixels in zip(times, _pictures(shots, video, times), strict=True):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = round(time_s * 90_000), time_base
            container.mux(stream.encode(grain.add(frame) if grain else frame))
        container.mux(stream.encode())
    partial.replace(path)
    return path


def repeat_video(source: Path, target: Path, times: int) -> Path:
    """Write source `times` over, one after the other, without encoding again."""
    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        video = reader.streams.video[0]
        out = writer.add_stream_from_template(video)
        packets = [
            (packet.pts, packet.dts, packet)
            for packet in reader.demux(video)
            if packet.pts is not None and packet.dts is not None
        ]
        _, last_dts, last = packets[-1]
        length = last_dts - packets[0][1] + (last.duration or packets[1][1] - packets[0][1])
        for n in range(times):
            for pts, dts, packet in packets:
                copy = av.Packet(bytes(packet))
                copy.pts, copy.dts = pts + n * length, dts + n * length
                copy.duration, copy.time_base = packet.duration, packet.time_base
                copy.is_keyframe, copy.stream = packet.is_keyframe, out
                writer.mux(copy)
    return target


class _Grain:
    """Moving luma noise by FFmpeg's noise filter: ten times faster here than numpy."""

    def __init__(self, video: VideoFormat, time_base: Fraction) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_buffer(
            width=video.width_px, height=video.height_px, format=av.VideoFormat("yuv420p"), time_base=time_base
        )
        noise = self._graph.add("noise", f"c0s={video.noise:g}:c0f=t:all_seed=7")
        sink = self._graph.add("buffersink")
        source.link_to(noise)
        noise.link_to(sink)
        self._graph.configure()

    def add(self, frame: av.VideoFrame) -> av.VideoFrame:
        self._graph.push(frame)
        noisy = self._graph.pull()
        assert isinstance(noisy, av.VideoFrame)
        return noisy


def _pictures(shots: Sequence[Shot], video: VideoFormat, times_s: Sequence[float]) -> Iterator[NDArray[np.uint8]]:
    cuts = cut_times_s(shots)
    for time_s in times_s:
        shot = min(int(np.searchsorted(cuts, time_s + 1e-9, side="right")) - 1, len(shots) - 1)
        yield frame_of(shots[shot].photo, max(0.0, time_s - cuts[shot]), video, shots[shot].centre_y)
