"""Decides how a medium is looked at the first time. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sidecar.media.info import KeyframeTable, MediaInfo

_SLACK_S = 1e-3
# Above this share of decoded frames the seeks save too little: decoding on also finds cuts and leaves spare frames.
_SEQUENTIAL_SHARE = 0.5
# Keyframes this dense were not placed by an encoder that saw a cut, so none of them is worth more than another.
_DENSE_SHARE = 0.25
# The picture wanted may be one that is left out or comes a frame late; aiming this much later still closes the gap.
_MARGIN_S = 0.15
# Dropping unreferenced frames costs up to three frames of time resolution: 0.15 s at this rate.
_NONREF_MIN_FPS = 20.0


@dataclass(frozen=True, slots=True)
class DecodePlan:
    """How to sample a medium so that samples are never further apart than the interval.

    kind: "keyframes" (keyframes, and short decodes where they are too far apart), "sequential" (decode on), "image".
    reason: a sentence with the measured numbers. expected_decoded_share: of all frames, 0..1; expected_samples: about.
    skip_unreferenced: frames that no other frame needs are left out where decoding runs on.
    """

    kind: Literal["keyframes", "sequential", "image"]
    reason: str
    expected_decoded_share: float
    expected_samples: int
    skip_unreferenced: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A keyframe to decode, and how far to decode on from it (None: the keyframe alone).

    take_key: whether the keyframe itself is a sample. step_s: samples on the way are no further apart.
    """

    key_s: float
    take_key: bool
    until_s: float | None
    step_s: float


def choose_plan(info: MediaInfo, interval_s: float) -> DecodePlan:
    """The plan for one medium; interval_s > 0 is the largest distance between samples."""
    if interval_s <= 0:
        raise ValueError(f"interval_s is {interval_s}; it must be above 0, for example 4.0.")
    if info.kind == "image":
        return DecodePlan("image", "A still image has one frame.", 1.0, 1, False)
    skip = skips_unreferenced(info)
    samples = int(info.duration_s / interval_s) + 1
    table = info.keyframes
    if table is None or len(table.pts_s) == 0 or not info.has_timestamps:
        return DecodePlan("sequential", "Keyframes are not known, so it is decoded throughout.", 1.0, samples, skip)
    stops = choose_stops(table, table.measured_s, interval_s)
    if table.complete:
        decoded_s = sum(stop.until_s - stop.key_s for stop in stops if stop.until_s is not None)
    else:
        # Without knowing where the next keyframe lies, decoding goes to each full interval after the last one.
        decoded_s = sum(gap - gap % interval_s for gap in table.gaps_s() if gap > interval_s)
    length_s = max(table.measured_s, 1e-3)
    frames_share = len(stops) / max(1.0, length_s * (info.average_fps or 25.0))
    share = min(1.0, decoded_s / length_s + frames_share)
    measured = (
        f"Keyframes are {table.gap_median_s:.1f} s apart (median; at most {table.gap_max_s:.1f} s"
        f"{'' if table.complete else f', measured on the first {table.measured_s:.0f} s'}) "
        f"for samples every {interval_s:g} s"
    )
    if share > _SEQUENTIAL_SHARE:
        reason = f"{measured}: topping up would decode {share:.0%} of the frames, so it is decoded throughout."
        return DecodePlan("sequential", reason, 1.0, samples, skip)
    expected = max(1, round(len(stops) * max(info.duration_s, length_s) / length_s))
    reason = f"{measured}: keyframes and short decodes after them need {share:.1%} of the frames."
    return DecodePlan("keyframes", reason, share, expected, skip)


def skips_unreferenced(info: MediaInfo) -> bool:
    """Whether leaving out frames that no other frame needs still leaves enough of them."""
    return info.average_fps >= _NONREF_MIN_FPS and info.has_timestamps


def choose_stops(table: KeyframeTable, end_s: float, interval_s: float, after_s: float | None = None) -> list[Stop]:
    """The keyframes to decode so that samples in (after_s, end_s] are at most interval_s apart.

    Keyframes nearer than half an interval to the last sample are left out unless the next one is too far; where they
    are so dense that none can mark a cut, samples are as far apart as allowed. after_s: samples up to there exist.
    """
    keys = table.pts_s
    dense = table.gap_max_s <= _DENSE_SHARE * interval_s
    spacing_s = interval_s * (1.0 if dense else 0.5)
    index = 0 if after_s is None else max(0, bisect_right(keys, after_s) - 1)
    stops: list[Stop] = []
    # The keyframe from which the stretch after last_s can be decoded.
    start_s, take_key, last_s = keys[index], after_s is None, keys[index] if after_s is None else after_s
    while True:
        index = _next_key(keys, index + 1, last_s, spacing_s, interval_s, end_s)
        next_s = keys[index] if index < len(keys) else end_s
        stop = _stop(start_s, take_key, last_s, next_s, interval_s)
        if stop is not None:
            stops.append(stop)
        if index >= len(keys):
            return stops
        start_s, take_key, last_s = next_s, True, next_s


def _next_key(
    keys: Sequence[float], index: int, last_s: float, spacing_s: float, interval_s: float, end_s: float
) -> int:
    """The index, from index on, of the keyframe to sample after last_s; len(keys) if there is none."""
    far = bisect_left(keys, last_s + spacing_s - _SLACK_S, index)
    far_s = keys[far] if far < len(keys) else end_s
    near_is_new = far > index and keys[far - 1] > last_s + _SLACK_S
    return far - 1 if near_is_new and far_s - last_s > interval_s + _SLACK_S else far


def _stop(start_s: float, take_key: bool, last_s: float, next_s: float, interval_s: float) -> Stop | None:
    gap_s = next_s - last_s
    if gap_s <= interval_s + _SLACK_S:
        return Stop(start_s, True, None, interval_s) if take_key else None
    # The last sample lies one interval before the next keyframe: the least decoding that leaves no larger gap.
    until_s = next_s - interval_s + min(_MARGIN_S, interval_s / 20)
    steps = -(-(until_s - last_s) // interval_s)
    return Stop(start_s, take_key, until_s, (until_s - last_s) / max(1.0, steps))
