"""The first look at a medium: samples no further apart than the interval, stored as they come.

Where the plan decodes everything anyway, frames between samples are already there. They are kept for some seconds and
embedded only where a boundary turns out to lie between their neighbours: refinement that decodes nothing.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sidecar.engine.embedding import Embedding
from sidecar.engine.judge import Judge
from sidecar.engine.samples import SampleSet
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
class CoarsePass:
    """Runs the decoder's coarse pass into a SampleSet. run() may raise Cancelled, MediaError or StoreError.

    on_progress is called about twice a second with the media time reached. refine_s None keeps no spares.
    """

    decoder: Decoder
    plan: DecodePlan
    geometry: FrameGeometry
    interval_s: float
    refine_s: float | None
    duration_s: float
    judge: Judge
    samples: SampleSet
    embedding: Embedding
    is_cancelled: IsCancelled
    on_progress: Callable[[float], None]
    clock: Callable[[], float] = time.monotonic
    _spares: deque[Frame] = field(default_factory=deque)
    _judged_to_s: float = 0.0
    _reached_s: float = 0.0
    _covered_to_s: float = 0.0

    def run(self, start_s: float) -> None:
        """Look from start_s (0, or where an earlier pass was interrupted) to the end."""
        self._judged_to_s = self._covered_to_s = self._reached_s = start_s
        saved_at = self.clock()
        frames = self.decoder.coarse(self.plan, self.interval_s, self.geometry, self.is_cancelled, start_s)
        for frame in frames:
            if frame.role == "spare":
                if self.refine_s is not None:
                    self._spares.append(frame)
                continue
            self.embedding.put([frame])
            self._collect()
            self.on_progress(frame.pts_s)
            if self.clock() - saved_at >= SAVE_EVERY_S:
                self._refine_from_spares(self._reached_s - SETTLE_INTERVALS * self.interval_s)
                self._save()
                saved_at = self.clock()
        for marks, vectors in self.embedding.rest():
            self.samples.add(marks, vectors)
        self._refine_from_spares(math.inf)
        end_s = max(self._reached_s, self.decoder.stats.duration_s_seen, self.duration_s)
        self.samples.cover(Coverage(self._covered_to_s, end_s, self.interval_s))
        self.samples.save()

    def _collect(self) -> None:
        for marks, vectors in self.embedding.ready():
            self.samples.add(marks, vectors)
            self._reached_s = max(self._reached_s, marks[-1].pts_s)

    def _save(self) -> None:
        """Cover what is embedded without a hole: batches come back in the order of their frames."""
        if self._reached_s > self._covered_to_s:
            self.samples.cover(Coverage(self._covered_to_s, self._reached_s, self.interval_s))
            self._covered_to_s = self._reached_s
        self.samples.save()

    def _refine_from_spares(self, settled_s: float) -> None:
        """Embed the spares of gaps before settled_s that hide a shown boundary; let the other settled ones go."""
        if self.refine_s is None or settled_s <= self._judged_to_s or not self._spares:
            return
        from_s = max(0.0, self._judged_to_s - LOOK_BACK_S)
        near = self.samples.scored(self.duration_s, from_s)
        for window in self.judge.windows(near, self.refine_s, self.samples.covered(self.refine_s)):
            if window.end_s > settled_s:
                continue
            inside = [spare for spare in self._spares if window.start_s < spare.pts_s < window.end_s]
            if inside:
                self.embedding.put(inside)
        for marks, vectors in self.embedding.rest():
            self.samples.add(marks, vectors)
            self._reached_s = max(self._reached_s, marks[-1].pts_s)
        while self._spares and self._spares[0].pts_s < settled_s:
            self._spares.popleft()
        self._judged_to_s = settled_s
