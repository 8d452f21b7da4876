"""The plan: pure decisions from keyframe spacing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.media.info import KeyframeTable, MediaInfo
from sidecar.media.plan import choose_plan, choose_stops

_INFO = MediaInfo(
    kind="video",
    duration_s=60.0,
    duration_s_from_container=60.0,
    width_px=1920,
    height_px=1080,
    display_width_px=1920,
    display_height_px=1080,
    rotation_deg=0,
    codec="h264",
    pix_fmt="yuv420p",
    bit_depth=8,
    transfer="sdr",
    interlaced=False,
    average_fps=30.0,
    has_alpha=False,
    stream_index=0,
    start_time_s=0.0,
    keyframes=None,
    bytes_per_s=1e6,
    container="mov",
)


def _spaced(gap_s: float, length_s: float = 60.0) -> MediaInfo:
    keys = tuple(i * gap_s for i in range(int(length_s / gap_s)))
    return replace(_INFO, duration_s=length_s, keyframes=KeyframeTable(keys, True, length_s, indexed=True))


def test_keyframes_within_the_interval_need_nothing_else() -> None:
    plan = choose_plan(_spaced(3.0), 4.0)
    assert plan.kind == "keyframes"
    assert plan.expected_decoded_share < 0.02
    assert "3.0 s apart" in plan.reason


def test_keyframes_a_little_too_far_apart_are_topped_up() -> None:
    plan = choose_plan(_spaced(5.0), 4.0)
    assert plan.kind == "keyframes"
    assert 0.2 <= plan.expected_decoded_share < 0.3


def test_long_groups_are_decoded_throughout() -> None:
    assert choose_plan(_spaced(30.0), 4.0).kind == "sequential"
    assert choose_plan(_INFO, 4.0).kind == "sequential"


def test_low_frame_rates_keep_every_frame() -> None:
    assert choose_plan(_spaced(30.0), 4.0).skip_unreferenced
    assert not choose_plan(replace(_spaced(30.0), average_fps=10.0), 4.0).skip_unreferenced


def test_an_interval_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="interval_s is 0"):
        choose_plan(_spaced(3.0), 0.0)


@given(
    gaps=st.lists(st.floats(0.04, 20.0), min_size=1, max_size=60),
    interval_s=st.floats(0.5, 10.0),
    resumed_share=st.one_of(st.none(), st.floats(0.01, 0.99)),
)
def test_stops_leave_no_gap_longer_than_the_interval(
    gaps: list[float], interval_s: float, resumed_share: float | None
) -> None:
    keys = [0.0]
    for gap in gaps[:-1]:
        keys.append(keys[-1] + gap)
    end_s = keys[-1] + gaps[-1]
    after_s = end_s * resumed_share if resumed_share is not None else None
    stops = choose_stops(KeyframeTable(tuple(keys), True, end_s), end_s, interval_s, after_s)
    last_s = after_s if after_s is not None else 0.0
    taken = []
    for stop in stops:
        if stop.take_key:
            taken.append(stop.key_s)
        if stop.until_s is not None:
            # A stretch yields samples at most step_s apart up to and including until_s.
            assert stop.step_s <= interval_s + 0.01
            taken.append(max(stop.until_s, last_s))
            assert stop.until_s - max(stop.key_s, last_s) <= stop.step_s * 1000
        if taken:
            assert stop.until_s is not None or taken[-1] - last_s <= interval_s + 0.01
            last_s = taken[-1]
    assert end_s - last_s <= interval_s + 0.01
    assert taken == sorted(taken)


@given(frame_s=st.floats(0.02, 0.1), interval_s=st.floats(1.0, 8.0))
def test_all_intra_video_is_thinned_to_about_the_interval(frame_s: float, interval_s: float) -> None:
    keys = tuple(i * frame_s for i in range(int(30 / frame_s)))
    stops = choose_stops(KeyframeTable(keys, True, 30.0), 30.0, interval_s)
    assert len(stops) <= 30 / (interval_s - frame_s) + 2
