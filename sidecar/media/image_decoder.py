"""The decoder of still images: one frame at 0.0 s."""

from __future__ import annotations

from collections.abc import Generator
from types import TracebackType

from sidecar.media.frames import Frame
from sidecar.media.info import MediaInfo
from sidecar.media.meter import DecodeStats, Meter
from sidecar.media.plan import DecodePlan
from sidecar.media.source import Source
from sidecar.media.still import read_pictures
from sidecar.values import Cancelled, FrameGeometry, IsCancelled, Note


class ImageDecoder:
    """Fulfils Decoder for an image; a window has nothing to add."""

    name = "pillow"
    notes: tuple[Note, ...] = ()

    def __init__(self, source: Source, info: MediaInfo) -> None:
        self._source = source
        self._info = info
        self._meter = Meter()

    @property
    def stats(self) -> DecodeStats:
        return self._meter.stats(decode_errors=0)

    def coarse(
        self,
        plan: DecodePlan,
        interval_s: float,
        geometry: FrameGeometry,
        is_cancelled: IsCancelled,
        start_s: float = 0.0,
    ) -> Generator[Frame, None, None]:
        """The image as one sample at 0.0 s; nothing when resumed after it. Raises MediaError unreadable."""
        if start_s > 0:
            return
        if is_cancelled():
            raise Cancelled
        image, detail = read_pictures(self._source, geometry)
        self._meter.frames_decoded += 1
        self._meter.frames_scaled += 1
        self._meter.bytes_decoded += self._source.size_bytes
        self._meter.pixels_decoded += self._info.width_px * self._info.height_px
        yield Frame(0.0, image, "sample", after_cut=False, before_cut=False, keyframe=True, detail=detail)

    def window(
        self, start_s: float, end_s: float, step_s: float, geometry: FrameGeometry, is_cancelled: IsCancelled
    ) -> Generator[Frame, None, None]:
        """Nothing: the one frame is known."""
        yield from ()

    def window_cost(self, start_s: float, end_s: float) -> float:
        return 0.0

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> ImageDecoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
