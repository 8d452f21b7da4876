"""What is told of the people in a medium: its tracks, and who they may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.events import FaceCandidate, FaceMark, FaceReport, FaceTrack
from sidecar.engine.people.gallery import Gallery
from sidecar.engine.people.unknown import UnknownPeople
from sidecar.faces import Face, FaceRules
from sidecar.people.contradictions import PersonFacts
from sidecar.people.decision import CandidateEvidence, Decided, TrackEvidence, recognise
from sidecar.people.index.found import Known
from sidecar.store import FaceStore, LookedFaces, StoredTrack
from sidecar.values import ContentKey, Vectors

MOST_VIEWS = 24
"""Good faces of a track that are each compared by themselves: the best ones. More would only repeat them."""


class Reports:
    """Under one face model. Thread-safe. Every method raises StoreError."""

    def __init__(
        self, store: FaceStore, gallery: Gallery, unknown: UnknownPeople, model_id: str, rules: FaceRules
    ) -> None:
        self._store, self._gallery, self._unknown = store, gallery, unknown
        self._model_id, self._rules = model_id, rules

    def of_medium(self, key: ContentKey, model_key: str, date: str, newly_seen: bool = False) -> FaceReport | None:
        """From what is stored; decodes nothing. None where the faces of the medium were never looked at.

        model_key: with the view. newly_seen: tracks of unknown people find their groups by the way. media_id is left
        empty.
        """
        looked = self._store.looked(key, model_key)
        if looked is None:
            return None
        stored = self._store.tracks(key, model_key)
        version = self._gallery.version
        verdicts = self._store.verdicts.of(key)
        decided = self.decide(key, stored, looked, date)
        concluded = {track_id for track_id, verdict in verdicts.items() if verdict.is_key}
        unknown = [
            track.id
            for track, its in zip(stored, decided, strict=True)
            if track.id not in concluded and not (its and its[0].decision == "match")
        ]
        groups = self._unknown.place(key, stored, unknown, newly_seen)
        faces = {one.id: one.face for one in looked.faces}
        tracks = []
        for track, its in zip(stored, decided, strict=True):
            verdict = verdicts.get(track.id)
            confirmed = verdict.is_key if verdict and not verdict.bootstrap else ""
            best = faces[track.best_face]
            tracks.append(
                FaceTrack(
                    id=track.id,
                    spans=track.spans,
                    faces=len(track.face_ids),
                    views=track.views,
                    quality=track.quality,
                    best=FaceMark(best.pts_s, best.box),
                    marks=tuple(FaceMark(faces[one].pts_s, faces[one].box) for one in track.face_ids if one in faces),
                    candidates=self.told(its),
                    decision=its[0].decision if its else "unknown",
                    group_id=groups.get(track.id, ""),
                    confirmed_key=confirmed,
                )
            )
        return FaceReport("", self._model_id, tuple(tracks), len(looked.looked_s), len(faces), version)

    def decide(
        self, key: ContentKey, tracks: Sequence[StoredTrack], looked: LookedFaces, date: str
    ) -> tuple[tuple[Decided, ...], ...]:
        """For each track who it may be, best first."""
        faces = {one.id: one.face for one in looked.faces}
        is_still = len(looked.looked_s) == 1 and all(track.spans == ((0.0, 0.0),) for track in tracks)
        doubts = self._refused_elsewhere(tracks)
        evidence = []
        for track, doubted in zip(tracks, doubts, strict=True):
            rejected = self._gallery.numbers_of(self._store.verdicts.rejected(key, track.id))
            good = [faces[one] for one in track.face_ids if one in faces and faces[one].grade == "good"]
            evidence.append(evidence_of(track.centroid, good, date, is_still, rejected, doubted - rejected))
        return self.recognise(evidence)

    def recognise(self, evidence: Sequence[TrackEvidence]) -> tuple[tuple[Decided, ...], ...]:
        """Who they may be; nobody where nobody is known."""
        if not evidence:
            return ()
        return recognise(evidence, self._gallery.search, self._gallery.points, self._facts_of)

    def are_named(self, tracks: Sequence[StoredTrack]) -> list[bool]:
        """Which tracks match somebody who is known."""
        faces = self._store.faces([face_id for track in tracks for face_id in track.face_ids])
        evidence = []
        for track in tracks:
            good = [faces[one].face for one in track.face_ids if one in faces and faces[one].face.grade == "good"]
            evidence.append(evidence_of(track.centroid, good, "", track.spans == ((0.0, 0.0),), set(), set()))
        return [bool(its) and its[0].decision == "match" for its in self.recognise(evidence)]

    def told(self, decided: Sequence[Decided]) -> tuple[FaceCandidate, ...]:
        """Candidates as they are told: who they are, in the words of the store."""
        rows = self._store.references.get([one.candidate.reference for one in decided])
        found = []
        for one in decided:
            row = rows.get(one.candidate.reference)
            if row is None:  # taken away a moment ago
                continue
            identity = self._gallery.identity(one.candidate.identity, row.key)
            found.append(
                FaceCandidate(
                    keys=identity.keys or (row.key,),
                    name=identity.name,
                    similarity=one.candidate.similarity,
                    margin=one.candidate.margin,
                    reference_id=str(row.id),
                    reference_source=row.source,
                    references=one.candidate.references,
                    agreeing_views=one.candidate.agreeing_views,
                    lowered=one.lowered,
                    decision=one.decision,
                )
            )
        return tuple(found)

    def resembling(self, found: Sequence[Known]) -> tuple[FaceCandidate, ...]:
        """Whom a group of tracks is somewhat like: its likeness alone, which is never a match by itself."""
        points = self._gallery.points
        decided = []
        for place, known in enumerate(found):
            other = found[1 if place == 0 else 0] if len(found) > 1 else None
            margin = known.similarity - (other.similarity if other else 0.0)
            is_near = known.similarity >= points.of(known.references).maybe
            evidence = CandidateEvidence(known.identity, known.reference, known.similarity, margin, known.references, 0)
            decided.append(Decided(evidence, "maybe" if is_near else "unknown"))
        return self.told(decided)

    def _facts_of(self, number: int) -> PersonFacts:
        identity = self._gallery.identity(number)
        return PersonFacts(identity.sex, identity.birthdate)

    def _refused_elsewhere(self, tracks: Sequence[StoredTrack]) -> list[set[int]]:
        """Identities that somebody very like each track is not, as was said of another medium's track."""
        if not tracks:
            return []
        ids, persons, centroids = self._store.verdicts.refusals(len(tracks[0].centroid))
        own = {track.id for track in tracks}
        doubts: list[set[int]] = []
        for track in tracks:
            alike = np.flatnonzero(centroids @ track.centroid >= self._rules.same_group).tolist()
            keys = {key for row in alike if ids[row] not in own for key in persons[row]}
            doubts.append(self._gallery.numbers_of(keys))
        return doubts


def evidence_of(
    centroid: NDArray[np.float32],
    good: Sequence[Face],
    date: str,
    still: bool,
    rejected: set[int],
    doubted: set[int],
) -> TrackEvidence:
    """What a track's faces say. good: its good ones."""
    best = sorted(good, key=lambda face: -face.quality.overall)[:MOST_VIEWS]
    best.sort(key=lambda face: face.pts_s)
    views: Vectors = np.stack([face.vector for face in best]) if best else np.zeros((0, len(centroid)), np.float32)
    return TrackEvidence(
        centroid=centroid,
        views=views,
        views_s=np.array([face.pts_s for face in best], np.float64),
        still=still,
        traits=tuple(face.traits for face in best),
        date=date,
        rejected=frozenset(rejected),
        doubted=frozenset(doubted),
    )
