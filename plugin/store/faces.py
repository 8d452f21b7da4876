"""Who was seen in each medium: the newest look at its faces, and the tracks that they make."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from plugin.store.database import ANY_OF, Database, Row, any_of
from plugin.store.marks import Mark, pack, unpack

FaceDecision: TypeAlias = Literal["unknown", "maybe", "match"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who somebody may be. keys: of the identity, that of the best reference first. similarity: cosine, -1 to 1.
    margin: its distance to the next identity. source: where the best reference comes from. lowered: why it is less sure
    than its numbers.
    """

    keys: tuple[str, ...]
    name: str
    similarity: float
    margin: float
    references: int
    agreeing_views: int
    source: str = ""
    reference_id: str = ""
    lowered: tuple[str, ...] = ()
    decision: FaceDecision = "unknown"


@dataclass(frozen=True, slots=True)
class Track:
    """One person's appearances in one medium. spans: when they are on screen, seconds; of an image, one of no length.

    views: faces that were good enough to vote. best: the best face. marks: every face; left out where nobody asked.
    group_id: "" where known, or too poor. confirmed_key: whom the sidecar was told they are.
    """

    id: str
    spans: tuple[tuple[float, float], ...]
    faces: int
    views: int
    quality: float
    best: Mark
    decision: FaceDecision
    candidates: tuple[Candidate, ...] = ()
    group_id: str = ""
    confirmed_key: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def seconds(self) -> float:
        return round(sum(end_s - start_s for start_s, end_s in self.spans), 3)

    @property
    def told(self) -> tuple[object, ...]:
        """What decides who it is; numbers that move a little are left out."""
        first = self.candidates[0] if self.candidates else None
        return self.decision, first.keys if first else (), first.name if first else "", self.confirmed_key


@dataclass(frozen=True, slots=True)
class FaceReport:
    """The sidecar's answer about one medium. gallery_version: of the references that candidates are of."""

    model: str
    tracks: tuple[Track, ...]
    frames: int
    faces: int
    gallery_version: str


@dataclass(frozen=True, slots=True)
class FaceAnalysis:
    """The newest look at one medium's faces. content, content_key: as in plugin.store.analyses. date: of the medium,
    "YYYY-MM-DD" or "". rules: digest of what its suggestions were decided by. A gallery's tracks are its images'.
    """

    kind: str
    media_id: int
    name: str
    run_id: int
    content: str
    content_key: str
    view: str
    model: str
    date: str
    duration_s: float
    frames: int
    faces: int
    gallery_version: str
    rules: str
    done_s: float = 0.0
    id: int = 0
    tracks: tuple[Track, ...] = field(default=())


_COLUMNS = (
    "kind, media_id, name, run_id, content, content_key, view, model, date, duration_s, frames, faces, gallery_version,"
    " rules, done_s, id"
)
_TRACK = "id, spans, faces, views, quality, best, decision, candidates, group_id, confirmed_key"


class Faces:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def save(self, analysis: FaceAnalysis) -> None:
        """Replace what is known of the medium's faces."""
        with self._db.transaction():
            self._db.run("DELETE FROM face_analysis WHERE kind = ? AND media_id = ?", analysis.kind, analysis.media_id)
            analysis_id = self._db.run(
                f"INSERT INTO face_analysis ({_COLUMNS.removesuffix(', id')}) VALUES ({', '.join('?' * 15)})",
                analysis.kind,
                analysis.media_id,
                analysis.name,
                analysis.run_id,
                analysis.content,
                analysis.content_key,
                analysis.view,
                analysis.model,
                analysis.date,
                analysis.duration_s,
                analysis.frames,
                analysis.faces,
                analysis.gallery_version,
                analysis.rules,
                self._clock(),
            )
            self._save_tracks(analysis_id, analysis.tracks)

    def rematch(self, analysis: FaceAnalysis, report: FaceReport, before: Sequence[Track] = ()) -> None:
        """Another answer about the same faces: who they may be now. When they were looked at stays as it is.

        before: tracks as get() told them: what is the same is not written again.
        """
        with self._db.transaction():
            self._db.run(
                "UPDATE face_analysis SET gallery_version = ? WHERE id = ?", report.gallery_version, analysis.id
            )
            if not before or list(before) != [replace(track, marks=()) for track in report.tracks]:
                self._db.run("DELETE FROM track WHERE analysis_id = ?", analysis.id)
                self._save_tracks(analysis.id, report.tracks)

    def forget(self, kind: str, media_id: int) -> None:
        """It was never looked at."""
        self._db.run("DELETE FROM face_analysis WHERE kind = ? AND media_id = ?", kind, media_id)

    def set_version(self, kind: str, version: str) -> None:
        """All media of a kind are matched with these references, or nothing changed for them."""
        self._db.run("UPDATE face_analysis SET gallery_version = ? WHERE kind = ?", version, kind)

    def decided_by(self, kind: str, media_id: int, rules: str) -> None:
        self._db.run("UPDATE face_analysis SET rules = ? WHERE kind = ? AND media_id = ?", rules, kind, media_id)

    def get(self, kind: str, media_id: int, with_marks: bool = False) -> FaceAnalysis | None:
        """With its tracks, the first to appear first."""
        row = self._db.row(f"SELECT {_COLUMNS} FROM face_analysis WHERE kind = ? AND media_id = ?", kind, media_id)
        if row is None:
            return None
        analysis = FaceAnalysis(*row)
        return replace(analysis, tracks=self._tracks([analysis.id], with_marks).get(analysis.id, ()))

    def known(self, kind: str, ids: Sequence[int]) -> dict[int, FaceAnalysis]:
        """Those of the media that were looked at, without their tracks."""
        sql = f"SELECT {_COLUMNS} FROM face_analysis WHERE kind = ? AND media_id {ANY_OF}"
        return {row[1]: FaceAnalysis(*row) for row in self._db.rows(sql, kind, any_of(ids))}

    def with_tracks(self, kind: str, ids: Sequence[int]) -> dict[int, FaceAnalysis]:
        """The same with their tracks, but no marks: what a gallery is made of."""
        known = self.known(kind, ids)
        tracks = self._tracks([one.id for one in known.values()])
        return {media_id: replace(one, tracks=tracks.get(one.id, ())) for media_id, one in known.items()}

    def of_contents(self, content_keys: Sequence[str]) -> list[FaceAnalysis]:
        """Media of these contents, without their tracks. One file may be of several media."""
        sql = f"SELECT {_COLUMNS} FROM face_analysis WHERE content_key {ANY_OF} ORDER BY kind, media_id"
        return [FaceAnalysis(*row) for row in self._db.rows(sql, any_of(content_keys))]

    def contents_of(self, track_ids: Sequence[str]) -> list[str]:
        """Content keys of media that show any of these tracks."""
        sql = "SELECT DISTINCT content_key FROM track JOIN face_analysis ON face_analysis.id = analysis_id"
        return [row[0] for row in self._db.rows(f"{sql} WHERE track.id {ANY_OF} ORDER BY 1", any_of(track_ids))]

    def outdated(self, version: str, limit: int, after_id: int = 0) -> list[FaceAnalysis]:
        """Scenes and images that were matched with other references, by their ids here; without their tracks."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM face_analysis WHERE gallery_version != ? AND kind != 'gallery' AND id > ?"
            " ORDER BY id LIMIT ?",
            version,
            after_id,
            limit,
        )
        return [FaceAnalysis(*row) for row in rows]

    def outdated_galleries(self, version: str) -> list[FaceAnalysis]:
        sql = f"SELECT {_COLUMNS} FROM face_analysis WHERE gallery_version != ? AND kind = 'gallery' ORDER BY media_id"
        return [FaceAnalysis(*row) for row in self._db.rows(sql, version)]

    def page(self, kind: str, after_id: int, limit: int) -> list[FaceAnalysis]:
        """Media that were looked at by ascending id, without their tracks."""
        sql = f"SELECT {_COLUMNS} FROM face_analysis WHERE kind = ? AND media_id > ? ORDER BY media_id LIMIT ?"
        return [FaceAnalysis(*row) for row in self._db.rows(sql, kind, after_id, limit)]

    def counts(self) -> dict[str, int]:
        """Media kind -> how many were looked at."""
        return dict(self._db.rows("SELECT kind, count(*) FROM face_analysis GROUP BY kind"))

    def set_groups(self, groups: Mapping[str, str]) -> None:
        """Track id -> the unknown group that it belongs to now ("" for none)."""
        self._db.run_many("UPDATE track SET group_id = ? WHERE id = ?", [(group, one) for one, group in groups.items()])

    def join_groups(self, ids: Sequence[str], group_id: str) -> None:
        """All tracks of these groups belong to that one now."""
        self._db.run(f"UPDATE track SET group_id = ? WHERE group_id {ANY_OF}", group_id, any_of(ids))

    def erase(self) -> tuple[int, int]:
        """Forget all faces, and what was said of them; suggestions that wait are withdrawn. Returns (media, withdrawn).

        Refusals stay: they name no face, and what was refused is not suggested again.
        """
        with self._db.transaction():
            media = self._db.changed("DELETE FROM face_analysis")
            self._db.run("DELETE FROM person_verdict")
            withdrawn = self._db.changed(
                "UPDATE suggestion SET state = 'withdrawn', decided_s = ? WHERE type = 'performer'"
                " AND state IN ('pending', 'accepted')",
                self._clock(),
            )
        return media, withdrawn

    def _save_tracks(self, analysis_id: int, tracks: Sequence[Track]) -> None:
        self._db.run_many(
            f"INSERT OR REPLACE INTO track (analysis_id, {_TRACK}, seconds, marks) VALUES ({', '.join('?' * 13)})",
            [
                (
                    analysis_id,
                    track.id,
                    json.dumps(track.spans),
                    track.faces,
                    track.views,
                    track.quality,
                    json.dumps([track.best.pts_s, *track.best.box]),
                    track.decision,
                    json.dumps([_plain(one) for one in track.candidates]),
                    track.group_id,
                    track.confirmed_key,
                    track.seconds,
                    pack(track.marks),
                )
                for track in tracks
            ],
        )

    def _tracks(self, analysis_ids: Sequence[int], with_marks: bool = False) -> dict[int, tuple[Track, ...]]:
        marks = "marks" if with_marks else "x''"
        sql = f"SELECT analysis_id, {marks}, {_TRACK} FROM track WHERE analysis_id {ANY_OF} ORDER BY number"
        found: dict[int, list[Track]] = {}
        for analysis_id, packed, *track in self._db.rows(sql, any_of(analysis_ids)):
            found.setdefault(analysis_id, []).append(_track(track, packed))
        return {analysis_id: tuple(tracks) for analysis_id, tracks in found.items()}


def _track(row: Row | list[Any], packed: bytes) -> Track:
    track_id, spans, faces, views, quality, best, decision, candidates, group_id, confirmed_key = row
    return Track(
        track_id,
        tuple((start_s, end_s) for start_s, end_s in json.loads(spans)),
        faces,
        views,
        quality,
        Mark(*json.loads(best)),
        decision,
        tuple(_candidate(one) for one in json.loads(candidates)),
        group_id,
        confirmed_key,
        unpack(packed),
    )


def _plain(one: Candidate) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Candidate.__dataclass_fields__}


def _candidate(values: Mapping[str, Any]) -> Candidate:
    return Candidate(**{**values, "keys": tuple(values["keys"]), "lowered": tuple(values["lowered"])})
