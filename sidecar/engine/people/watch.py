"""Looks at the frames of a medium for faces: those of a coarse pass, and closer where somebody comes or goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.people.tracking import Labelled, label_faces, shown_labels, tracks_of
from sidecar.faces import Face, FaceRules
from sidecar.media.frames import Frame
from sidecar.people.tracks import windows as gaps_of
from sidecar.store import Coverage, FaceStore, PassState, StoredTrack, StoreError
from sidecar.tagging.refine import RefineWindow
from sidecar.values import Cancelled, ContentKey, IsCancelled

LookForFaces: TypeAlias = Callable[[Frame], "Future[tuple[Face, ...]]"]
"""Hands a frame with its detail to whoever runs the face model; gives the faces in it, best first."""

MAX_UNDER_WAY = 3
"""Frames: one looked at, one ready to follow, one to spare. Each may hold a decoded frame, 24 MB of 4k in 10 bits."""

_POLL_S = 0.1
_TOLERANCE_S = 0.002
_NEW = -2
"""The label of a good face that is like nobody seen so far."""


class FaceWatch:
    """Fulfils Watch for faces."""

    def __init__(
        self,
        store: FaceStore,
        key: ContentKey,
        model_key: str,
        rules: FaceRules,
        look: LookForFaces,
        is_cancelled: IsCancelled,
    ) -> None:
        self._store, self._key, self.model_key = store, key, model_key
        self._rules, self._look, self._is_cancelled = rules, look, is_cancelled
        self.n_taken = 0
        self.reached_s = 0.0
        self._under_way: deque[tuple[Frame, Future[tuple[Face, ...]]]] = deque()
        self._cuts_s: set[float] = set()
        self._people: Labelled | None = None
        self._before: tuple[StoredTrack, ...] = ()
        self._database_id = store.database_id
        self._load()

    def _load(self) -> None:
        stored = self._store.looked(self._key, self.model_key)
        self.coverage: tuple[Coverage, ...] = stored.coverage if stored else ()
        self._state = (stored.state if stored else None) or PassState()
        self._looked_s: list[float] = stored.looked_s.tolist() if stored else []
        self._known_us = {round(pts_s * 1e6) for pts_s in self._looked_s}
        self._faces: list[Face] = [one.face for one in stored.faces] if stored else []
        self._unsaved_looked_s: list[float] = []
        self._unsaved_faces: list[Face] = []
        self._unsaved_coverage: list[Coverage] = []
        self._people = None

    @property
    def looked_s(self) -> NDArray[np.float64]:
        """Moments that were looked at, ascending."""
        return np.array(sorted(self._looked_s), np.float64)

    def last_pts_s(self) -> float | None:
        return max(self._looked_s, default=None)

    def put(self, frames: Sequence[Frame]) -> None:
        """Frames that were looked at before are left out. Waits while too many are under way."""
        for frame in frames:
            if round(frame.pts_s * 1e6) in self._known_us:
                continue
            while len(self._under_way) >= MAX_UNDER_WAY:
                self._take_one()
            self._under_way.append((frame, self._look(frame)))

    def take_ready(self) -> None:
        while self._under_way and self._under_way[0][1].done():
            self._take_one()

    def take_rest(self) -> None:
        while self._under_way:
            self._take_one()

    def windows(self, refine_s: float, duration_s: float, from_s: float = 0.0) -> tuple[RefineWindow, ...]:
        """Where one of those who are shown comes or goes: all alike, so by time."""
        looked_s = self.looked_s.tolist()
        self._people = people = label_faces(self._faces, self._rules)
        covered = [(part.start_s, part.end_s) for part in self.coverage if part.max_gap_s <= refine_s]
        gaps = {
            gap
            for label in shown_labels(people)
            for gap in gaps_of(people.seen_s(label).tolist(), looked_s, duration_s, refine_s, covered)
            if gap[1] > from_s
        }
        return tuple(RefineWindow(start_s, end_s, 1.0, ()) for start_s, end_s in sorted(gaps))

    def is_open(self, window: RefineWindow, refine_s: float, duration_s: float) -> bool:
        """As for tags (sidecar.tagging.refine.still_open): a change of who is there is located once its gap is narrow,
        and believed once two frames in a row share it or a cut explains it.
        """
        near_s = [pts_s for pts_s in self.looked_s.tolist() if window.start_s <= pts_s <= window.end_s]
        there = [self._who_at(pts_s) for pts_s in near_s]
        for gap in range(len(near_s) - 1):
            if near_s[gap + 1] - near_s[gap] <= refine_s + _TOLERANCE_S:
                continue
            if there[gap] != there[gap + 1]:
                return True
            is_fresh = gap > 0 and near_s[gap] not in self._cuts_s
            if is_fresh and there[gap] != there[gap - 1]:
                return True
        return False

    def cover(self, coverage: Coverage) -> None:
        self._unsaved_coverage.append(coverage)
        self.coverage = (*self.coverage, coverage)

    def save(self) -> None:
        if not self._unsaved_looked_s and not self._unsaved_coverage:
            return
        self._store.add(self._key, self.model_key, self._unsaved_looked_s, self._unsaved_faces, self._unsaved_coverage)
        self._unsaved_looked_s, self._unsaved_faces, self._unsaved_coverage = [], [], []

    def state(self) -> PassState:
        return self._state

    def set_state(self, state: PassState) -> None:
        self._store.set_state(self._key, self.model_key, state)
        self._state = state

    def forget(self) -> None:
        """Tracks that are found anew keep their ids where they are the same: see settle()."""
        self._before = self._store.tracks(self._key, self.model_key)
        self._store.forget(self._key, self.model_key)
        self._load()

    def settle(self, duration_s: float) -> None:
        """Make tracks of all that was seen, and keep the pictures of the best faces alone.

        Raises StoreError where faces were erased since this began: half of the medium would be taken for all of it.
        """
        if self._store.database_id != self._database_id:
            self._store.forget(self._key, self.model_key)
            raise StoreError("all faces were erased while this medium was looked at; look at it again")
        looked = self._store.looked(self._key, self.model_key)
        if looked is None:
            return
        before = self._before or self._store.tracks(self._key, self.model_key)
        tracks = tracks_of(looked, before, self._rules, duration_s)
        self._store.save_tracks(self._key, self.model_key, tracks)
        self._store.keep_pictures(self._key, self.model_key, [track.best_face for track in tracks])

    def _take_one(self) -> None:
        frame, future = self._under_way.popleft()
        while True:
            if self._is_cancelled():
                future.cancel()
                raise Cancelled
            try:
                faces = future.result(timeout=_POLL_S)
            except FutureTimeout:
                if future.done():  # the work itself timed out: its error, not our patience
                    raise
                continue
            break
        self.n_taken += 1
        self.reached_s = max(self.reached_s, frame.pts_s)
        self._known_us.add(round(frame.pts_s * 1e6))
        self._looked_s.append(frame.pts_s)
        self._faces += faces
        self._unsaved_looked_s.append(frame.pts_s)
        self._unsaved_faces += faces
        if frame.after_cut:
            self._cuts_s.add(frame.pts_s)

    def _who_at(self, pts_s: float) -> frozenset[int]:
        """Labels of those who are there, by the people known when windows() was last asked."""
        people = self._people
        found = set()
        for face in self._faces:
            if abs(face.pts_s - pts_s) > 1e-6:
                continue
            label = people.nearest(face.vector) if people is not None else None
            if label is not None:
                found.add(label)
            elif face.grade == "good":
                found.add(_NEW)
        return frozenset(found)
