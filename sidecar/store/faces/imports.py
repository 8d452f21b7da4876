"""Face databases that were taken in, with what each replaced, so that it can be taken back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sidecar.store.database import Database
from sidecar.store.faces import counter
from sidecar.store.faces.people import PersonRow, load_people, person_id, save_person
from sidecar.store.faces.references import IMPORT, NewReference, insert
from sidecar.store.faces.rows import unit_vector
from sidecar.store.sets import model_id


@dataclass(frozen=True, slots=True)
class ImportHeader:
    """What is taken in. database_id, since_generation, generation: of the database that the file was made from.

    since_generation: 0 for a whole one, else the generation that the file's changes begin after.
    """

    name: str
    model_key: str
    database_id: str
    since_generation: int
    generation: int


@dataclass(frozen=True, slots=True, eq=False)
class ImportedReference:
    """A reference of a file. uid: what it is called in every database that has it."""

    uid: str
    key: str
    quality: float
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. known_people: persons that were there already. generation: of this store, now."""

    people: int
    references: int
    known_people: int
    generation: int


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What taking an import back changed."""

    name: str
    references_removed: int
    references_restored: int


class ImportTable:
    """Thread-safe; each call is one transaction. Every method raises StoreError."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = db, clock

    def last(self) -> ImportHeader | None:
        """The import that roll_back would take back."""
        row = self._db.row(
            """SELECT name, model_key, database_id, since_generation, generation
               FROM face_import i JOIN model m ON m.id = i.model_id ORDER BY i.id DESC"""
        )
        return None if row is None else ImportHeader(*row)

    def base(self, database_id: str, model_key: str) -> int | None:
        """The generation that this database is known up to; None where nothing of it was taken in."""
        row = self._db.row(
            """SELECT i.generation FROM face_import i JOIN model m ON m.id = i.model_id
               WHERE database_id = ? AND model_key = ? ORDER BY i.id DESC""",
            *(database_id, model_key),
        )
        return None if row is None else int(row[0])

    def take_in(
        self,
        header: ImportHeader,
        people: Iterable[PersonRow],
        references: Iterable[ImportedReference],
        gone_uids: Sequence[str] = (),
    ) -> Imported:
        """Take a verified database in.

        A person who is known stays as the client told: the file adds keys that are the same, and what was not known. A
        person who came with an earlier import of this database is told anew. A whole database replaces what an earlier
        one of the same id brought; one with changes only takes away what it says is gone. References that are there
        already, and those that the owner took away from a person, are left out. Readers of `people` and `references`
        may raise: then nothing was changed.
        """
        with self._db.transaction():
            model = model_id(self._db, header.model_key)
            earlier = self._db.rows(
                """SELECT r.uid, r.id FROM face_reference r JOIN face_import i ON i.id = r.import_id
                   WHERE i.database_id = ? AND r.model_id = ?""",
                *(header.database_id, model),
            )
            of_database: dict[str, int] = dict(earlier)
            import_id = self._db.run(
                """INSERT INTO face_import (name, model_id, database_id, since_generation, generation, at_s)
                   VALUES (?, ?, ?, ?, ?, ?)""",
                *(header.name, model, header.database_id, header.since_generation, header.generation, self._clock()),
            )
            n_people = n_known = n_references = 0
            here: dict[str, tuple[int, str]] = {}
            for person in people:
                row, key, known = self._tell(import_id, person)
                here[person.key] = (row, key)
                n_people, n_known = n_people + 1, n_known + known
            stays = set()
            generation = counter.grow(self._db)
            refused = set(self._db.rows("SELECT person_key, image_id FROM refused_image"))
            for reference in references:
                stays.add(reference.uid)
                row, key = here[reference.key]
                if (key, f"uid:{reference.uid}") not in refused:
                    n_references += self._add(import_id, row, model, reference, generation)
            whole = header.since_generation == 0
            gone = set(of_database) - stays if whole else set(of_database) & set(gone_uids)
            self._replace(import_id, [of_database[uid] for uid in sorted(gone)])
            return Imported(n_people, n_references, n_known, counter.grow(self._db))

    def roll_back(self) -> RolledBack | None:
        """Take the last import back: what it brought goes, what it replaced returns. None where there is none.

        What was enrolled or confirmed since stays, and so does what the owner took away or forgot.
        """
        with self._db.transaction():
            row = self._db.row("SELECT id, name, model_id FROM face_import ORDER BY id DESC")
            if row is None:
                return None
            import_id, name, model = row
            (removed,) = self._db.row("SELECT count(*) FROM face_reference WHERE import_id = ?", import_id) or (0,)
            self._db.run("DELETE FROM face_reference WHERE import_id = ?", import_id)
            restored = 0
            before = self._db.rows(
                "SELECT kind, person_key, body FROM import_before WHERE import_id = ? ORDER BY kind, id", import_id
            )
            for kind, key, body in before:  # persons first, then their references
                if kind == "new_person":
                    self._take_person_back(key)
                elif kind == "person":
                    told = json.loads(body)
                    lists = {"aliases": tuple(told["aliases"]), "same_as": tuple(told["same_as"])}
                    save_person(self._db, PersonRow(**{**told, **lists}))
                else:
                    restored += self._restore(key, model, json.loads(body))
            self._db.run("DELETE FROM face_import WHERE id = ?", import_id)
            counter.grow(self._db)
            return RolledBack(name, int(removed), restored)

    def _tell(self, import_id: int, person: PersonRow) -> tuple[int, str, bool]:
        """Take in what a file says of a person: (row id, key here, whether the person was known)."""
        # A key that stands for one of our own persons in files is that person again.
        (mine,) = self._db.row("SELECT person_key FROM person WHERE file_key = ?", person.key) or ("",)
        if mine:
            return person_id(self._db, mine), mine, True
        known = load_people(self._db, [person.key]).get(person.key)
        if known is None:
            self._remember(import_id, "new_person", person.key, {})
            return save_person(self._db, person), person.key, False
        imported = "SELECT 1 FROM import_before WHERE person_key = ? AND kind = 'new_person'"
        if self._db.row(imported, person.key):
            told = person
        else:
            told = replace(
                known,
                same_as=(*known.same_as, *person.same_as),
                sex=known.sex or person.sex,
                birthdate=known.birthdate or person.birthdate,
            )
        told = replace(told, same_as=tuple(sorted({other for other in told.same_as if other != told.key})))
        if told != known:
            self._remember(import_id, "person", person.key, asdict(known))
        return save_person(self._db, told), person.key, True

    def _add(self, import_id: int, person: int, model: int, reference: ImportedReference, generation: int) -> bool:
        # Another person may have it: ours, of whom the file tells under the key of one who is one with them.
        sql = "SELECT 1 FROM face_reference WHERE uid = ? AND (person_id = ? OR import_id IS NULL)"
        if self._db.row(sql, reference.uid, person):
            return False
        new = NewReference(IMPORT, reference.vector, reference.quality)
        insert(self._db, person, model, new, reference.uid, import_id, generation)
        return True

    def _replace(self, import_id: int, references: Sequence[int]) -> None:
        """Take references of an earlier import away, and keep them for taking this one back."""
        for reference in references:
            row = self._db.row(
                """SELECT person_key, uid, quality, vector, r.import_id FROM face_reference r
                   JOIN person p ON p.id = r.person_id WHERE r.id = ?""",
                reference,
            )
            if row is not None:
                key, uid, quality, vector, earlier = row
                coded = base64.b64encode(vector).decode("ascii")
                kept = {"uid": uid, "quality": quality, "vector": coded, "import": earlier}
                self._remember(import_id, "reference", key, kept)
                self._db.run("DELETE FROM face_reference WHERE id = ?", reference)

    def _restore(self, key: str, model: int, kept: dict[str, object]) -> bool:
        person = person_id(self._db, key)
        uid = str(kept["uid"])
        if not person or self._is_refused(key, uid):
            return False
        vector = unit_vector(base64.b64decode(str(kept["vector"])))
        earlier = kept["import"]
        new = NewReference(IMPORT, vector, float(str(kept["quality"])))
        insert(self._db, person, model, new, uid, earlier if isinstance(earlier, int) else None)
        return True

    def _take_person_back(self, key: str) -> None:
        """Delete a person whom the import brought, unless somebody else gave them faces since."""
        self._db.run(
            """DELETE FROM person WHERE person_key = ?
               AND NOT EXISTS (SELECT 1 FROM face_reference r WHERE r.person_id = person.id)""",
            key,
        )

    def _is_refused(self, key: str, uid: str) -> bool:
        sql = "SELECT 1 FROM refused_image WHERE person_key = ? AND image_id = ?"
        return self._db.row(sql, key, f"uid:{uid}") is not None

    def _remember(self, import_id: int, kind: str, key: str, body: dict[str, object]) -> None:
        sql = "INSERT INTO import_before (import_id, person_key, kind, body) VALUES (?, ?, ?, ?)"
        self._db.run(sql, import_id, key, kind, json.dumps(body).encode())
