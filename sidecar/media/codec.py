"""Packets in, pictures out: the seam between a pass over a video and the decoder that does the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sidecar.media.cuts import Signature
from sidecar.media.ffmpeg import DecodeError, Packet, VideoFrame, VideoInput
from sidecar.media.frames import FULL_PX, Detail
from sidecar.media.picture import Scaler, luma_signature
from sidecar.values import FrameGeometry, RgbImage


class Picture(Protocol):
    """One decoded frame, still where the decoder left it.

    ticks: presentation time in the stream's time base, or None if the stream has none. pixels: coded area.
    """

    @property
    def ticks(self) -> int | None: ...

    @property
    def keyframe(self) -> bool: ...

    @property
    def corrupt(self) -> bool: ...

    @property
    def pixels(self) -> int: ...

    def signature(self) -> Signature: ...

    def rgb(self, geometry: FrameGeometry) -> RgbImage: ...

    def detail(self, geometry: FrameGeometry) -> Detail:
        """The picture for geometry.detail_px, which is above 0."""
        ...


class Codec(Protocol):
    """Decodes packets of one stream in decode order. Broken packets count as errors and yield nothing."""

    name: str
    errors: int

    def aim(self, geometry: FrameGeometry) -> None:
        """Say how the pictures of the coming packets will be wanted; a GPU scales them at once."""
        ...

    def feed(self, packet: Packet) -> list[Picture]:
        """Pictures that became ready, in display order; later ones stay inside until more is fed."""
        ...

    def drain(self) -> list[Picture]:
        """What is still inside; afterwards only a keyframe may be fed."""
        ...

    def reset(self) -> None:
        """Forget what is inside, after a seek."""
        ...

    def skip_unreferenced(self, wanted: bool) -> None:
        """Leave out, or not, frames that no other frame needs (cheaper, time resolution of a few frames less)."""
        ...


@dataclass(slots=True)
class CpuPicture:
    """A frame of FFmpeg with the scaler of its video."""

    frame: VideoFrame
    scaler: Scaler

    @property
    def ticks(self) -> int | None:
        # FFmpeg leaves pts empty where the container has none (AVI with B-frames); dts is then right to a few frames.
        return self.frame.pts if self.frame.pts is not None else self.frame.dts

    @property
    def keyframe(self) -> bool:
        return bool(self.frame.key_frame)

    @property
    def corrupt(self) -> bool:
        return bool(self.frame.is_corrupt)

    @property
    def pixels(self) -> int:
        return self.frame.width * self.frame.height

    def signature(self) -> Signature:
        return luma_signature(self.frame)

    def rgb(self, geometry: FrameGeometry) -> RgbImage:
        return self.scaler.rgb(self.frame, geometry)

    def detail(self, geometry: FrameGeometry) -> Detail:
        image = self.scaler.undistorted(self.frame, geometry.view, geometry.detail_px)
        scale = self.scaler.viewed_px(self.frame, geometry.view) / max(image.shape[:2])
        frame, pixel_aspect, rotation_deg = self.frame, self.scaler.pixel_aspect, self.scaler.rotation_deg

        def full() -> RgbImage:
            # A scaler of its own: this one goes on with the next frames, perhaps in another thread.
            return Scaler(pixel_aspect, rotation_deg).undistorted(frame, geometry.view, FULL_PX)

        return Detail(image, max(1.0, scale), full if scale > 1.0 else None)


class CpuCodec:
    """FFmpeg's software decoder of a VideoInput's stream."""

    name = "pyav-cpu"

    def __init__(self, video: VideoInput, scaler: Scaler, threads: int) -> None:
        self.errors = 0
        self._scaler = scaler
        self._context = video.stream.codec_context
        self._context.thread_count = max(1, threads)
        self._context.thread_type = "AUTO"

    def aim(self, geometry: FrameGeometry) -> None:
        """Nothing: frames keep all their pixels until they are asked for."""

    def feed(self, packet: Packet) -> list[Picture]:
        return self._decode(packet)

    def drain(self) -> list[Picture]:
        pictures = self._decode(None)
        self.reset()
        return pictures

    def reset(self) -> None:
        if self._context.is_open:
            self._context.flush_buffers()

    def skip_unreferenced(self, wanted: bool) -> None:
        self._context.skip_frame = "NONREF" if wanted else "DEFAULT"

    def _decode(self, packet: Packet | None) -> list[Picture]:
        try:
            frames = self._context.decode(packet)
        except EOFError:
            return []
        except DecodeError:
            self.errors += 1
            return []
        return [CpuPicture(frame, self._scaler) for frame in frames]
