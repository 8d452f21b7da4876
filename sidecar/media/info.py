"""What is known of a medium before it is decoded. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from statistics import median
from typing import Literal

from sidecar.values import Note


@dataclass(frozen=True, slots=True)
class KeyframeTable:
    """Where the keyframes lie, as far as known without decoding.

    pts_s: increasing seconds; the container's index may be off by the codec's reordering delay (a few frames).
    complete: True if it covers the whole video, False if it was measured on [0, measured_s) only. indexed: the
    container itself can seek to each of them. measured_bytes: of the packets in [0, measured_s), 0 if not counted.
    """

    pts_s: tuple[float, ...]
    complete: bool
    measured_s: float
    indexed: bool = False
    measured_bytes: int = 0

    def gaps_s(self) -> tuple[float, ...]:
        """Distances between neighbours, the stretch after the last keyframe included."""
        ends = (*self.pts_s[1:], max(self.measured_s, self.pts_s[-1])) if self.pts_s else ()
        return tuple(end - start for start, end in zip(self.pts_s, ends, strict=True))

    @property
    def gap_median_s(self) -> float:
        return median(self.gaps_s()) if self.pts_s else 0.0

    @property
    def gap_max_s(self) -> float:
        return max(self.gaps_s(), default=0.0)

    def at_or_before(self, pts_s: float) -> float:
        """The last known keyframe at or before pts_s, or the first one, or 0.0 if none is known."""
        return self.pts_s[self.index_of(pts_s)] if self.pts_s else 0.0

    def index_of(self, pts_s: float) -> int:
        """The index of the last keyframe at or before pts_s, or 0."""
        return max(0, bisect_right(self.pts_s, pts_s) - 1)

    def seek_time_s(self, index: int) -> float:
        """A time from which seeking backward finds this keyframe and not its neighbours."""
        gap_s = self.pts_s[index + 1] - self.pts_s[index] if index + 1 < len(self.pts_s) else 1.0
        return self.pts_s[index] + min(0.01, gap_s / 4)

    def earliest_packet_s(self, index: int) -> float:
        """A time that the keyframe's packet reaches and the one of the keyframe before does not."""
        gap_s = self.pts_s[index] - self.pts_s[index - 1] if index > 0 else 1.0
        return self.pts_s[index] - min(0.5, gap_s / 2)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a medium is.

    duration_s: the best known length (0.0 for an image); duration_s_from_container: what the header claims, or None.
    width_px, height_px: as coded; display_width_px, display_height_px: after pixel aspect and rotation.
    rotation_deg: clockwise turn that makes the picture upright: 0, 90, 180 or 270.
    transfer: "pq" and "hlg" are HDR. start_time_s: what the container calls the time that players show as 0.
    average_fps: 0.0 if unknown. keyframes: None if they could not be measured. bytes_per_s: of the video stream, for
    estimates. container: FFmpeg's name of the demuxer, or Pillow's of the image format. has_timestamps: False for raw
    streams, whose times are counted from average_fps.
    """

    kind: Literal["video", "image"]
    duration_s: float
    duration_s_from_container: float | None
    width_px: int
    height_px: int
    display_width_px: int
    display_height_px: int
    rotation_deg: int
    codec: str
    pix_fmt: str
    bit_depth: int
    transfer: Literal["sdr", "pq", "hlg"]
    interlaced: bool
    average_fps: float
    has_alpha: bool
    stream_index: int
    start_time_s: float
    keyframes: KeyframeTable | None
    bytes_per_s: float
    container: str
    has_timestamps: bool = True
    warnings: tuple[Note, ...] = ()

    @property
    def keyframe_gap_median_s(self) -> float | None:
        return self.keyframes.gap_median_s if self.keyframes and self.keyframes.pts_s else None

    @property
    def keyframe_gap_max_s(self) -> float | None:
        return self.keyframes.gap_max_s if self.keyframes and self.keyframes.pts_s else None
