"""From the faces of one medium to its tracks: one for each person who is on screen."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import Face, FaceRules
from sidecar.people.tracks import centroid, group_faces, spans
from sidecar.store import LookedFaces, StoredTrack
from sidecar.values import Vectors

BRIDGE_S = 1.5
"""A pause of a track up to this long is a face that was not found for a moment (turned, blurred), not an absence."""


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Faces by person. labels: int (N,), -1 for nobody's. centroids: by label."""

    faces: Sequence[Face]
    labels: NDArray[np.int64]
    centroids: dict[int, NDArray[np.float32]]
    same: float

    def members(self, label: int) -> list[int]:
        """Rows of the faces, in order of time."""
        return sorted(np.flatnonzero(self.labels == label).tolist(), key=lambda row: self.faces[row].pts_s)

    def seen_s(self, label: int) -> NDArray[np.float64]:
        """Moments at which a person is seen, ascending."""
        return np.unique([self.faces[row].pts_s for row in self.members(label)])

    def nearest(self, vector: NDArray[np.float32]) -> int | None:
        """Whose face it is; None where it is like nobody's."""
        best = max(self.centroids.items(), key=lambda item: float(vector @ item[1]), default=None)
        return best[0] if best is not None and float(vector @ best[1]) >= self.same else None


def label_faces(faces: Sequence[Face], rules: FaceRules, before: NDArray[np.int64] | None = None) -> Labelled:
    """Who is who among the faces of one medium. before: (N,) earlier labels, -1 for new faces."""
    pts_s = np.array([face.pts_s for face in faces], np.float64)
    vectors = _stacked(faces)
    weights = np.array([face.quality.overall for face in faces], np.float64)
    good = np.array([face.grade == "good" for face in faces], np.bool_)
    earlier = np.full(len(faces), -1, np.int64) if before is None else before
    labels = np.asarray(group_faces(pts_s, vectors, weights, good, earlier, rules), np.int64)
    centroids = {
        int(label): centroid(vectors[labels == label], weights[labels == label], good[labels == label])
        for label in np.unique(labels[labels >= 0])
    }
    return Labelled(faces, labels, centroids, rules.same_track)


def shown_labels(people: Labelled) -> list[int]:
    """Those whose comings and goings are worth a closer look: with a good face."""
    return [
        label for label in people.centroids if any(people.faces[row].grade == "good" for row in people.members(label))
    ]


def tracks_of(
    looked: LookedFaces,
    before: Sequence[StoredTrack],
    rules: FaceRules,
    duration_s: float,
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex[:16],
) -> tuple[StoredTrack, ...]:
    """The tracks of a medium, by first appearance. A track that is an earlier one keeps its id: by the faces that they
    share, or, where all was looked at anew, by likeness and time.
    """
    faces = [stored.face for stored in looked.faces]
    row_of = {stored.id: row for row, stored in enumerate(looked.faces)}
    earlier = np.full(len(faces), -1, np.int64)
    for label, track in enumerate(before):
        for face_id in track.face_ids:
            if face_id in row_of:
                earlier[row_of[face_id]] = label
    people = label_faces(faces, rules, earlier)
    drafts = []
    for label in people.centroids:
        rows = people.members(label)
        on_screen = bridged(spans(people.seen_s(label).tolist(), looked.looked_s.tolist(), duration_s), BRIDGE_S)
        best = max(rows, key=lambda row: (faces[row].grade == "good", faces[row].quality.overall, -row))
        views = len({faces[row].pts_s for row in rows if faces[row].grade == "good"})
        drafts.append(
            StoredTrack(
                id="",
                face_ids=tuple(looked.faces[row].id for row in rows),
                spans=on_screen,
                centroid=people.centroids[label],
                views=views,
                seconds=sum(end_s - start_s for start_s, end_s in on_screen),
                quality=faces[best].quality.overall,
                best_face=looked.faces[best].id,
            )
        )
    drafts.sort(key=lambda draft: (draft.spans[0], draft.face_ids[0]))
    return _with_ids(drafts, before, rules, new_id)


def bridged(on_screen: Sequence[tuple[float, float]], pause_s: float) -> tuple[tuple[float, float], ...]:
    """Spans in order, those joined whose pause is at most pause_s."""
    joined: list[tuple[float, float]] = []
    for start_s, end_s in on_screen:
        if joined and start_s - joined[-1][1] <= pause_s:
            joined[-1] = (joined[-1][0], end_s)
        else:
            joined.append((start_s, end_s))
    return tuple(joined)


def _with_ids(
    drafts: Sequence[StoredTrack], before: Sequence[StoredTrack], rules: FaceRules, new_id: Callable[[], str]
) -> tuple[StoredTrack, ...]:
    """Ids of earlier tracks to those that are most like them, each once; new ids to the rest."""
    pairs = []
    for n, draft in enumerate(drafts):
        for m, track in enumerate(before):
            shared = len(set(draft.face_ids) & set(track.face_ids))
            similarity = float(draft.centroid @ track.centroid)
            if shared or (similarity >= rules.same_track and _overlap(draft.spans, track.spans)):
                pairs.append((-shared, -similarity, n, m))
    ids: dict[int, str] = {}
    taken: set[int] = set()
    for _, _, n, m in sorted(pairs):
        if n not in ids and m not in taken:
            ids[n] = before[m].id
            taken.add(m)
    return tuple(replace(draft, id=ids.get(n) or new_id()) for n, draft in enumerate(drafts))


def _overlap(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> bool:
    return any(a_start <= b_end and b_start <= a_end for a_start, a_end in one for b_start, b_end in other)


def _stacked(faces: Sequence[Face]) -> Vectors:
    return np.stack([face.vector for face in faces]) if faces else np.zeros((0, 1), np.float32)
