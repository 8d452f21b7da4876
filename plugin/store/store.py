"""The plugin's store: one connection, one room per noun."""

from __future__ import annotations

import contextlib
import importlib
import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from plugin.store.database import Database
from plugin.store.errors import StoreError, StoreReadOnly

if TYPE_CHECKING:
    from plugin.store.analyses import Analyses
    from plugin.store.catalogue import CatalogueTables
    from plugin.store.drains import Drains
    from plugin.store.events import HookEvents
    from plugin.store.face_references import FaceReferences
    from plugin.store.faces import Faces
    from plugin.store.jobs import Jobs
    from plugin.store.journal import Journal
    from plugin.store.library import Library
    from plugin.store.meta import Meta
    from plugin.store.persons import Persons
    from plugin.store.policies import Policies
    from plugin.store.recommendations import Recommendations
    from plugin.store.runs import Runs
    from plugin.store.services import Services
    from plugin.store.suggestions import Suggestions
    from plugin.store.tastes import Tastes
    from plugin.store.verdicts import Verdicts
    from plugin.store.watch_events import WatchEvents
    from plugin.store.watched import WatchedScenes
    from plugin.store.watches import Watches

STORE_NAME = "store.db"
JOURNAL_MODE_NAME = "store.journal-mode"
"""Holds TRUNCATE where Set up found that the file system's shared memory is unreliable."""

_WITHOUT_CLOCK = frozenset(("meta", "watch_events", "watches", "library", "catalogue", "watched"))


class Store:
    """Everything that the plugin remembers. Use open_store; close() when done.

    A room is made when it is first entered: there are many, and a call that enters few pays for no others.
    """

    meta: Meta
    events: HookEvents
    runs: Runs
    jobs: Jobs
    analyses: Analyses
    faces: Faces
    verdicts: Verdicts
    persons: Persons
    face_references: FaceReferences
    policies: Policies
    suggestions: Suggestions
    journal: Journal
    recommendations: Recommendations
    services: Services
    drains: Drains
    watch_events: WatchEvents
    watches: Watches
    library: Library
    catalogue: CatalogueTables
    watched: WatchedScenes
    tastes: Tastes

    def __init__(self, db: Database, data_dir: str, clock: Callable[[], float]) -> None:
        self.db, self.data_dir, self.now_s = db, data_dir, clock

    if not TYPE_CHECKING:  # to mypy, every room would be there

        def __getattr__(self, name: str) -> Any:
            kind = Store.__annotations__.get(name)  # as a text, its module has the room's name
            if kind is None:
                raise AttributeError(f"the store has no room {name!r}")
            make = getattr(importlib.import_module(f"plugin.store.{name}"), kind)
            if name == "events":
                room = make(self.db, self.data_dir)
            else:
                room = make(self.db) if name in _WITHOUT_CLOCK else make(self.db, self.now_s)
            setattr(self, name, room)
            return room

    def close(self) -> None:
        self.db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing over several rooms. Nobody may call Stash inside."""
        with self.db.transaction():
            yield


def open_store(data_dir: str, clock: Callable[[], float] = time.time) -> Store:
    """Open or create `<data_dir>/store.db`. Raises StoreError with a sentence for people."""
    try:
        os.makedirs(data_dir, mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreReadOnly(
            f"the data folder {data_dir} cannot be made ({error.strerror}). Let the user that runs Stash write it."
        ) from error
    return Store(Database(os.path.join(data_dir, STORE_NAME), _journal_mode(data_dir)), data_dir, clock)


def _journal_mode(data_dir: str) -> str:
    try:
        with open(os.path.join(data_dir, JOURNAL_MODE_NAME), encoding="ascii") as file:
            return "TRUNCATE" if file.read().strip().upper() == "TRUNCATE" else "WAL"
    except (OSError, ValueError):
        return "WAL"


__all__ = ["Store", "StoreError", "open_store"]
