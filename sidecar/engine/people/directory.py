"""Who is known by face: listed, looked at closely, compared with one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sidecar.engine.errors import EngineError
from sidecar.engine.people.gallery import Gallery
from sidecar.engine.request import InvalidRequest
from sidecar.store import FaceStore
from sidecar.store.faces.people import PersonRow
from sidecar.store.faces.references import ReferenceRow


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person with all that belongs to their identity; see KnownPerson in protos/faces.proto."""

    person: PersonRow
    keys: tuple[str, ...]
    references: dict[str, int]
    best_reference: str


@dataclass(frozen=True, slots=True)
class PeopleListing:
    """A page of persons, by name. next: the cursor of the page after; "" at the end."""

    people: tuple[KnownPerson, ...]
    next: str
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class PersonDetails:
    """One person with every reference of the identity, each with its picture, and what holds the identity together."""

    person: KnownPerson
    references: tuple[tuple[ReferenceRow, bytes], ...]
    links: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody who looks like somebody else. similarity: cosine of their best pair of references."""

    person: KnownPerson
    similarity: float


class Directory:
    """Under one face model. Thread-safe. Every method raises StoreError."""

    def __init__(self, store: FaceStore, gallery: Gallery, model_key: str) -> None:
        self._store, self._gallery, self._model_key = store, gallery, model_key

    def page(self, words: str, limit: int, after: str, key_prefix: str) -> PeopleListing:
        """Persons who have references or are one with such. Raises InvalidRequest."""
        if not 1 <= limit <= 1000:
            raise InvalidRequest(f"limit is {limit}; it must be from 1 to 1000")
        try:
            page = self._store.people.page(self._model_key, words, limit, after, key_prefix)
        except ValueError as error:
            raise InvalidRequest(str(error)) from None
        return PeopleListing(self._known(page.people), page.next, page.total)

    def of_keys(self, keys: Sequence[str]) -> PeopleListing:
        """These persons, by name; those that are not known are left out."""
        if len(keys) > 1000:
            raise InvalidRequest(f"{len(keys)} keys were sent; at most 1000 are allowed")
        rows = sorted(self._store.people.get(keys).values(), key=lambda row: (row.name.casefold(), row.key))
        return PeopleListing(self._known(rows), "", len(rows))

    def person(self, key: str) -> PersonDetails:
        """Raises EngineError not_found."""
        row = self._row(key)
        (known,) = self._known([row])
        references = self._store.references.of(known.keys, self._model_key)
        pictures = self._store.references.pictures([one.id for one in references])
        return PersonDetails(
            known,
            tuple((one, pictures.get(one.id, b"")) for one in references),
            self._store.people.links(known.keys),
        )

    def look_alikes(self, key: str, limit: int, key_prefix: str) -> list[LookAlike]:
        """Other identities, most alike first. Raises EngineError not_found, InvalidRequest."""
        if not 1 <= limit <= 100:
            raise InvalidRequest(f"limit is {limit}; it must be from 1 to 100")
        row = self._row(key)
        keys = self._store.people.identity(row.key)
        mine = self._store.references.of(keys, self._model_key)
        if not mine:
            return []
        own = self._gallery.numbers_of(set(keys))
        best: dict[int, float] = {}
        # More than are wanted: those of other prefixes are left out below.
        depth = 2 * limit + 1 if not key_prefix else 10 * limit + 1
        for found in self._gallery.search(np.stack([one.vector for one in mine]), depth):
            for known in found:
                if known.identity not in own:
                    best[known.identity] = max(best.get(known.identity, -1.0), known.best)
        alike: list[LookAlike] = []
        for number, similarity in sorted(best.items(), key=lambda item: (-item[1], item[0])):
            shown = [one for one in self._gallery.keys_of(number) if one.startswith(key_prefix)]
            rows = self._store.people.get(shown)
            first = next((rows[one] for one in shown if one in rows), None)
            if first is not None:
                alike.append(LookAlike(self._known([first])[0], similarity))
            if len(alike) == limit:
                break
        return alike

    def _row(self, key: str) -> PersonRow:
        row = self._store.people.get([key]).get(key)
        if row is None:
            raise EngineError("not_found", f"nobody is known under the key {key[:100]!r}")
        return row

    def _known(self, rows: Sequence[PersonRow]) -> tuple[KnownPerson, ...]:
        identities = self._store.people.identities()
        keys_of = {row.key: identities.keys(row.key) for row in rows}
        every = list(dict.fromkeys(key for keys in keys_of.values() for key in keys))
        counts = self._store.references.counts(every, self._model_key)
        best = self._store.references.best(every, self._model_key)
        found = []
        for row in rows:
            keys = keys_of[row.key]
            references: dict[str, int] = {}
            for key in keys:
                for source, number in counts.get(key, {}).items():
                    references[source] = references.get(source, 0) + number
            first = next((best[key] for key in keys if key in best), None)
            found.append(KnownPerson(row, keys, references, "" if first is None else str(first)))
        return tuple(found)
