"""The second look: decode around score crossings until boundaries are sharp, largest jumps first, within a budget."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sidecar.engine.watch import Watches
from sidecar.media.decoder import Decoder
from sidecar.store import Coverage
from sidecar.tagging.refine import RefineWindow
from sidecar.values import Cancelled, FrameGeometry, IsCancelled

MAX_ROUNDS = 6
"""A refined window can uncover another boundary next to it; this many times over is a flicker, not a boundary."""

LOOK_AHEAD_FRAMES = 3
"""Frames embedded together before asking whether the boundary is found: fewer wait longer, more decode too far."""


@dataclass(frozen=True, slots=True)
class Refinement:
    """Refines one medium. budget is in the unit of DecodeStats.decode_cost; None means without limit."""

    decoder: Decoder
    geometry: FrameGeometry
    refine_s: float
    budget: float | None
    duration_s: float
    watches: Watches
    is_cancelled: IsCancelled
    on_progress: Callable[[float], None]

    def run(self) -> None:
        """Decode until nothing is left to refine or the budget is spent; what was decoded is stored window by window.

        The window that crosses the limit is finished, so the largest jump is always looked at.
        May raise Cancelled, MediaError or StoreError.
        """
        spent_before = self.decoder.stats.decode_cost
        if self.budget is None:
            self._look_at_the_tail()
        for _ in range(MAX_ROUNDS):
            windows = self.windows()
            if not windows:
                return
            if self.budget is None:
                windows = merge_windows(windows, self.decoder.window_cost)
            for window in windows:
                if self.budget is not None and self.decoder.stats.decode_cost - spent_before >= self.budget:
                    return
                self._look_into(window)

    def _look_at_the_tail(self) -> None:
        """Nothing is known to change after the last sample, but whoever wants it sharp wants the end sharp too."""
        last_s = self.watches.last_pts_s()
        if last_s is None:
            return
        if self.duration_s - max(last_s, self.watches.covered_to_s(self.refine_s)) > self.refine_s:
            self._look_into(RefineWindow(last_s, self.duration_s, 0.0, ()), to_the_end=True)

    def windows(self) -> tuple[RefineWindow, ...]:
        """What is still to refine, largest jump first."""
        return self.watches.windows(self.refine_s, self.duration_s)

    def _look_into(self, window: RefineWindow, to_the_end: bool = False) -> None:
        reached_s = window.start_s
        frames = self.decoder.window(window.start_s, window.end_s, self.refine_s, self.geometry, self.is_cancelled)
        with contextlib.closing(frames):
            pending = 0
            for frame in frames:
                if self.is_cancelled():
                    raise Cancelled
                self.watches.put([frame])
                self.on_progress(frame.pts_s)
                pending += 1
                reached_s = frame.pts_s
                if pending < LOOK_AHEAD_FRAMES and not frame.after_cut:
                    continue
                pending = 0
                self.watches.take_rest()
                if not to_the_end and not self.watches.is_open(window, self.refine_s, self.duration_s):
                    break
            else:
                reached_s = window.end_s
        self.watches.take_rest()
        self.watches.cover(Coverage(window.start_s, reached_s, self.refine_s))
        self.watches.save()


def merge_windows(
    windows: Sequence[RefineWindow], cost_of: Callable[[float, float], float]
) -> tuple[RefineWindow, ...]:
    """Windows in time order, neighbours joined where one run through both is no dearer than two runs.

    Every run begins at the keyframe before its window: two windows behind one keyframe would decode the first twice.
    cost_of: (start_s, end_s) -> cost of decoding that window, in any unit.
    """
    merged: list[RefineWindow] = []
    for window in sorted(windows, key=lambda one: one.start_s):
        if merged:
            last = merged[-1]
            apart = cost_of(last.start_s, last.end_s) + cost_of(window.start_s, window.end_s)
            if cost_of(last.start_s, window.end_s) <= apart:
                tags = tuple(sorted({*last.tags, *window.tags}))
                merged[-1] = RefineWindow(last.start_s, window.end_s, max(last.jump, window.jump), tags)
                continue
        merged.append(window)
    return tuple(merged)
