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
# Containers with an index of their own; for others FFmpeg notes down what it has passed, which tells nothing new.
_INDEXED = ("mov", "avi", "matroska", "flv", "asf", "nut", "mxf", "wtv", "rm")
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
    """The layout as the index has it; moves the reading position. claimed_s: how long the pictures should last."""
    family = video.container_name.split(",")[0]
    if family not in _INDEXED:
        return Layout(None, None, False)
    if family == "matroska":
        video.seek(0.0)  # its index lies at the end and is read at the first seek
    entries = [entry for entry in video.index() if entry.timestamp > -(1 << 62)]
    whole = [entry for entry in entries if family != "mov" or entry.pos + max(entry.size, 1) <= size_bytes]
    if not whole:
        return Layout(None, None, bool(entries))
    truncated = len(whole) < len(entries)
    # The index of mp4 holds decode times; pictures are shown later by the codec's reordering delay.
    delay = _reordering_ticks(video) if family == "mov" else 0
    last_s = video.seconds(max(entry.timestamp for entry in whole) + delay)
    end_s = last_s + frame_s if family in _FULL_INDEX else None
    keys = sorted({max(0.0, video.seconds(entry.timestamp + delay)) for entry in whole if entry.is_keyframe})
    covers = truncated or (claimed_s is not None and last_s >= _COVERING_SHARE * claimed_s - frame_s)
    if not covers or not keys:
        # Fragmented mp4 lists only the fragments met so far.
        return Layout(None, end_s if covers else None, truncated)
    return Layout(KeyframeTable(tuple(keys), True, end_s or last_s, indexed=True), end_s, truncated)


def _reordering_ticks(video: VideoInput) -> int:
    """How much later than it is decoded the first picture is shown."""
    first = next(video.packets(), None) if video.rewind() else None
    return max(0, first.pts - first.dts) if first and first.pts is not None and first.dts is not None else 0


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

    Reads from where video stands, which should be the beginning. Where packets carry no times they are counted.
    """
    keys: list[float] = []
    last_s, read_bytes, complete = 0.0, 0, True
    for number, packet in enumerate(video.packets()):
        ticks = packet.pts if packet.pts is not None else packet.dts
        shown_s = max(0.0, video.seconds(ticks)) if ticks is not None else number * frame_s
        last_s = max(last_s, shown_s)
        if packet.is_keyframe:
            keys.append(shown_s)
        read_bytes += packet.size
        if last_s > _MEASURED_S or read_bytes > _MEASURED_BYTES:
            complete = False
            break
    if not keys:
        return None
    return KeyframeTable(tuple(sorted(set(keys))), complete, last_s + frame_s, measured_bytes=read_bytes)
