"""SQL of tracks: who is seen in a medium, person by person, known or not."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sidecar.store.database import Database
from sidecar.store.faces import media
from sidecar.store.faces.rows import StoredTrack, doubles, half_bytes, pairs_of, unit_vector
from sidecar.values import ContentKey

_TRACK = "t.track_id, t.face_ids, t.spans, t.centroid, t.views, t.seconds, t.quality, t.best_face_id, t.found_at_s"
# CROSS JOIN: the planner, who has no statistics, is to begin with the tracks that are asked for.
_OWNER = """face_track t CROSS JOIN face_medium f ON f.id = t.face_medium_id JOIN content c ON c.id = f.content_id
  JOIN model m ON m.id = f.model_id"""


def load(db: Database, key: ContentKey, model_key: str) -> tuple[StoredTrack, ...]:
    """The tracks of a medium, in the order in which they were saved."""
    medium = media.find_medium(db, key, model_key)
    sql = f"SELECT {_TRACK} FROM face_track t WHERE t.face_medium_id = ? ORDER BY t.position"  # noqa: S608 - constants
    return tuple(_track(*row) for row in db.rows(sql, medium))


def find(db: Database, track_ids: Sequence[str]) -> dict[str, tuple[ContentKey, str, StoredTrack]]:
    """(content, model key, track) of each; those that are not there are left out."""
    sql = f"""SELECT c.algorithm, c.digest, c.size_bytes, m.model_key, {_TRACK} FROM {_OWNER}
              WHERE t.track_id IN (SELECT value FROM json_each(?)) ORDER BY t.id"""  # noqa: S608 - constants
    found = {}
    for algorithm, digest, size_bytes, model_key, *row in db.rows(sql, json.dumps(list(track_ids))):
        found[row[0]] = (ContentKey(algorithm, digest, size_bytes), model_key, _track(*row))
    return found


def of_model(db: Database, model_keys: Sequence[str], page: int = 500) -> Iterator[tuple[ContentKey, StoredTrack]]:
    """Every track under these keys, in the order of first saving; what is saved meanwhile may be in or out."""
    sql = f"""SELECT t.id, c.algorithm, c.digest, c.size_bytes, {_TRACK} FROM {_OWNER}
              WHERE t.id > ? AND m.model_key IN (SELECT value FROM json_each(?))
              ORDER BY t.id LIMIT ?"""  # noqa: S608 - constants
    after = 0
    while rows := db.rows(sql, after, json.dumps(list(model_keys)), page):
        for track_row, algorithm, digest, size_bytes, *row in rows:
            after = track_row
            yield ContentKey(algorithm, digest, size_bytes), _track(*row)


def save(db: Database, key: ContentKey, model_key: str, tracks: Sequence[StoredTrack], now_s: float) -> None:
    """Make these the tracks of a medium: one transaction.

    What was said of a track that is gone goes over to the track that has most of its faces, if there is one. Raises
    ValueError for ids that are none or are said twice, and for a medium that was never looked at.
    """
    ids = [track.id for track in tracks]
    if len(set(ids)) != len(ids) or not all(re.fullmatch(r"[0-9a-f]{16}", track_id) for track_id in ids):
        raise ValueError("track ids must be 16 hex digits each, none of them twice")
    with db.transaction():
        medium = media.find_medium(db, key, model_key)
        if medium is None:
            if not tracks:
                return
            raise ValueError(f"{key} was not looked at under {model_key!r}")
        earlier = load(db, key, model_key)
        found_at_s = {track.id: track.found_at_s for track in earlier}
        db.run("DELETE FROM face_track WHERE face_medium_id = ?", medium)
        for position, track in enumerate(tracks):
            db.run(
                """INSERT INTO face_track (face_medium_id, track_id, position, face_ids, spans, centroid, views,
                     seconds, quality, best_face_id, found_at_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                *(medium, track.id, position, np.array(track.face_ids, "<i8").tobytes()),
                *(doubles(np.array(track.spans, np.float64).reshape(-1)), half_bytes(track.centroid), track.views),
                *(track.seconds, track.quality, track.best_face, found_at_s.get(track.id, now_s)),
            )
        for gone, heir in _heirs(earlier, tracks).items():
            _hand_over(db, medium, gone, heir)


def _heirs(earlier: Sequence[StoredTrack], tracks: Sequence[StoredTrack]) -> dict[str, str]:
    """Of each track that is gone: the one that has most of its faces."""
    track_of = {face: track.id for track in tracks for face in track.face_ids}
    present = {track.id for track in tracks}
    heirs = {}
    for gone in (track for track in earlier if track.id not in present):
        shares = Counter(track_of[face] for face in gone.face_ids if face in track_of)
        if shares:
            heir, n_faces = max(shares.items(), key=lambda share: (share[1], share[0]))
            if 2 * n_faces > len(gone.face_ids):
                heirs[gone.id] = heir
    return heirs


def _hand_over(db: Database, medium: int, gone: str, heir: str) -> None:
    """What was said of a track is said of its heir, where nothing was said of that one itself."""
    (content,) = db.row("SELECT content_id FROM face_medium WHERE id = ?", medium) or (0,)
    db.run("UPDATE OR IGNORE track_verdict SET track_id = ? WHERE content_id = ? AND track_id = ?", heir, content, gone)
    db.run("UPDATE OR IGNORE track_refusal SET track_id = ? WHERE content_id = ? AND track_id = ?", heir, content, gone)
    db.run("DELETE FROM track_refusal WHERE content_id = ? AND track_id = ?", content, gone)
    db.run("UPDATE face_reference SET track_id = ? WHERE content_id = ? AND track_id = ?", heir, content, gone)
    refused = (f"track:{heir}", f"track:{gone}")
    db.run("UPDATE OR IGNORE refused_image SET image_id = ? WHERE image_id = ?", *refused)
    db.run("UPDATE OR IGNORE group_track SET track_id = ? WHERE track_id = ?", heir, gone)


def _track(
    track_id: str,
    face_ids: bytes,
    spans: bytes,
    centroid: bytes,
    views: int,
    seconds: float,
    quality: float,
    best_face: int,
    found_at_s: float,
) -> StoredTrack:
    faces: Any = np.frombuffer(face_ids, "<i8").tolist()
    return StoredTrack(
        id=track_id,
        face_ids=tuple(faces),
        spans=pairs_of(spans),
        centroid=unit_vector(centroid),
        views=views,
        seconds=seconds,
        quality=quality,
        best_face=best_face,
        found_at_s=found_at_s,
    )
