"""The ways through a video: on and on, keyframe by keyframe along a table, or one short window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from sidecar.media.cuts import REACH
from sidecar.media.ffmpeg import Packet
from sidecar.media.frames import Frame
from sidecar.media.info import KeyframeTable, MediaInfo
from sidecar.media.plan import Stop
from sidecar.media.reel import Decoded, Reel
from sidecar.media.select import Emit, Rule, select
from sidecar.values import FrameGeometry

SPARE_S = 0.5
"""Distance of spare frames from the frames around them."""

# Seeking costs a search in memory and a read at a new place; reading on costs a packet for each keyframe and, in
# containers that say nothing of what lies ahead (Matroska), all bytes between.
_SEEK_OVER_KEYFRAMES = 8
_SEEK_OVER_BYTES = 8 * 1024 * 1024
_BACK_STEPS_S = (0.0, 1.0, 4.0, 16.0, 64.0, float("inf"))
_SLACK_S = 1e-3


def sequential(
    reel: Reel, table: KeyframeTable | None, interval_s: float, geometry: FrameGeometry, after_s: float | None
) -> Iterator[Frame]:
    """Decode everything after after_s: samples, both frames of each cut, spares between."""
    run = pictures(reel, reel.packets()) if after_s is None else _pictures_from(reel, table, after_s)
    return select(run, Rule(interval_s, SPARE_S, after_s), emitter(reel, geometry))


def window(
    reel: Reel, table: KeyframeTable | None, start_s: float, end_s: float, step_s: float, geometry: FrameGeometry
) -> Iterator[Frame]:
    """Decode (start_s, end_s): samples and both frames of each cut."""
    run = _between(_pictures_from(reel, table, start_s), start_s, end_s)
    return select(run, Rule(step_s, None, start_s, end_s), emitter(reel, geometry))


def shown_at(reel: Reel, table: KeyframeTable | None, at_s: float) -> Decoded | None:
    """The picture that a player shows at a moment: the last one that began by then, else the first one."""
    shown: Decoded | None = None
    for decoded in _pictures_from(reel, table, at_s):
        if shown is not None and decoded.pts_s > at_s + _SLACK_S:
            break
        shown = decoded
    return shown


class KeyframeWalk:
    """Goes from stop to stop of a complete keyframe table, forwards only."""

    def __init__(self, reel: Reel, info: MediaInfo, table: KeyframeTable, geometry: FrameGeometry) -> None:
        self.reel = reel
        self._info, self._table, self._geometry = info, table, geometry
        self._reached = 0

    def visit(self, stop: Stop, last_s: float | None) -> Iterator[Frame] | None:
        """The frames of one stop that are later than last_s; None if the video ended before it."""
        reel, table = self.reel, self._table
        index = table.index_of(stop.key_s)
        skipped_bytes = (stop.key_s - table.pts_s[self._reached]) * self._info.bytes_per_s
        reel.video.only_keyframes(True)
        if table.indexed and index - self._reached > self._worth_reading_on(skipped_bytes):
            reel.seek(table.seek_time_s(index))
        packet = next_keyframe(reel, table.earliest_packet_s(index))
        if packet is None:
            return None
        self._reached = index
        return _visit(reel, stop, packet, self._geometry, last_s)

    def _worth_reading_on(self, skipped_bytes: float) -> int:
        """Over how many keyframes reading on is better than seeking."""
        if not self.reel.video.leaves_out_well:
            return 0
        return 1 if skipped_bytes > _SEEK_OVER_BYTES else _SEEK_OVER_KEYFRAMES


def planned_keyframes(walk: KeyframeWalk, stops: Iterable[Stop], after_s: float | None) -> Iterator[Frame]:
    """Keyframes of a complete table, decoded on from where the next one is too far away."""
    last_s = after_s
    for stop in stops:
        frames = walk.visit(stop, last_s)
        if frames is None:
            return
        for frame in frames:
            last_s = frame.pts_s
            yield frame


def next_keyframe(reel: Reel, earliest_s: float | None = None) -> Packet | None:
    """The next packet that decoding can start from, shown at earliest_s or later; None at the end."""
    for packet in reel.packets():
        if packet.is_keyframe and (earliest_s is None or (reel.time_s(packet) or 0.0) >= earliest_s):
            return packet
    return None


def lone_keyframe(reel: Reel, packet: Packet, geometry: FrameGeometry, last_s: float | None) -> Iterator[Frame]:
    """The picture of one keyframe as a sample, if it is later than last_s."""
    # Draining after each one is what makes every keyframe come out: fed back to back, open-GOP H.264 lost 3 of 12.
    for decoded in [*reel.decode(packet), *reel.drain()]:
        if last_s is None or decoded.pts_s > last_s + _SLACK_S:
            yield reel.frame(decoded, geometry)
            return


def pictures(reel: Reel, packets: Iterable[Packet]) -> Iterator[Decoded]:
    """The pictures of consecutive packets, the last ones included."""
    for packet in packets:
        yield from reel.decode(packet)
    yield from reel.drain()


def emitter(reel: Reel, geometry: FrameGeometry) -> Emit:
    """What scales the pictures that select takes."""

    def emit(decoded: Decoded, spare: bool, after_cut: bool, before_cut: bool) -> Frame:
        return reel.frame(decoded, geometry, spare=spare, after_cut=after_cut, before_cut=before_cut)

    return emit


def _visit(reel: Reel, stop: Stop, packet: Packet, geometry: FrameGeometry, last_s: float | None) -> Iterator[Frame]:
    """The frames of one stop, whose keyframe is packet."""
    if stop.until_s is None and last_s is not None:
        return lone_keyframe(reel, packet, geometry, last_s)
    reel.video.only_keyframes(False)
    if stop.until_s is None:
        return _first_picture(reel, packet, geometry)
    run = _stretch(reel, packet, stop.until_s)
    if stop.take_key:
        # Everything in the run is later than last_s, but its first picture must be taken however near that is.
        return select(run, Rule(stop.step_s, SPARE_S), emitter(reel, geometry))
    return select(run, Rule(stop.step_s, SPARE_S, last_s), emitter(reel, geometry))


def _first_picture(reel: Reel, packet: Packet, geometry: FrameGeometry) -> Iterator[Frame]:
    """The first picture of the video. A trimmed mp4 begins with a keyframe that is decoded but not shown."""
    for frame in lone_keyframe(reel, packet, geometry, None):
        yield frame
        return
    for decoded in pictures(reel, chain([packet], reel.packets())):
        yield reel.frame(decoded, geometry)
        break
    reel.codec.reset()


def _stretch(reel: Reel, first: Packet, until_s: float) -> Iterator[Decoded]:
    """Pictures from the keyframe first to the first one at or after until_s."""
    key_s = reel.time_s(first) or 0.0
    for decoded in pictures(reel, _packets_until(reel, first, until_s)):
        # What precedes the keyframe are leading pictures of an open GOP, whose references were not decoded.
        if decoded.pts_s >= key_s - _SLACK_S:
            yield decoded
        if decoded.pts_s >= until_s:
            break
    reel.codec.reset()


def _packets_until(reel: Reel, first: Packet, until_s: float) -> Iterator[Packet]:
    """The packets of all pictures up to until_s and of one after it."""
    yield first
    for packet in reel.packets():
        if packet.is_keyframe and (reel.time_s(packet) or 0.0) > until_s:
            reel.put_back(packet)
            return
        yield packet
        # A picture is shown when it is decoded or later: what follows this packet is shown after until_s.
        decoded_at = packet.dts if packet.dts is not None else packet.pts
        if decoded_at is not None and reel.video.seconds(decoded_at) >= until_s:
            return


def _between(run: Iterator[Decoded], start_s: float, end_s: float) -> Iterator[Decoded]:
    """Pictures from a little before start_s to a little after end_s: a cut is judged by both its sides."""
    beyond = 0
    for decoded in run:
        # One second before the start is enough to know how much the picture usually changes.
        if decoded.pts_s > start_s - 1.0:
            yield decoded
        if decoded.pts_s >= end_s:
            beyond += 1
            if beyond > REACH:
                return


def _pictures_from(reel: Reel, table: KeyframeTable | None, start_s: float) -> Iterator[Decoded]:
    """Pictures from one at or before start_s to the end of the video.

    Containers seek by decode time or by guess, and some land too late; then from further back.
    """
    for target_s in _seek_targets(table, start_s):
        if not (reel.seek(target_s) if target_s > 0 else reel.rewind()):
            continue
        run = pictures(reel, reel.packets())
        first = next(run, None)
        if first is not None and (first.pts_s <= start_s + _SLACK_S or target_s <= 0):
            yield first
            yield from run
            return


def _seek_targets(table: KeyframeTable | None, start_s: float) -> Iterator[float]:
    """Where to seek for start_s, one after the other; 0.0 is the beginning."""
    if table is not None and table.complete:
        index = table.index_of(start_s)
        if index == 0:
            yield 0.0
            return
        if table.indexed:
            yield table.seek_time_s(index)
    yield from (max(0.0, start_s - back_s) for back_s in _BACK_STEPS_S)
