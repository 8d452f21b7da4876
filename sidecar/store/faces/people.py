"""Persons: who may be known by face, what they are called, and who is one with whom."""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import SexName
from sidecar.store.database import Database
from sidecar.store.faces import counter
from sidecar.store.faces.identities import Identities, all_identities, identity_of, links_of
from sidecar.store.faces.rows import unit_vectors
from sidecar.store.sets import model_id


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who may be known by face, as the client (or a face database) told; see Person in protos/faces.proto."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    sex: SexName = ""
    birthdate: str = ""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some persons, by name. next: the cursor of the page after; "" at the end. total: all that the filters mean."""

    people: tuple[PersonRow, ...]
    next: str
    total: int


@dataclass(frozen=True, slots=True)
class _Directory:
    """Everybody who is listed, by (folded name, key), with all folded names to look in."""

    order: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


class PeopleTable:
    """Thread-safe; each call is one transaction. Every method raises StoreError."""

    def __init__(self, db: Database) -> None:
        self._db = db
        # Without a lock of their own: a thread that holds the database's may ask, and so may one that does not. Two
        # that ask at once do the same work twice.
        self._identities: tuple[int, Identities] | None = None
        self._directory: tuple[int, str, _Directory] | None = None

    def save(self, person: PersonRow) -> None:
        """Replace what the client says of a person. Nothing changes, generation included, where it says the same."""
        with self._db.transaction():
            tell_person(self._db, person)

    def get(self, keys: Sequence[str]) -> dict[str, PersonRow]:
        """Persons by key; those that are not known are left out."""
        with self._db.transaction():
            return load_people(self._db, keys)

    def forget(self, keys: Sequence[str]) -> None:
        """Delete persons with their references, what imports keep of them, and that tracks are them.

        Which pictures were refused, and which tracks they are not, stays.
        """
        wanted = json.dumps(list(keys))
        with self._db.transaction():
            self._db.run("DELETE FROM track_verdict WHERE is_key IN (SELECT value FROM json_each(?))", wanted)
            self._db.run("DELETE FROM import_before WHERE person_key IN (SELECT value FROM json_each(?))", wanted)
            self._db.run("DELETE FROM person WHERE person_key IN (SELECT value FROM json_each(?))", wanted)
            counter.grow(self._db)

    def identities(self) -> Identities:
        """Who is one with whom, of everybody; made anew only when the generation has grown."""
        generation = counter.generation(self._db)
        held = self._identities
        if held is None or held[0] != generation:
            held = self._identities = (generation, all_identities(self._db))
        return held[1]

    def identity(self, key: str) -> tuple[str, ...]:
        """Every key of one identity that is a person, in the order in which they came; () where none is."""
        return identity_of(self._db, key)

    def links(self, keys: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
        """(key, other key, "same_as" or "face_and_name") of the links that hold these keys together."""
        return links_of(self._db, keys)

    def relink(self, model_key: str, keys: Sequence[str], match: float) -> int:
        """Find anew whom these persons are one with by face and name together; how many such links they have.

        Two persons are linked where a name or alias of one equals one of the other (letter case, accents and
        punctuation aside) and the best pair of their references is at least `match` alike under this model. Equal
        names alone never link, nor do equal faces.
        """
        with self._db.transaction():
            return sum(_relink(self._db, model_id(self._db, model_key), key, match) for key in dict.fromkeys(keys))

    def changed(self, since: int, model_key: str) -> tuple[str, ...]:
        """Keys of persons with references under this model of whom something else is said since a generation."""
        rows = self._db.rows(
            """SELECT person_key FROM person p WHERE generation > ? AND EXISTS (
                 SELECT 1 FROM face_reference r JOIN model m ON m.id = r.model_id
                 WHERE r.person_id = p.id AND m.model_key = ?) ORDER BY id""",
            *(since, model_key),
        )
        return tuple(key for (key,) in rows)

    def file_key(self, key: str, made: str) -> str:
        """What stands for a person's key in files: what did so before, else `made`, from now on."""
        with self._db.transaction():
            self._db.run("UPDATE person SET file_key = ? WHERE person_key = ? AND file_key IS NULL", made, key)
            (found,) = self._db.row("SELECT file_key FROM person WHERE person_key = ?", key) or (made,)
        return str(found)

    def page(
        self,
        model_key: str,
        words: str = "",
        limit: int = 100,
        after: str = "",
        key_prefix: str = "",
    ) -> PeoplePage:
        """Persons who have references under this model, or are one with such, by name.

        words: part of a name or alias, letter case aside. after: PeoplePage.next. Raises ValueError for another one.
        """
        directory = self._listed(model_key)
        start = bisect_right(directory.order, _cursor(after)) if after else 0
        looked_for = fold(words)
        fits = [
            at
            for at, (_, key) in enumerate(directory.order)
            if key.startswith(key_prefix) and looked_for in directory.names[at]
        ]
        shown = [at for at in fits if at >= start][: limit + 1]
        keys = [directory.order[at][1] for at in shown[:limit]]
        rows = self.get(keys)
        more = json.dumps(directory.order[shown[limit - 1]], ensure_ascii=False) if len(shown) > limit else ""
        return PeoplePage(tuple(rows[key] for key in keys if key in rows), more, len(fits))

    def _listed(self, model_key: str) -> _Directory:
        identities = self.identities()
        generation = counter.generation(self._db)
        held = self._directory
        if held is None or held[:2] != (generation, model_key):
            held = self._directory = (generation, model_key, self._read_directory(model_key, identities))
        return held[2]

    def _read_directory(self, model_key: str, identities: Identities) -> _Directory:
        with_faces = self._db.rows(
            """SELECT DISTINCT person_id FROM face_reference JOIN model ON model.id = model_id WHERE model_key = ?""",
            model_key,
        )
        known = {identities.number_of.get(identities.key_of_person.get(person, "")) for (person,) in with_faces}
        rows = self._db.rows(
            """SELECT person_key, (SELECT folded FROM person_name WHERE person_id = p.id AND position = 0),
                 (SELECT group_concat(folded, char(10)) FROM person_name WHERE person_id = p.id) FROM person p"""
        )
        listed = sorted((name, key, names) for key, name, names in rows if identities.number_of.get(key, -1) in known)
        return _Directory([(name, key) for name, key, _ in listed], [names for *_, names in listed])


def fold(text: str) -> str:
    """Text as it is searched: letter case aside."""
    return unicodedata.normalize("NFKC", text).casefold()


def plain(name: str) -> str:
    """A name as it is compared: letters and digits only, without accents and letter case."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", "", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def save_person(db: Database, person: PersonRow) -> int:
    """Insert or replace; the row id. Call within a transaction."""
    same_as = tuple(sorted({other for other in person.same_as if other != person.key}))
    person = replace(person, same_as=same_as)
    if load_people(db, [person.key]).get(person.key) == person:
        return person_id(db, person.key)
    values = (person.sex, person.birthdate, counter.grow(db))
    db.run(
        """INSERT INTO person (person_key, sex, birthdate, generation) VALUES (?, ?, ?, ?)
           ON CONFLICT (person_key) DO UPDATE SET sex = excluded.sex, birthdate = excluded.birthdate,
             generation = excluded.generation""",
        *(person.key, *values),
    )
    row = person_id(db, person.key)
    db.run("DELETE FROM person_name WHERE person_id = ?", row)
    for position, name in enumerate((person.name, *person.aliases)):
        sql = "INSERT INTO person_name (person_id, position, name, folded, plain) VALUES (?, ?, ?, ?, ?)"
        db.run(sql, row, position, name, fold(name), plain(name))
    db.run("DELETE FROM person_same_as WHERE person_id = ?", row)
    for other in same_as:
        db.run("INSERT INTO person_same_as (person_id, other_key) VALUES (?, ?)", row, other)
    return row


def tell_person(db: Database, person: PersonRow) -> int:
    """save_person, as the client tells it: taking an import back must not change the person any more."""
    row = save_person(db, person)
    db.run("DELETE FROM import_before WHERE person_key = ? AND kind <> 'reference'", person.key)
    return row


def person_id(db: Database, key: str) -> int:
    """The row id of a person; 0 where there is none."""
    (found,) = db.row("SELECT id FROM person WHERE person_key = ?", key) or (0,)
    return int(found)


def load_people(db: Database, keys: Sequence[str]) -> dict[str, PersonRow]:
    """Persons by key; those that are not known are left out. Call within a transaction."""
    wanted = json.dumps(list(keys))
    names: dict[int, list[str]] = {}
    others: dict[int, list[str]] = {}
    rows = db.rows(
        """SELECT id, person_key, sex, birthdate FROM person
           WHERE person_key IN (SELECT value FROM json_each(?)) ORDER BY id""",
        wanted,
    )
    ids = json.dumps([row[0] for row in rows])
    for person, name in db.rows(
        """SELECT person_id, name FROM person_name WHERE person_id IN (SELECT value FROM json_each(?))
           ORDER BY person_id, position""",
        ids,
    ):
        names.setdefault(person, []).append(name)
    for person, other in db.rows(
        """SELECT person_id, other_key FROM person_same_as WHERE person_id IN (SELECT value FROM json_each(?))
           ORDER BY person_id, other_key""",
        ids,
    ):
        others.setdefault(person, []).append(other)
    return {
        key: PersonRow(key, names[row][0], tuple(names[row][1:]), tuple(others.get(row, ())), sex, birthdate)
        for row, key, sex, birthdate in rows
    }


def _relink(db: Database, model: int, key: str, match: float) -> int:
    """Links of one person by face and name. Call within a transaction."""
    person = person_id(db, key)
    before = db.rows(
        """SELECT person_id, other_id, similarity, match FROM person_alike
           WHERE (person_id = ?2 OR other_id = ?2) AND +model_id = ?1""",
        *(model, person),
    )
    mine = _vectors(db, model, person)
    namesakes = db.rows(
        """SELECT DISTINCT o.person_id FROM person_name m JOIN person_name o ON o.plain = m.plain
           WHERE m.person_id = ?1 AND o.person_id <> ?1 AND m.plain <> ''
             AND EXISTS (SELECT 1 FROM face_reference r WHERE r.person_id = o.person_id AND r.model_id = ?2)""",
        *(person, model),
    )
    links = []
    for (other,) in namesakes if len(mine) else ():
        similarity = float((mine @ _vectors(db, model, other).T).max())
        if similarity >= match:
            links.append((*sorted((person, other)), round(similarity, 6), match))
    if sorted(links) != sorted(before):
        db.run("DELETE FROM person_alike WHERE (person_id = ?2 OR other_id = ?2) AND +model_id = ?1", model, person)
        for link in links:
            sql = "INSERT INTO person_alike (model_id, person_id, other_id, similarity, match) VALUES (?, ?, ?, ?, ?)"
            db.run(sql, model, *link)
        counter.grow(db)
    return len(links)


def recheck_links(db: Database, keys: Sequence[str]) -> None:
    """Drop links by face of persons whose faces that are left are not alike enough. Call within a transaction."""
    rows = db.rows(
        """SELECT model_id, a.person_id, a.other_id, match FROM person p
           CROSS JOIN person_alike a ON a.person_id = p.id OR a.other_id = p.id
           WHERE p.person_key IN (SELECT value FROM json_each(?))""",
        json.dumps(list(keys)),
    )
    for model, person, other, match in dict.fromkeys(rows):
        if float((_vectors(db, model, person) @ _vectors(db, model, other).T).max()) < match:
            sql = "DELETE FROM person_alike WHERE model_id = ? AND person_id = ? AND other_id = ?"
            db.run(sql, model, person, other)
            counter.grow(db)


def _vectors(db: Database, model: int, person: int) -> NDArray[np.float32]:
    rows = db.rows("SELECT vector FROM face_reference WHERE person_id = ? AND model_id = ?", person, model)
    blobs = [blob for (blob,) in rows]
    return unit_vectors(blobs, len(blobs[0]) // 2 if blobs else 1)


def _cursor(after: str) -> tuple[str, str]:
    try:
        name, key = json.loads(after)
    except ValueError:
        name, key = None, None
    if not isinstance(name, str) or not isinstance(key, str):
        raise ValueError("after must be what the page before gave as next")
    return name, key
