"""The first look at a medium: samples no further apart than the interval, stored as they come.

Where the plan decodes everything anyway, frames between samples are already there. They are kept for some seconds and
embedded only where a boundary turns out to lie between their neighbours: refinement that decodes nothing.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sidecar.engine.watch import Watch, Watches
from sidecar.media.decoder import Decoder
from sidecar.media.frames import Frame
from sidecar.media.plan import DecodePlan
from sidecar.store import Coverage
from sidecar.values import FrameGeometry, IsCancelled

SAVE_EVERY_S = 2.0
"""Wall seconds of work that a kill may cost."""

SETTLE_INTERVALS = 3
"""A gap is judged when this many intervals lie behind it: only then it is known whether a span around it is shown."""

LOOK_BACK_S = 120.0
"""Media seconds scored again to judge a gap; longer spans are recognised by what lies within."""


@dataclass(slots=True)
class _Part:
    """One watch's share of the pass. from_s: where its own earlier pass was interrupted, 0 for none."""

    watch: Watch
    from_s: float
    covered_to_s: float

    def put(self, frame: Frame) -> None:
        if self.from_s <= 0 or frame.pts_s > self.from_s:
            self.watch.put([frame])

    def cover_to(self, end_s: float, interval_s: float) -> None:
        if end_s > self.covered_to_s:
            self.watch.cover(Coverage(self.covered_to_s, end_s, interval_s))
            self.covered_to_s = end_s


@dataclass(slots=True)
class CoarsePass:
    """Runs the decoder's coarse pass into watches. run() may raise Cancelled, MediaError or StoreError.

    on_progress is called about twice a second with the media time reached. refine_s None keeps no spares.
    """

    decoder: Decoder
    plan: DecodePlan
    geometry: FrameGeometry
    interval_s: float
    refine_s: float | None
    duration_s: float
    watches: Watches
    is_cancelled: IsCancelled
    on_progress: Callable[[float], None]
    clock: Callable[[], float] = time.monotonic
    _spares: deque[Frame] = field(default_factory=deque)
    _judged_to_s: float = 0.0

    def run(self) -> None:
        """Look at all of it, or from where earlier passes were interrupted to the end."""
        parts = []
        for watch in self.watches.all:
            from_s = resume_at(watch.coverage, self.interval_s)
            parts.append(_Part(watch, from_s, from_s))
        start_s = self._judged_to_s = min(part.from_s for part in parts)
        saved_at = self.clock()
        frames = self.decoder.coarse(self.plan, self.interval_s, self.geometry, self.is_cancelled, start_s)
        for frame in frames:
            if frame.role == "spare":
                if self.refine_s is not None:
                    self._spares.append(frame)
                continue
            for part in parts:
                part.put(frame)
            self.watches.take_ready()
            self.on_progress(frame.pts_s)
            if self.clock() - saved_at >= SAVE_EVERY_S:
                self._refine_from_spares(self.watches.reached_s() - SETTLE_INTERVALS * self.interval_s)
                self._save(parts)
                saved_at = self.clock()
        self.watches.take_rest()
        self._refine_from_spares(math.inf)
        for part in parts:
            end_s = max(part.watch.reached_s, self.decoder.stats.duration_s_seen, self.duration_s)
            part.watch.cover(Coverage(part.covered_to_s, end_s, self.interval_s))
        self.watches.save()

    def _save(self, parts: Sequence[_Part]) -> None:
        """Cover what was taken in without a hole: frames come back in their order."""
        for part in parts:
            part.cover_to(part.watch.reached_s, self.interval_s)
        self.watches.save()

    def _refine_from_spares(self, settled_s: float) -> None:
        """Look at the spares of gaps before settled_s that hide a shown boundary; let the other settled ones go."""
        if self.refine_s is None or settled_s <= self._judged_to_s or not self._spares:
            return
        from_s = max(0.0, self._judged_to_s - LOOK_BACK_S)
        for watch in self.watches.all:
            for window in watch.windows(self.refine_s, self.duration_s, from_s):
                if window.end_s > settled_s:
                    continue
                inside = [spare for spare in self._spares if window.start_s < spare.pts_s < window.end_s]
                if inside:
                    watch.put(inside)
        self.watches.take_rest()
        while self._spares and self._spares[0].pts_s < settled_s:
            self._spares.popleft()
        self._judged_to_s = settled_s


def resume_at(coverage: tuple[Coverage, ...], interval_s: float) -> float:
    """Where an interrupted coarse pass goes on: the end of what is covered from 0 on, or 0."""
    reached_s = 0.0
    for part in sorted(coverage):
        if part.max_gap_s <= interval_s and part.start_s <= reached_s + 1e-6:
            reached_s = max(reached_s, part.end_s)
    return reached_s
