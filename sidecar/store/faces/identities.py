"""Which keys are one human being: connected components of what links them. Pure but for the reading of links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sidecar.store.database import Database

OWN_LIBRARY = "stash:"
"""Keys that begin so are of the client's own library, whose owner keeps persons apart as they see fit: two of them are
one identity only where the client says so, never because their names and faces are equal."""

_SAME_AS_TOUCHING = """
  SELECT p.id, p.person_key, s.other_key FROM person p CROSS JOIN person_same_as s ON s.person_id = p.id
  WHERE p.person_key IN (SELECT value FROM json_each(?1))
  UNION
  SELECT p.id, p.person_key, s.other_key FROM person_same_as s JOIN person p ON p.id = s.person_id
  WHERE s.other_key IN (SELECT value FROM json_each(?1))
  ORDER BY 1, 3"""

_ALIKE_TOUCHING = """
  SELECT a.person_id, a.other_id, a.similarity FROM person t CROSS JOIN person_alike a ON a.person_id = t.id
  WHERE t.person_key IN (SELECT value FROM json_each(?1))
  UNION
  SELECT a.person_id, a.other_id, a.similarity FROM person t CROSS JOIN person_alike a ON a.other_id = t.id
  WHERE t.person_key IN (SELECT value FROM json_each(?1))"""

_ALIKE_ALL = "SELECT person_id, other_id, similarity FROM person_alike"


@dataclass(frozen=True, slots=True)
class Alike:
    """Two keys with an equal name and equal faces. similarity: cosine of their best pair of references."""

    key: str
    other_key: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is one with whom, of all persons that there are.

    number_of: key -> the number of its identity, the smallest row id of its persons. keys_of: that number -> its keys.
    key_of_person: row id -> key.
    """

    number_of: Mapping[str, int]
    keys_of: Mapping[int, tuple[str, ...]]
    key_of_person: Mapping[int, str]

    def keys(self, key: str) -> tuple[str, ...]:
        """Every key of the identity that this one belongs to, this one first."""
        number = self.number_of.get(key)
        others = () if number is None else self.keys_of[number]
        return (key, *(other for other in others if other != key))


def join(same: Iterable[tuple[str, str]], alike: Iterable[Alike], own_prefix: str = OWN_LIBRARY) -> dict[str, str]:
    """Key -> the key that stands for its component (the smallest by text).

    First what is said to be the same; then, most alike first, those with equal names and faces, unless two keys of
    the own library would become one by that.
    """
    parents: dict[str, str] = {}
    own: dict[str, bool] = {}

    def root(key: str) -> str:
        if key not in parents:
            parents[key], own[key] = key, key.startswith(own_prefix)
        at = key
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    def unite(one: str, other: str) -> None:
        first, second = sorted((one, other))
        parents[second] = first
        own[first] = own[first] or own[second]

    for key, other in same:
        one, two = root(key), root(other)
        if one != two:
            unite(one, two)
    for link in sorted(alike, key=lambda link: (-link.similarity, link.key, link.other_key)):
        one, two = root(link.key), root(link.other_key)
        if one != two and not (own[one] and own[two]):
            unite(one, two)
    return {key: root(key) for key in parents}


def all_identities(db: Database) -> Identities:
    """Everybody's identity. Its number is the smallest row id of its persons."""
    with db.transaction():
        people = db.rows("SELECT id, person_key FROM person ORDER BY id")
        same = db.rows("SELECT person_key, other_key FROM person_same_as JOIN person ON person.id = person_id")
        stands_for = join(same, _alike(db, _ALIKE_ALL))
    number_of: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for person, key in people:
        number_of[key] = numbers.setdefault(str(stands_for.get(key, key)), person)
    keys_of: dict[int, list[str]] = {}
    for _, key in people:
        keys_of.setdefault(number_of[key], []).append(key)
    return Identities(number_of, {number: tuple(keys) for number, keys in keys_of.items()}, dict(people))


def identity_of(db: Database, key: str) -> tuple[str, ...]:
    """Every key of one identity that there is a person for, by walking its links only."""
    reached, edge = {key}, {key}
    same: set[tuple[str, str]] = set()
    alike: set[Alike] = set()
    while edge:
        wanted = json.dumps(sorted(edge))
        found = [(one, other) for _, one, other in db.rows(_SAME_AS_TOUCHING, wanted)]
        near = _alike(db, _ALIKE_TOUCHING, wanted)
        same.update(found)
        alike.update(near)
        seen = {end for pair in found for end in pair} | {end for link in near for end in (link.key, link.other_key)}
        edge = seen - reached
        reached |= edge
    stands_for = join(same, alike)
    mine = [other for other in reached if stands_for.get(other, other) == stands_for.get(key, key)]
    rows = db.rows(
        "SELECT person_key FROM person WHERE person_key IN (SELECT value FROM json_each(?)) ORDER BY id",
        json.dumps(mine),
    )
    return tuple(other for (other,) in rows)


def links_of(db: Database, keys: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """(key, other key, why) of every link between these keys or from one of them; why as in Link.why."""
    wanted = json.dumps(list(keys))
    same = [(one, other) for _, one, other in db.rows(_SAME_AS_TOUCHING, wanted)]
    here = set(keys)
    alike = [link for link in _alike(db, _ALIKE_TOUCHING, wanted) if {link.key, link.other_key} <= here]
    return (
        *((key, other, "same_as") for key, other in same),
        *((link.key, link.other_key, "face_and_name") for link in alike),
    )


def _alike(db: Database, links: str, *values: str) -> list[Alike]:
    rows = db.rows(
        f"""SELECT p.person_key, o.person_key, max(a.similarity) FROM ({links}) a
            CROSS JOIN person p ON p.id = a.person_id CROSS JOIN person o ON o.id = a.other_id
            GROUP BY a.person_id, a.other_id ORDER BY a.person_id, a.other_id""",  # noqa: S608 - constants
        *values,
    )
    return [Alike(*row) for row in rows]
