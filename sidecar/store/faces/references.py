"""References: faces whose person is known. What search compares with."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.store.database import Database
from sidecar.store.faces import counter
from sidecar.store.faces.identities import identity_of
from sidecar.store.faces.people import PersonRow, recheck_links, tell_person
from sidecar.store.faces.rows import half_bytes, unit_vector
from sidecar.store.rows import Float16Vectors
from sidecar.store.sets import content_id, model_id
from sidecar.values import ContentKey

TRACK = "track"
BOOTSTRAP = "bootstrap"
IMPORT = "import"

Outcome: TypeAlias = Literal["enrolled", "no_face", "several_faces", "poor", "unreadable", "spare"]
"""What became of a picture; see ImageOutcome in protos/faces.proto."""


@dataclass(frozen=True, slots=True, eq=False)
class NewReference:
    """A face to be known from now on. vector: float32 (dim,), unit length. jpeg: 112 x 112, or empty.

    image_id: of a picture, "" else. content_key, track_id, pts_s: where a track was seen.
    """

    source: str
    vector: NDArray[np.float32]
    quality: float
    jpeg: bytes = b""
    image_id: str = ""
    content_key: ContentKey | None = None
    track_id: str = ""
    pts_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceRow:
    """A known face, without its picture. id: never used again. key: the person's. generation: since when it is known.

    uid: the same in every database that has it. imported: it came with a face database.
    """

    id: int
    key: str
    source: str
    image_id: str
    content_key: ContentKey | None
    track_id: str
    pts_s: float
    quality: float
    vector: NDArray[np.float32]
    uid: str
    imported: bool
    generation: int


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceChanges:
    """What changed among the references of one model since an earlier generation.

    ids, people: int64 (N,), the references that came since (all of them since 0) and the row ids of their persons
    (Identities.key_of_person names those). vectors: float16 (N, dim). gone: int64 (M,), ids that are no more.
    """

    generation: int
    ids: NDArray[np.int64]
    people: NDArray[np.int64]
    vectors: Float16Vectors
    gone: NDArray[np.int64]


_SELECT = """SELECT r.id, p.person_key, r.source, r.image_id, c.algorithm, c.digest, c.size_bytes, r.track_id, r.pts_s,
    r.quality, r.vector, r.uid, r.import_id IS NOT NULL, r.generation
  FROM face_reference r CROSS JOIN person p ON p.id = r.person_id LEFT JOIN content c ON c.id = r.content_id """
# The planner has no statistics: CROSS JOIN and + tell it where to begin, which is never with all that a model has.
_OF_MODEL = "+r.model_id = (SELECT id FROM model WHERE model_key = ?)"
_OF_KEYS = "FROM person p CROSS JOIN face_reference r ON r.person_id = p.id"


class ReferenceTable:
    """Thread-safe; each call is one transaction. Every method raises StoreError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def generation(self) -> int:
        """Grows with every change of persons, links and references."""
        return counter.generation(self._db)

    def of(self, keys: Sequence[str], model_key: str) -> tuple[ReferenceRow, ...]:
        """The references of these keys under one model, in the order in which they came."""
        theirs = "WHERE r.person_id IN (SELECT id FROM person WHERE person_key IN (SELECT value FROM json_each(?)))"
        where = f"{theirs} AND {_OF_MODEL} ORDER BY +r.id"
        return tuple(_reference(*row) for row in self._db.rows(_SELECT + where, json.dumps(list(keys)), model_key))

    def get(self, ids: Sequence[int]) -> dict[int, ReferenceRow]:
        """References by id; those that are gone are left out."""
        where = "WHERE r.id IN (SELECT value FROM json_each(?))"
        return {row[0]: _reference(*row) for row in self._db.rows(_SELECT + where, json.dumps(list(ids)))}

    def iterate(self, model_key: str, since: int = 0, page: int = 1000) -> Iterator[ReferenceRow]:
        """Every reference of one model that came after a generation, by id, some at a time.

        What comes after the first is asked for is left out; what goes meanwhile may be in or out.
        """
        (last,) = self._db.row("SELECT coalesce(max(id), 0) FROM face_reference") or (0,)
        where = f"WHERE r.id > ? AND r.id <= ? AND +r.generation > ? AND {_OF_MODEL} ORDER BY r.id LIMIT ?"
        after = 0
        while rows := self._db.rows(_SELECT + where, after, last, since, model_key, page):
            after = rows[-1][0]
            yield from (_reference(*row) for row in rows)

    def keys_changed(self, model_key: str, since: int = 0) -> tuple[str, ...]:
        """Keys of persons with references of one model that came after a generation, in the order of the persons."""
        rows = self._db.rows(
            """SELECT DISTINCT p.id, p.person_key FROM face_reference r JOIN person p ON p.id = r.person_id
               JOIN model m ON m.id = r.model_id WHERE m.model_key = ? AND r.generation > ? ORDER BY p.id""",
            *(model_key, since),
        )
        return tuple(key for _, key in rows)

    def changes(self, model_key: str, since: int = 0) -> ReferenceChanges:
        """What an index that was last told at generation `since` has to learn."""
        with self._db.transaction():
            rows = self._db.rows(
                """SELECT r.id, r.person_id, r.vector FROM face_reference r JOIN model m ON m.id = r.model_id
                   WHERE m.model_key = ? AND r.generation > ? ORDER BY r.id""",
                *(model_key, since),
            )
            gone = self._db.rows(
                """SELECT reference_id FROM gone_reference g JOIN model m ON m.id = g.model_id
                   WHERE m.model_key = ? AND g.generation > ? ORDER BY reference_id""",
                *(model_key, since),
            )
            generation = counter.generation(self._db)
        ids = np.array([row[0] for row in rows], np.int64)
        vectors = np.frombuffer(b"".join(row[2] for row in rows), np.dtype("<f2")).astype(np.float16, copy=False)
        return ReferenceChanges(
            generation=generation,
            ids=ids,
            people=np.array([row[1] for row in rows], np.int64),
            vectors=vectors.reshape(len(ids), len(rows[0][2]) // 2 if rows else 1),
            gone=np.array([row[0] for row in gone], np.int64),
        )

    def gone_uids(self, model_key: str, since: int) -> tuple[str, ...]:
        """ReferenceRow.uid of those that went after a generation."""
        rows = self._db.rows(
            """SELECT uid FROM gone_reference g JOIN model m ON m.id = g.model_id
               WHERE m.model_key = ? AND g.generation > ? ORDER BY reference_id""",
            *(model_key, since),
        )
        return tuple(uid for (uid,) in rows)

    def counts(self, keys: Sequence[str], model_key: str) -> dict[str, dict[str, int]]:
        """Key -> source -> how many references; keys without any are left out."""
        rows = self._db.rows(
            f"""SELECT p.person_key, r.source, count(*) {_OF_KEYS}
                WHERE p.person_key IN (SELECT value FROM json_each(?)) AND {_OF_MODEL}
                GROUP BY p.person_key, r.source ORDER BY p.person_key, r.source""",  # noqa: S608 - constants
            *(json.dumps(list(keys)), model_key),
        )
        counted: dict[str, dict[str, int]] = {}
        for key, source, number in rows:
            counted.setdefault(key, {})[source] = number
        return counted

    def best(self, keys: Sequence[str], model_key: str) -> dict[str, int]:
        """Key -> the id of its reference of the best quality; keys without any are left out."""
        rows = self._db.rows(
            f"""SELECT p.person_key, r.id, max(r.quality) {_OF_KEYS}
                WHERE p.person_key IN (SELECT value FROM json_each(?)) AND {_OF_MODEL}
                GROUP BY p.person_key""",  # noqa: S608 - constants
            *(json.dumps(list(keys)), model_key),
        )
        return {key: reference for key, reference, _ in rows}

    def pictures(self, ids: Sequence[int]) -> dict[int, bytes]:
        """JPEGs by reference; one that has none is left out."""
        sql = "SELECT reference_id, jpeg FROM reference_picture WHERE reference_id IN (SELECT value FROM json_each(?))"
        return {reference: bytes(jpeg) for reference, jpeg in self._db.rows(sql, json.dumps(list(ids)))}

    # Pictures of persons

    def outcomes(self, key: str, source: str, model_key: str) -> dict[str, Outcome]:
        """Image id -> what became of it, of every picture of this person and source that was looked at."""
        rows = self._db.rows(
            """SELECT image_id, outcome FROM looked_image JOIN person ON person.id = person_id
               JOIN model ON model.id = model_id WHERE person_key = ? AND source = ? AND model_key = ?""",
            *(key, source, model_key),
        )
        return dict(rows)

    def refused(self, key: str) -> set[str]:
        """Image ids, "track:<track id>" and "uid:<uid>" of references that the owner took away from this person."""
        return {image for (image,) in self._db.rows("SELECT image_id FROM refused_image WHERE person_key = ?", key)}

    def take_in(
        self,
        person: PersonRow,
        source: str,
        model_key: str,
        outcomes: Sequence[tuple[str, Outcome]],
        added: Sequence[NewReference] = (),
        dropped: Sequence[int] = (),
        listed: Sequence[str] = (),
    ) -> None:
        """All that one enrolment changes: what is said of the person, and what became of each picture.

        outcomes: (image id, outcome) of every picture that was looked at. listed: ids of further ones that there are.
        Those of this person and source that are in neither (under whatever model) are forgotten. added: references
        for those that became one. dropped: ids of references that make room for better ones.
        """
        names = json.dumps([*(image for image, _ in outcomes), *listed])
        with self._db.transaction():
            row = tell_person(self._db, person)
            unlisted = "person_id = ? AND source = ? AND image_id NOT IN (SELECT value FROM json_each(?))"
            gone = self._db.rows(
                f"SELECT id FROM face_reference WHERE import_id IS NULL AND {unlisted}",  # noqa: S608 - constants
                *(row, source, names),
            )
            delete(self._db, [*dropped, *(reference for (reference,) in gone)])
            self._db.run(f"DELETE FROM looked_image WHERE {unlisted}", row, source, names)  # noqa: S608 - constants
            model = model_id(self._db, model_key)
            for image, outcome in outcomes:
                self._db.run(
                    """INSERT INTO looked_image (person_id, model_id, source, image_id, outcome) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT DO UPDATE SET outcome = excluded.outcome WHERE outcome <> excluded.outcome""",
                    *(row, model, source, image, outcome),
                )
            for reference in added:
                insert(self._db, row, model, reference)

    def remove(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Take references away by hand: they, and the pictures that they are of, do not come back by themselves.

        The keys of the persons that lost some.
        """
        wanted = json.dumps(list(ids))
        with self._db.transaction():
            rows = self._db.rows(
                """SELECT person_key, image_id, uid, track_id FROM face_reference r JOIN person p ON p.id = r.person_id
                   WHERE r.id IN (SELECT value FROM json_each(?))""",
                wanted,
            )
            for key, image, uid, track in rows:
                for name in filter(None, (image, f"uid:{uid}", track and f"track:{track}")):
                    sql = "INSERT INTO refused_image (person_key, image_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
                    self._db.run(sql, key, name)
            delete(self._db, ids)
        return tuple(dict.fromkeys(key for key, *_ in rows))

    def drop(self, ids: Sequence[int]) -> None:
        """Delete references; where they came from may give them again."""
        with self._db.transaction():
            delete(self._db, ids)


def insert(
    db: Database,
    person: int,
    model: int,
    new: NewReference,
    uid: str = "",
    import_id: int | None = None,
    generation: int | None = None,
) -> int:
    """Add a reference; its id. generation: one that was made for several. Call within a transaction."""
    content = None if new.content_key is None else content_id(db, new.content_key)
    reference = db.run(
        """INSERT INTO face_reference (person_id, model_id, source, image_id, content_id, track_id, pts_s, quality,
             vector, uid, import_id, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        *(person, model, new.source, new.image_id, content, new.track_id, new.pts_s, new.quality),
        *(half_bytes(new.vector), uid or secrets.token_hex(16), import_id),
        counter.grow(db) if generation is None else generation,
    )
    if new.jpeg:
        db.run("INSERT INTO reference_picture (reference_id, jpeg) VALUES (?, ?)", reference, new.jpeg)
    return reference


def delete(db: Database, ids: Sequence[int]) -> None:
    """Delete references, and links by face that rested on them; pictures that were spare may be looked at again.

    Call within a transaction.
    """
    if not ids:
        return
    wanted = json.dumps(list(ids))
    rows = db.rows(
        """SELECT DISTINCT person_key FROM face_reference r JOIN person p ON p.id = r.person_id
           WHERE r.id IN (SELECT value FROM json_each(?))""",
        wanted,
    )
    losers = [key for (key,) in rows]
    keys = set(losers)
    for key in tuple(keys):
        keys.update(identity_of(db, key))
    db.run(
        """DELETE FROM looked_image WHERE outcome = 'spare' AND person_id IN
             (SELECT id FROM person WHERE person_key IN (SELECT value FROM json_each(?)))""",
        json.dumps(sorted(keys)),
    )
    db.run(
        """DELETE FROM looked_image WHERE outcome = 'enrolled' AND (person_id, model_id, source, image_id) IN
             (SELECT person_id, model_id, source, image_id FROM face_reference
              WHERE id IN (SELECT value FROM json_each(?)))""",
        wanted,
    )
    db.run("DELETE FROM face_reference WHERE id IN (SELECT value FROM json_each(?))", wanted)
    recheck_links(db, losers)


def _reference(
    row: int,
    key: str,
    source: str,
    image_id: str,
    algorithm: Any,
    digest: str,
    size_bytes: int,
    track_id: str,
    pts_s: float,
    quality: float,
    vector: bytes,
    uid: str,
    imported: int,
    generation: int,
) -> ReferenceRow:
    content = None if algorithm is None else ContentKey(algorithm, digest, size_bytes)
    return ReferenceRow(
        id=row,
        key=key,
        source=source,
        image_id=image_id,
        content_key=content,
        track_id=track_id,
        pts_s=pts_s,
        quality=quality,
        vector=unit_vector(vector),
        uid=uid,
        imported=bool(imported),
        generation=generation,
    )
