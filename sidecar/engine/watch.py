"""Who looks at the frames of a medium: for tags, for faces, or for both in one decode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sidecar.engine.embedding import Embedding
from sidecar.engine.judge import Judge
from sidecar.engine.samples import SampleSet
from sidecar.media.frames import Frame
from sidecar.store import Coverage, FeatureStore, PassState
from sidecar.tagging.refine import RefineWindow
from sidecar.values import ContentKey

NEAR_S = 2.0
"""Media seconds around a window that are scored with it: beyond any smoothing."""


class Watch(Protocol):
    """One way of looking at the frames of one medium. One thread uses it; what it hands to others is its own affair.

    Frames go in by put() and count once they were taken in by take_ready() or take_rest(); save() makes that durable.
    Each may raise Cancelled or StoreError.
    """

    @property
    def model_key(self) -> str:
        """Under which its findings are stored: of one model and one view."""
        ...

    @property
    def coverage(self) -> tuple[Coverage, ...]: ...

    @property
    def n_taken(self) -> int:
        """Frames that it took in since it was made."""
        ...

    @property
    def reached_s(self) -> float:
        """The latest moment taken in since it was made; 0 before the first."""
        ...

    def last_pts_s(self) -> float | None:
        """The latest moment that it ever took in; None before the first."""
        ...

    def put(self, frames: Sequence[Frame]) -> None: ...

    def take_ready(self) -> None:
        """Take in what is finished; wait only while too much is under way."""
        ...

    def take_rest(self) -> None:
        """Take in all that was put in."""
        ...

    def windows(self, refine_s: float, duration_s: float, from_s: float = 0.0) -> tuple[RefineWindow, ...]:
        """Gaps behind from_s in which a shown boundary hides, largest jump first."""
        ...

    def is_open(self, window: RefineWindow, refine_s: float, duration_s: float) -> bool:
        """Whether decoding this window further can still sharpen a boundary."""
        ...

    def cover(self, coverage: Coverage) -> None:
        """Note how closely a stretch was looked at; its frames must have been taken in before."""
        ...

    def save(self) -> None: ...

    def state(self) -> PassState:
        """How far the passes have come."""
        ...

    def set_state(self, state: PassState) -> None: ...

    def forget(self) -> None:
        """Begin anew: forget what is stored."""
        ...


class TagWatch:
    """Embeds frames and scores them for every tag."""

    def __init__(self, store: FeatureStore, key: ContentKey, judge: Judge, embedding: Embedding) -> None:
        self._store, self._key, self._judge, self._embedding = store, key, judge, embedding
        self.samples = SampleSet(store, key, judge)
        self.reached_s = 0.0

    @property
    def model_key(self) -> str:
        return self._judge.model_key

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        return self.samples.coverage

    @property
    def n_taken(self) -> int:
        return self._embedding.frames_embedded

    def last_pts_s(self) -> float | None:
        pts_s = self.samples.scored(0.0).pts_s
        return float(pts_s[-1]) if len(pts_s) else None

    def put(self, frames: Sequence[Frame]) -> None:
        self._embedding.put(frames)

    def take_ready(self) -> None:
        for marks, vectors in self._embedding.ready():
            self.samples.add(marks, vectors)
            self.reached_s = max(self.reached_s, marks[-1].pts_s)

    def take_rest(self) -> None:
        for marks, vectors in self._embedding.rest():
            self.samples.add(marks, vectors)
            self.reached_s = max(self.reached_s, marks[-1].pts_s)

    def windows(self, refine_s: float, duration_s: float, from_s: float = 0.0) -> tuple[RefineWindow, ...]:
        return self._judge.windows(self.samples.scored(duration_s, from_s), refine_s, self.samples.covered(refine_s))

    def is_open(self, window: RefineWindow, refine_s: float, duration_s: float) -> bool:
        near = self.samples.scored(duration_s, window.start_s - NEAR_S, window.end_s + NEAR_S)
        return self._judge.is_open(window, near, refine_s)

    def cover(self, coverage: Coverage) -> None:
        self.samples.cover(coverage)

    def save(self) -> None:
        self.samples.save()

    def state(self) -> PassState:
        return self._store.pass_state(self._key, self.model_key) or PassState()

    def set_state(self, state: PassState) -> None:
        self._store.set_pass_state(self._key, self.model_key, state)

    def forget(self) -> None:
        self._store.forget_features(self._key, self.model_key)
        self.samples = SampleSet(self._store, self._key, self._judge)


@dataclass(frozen=True, slots=True)
class Watches:
    """Several that look at the same frames."""

    all: tuple[Watch, ...]

    def put(self, frames: Sequence[Frame]) -> None:
        for watch in self.all:
            watch.put(frames)

    def take_ready(self) -> None:
        for watch in self.all:
            watch.take_ready()

    def take_rest(self) -> None:
        for watch in self.all:
            watch.take_rest()

    def save(self) -> None:
        for watch in self.all:
            watch.save()

    def cover(self, coverage: Coverage) -> None:
        for watch in self.all:
            watch.cover(coverage)

    @property
    def n_taken(self) -> int:
        return max((watch.n_taken for watch in self.all), default=0)

    def reached_s(self) -> float:
        """What all of them have taken in."""
        return min((watch.reached_s for watch in self.all), default=0.0)

    def last_pts_s(self) -> float | None:
        """The earliest of their latest moments; None where one of them took nothing in."""
        latest = [watch.last_pts_s() for watch in self.all]
        known = [pts_s for pts_s in latest if pts_s is not None]
        return min(known) if known and len(known) == len(latest) else None

    def covered_to_s(self, max_gap_s: float) -> float:
        """Where the last stretch ends that all of them looked at this closely; 0 where there is none."""
        ends = [
            max((part.end_s for part in watch.coverage if part.max_gap_s <= max_gap_s), default=0.0)
            for watch in self.all
        ]
        return min(ends, default=0.0)

    def windows(self, refine_s: float, duration_s: float, from_s: float = 0.0) -> tuple[RefineWindow, ...]:
        """What any of them wants a closer look at, largest jump first; a gap that several want is one."""
        by_gap: dict[tuple[float, float], RefineWindow] = {}
        for watch in self.all:
            for window in watch.windows(refine_s, duration_s, from_s):
                gap = (window.start_s, window.end_s)
                known = by_gap.get(gap)
                if known is not None:
                    tags = tuple(sorted({*known.tags, *window.tags}))
                    window = replace(window, jump=max(known.jump, window.jump), tags=tags)
                by_gap[gap] = window
        return tuple(sorted(by_gap.values(), key=lambda window: (-window.jump, window.start_s)))

    def is_open(self, window: RefineWindow, refine_s: float, duration_s: float) -> bool:
        return any(watch.is_open(window, refine_s, duration_s) for watch in self.all)
