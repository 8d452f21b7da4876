"""All that is known of faces, row by row, for the owner's own copy. What models guess of sex and age is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from sidecar.store.database import Database
from sidecar.store.faces.rows import measures_of, pairs_of

_PAGE = 500

_SMALL = {
    "person": (
        "key sex birthdate names same_as",
        """SELECT person_key, sex, birthdate,
             (SELECT json_group_array(name) FROM
               (SELECT name FROM person_name WHERE person_id = p.id ORDER BY position)),
             (SELECT json_group_array(other_key) FROM person_same_as WHERE person_id = p.id)
           FROM person p ORDER BY id""",
    ),
    "link": (
        "key other_key similarity match model",
        """SELECT p.person_key, o.person_key, similarity, match, model_key FROM person_alike a
           JOIN person p ON p.id = a.person_id JOIN person o ON o.id = a.other_id JOIN model m ON m.id = a.model_id""",
    ),
    "picture": (
        "key model source image_id outcome",
        """SELECT person_key, model_key, source, image_id, outcome FROM looked_image l
           JOIN person p ON p.id = l.person_id JOIN model m ON m.id = l.model_id""",
    ),
    "refused picture": ("key image_id", "SELECT person_key, image_id FROM refused_image"),
    "verdict": (
        "content_key track_id is_key bootstrap",
        """SELECT c.algorithm || '-' || c.digest || '-' || c.size_bytes, track_id, is_key, bootstrap
           FROM track_verdict v JOIN content c ON c.id = v.content_id""",
    ),
    "rejection": (
        "content_key track_id not_key",
        """SELECT c.algorithm || '-' || c.digest || '-' || c.size_bytes, track_id, person_key
           FROM track_refusal v JOIN content c ON c.id = v.content_id""",
    ),
    "group": (
        "id model ignored track_ids",
        """SELECT group_id, model_key, ignored,
             (SELECT json_group_array(track_id) FROM group_track t WHERE t.group_id = g.group_id)
           FROM unknown_group g JOIN model m ON m.id = g.model_id""",
    ),
    "group change": (
        "id model kind body at_s",
        """SELECT change_id, model_key, kind, CAST(body AS TEXT), at_s FROM group_change g
           JOIN model m ON m.id = g.model_id ORDER BY g.id""",
    ),
    "import": (
        "id name model database_id since_generation generation at_s",
        """SELECT i.id, name, model_key, database_id, since_generation, generation, at_s FROM face_import i
           JOIN model m ON m.id = i.model_id ORDER BY i.id""",
    ),
    "before import": (
        "import key kind body",
        "SELECT import_id, person_key, kind, CAST(body AS TEXT) FROM import_before ORDER BY id",
    ),
}
"""What it is -> (names of its columns, SQL), read at once."""

_LARGE = {
    "reference": (
        "id key model source image_id content_key track_id pts_s quality uid import vector jpeg",
        """SELECT r.id, person_key, model_key, source, image_id,
              c.algorithm || '-' || c.digest || '-' || c.size_bytes, track_id, pts_s, quality, uid, import_id,
              vector, jpeg
            FROM face_reference r JOIN person p ON p.id = r.person_id JOIN model m ON m.id = r.model_id
            LEFT JOIN content c ON c.id = r.content_id LEFT JOIN reference_picture j ON j.reference_id = r.id
            WHERE r.id > ? ORDER BY r.id LIMIT ?""",
    ),
    "medium": (
        "id content_key model looked_at_s frames",
        """SELECT f.id, c.algorithm || '-' || c.digest || '-' || c.size_bytes, model_key, looked_at_s,
              (SELECT coalesce(sum(length(pts_s)), 0) / 8 FROM face_look l WHERE l.face_medium_id = f.id)
            FROM face_medium f JOIN content c ON c.id = f.content_id JOIN model m ON m.id = f.model_id
            WHERE f.id > ? ORDER BY f.id LIMIT ?""",
    ),
    "face": (
        "id medium pts_s good measures vector jpeg",
        """SELECT f.id, face_medium_id, pts_s, good, measures, vector, jpeg FROM face f
           LEFT JOIN face_picture j ON j.face_id = f.id WHERE f.id > ? ORDER BY f.id LIMIT ?""",
    ),
    "track": (
        "id medium track_id face_ids spans centroid views seconds quality best_face found_at_s",
        """SELECT id, face_medium_id, track_id, face_ids, spans, centroid, views, seconds, quality, best_face_id,
             found_at_s
           FROM face_track WHERE id > ? ORDER BY id LIMIT ?""",
    ),
}
"""The same, read page by page by the first column."""

_MEASURES = ("left", "top", "width", "height", "size_px", "sharpness", "yaw_deg", "roll_deg", "score", "overall")

_READ: Mapping[str, Callable[[Any], object]] = {
    "names": json.loads,
    "same_as": json.loads,
    "track_ids": json.loads,
    "body": json.loads,
    "measures": lambda blob: dict(zip(_MEASURES, measures_of(blob), strict=True)),
    "face_ids": lambda blob: np.frombuffer(blob, "<i8").tolist(),
    "spans": pairs_of,
}
"""Column -> how its value is read; the others are as they are."""


def rows(db: Database) -> Iterator[tuple[str, dict[str, object]]]:
    """(what it is, its values by name) of every row. What is written meanwhile may be in or out."""
    for what, (names, sql) in _SMALL.items():
        for row in db.rows(sql):
            yield what, _told(names, row)
    for what, (names, sql) in _LARGE.items():
        after = 0
        while page := db.rows(sql, after, _PAGE):
            after = page[-1][0]
            for row in page:
                yield what, _told(names, row)


def _told(names: str, row: tuple[Any, ...]) -> dict[str, object]:
    told = zip(names.split(), row, strict=True)
    return {name: _READ[name](value) if name in _READ else value for name, value in told}
