"""Everybody who is known by face, under one model, ready to be searched."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceRules, SexName
from sidecar.people.calibration import OperatingPoints, calibrate
from sidecar.people.index.found import Known
from sidecar.people.index.reference_index import ReferenceIndex
from sidecar.store import FaceStore
from sidecar.store.faces.identities import OWN_LIBRARY, Identities
from sidecar.values import Vectors

MEASURED_AT_ONCE = 2000
"""References up to which operating points are measured after every change; more are after a hundredth changed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One human being. keys: of all persons that are one, that of the reference that was asked about first.

    person: what is known of them, put together: the own library's word first.
    """

    keys: tuple[str, ...]
    name: str
    sex: SexName
    birthdate: str


class Gallery:
    """Thread-safe. Follows the store by itself: each question is answered from what is stored now.

    folder: its own, for the index.
    """

    def __init__(self, store: FaceStore, folder: Path, model_key: str, dim: int, rules: FaceRules) -> None:
        self._store, self._model_key, self._rules = store, model_key, rules
        self._lock = threading.RLock()
        self.index = ReferenceIndex(folder, dim)
        self._generation = -1
        self._database = ""
        self._told = 0
        self._owners: dict[int, int] = {}
        self._identities = Identities({}, {}, {})
        self._points: tuple[int, int, OperatingPoints] | None = None

    @property
    def version(self) -> str:
        """Changes whenever a match may come out differently."""
        self.refresh()
        return f"{self._database[:8]}-{self._generation}"

    def refresh(self) -> None:
        """Learn what changed in the store; costs nothing where nothing did. Raises StoreError."""
        with self._lock:
            database, generation = self._store.database_id, self._store.references.generation()
            if (database, generation) == (self._database, self._generation):
                return
            if database != self._database:
                self._told, self._owners = 0, {}
            changes = self._store.references.changes(self._model_key, self._told)
            for gone in changes.gone.tolist():
                self._owners.pop(gone, None)
            self._owners.update(zip(changes.ids.tolist(), changes.people.tolist(), strict=True))
            self._identities = self._store.people.identities()
            new = dict(zip(changes.ids.tolist(), changes.vectors, strict=True))
            ids = np.fromiter(self._owners, np.int64, len(self._owners))
            numbers = np.array([self._number(person) for person in self._owners.values()], np.int64)

            def vectors_of(wanted: NDArray[np.int64]) -> NDArray[np.floating]:
                missing = [one for one in wanted.tolist() if one not in new]
                stored = {one: row.vector for one, row in self._store.references.get(missing).items()}
                return np.stack([new[one] if one in new else stored[one] for one in wanted.tolist()])

            self.index.sync(ids, numbers, vectors_of)
            self._told = changes.generation
            self._database, self._generation = database, changes.generation

    def _number(self, person: int) -> int:
        return self._identities.number_of.get(self._identities.key_of_person.get(person, ""), person)

    def search(self, queries: Vectors, k: int) -> tuple[tuple[Known, ...], ...]:
        """For each unit query the k most similar identities. Raises StoreError."""
        with self._lock:
            self.refresh()
        return self.index.search(queries, k)

    def keys_of(self, number: int, first: str = "") -> tuple[str, ...]:
        """Keys of an identity, `first` in front."""
        keys = self._identities.keys_of.get(number, ())
        return (first, *(key for key in keys if key != first)) if first in keys else keys

    def numbers_of(self, keys: set[str]) -> set[int]:
        """Identities that any of these keys is of."""
        return {self._identities.number_of[key] for key in keys if key in self._identities.number_of}

    def identity(self, number: int, first: str = "") -> Identity:
        """Who an identity is. Raises StoreError."""
        keys = self.keys_of(number, first)
        people = self._store.people.get(keys)
        rows = [people[key] for key in sorted(keys, key=_own_first) if key in people]
        return Identity(
            keys=keys,
            name=next((row.name for row in rows if row.name), ""),
            sex=next((row.sex for row in rows if row.sex), ""),
            birthdate=next((row.birthdate for row in rows if row.birthdate), ""),
        )

    @property
    def points(self) -> OperatingPoints:
        """From where on it is a match, at the size and on the faces of this gallery. Raises StoreError."""
        with self._lock:
            self.refresh()
            references = self.index.references()
            known = self._points
            if known is None or (known[0] != self._generation and _changed_much(known[1], len(references))):
                points = calibrate(references.identities, references.vectors, self._rules)
                self._points = known = (self._generation, len(references), points)
            return known[2]

    def close(self) -> None:
        self.index.close()


def _changed_much(before: int, now: int) -> bool:
    """Whether points are worth measuring anew: always in a small gallery, where it takes milliseconds."""
    return now <= MEASURED_AT_ONCE or abs(now - before) > 0.01 * before


def _own_first(key: str) -> tuple[bool, str]:
    return (not key.startswith(OWN_LIBRARY), key)
