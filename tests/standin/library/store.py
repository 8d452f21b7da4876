"""All things of a library, in memory and in one SQLite file that survives a kill."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from tests.standin.library import rows
from tests.standin.library.things import KINDS

T = TypeVar("T")

Pending: TypeAlias = dict[type[Any], dict[int, Any]]
"""Kind -> id -> what a transaction puts there, or None for what it removes."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (kind TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
"""


class NotFound(Exception):
    """There is no thing with that id."""


class Store:
    """Reads come from memory. Writes happen in a transaction: all of it is seen and kept, or none of it.

    Transactions of different threads wait for each other, as Stash's single writer does. A read outside of one sees
    what was last committed.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        # A kill of the process loses nothing with NORMAL; a power cut may lose the last commits, which no test makes.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)
        self._things: dict[type[Any], dict[int, Any]] = {kind: self._load(kind) for kind in KINDS}
        self._last = dict(self._db.execute("SELECT kind, last FROM counter").fetchall())
        self._pending: Pending | None = None
        self._writer: int | None = None
        self._revisions: dict[type[Any], int] = dict.fromkeys(KINDS, 0)
        self._derived: dict[str, tuple[tuple[int, ...], Any]] = {}

    def close(self) -> None:
        """Close the file. Safe to call twice."""
        with self._lock:
            self._db.close()

    def find(self, kind: type[T], thing_id: int) -> T | None:
        """The thing with that id, or None. Inside a transaction, as it stands in there."""
        pending = self._own_pending()
        things = pending[kind] if pending is not None and thing_id in pending[kind] else self._things[kind]
        found: T | None = things.get(thing_id)
        return found

    def get(self, kind: type[T], thing_id: int) -> T:
        """The thing with that id. Raises NotFound in Stash's words."""
        found = self.find(kind, thing_id)
        if found is None:
            name = {"marker": "scene marker"}.get(kind.table, kind.table)  # type: ignore[attr-defined]
            raise NotFound(f"{name} with id {thing_id} not found")
        return found

    def all(self, kind: type[T]) -> list[T]:
        """Every thing of a kind, by ascending id. Inside a transaction, as they stand in there."""
        pending = self._own_pending()
        changed = pending[kind] if pending is not None else {}
        if not changed:
            return list(self._things[kind].values())
        merged = dict(self._things[kind])
        for thing_id, thing in changed.items():
            if thing is None:
                merged.pop(thing_id, None)
            else:
                merged[thing_id] = thing
        return [merged[thing_id] for thing_id in sorted(merged)]

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested ones belong to the outermost."""
        with self._lock:
            if self._pending is not None:
                yield
                return
            self._pending, self._writer = {kind: {} for kind in KINDS}, threading.get_ident()
            counters = dict(self._last)
            try:
                yield
                self._commit()
            except BaseException:
                self._last = counters
                raise
            finally:
                self._pending, self._writer = None, None

    def new_id(self, kind: type[Any]) -> int:
        """An id that no thing of that kind ever had (SQLite's AUTOINCREMENT). Only inside a transaction."""
        table = str(kind.table)
        self._last[table] = self._last.get(table, 0) + 1
        return int(self._last[table])

    def put(self, thing: T) -> T:
        """Add a thing or put it in the place of the one with its id. Only inside a transaction."""
        assert self._pending is not None, "put() outside of a transaction"
        self._pending[type(thing)][thing.id] = thing  # type: ignore[attr-defined]
        return thing

    def remove(self, kind: type[Any], thing_id: int) -> None:
        """Take a thing away. What refers to it is the caller's to change. Only inside a transaction."""
        assert self._pending is not None, "remove() outside of a transaction"
        self._pending[kind][thing_id] = None

    def derived(self, name: str, kinds: tuple[type[Any], ...], make: Callable[[], T]) -> T:
        """What make() gives, kept until a thing of one of the kinds changes. Never kept inside a transaction."""
        pending = self._own_pending()
        if pending is not None and any(pending[kind] for kind in kinds):
            return make()
        revisions = tuple(self._revisions[kind] for kind in kinds)
        known = self._derived.get(name)
        if known is None or known[0] != revisions:
            known = (revisions, make())
            self._derived[name] = known
        value: T = known[1]
        return value

    def _own_pending(self) -> Pending | None:
        return self._pending if self._writer == threading.get_ident() else None

    def _commit(self) -> None:
        assert self._pending is not None
        changes = {kind: changed for kind, changed in self._pending.items() if changed}
        if not changes:
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for kind, changed in changes.items():
                gone = [(kind.table, thing_id) for thing_id, thing in changed.items() if thing is None]
                put = [(kind.table, i, rows.to_json(thing)) for i, thing in changed.items() if thing is not None]
                self._db.executemany("DELETE FROM thing WHERE kind = ? AND id = ?", gone)
                self._db.executemany("INSERT OR REPLACE INTO thing VALUES (?, ?, ?)", put)
            self._db.executemany("INSERT OR REPLACE INTO counter VALUES (?, ?)", list(self._last.items()))
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        for kind, changed in changes.items():
            # A new dictionary: a reader in another thread goes on with the old one. Ids only grow, so it stays sorted.
            things = dict(self._things[kind])
            for thing_id in sorted(changed):
                if changed[thing_id] is None:
                    things.pop(thing_id, None)
                else:
                    things[thing_id] = changed[thing_id]
            self._things[kind] = things
            self._revisions[kind] += 1

    def _load(self, kind: type[Any]) -> dict[int, Any]:
        found = self._db.execute("SELECT id, body FROM thing WHERE kind = ? ORDER BY id", (kind.table,))
        return {thing_id: rows.from_json(kind, body) for thing_id, body in found}
