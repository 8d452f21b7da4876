"""One pass over one video: packets with sane times, pictures in increasing order, counted and cancellable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sidecar.media.codec import Codec, Picture
from sidecar.media.ffmpeg import Packet, VideoInput
from sidecar.media.frames import Frame
from sidecar.media.meter import Meter
from sidecar.values import Cancelled, FrameGeometry, IsCancelled

# A step back in time larger than this is a new clock (joined recordings), not a frame out of order.
_CLOCK_RESTART_S = 1.0
_CANCEL_CHECK_S = 0.05


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture and its time."""

    pts_s: float
    picture: Picture


class Reel:
    """Packets of one video from where it stands, and their pictures. Lives for one pass.

    Raises Cancelled from packets() within one packet of is_cancelled() turning true.
    """

    def __init__(
        self, video: VideoInput, codec: Codec, meter: Meter, is_cancelled: IsCancelled, average_fps: float
    ) -> None:
        self.video = video
        self.codec = codec
        self.meter = meter
        self.clock_restarts = 0
        self.last_pts_s = float("-inf")
        self.is_cancelled = is_cancelled
        self._frame_s = 1.0 / (average_fps or 25.0)
        self._checked_at = float("-inf")
        self._offset_ticks = 0
        self._newest_ticks: int | None = None
        self._packets = self._read()
        self._held: Packet | None = None

    def packets(self) -> Iterator[Packet]:
        """The packets that nobody has taken yet. Several loops may share them, one after the other."""
        while (packet := self.next_packet()) is not None:
            yield packet

    def next_packet(self) -> Packet | None:
        held, self._held = self._held, None
        return held if held is not None else next(self._packets, None)

    def put_back(self, packet: Packet) -> None:
        """Let packet be the next one again."""
        self._held = packet

    def time_s(self, packet: Packet) -> float | None:
        """When the packet's frame is shown, or None if the container does not say."""
        ticks = packet.pts if packet.pts is not None else packet.dts
        return self.video.seconds(ticks) if ticks is not None else None

    def seek(self, pts_s: float) -> bool:
        """Continue at the keyframe at or before pts_s. False if the container cannot."""
        done = self.video.seek(pts_s)
        self._forget()
        return done

    def rewind(self) -> bool:
        """Continue at the beginning. False if the container cannot."""
        done = self.video.rewind()
        self._forget()
        return done

    def decode(self, packet: Packet) -> list[Decoded]:
        self.check_cancelled()
        self.meter.bytes_decoded += packet.size
        return self._accept(self.codec.feed(packet))

    def drain(self) -> list[Decoded]:
        """What the codec still holds; afterwards it needs a keyframe."""
        return self._accept(self.codec.drain())

    def frame(
        self,
        decoded: Decoded,
        geometry: FrameGeometry,
        *,
        spare: bool = False,
        after_cut: bool = False,
        before_cut: bool = False,
    ) -> Frame:
        """Scale a picture for the model."""
        self.meter.frames_scaled += 1
        self.meter.pixels_scaled += decoded.picture.pixels
        image = decoded.picture.rgb(geometry)
        detail = decoded.picture.detail(geometry) if geometry.detail_px else None
        if detail is not None and spare:  # many are kept for long: without the decoded frames they are small
            detail = replace(detail, full=None)
        role: Literal["sample", "spare"] = "spare" if spare else "sample"
        return Frame(max(0.0, decoded.pts_s), image, role, after_cut, before_cut, decoded.picture.keyframe, detail)

    def check_cancelled(self) -> None:
        now = time.monotonic()
        if now - self._checked_at >= _CANCEL_CHECK_S:
            self._checked_at = now
            if self.is_cancelled():
                raise Cancelled

    def _forget(self) -> None:
        self.codec.reset()
        self._packets, self._held = self._read(), None
        self._offset_ticks, self._newest_ticks, self.last_pts_s = 0, None, float("-inf")

    def _read(self) -> Iterator[Packet]:
        for packet in self.video.packets():
            self.meter.packets_read += 1
            self.check_cancelled()
            self._straighten(packet)
            shown_s = self.time_s(packet)
            if shown_s is not None:
                self.meter.duration_s_seen = max(self.meter.duration_s_seen, shown_s + self._frame_s)
            yield packet

    def _straighten(self, packet: Packet) -> None:
        """Give packets after a restart of the clock times that go on from the ones before."""
        dts = packet.dts if packet.dts is not None else packet.pts
        if dts is None:
            return
        newest = self._newest_ticks
        step = round(self._frame_s / self.video.time_base_s)
        if newest is not None and (newest - dts - self._offset_ticks) * self.video.time_base_s > _CLOCK_RESTART_S:
            self._offset_ticks = newest + step - dts
            self.clock_restarts += 1
        self._newest_ticks = max(dts + self._offset_ticks, newest if newest is not None else dts)
        if self._offset_ticks:
            packet.dts = dts + self._offset_ticks
            packet.pts = packet.pts + self._offset_ticks if packet.pts is not None else None

    def _accept(self, pictures: list[Picture]) -> list[Decoded]:
        """Pictures that are whole and later than the last one."""
        accepted = []
        for picture in pictures:
            self.meter.frames_decoded += 1
            self.meter.pixels_decoded += picture.pixels
            pts_s = self._picture_time_s(picture)
            if picture.corrupt:
                self.meter.corrupt_pictures += 1
            elif pts_s > self.last_pts_s:
                self.last_pts_s = pts_s
                self.meter.last_pts_s = pts_s
                self.meter.duration_s_seen = max(self.meter.duration_s_seen, pts_s + self._frame_s)
                accepted.append(Decoded(pts_s, picture))
        return accepted

    def _picture_time_s(self, picture: Picture) -> float:
        if picture.ticks is not None:
            return self.video.seconds(picture.ticks)
        return self.last_pts_s + self._frame_s if self.last_pts_s >= 0 else 0.0
