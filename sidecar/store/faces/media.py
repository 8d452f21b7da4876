"""SQL of the faces that were seen in media."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from sidecar.faces import Face
from sidecar.store.coverage import Coverage
from sidecar.store.database import Database
from sidecar.store.faces.rows import (
    LookedFaces,
    StoredFace,
    coverage_bytes,
    coverage_of,
    doubles,
    face_row,
    micros,
    numbers_of,
    stored_face,
)
from sidecar.store.media import find_pass_state, save_pass_state
from sidecar.store.rows import PassState, PtsSeconds
from sidecar.store.sets import content_id, model_id
from sidecar.values import ContentKey

_FACE = "f.id, f.pts_s, f.good, f.measures, f.sex, f.sex_confidence, f.age_years, f.vector"


def find_medium(db: Database, key: ContentKey, model_key: str) -> int | None:
    """The id of this content's faces under this model."""
    row = db.row(
        """SELECT f.id FROM face_medium f JOIN content c ON c.id = f.content_id JOIN model m ON m.id = f.model_id
           WHERE c.algorithm = ? AND c.digest = ? AND c.size_bytes = ? AND m.model_key = ?""",
        *(key.algorithm, key.digest, key.size_bytes, model_key),
    )
    return None if row is None else int(row[0])


def load(db: Database, key: ContentKey, model_key: str) -> LookedFaces | None:
    """All faces of a medium, without their pictures; None where it was never looked at."""
    with db.transaction():
        medium = find_medium(db, key, model_key)
        if medium is None:
            return None
        (coverage,) = db.row("SELECT coverage FROM face_medium WHERE id = ?", medium) or (b"",)
        sql = f"SELECT {_FACE} FROM face f WHERE face_medium_id = ? ORDER BY pts_s, id"  # noqa: S608 - a constant
        faces = db.rows(sql, medium)
        looked_s = np.sort(_looked(db, medium))
        state = find_pass_state(db, key, model_key)
    return LookedFaces(looked_s, tuple(stored_face(*row) for row in faces), coverage_of(coverage), state)


def faces_by_id(db: Database, face_ids: Sequence[int]) -> dict[int, StoredFace]:
    """These faces, without their pictures; those that are gone are left out."""
    sql = f"SELECT {_FACE} FROM face f WHERE f.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - a constant
    return {row[0]: stored_face(*row) for row in db.rows(sql, json.dumps(list(face_ids)))}


def add(
    db: Database,
    key: ContentKey,
    model_key: str,
    looked_s: Sequence[float] | PtsSeconds,
    faces: Sequence[Face],
    coverage: Sequence[Coverage],
    now_s: float,
) -> None:
    """Add frames that were looked at, the faces in them, and what is covered once they are in: one transaction.

    A frame that was looked at before (to the microsecond) is left out with its faces. Raises ValueError for a face in
    no such frame, and for vectors of another length than the medium's.
    """
    looked = np.asarray(looked_s, np.float64)
    if looked.ndim != 1 or not np.isfinite(looked).all():
        raise ValueError(f"looked_s must be finite moments (N,), got shape {looked.shape}")
    stray = set(micros([face.pts_s for face in faces]).tolist()) - set(micros(looked).tolist())
    if stray:
        raise ValueError(f"{len(stray)} faces are of moments that are not among those looked at")
    dims = {len(face.vector) for face in faces}
    with db.transaction():
        medium = _medium(db, key, model_key, now_s)
        before, dim = db.row("SELECT coverage, dim FROM face_medium WHERE id = ?", medium) or (b"", None)
        if dims and (dims | {dim or min(dims)}) != {dim or min(dims)}:
            raise ValueError(f"faces of {key} under {model_key!r} have vectors of dim {dim}, got {sorted(dims)}")
        db.run(
            "UPDATE face_medium SET coverage = ?, dim = coalesce(dim, ?), looked_at_s = ? WHERE id = ?",
            *(coverage_bytes([*coverage_of(before), *coverage]), min(dims, default=None), now_s, medium),
        )
        _, first = np.unique(micros(looked), return_index=True)
        new = looked[first][~np.isin(micros(looked[first]), micros(_looked(db, medium)))]
        if len(new):
            db.run("INSERT INTO face_look (face_medium_id, pts_s) VALUES (?, ?)", medium, doubles(new))
        accepted = set(micros(new).tolist())
        for face, at_us in zip(faces, micros([face.pts_s for face in faces]).tolist(), strict=True):
            if at_us in accepted:
                _insert(db, medium, face)


def set_state(db: Database, key: ContentKey, model_key: str, state: PassState, now_s: float) -> None:
    """Replace the record of how far the passes have come."""
    with db.transaction():
        _medium(db, key, model_key, now_s)
        save_pass_state(db, key, model_key, state)


def keep_pictures(db: Database, key: ContentKey, model_key: str, face_ids: Sequence[int]) -> None:
    """Drop the pictures of all other faces of the medium."""
    db.run(
        """DELETE FROM face_picture WHERE face_id IN (SELECT id FROM face WHERE face_medium_id = ?)
             AND face_id NOT IN (SELECT value FROM json_each(?))""",
        *(find_medium(db, key, model_key), json.dumps(list(face_ids))),
    )


def pictures(db: Database, face_ids: Sequence[int]) -> dict[int, bytes]:
    """JPEGs by face; a face that has none is left out."""
    sql = "SELECT face_id, jpeg FROM face_picture WHERE face_id IN (SELECT value FROM json_each(?))"
    return {face: bytes(jpeg) for face, jpeg in db.rows(sql, json.dumps(list(face_ids)))}


def forget(db: Database, key: ContentKey, model_key: str) -> None:
    """Delete the faces of a medium under one model, its tracks, and how far its passes came."""
    with db.transaction():
        medium = find_medium(db, key, model_key)
        if medium is None:
            return
        db.run(
            """DELETE FROM pass_state WHERE (content_id, model_id) =
                 (SELECT content_id, model_id FROM face_medium WHERE id = ?)""",
            medium,
        )
        db.run("DELETE FROM face_medium WHERE id = ?", medium)


def _medium(db: Database, key: ContentKey, model_key: str, now_s: float) -> int:
    """The id of this content's faces under this model, made if new. Call within a transaction."""
    found = find_medium(db, key, model_key)
    if found is not None:
        return found
    owner = (content_id(db, key), model_id(db, model_key))
    return db.run("INSERT INTO face_medium (content_id, model_id, looked_at_s) VALUES (?, ?, ?)", *owner, now_s)


def _looked(db: Database, medium: int) -> PtsSeconds:
    rows = db.rows("SELECT pts_s FROM face_look WHERE face_medium_id = ? ORDER BY id", medium)
    return numbers_of(b"".join(blob for (blob,) in rows))


def _insert(db: Database, medium: int, face: Face) -> None:
    face_id = db.run(
        """INSERT INTO face (face_medium_id, pts_s, good, measures, sex, sex_confidence, age_years, vector)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        *(medium, *face_row(face)),
    )
    if face.jpeg:
        db.run("INSERT INTO face_picture (face_id, jpeg) VALUES (?, ?)", face_id, face.jpeg)
