"""The plugin's store: one connection, one room per noun."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator

from plugin.store.analyses import Analyses
from plugin.store.catalogue import CatalogueTables
from plugin.store.database import Database
from plugin.store.drains import Drains
from plugin.store.errors import StoreError, StoreReadOnly
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


class Store:
    """Everything that the plugin remembers. Use open_store; close() when done."""

    def __init__(self, db: Database, data_dir: str, clock: Callable[[], float]) -> None:
        self.db, self.data_dir = db, data_dir
        self.meta = Meta(db)
        self.events = HookEvents(db, data_dir)
        self.runs = Runs(db, clock)
        self.jobs = Jobs(db, clock)
        self.analyses = Analyses(db, clock)
        self.faces = Faces(db, clock)
        self.verdicts = Verdicts(db, clock)
        self.persons = Persons(db, clock)
        self.face_references = FaceReferences(db, clock)
        self.policies = Policies(db, clock)
        self.suggestions = Suggestions(db, clock)
        self.journal = Journal(db, clock)
        self.recommendations = Recommendations(db, clock)
        self.services = Services(db, clock)
        self.drains = Drains(db, clock)
        self.watch_events = WatchEvents(db)
        self.watches = Watches(db)
        self.library = Library(db)
        self.catalogue = CatalogueTables(db)
        self.watched = WatchedScenes(db)
        self.tastes = Tastes(db, clock)
        self.now_s = clock

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
