"""Windows that share a keyframe are decoded in one run."""

from __future__ import annotations

from sidecar.engine.refinement import merge_windows
from sidecar.tagging.refine import RefineWindow


def keyframes_every_10_s(start_s: float, end_s: float) -> float:
    return end_s - start_s // 10 * 10


def test_windows_behind_one_keyframe_become_one() -> None:
    windows = (RefineWindow(14, 16, 1.0, (2,)), RefineWindow(11, 13, 3.0, (0, 1)), RefineWindow(35, 36, 2.0, (1,)))
    assert merge_windows(windows, keyframes_every_10_s) == (
        RefineWindow(11, 16, 3.0, (0, 1, 2)),
        RefineWindow(35, 36, 2.0, (1,)),
    )


def test_windows_behind_their_own_keyframes_stay_apart() -> None:
    windows = (RefineWindow(10, 12, 1.0, (0,)), RefineWindow(50, 52, 1.0, (0,)))
    assert merge_windows(windows, keyframes_every_10_s) == windows


def test_nothing_to_merge() -> None:
    assert merge_windows((), keyframes_every_10_s) == ()
