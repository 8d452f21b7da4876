"""Finds out where keyframes lie and where a video really ends, reading as little as possible."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.media.ffmpeg import VideoInput
from sidecar.media.info import KeyframeTable

_MEASURED_S = 60.0
# A stretch of 60 s at 100 Mbit/s is 750 MB; this much is read at most to learn the keyframe spacing, or the end.
_MEASURED_BYTES = 96 * 1024 * 1024
_TAIL_BYTES = 64 * 1024 * 1024
# An index that reaches this share of the claimed duration covers the video.
_COVERING_SHARE = 0.9
# Containers whose index names every packet with its size and place when the file is opened.
_FULL_INDEX = ("mov", "avi")
# Containers in which a seek near the end is cheap and lands on an indexed keyframe.
_TAIL_SEEKABLE = ("mov", "avi", "matroska", "flv", "asf", "nut")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the container's index tells.

    end_s: when the last whole picture ends, or None if not known without reading on. truncated: the index names bytes
    beyond the end of the file.
    """

    keyframes: KeyframeTable | None
    end_s: float | None
    truncated: bool


def read_layout(video: VideoInput, size_bytes: int, claimed_s: float | None, frame_s: float) -> Layout:
    """The layout as the index has it; moves the reading position."""
    family = video.container_name.split(",")[0]
    if family == "matroska":
        video.seek(0.0)  # its index lies at the end and is read at the first seek
    entries = [entry for entry in video.index() if entry.timestamp > -(1 << 62)]
    if not entries:
        return Layout(None, None, False)
    whole = (
        [entry for entry in entries if not entry.pos + max(entry.size, 1) > size_bytes] if family == "mov" else entries
    )
    if not whole:
        return Layout(None, 0.0, True)
    truncated = len(whole) < len(entries)
    # The index of mp4 holds decode times; pictures are shown later by the codec's reordering delay.
    delay = max(0, (video.stream.start_time or 0) - entries[0].timestamp) if family == "mov" else 0
    last_s = video.seconds(max(entry.timestamp for entry in whole) + delay)
    keys = sorted({video.seconds(entry.timestamp + delay) for entry in whole if entry.is_keyframe})
    covers = truncated or claimed_s is None or last_s >= _COVERING_SHARE * claimed_s - 30.0 * (family == "matroska")
    if not covers or not keys:
        return Layout(None, None, truncated)
    end_s = last_s + frame_s if family in _FULL_INDEX else None
    return Layout(
        KeyframeTable(tuple(max(0.0, key) for key in keys), True, end_s or last_s, indexed=True), end_s, truncated
    )


def measure_end(video: VideoInput, claimed_s: float, frame_s: float) -> float | None:
    """When the last picture ends, found by reading on from the last keyframe; None if that would read too much."""
    if video.container_name.split(",")[0] not in _TAIL_SEEKABLE or not video.seek(claimed_s):
        return None
    last_s, read_bytes = None, 0
    for packet in video.packets():
        ticks = packet.pts if packet.pts is not None else packet.dts
        if ticks is not None:
            last_s = max(video.seconds(ticks), last_s if last_s is not None else 0.0)
        read_bytes += packet.size
        if read_bytes > _TAIL_BYTES:
            return None
    return last_s + frame_s if last_s is not None else None


def measure_keyframes(video: VideoInput, frame_s: float) -> KeyframeTable | None:
    """Keyframes among the first packets (60 s, or fewer where that would read too much); None if there is none.

    Reads from where video stands, which should be the beginning.
    """
    keys: list[float] = []
    last_s, read_bytes = 0.0, 0
    ended = True
    for packet in video.packets():
        ticks = packet.pts if packet.pts is not None else packet.dts
        if ticks is not None:
            last_s = max(last_s, video.seconds(ticks))
            if packet.is_keyframe:
                keys.append(max(0.0, video.seconds(ticks)))
        read_bytes += packet.size
        if last_s > _MEASURED_S or read_bytes > _MEASURED_BYTES:
            ended = False
            break
    return KeyframeTable(tuple(sorted(set(keys))), ended, last_s + frame_s) if keys else None
