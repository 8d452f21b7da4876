"""Keyframe by keyframe through a video whose container does not tell where the next one lies."""

from __future__ import annotations

from collections.abc import Iterator

from sidecar.media.ffmpeg import Packet
from sidecar.media.frames import Frame
from sidecar.media.passes import SPARE_S, emitter, lone_keyframe, next_keyframe, pictures
from sidecar.media.reel import Reel
from sidecar.media.select import Rule, select
from sidecar.values import FrameGeometry

# What follows a keyframe waits undecoded until the next one shows whether it is needed, within this much memory.
_HELD_BYTES = 48 * 1024 * 1024
_SLACK_S = 1e-3


def discovered_keyframes(
    reel: Reel, interval_s: float, geometry: FrameGeometry, after_s: float | None
) -> Iterator[Frame]:
    """Keyframes as they come, and decoding on once the next one has not come within the interval."""
    last_s = after_s
    while (key := next_keyframe(reel)) is not None:
        for frame in _after_keyframe(reel, key, last_s, interval_s, geometry):
            last_s = frame.pts_s
            yield frame


def _after_keyframe(
    reel: Reel, key: Packet, last_s: float | None, interval_s: float, geometry: FrameGeometry
) -> Iterator[Frame]:
    """Frames of one keyframe and of what follows it up to the next."""
    key_s = reel.time_s(key) or 0.0
    wanted = last_s is None or key_s - last_s >= interval_s / 2
    held = _Held(key_s if wanted or last_s is None else last_s, interval_s)
    for packet in reel.packets():
        too_late = held.is_due(reel.time_s(packet))
        if packet.is_keyframe:
            reel.put_back(packet)
            # A keyframe too near to the last sample is needed after all if the next one is too far from it.
            if wanted or too_late:
                yield from lone_keyframe(reel, key, geometry, last_s)
            return
        held.packets.append(packet)
        held.size_bytes += packet.size
        if too_late:
            rule = Rule(interval_s, SPARE_S, None if wanted else last_s)
            run = pictures(reel, _topping_up(reel, key, held))
            in_order = (decoded for decoded in run if decoded.pts_s >= key_s - _SLACK_S)
            yield from select(in_order, rule, emitter(reel, geometry))
            return
    if wanted:
        yield from lone_keyframe(reel, key, geometry, last_s)


class _Held:
    """Packets that wait for the time from_s + interval_s, when they are needed."""

    def __init__(self, from_s: float, interval_s: float) -> None:
        self.packets: list[Packet] = []
        self.size_bytes = 0
        self._from_s = from_s
        self._interval_s = interval_s

    def is_due(self, pts_s: float | None) -> bool:
        late = pts_s is not None and pts_s - self._from_s > self._interval_s + _SLACK_S
        return late or self.size_bytes > _HELD_BYTES

    def release(self) -> list[Packet]:
        """The packets, and wait for the next interval."""
        packets, self.packets, self.size_bytes = self.packets, [], 0
        self._from_s += self._interval_s
        return packets


def _topping_up(reel: Reel, key: Packet, held: _Held) -> Iterator[Packet]:
    """The packets from key on, released an interval at a time, until the next keyframe or the end."""
    yield key
    yield from held.release()
    for packet in reel.packets():
        if packet.is_keyframe:
            reel.put_back(packet)
            return
        held.packets.append(packet)
        held.size_bytes += packet.size
        if held.is_due(reel.time_s(packet)):
            yield from held.release()
