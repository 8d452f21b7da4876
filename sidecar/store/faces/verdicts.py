"""Verdicts: what the client knows of tracks. They are by the track's name, so they outlive the track itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.store.database import Database
from sidecar.store.faces.people import person_id
from sidecar.store.faces.references import BOOTSTRAP, TRACK, NewReference, delete, insert
from sidecar.store.faces.rows import unit_vectors
from sidecar.store.sets import content_id, model_id
from sidecar.values import ContentKey


@dataclass(frozen=True, slots=True)
class TrackVerdict:
    """All that the client knows of one track; see Verdict in protos/faces.proto."""

    content_key: ContentKey
    track_id: str
    is_key: str = ""
    not_keys: tuple[str, ...] = ()
    bootstrap: bool = False


class VerdictTable:
    """Thread-safe; each call is one transaction. Every method raises StoreError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def say(
        self, verdict: TrackVerdict, model_key: str, added: Sequence[NewReference] = (), dropped: Sequence[int] = ()
    ) -> bool:
        """Replace what is known of a track; False, and nothing changes, where there is no such track.

        References that came from it and say otherwise (another person, or concluded rather than confirmed) go.
        added: those that it gives now, under model_key, to the person is_key, who must be there. dropped: ids of
        references that make room. Raises ValueError where the person is not there.
        """
        with self._db.transaction():
            if not self.known(verdict.content_key, verdict.track_id):
                return False
            content = content_id(self._db, verdict.content_key)
            at = (content, verdict.track_id)
            self._db.run("DELETE FROM track_refusal WHERE content_id = ? AND track_id = ?", *at)
            for key in dict.fromkeys(verdict.not_keys):
                sql = "INSERT INTO track_refusal (content_id, track_id, person_key) VALUES (?, ?, ?)"
                self._db.run(sql, *at, key)
            self._db.run("DELETE FROM track_verdict WHERE content_id = ? AND track_id = ?", *at)
            if verdict.is_key:
                sql = "INSERT INTO track_verdict (content_id, track_id, is_key, bootstrap) VALUES (?, ?, ?, ?)"
                self._db.run(sql, *at, verdict.is_key, verdict.bootstrap)
            source = BOOTSTRAP if verdict.bootstrap else TRACK
            untrue = self._db.rows(
                """SELECT r.id FROM face_reference r JOIN person p ON p.id = r.person_id
                   WHERE r.content_id = ? AND r.track_id = ? AND (p.person_key <> ? OR r.source <> ?)""",
                *(*at, verdict.is_key, source),
            )
            delete(self._db, [*(reference for (reference,) in untrue), *dropped])
            person = person_id(self._db, verdict.is_key)
            if added and not person:
                raise ValueError(f"no person is known under the key {verdict.is_key[:300]!r}")
            model = model_id(self._db, model_key)
            for reference in added:
                insert(self._db, person, model, reference)
            return True

    def known(self, key: ContentKey, track_id: str) -> bool:
        """Whether a track of this id is there, under whatever model."""
        sql = """SELECT 1 FROM face_track t JOIN face_medium f ON f.id = t.face_medium_id
                 JOIN content c ON c.id = f.content_id
                 WHERE t.track_id = ? AND c.algorithm = ? AND c.digest = ? AND c.size_bytes = ?"""
        return self._db.row(sql, track_id, key.algorithm, key.digest, key.size_bytes) is not None

    def of(self, key: ContentKey) -> dict[str, TrackVerdict]:
        """Track id -> verdict, of every track of a medium that anything was said of, gone ones too."""
        values = (key.algorithm, key.digest, key.size_bytes)
        here = "content_id = (SELECT id FROM content WHERE algorithm = ? AND digest = ? AND size_bytes = ?)"
        said = self._db.rows(
            f"SELECT track_id, is_key, bootstrap FROM track_verdict WHERE {here}",  # noqa: S608 - constants
            *values,
        )
        refused = self._db.rows(
            f"SELECT track_id, person_key FROM track_refusal WHERE {here} ORDER BY person_key",  # noqa: S608 - constants
            *values,
        )
        nots: dict[str, list[str]] = {}
        for track, person in refused:
            nots.setdefault(track, []).append(person)
        are = {track: (is_key, bool(bootstrap)) for track, is_key, bootstrap in said}
        verdicts = {}
        for track in sorted({*are, *nots}):
            is_key, bootstrap = are.get(track, ("", False))
            verdicts[track] = TrackVerdict(key, track, is_key, tuple(nots.get(track, ())), bootstrap)
        return verdicts

    def rejected(self, key: ContentKey, track_id: str) -> set[str]:
        """Persons whom this track is not, for ever.

        What was said of a track that is gone (its medium was looked at anew, under another model, or grouped
        otherwise) holds for every track of the medium, but for one that was confirmed to be that person: who it went
        over to cannot be known, and a wrong name that comes back is worse than one that has to be said again.
        """
        verdicts = self.of(key)
        if not verdicts:
            return set()
        mine = verdicts.get(track_id)
        there = self._tracks_beside(key, track_id)
        others = {
            person
            for track, verdict in verdicts.items()
            if track != track_id and track not in there
            for person in verdict.not_keys
        }
        if mine is None:
            return others
        return {*mine.not_keys, *(others - {mine.is_key})}

    def refusals(self, dim: int) -> tuple[list[str], list[set[str]], NDArray[np.float32]]:
        """Of every track that is there, has vectors of so many numbers, and is known not to be somebody: its id, those
        whom it is not, and its centroid: float32 (N, dim), unit rows.
        """
        persons: dict[str, set[str]] = {}
        centroids: dict[str, bytes] = {}
        rows = self._db.rows(
            """SELECT r.track_id, r.person_key, t.centroid FROM track_refusal r
               CROSS JOIN face_track t ON t.track_id = r.track_id"""
        )
        for track, person, centroid in rows:
            if len(centroid) == 2 * dim:
                persons.setdefault(track, set()).add(person)
                centroids[track] = centroid
        return list(persons), list(persons.values()), unit_vectors(list(centroids.values()), dim)

    def confirmed(self, model_keys: Sequence[str]) -> dict[str, str]:
        """Track id -> person key, of every track under these models that is known to be somebody."""
        rows = self._db.rows(
            """SELECT t.track_id, v.is_key FROM track_verdict v CROSS JOIN face_medium f ON f.content_id = v.content_id
               JOIN model m ON m.id = f.model_id JOIN face_track t
                 ON t.face_medium_id = f.id AND t.track_id = v.track_id
               WHERE m.model_key IN (SELECT value FROM json_each(?))""",
            json.dumps(list(model_keys)),
        )
        return dict(rows)

    def _tracks_beside(self, key: ContentKey, track_id: str) -> set[str]:
        """Tracks of the same medium that were found together with this one, by the same model."""
        rows = self._db.rows(
            """SELECT o.track_id FROM face_track t JOIN face_medium f ON f.id = t.face_medium_id
               JOIN content c ON c.id = f.content_id JOIN face_track o ON o.face_medium_id = t.face_medium_id
               WHERE t.track_id = ? AND c.algorithm = ? AND c.digest = ? AND c.size_bytes = ?""",
            *(track_id, key.algorithm, key.digest, key.size_bytes),
        )
        return {track for (track,) in rows}
