"""The drain that works or worked last: whether it may, how far it is, and what it says about it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugin.store.database import Database


@dataclass(frozen=True, slots=True)
class DrainState:
    """state "running" with an old heartbeat means that its process was killed. stash_job_id: the job that it ran in."""

    state: Literal["idle", "running", "paused"]
    stash_job_id: int | None
    sentence: str
    share: float
    detail: Mapping[str, Any] = field(default_factory=dict)
    heartbeat_s: float = 0.0


class Drains:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def get(self) -> DrainState:
        row = self._db.row("SELECT state, stash_job_id, sentence, share, detail, heartbeat_s FROM drain WHERE id = 1")
        assert row is not None, "made by the migration"
        return DrainState(row[0], row[1], row[2], row[3], json.loads(row[4]), row[5])

    def begin(self, stash_job_id: int | None) -> None:
        self._db.run(
            "UPDATE drain SET state = 'running', stash_job_id = ?, sentence = '', share = 0, detail = '{}',"
            " heartbeat_s = ? WHERE id = 1",
            stash_job_id,
            self._clock(),
        )

    def report(self, sentence: str, share: float, detail: Mapping[str, Any]) -> None:
        """Where the work stands; also the heartbeat. Why it is paused stays."""
        self._db.run(
            "UPDATE drain SET sentence = iif(state = 'paused', sentence, ?), share = ?, detail = ?, heartbeat_s = ?"
            " WHERE id = 1",
            sentence,
            share,
            json.dumps(detail),
            self._clock(),
        )

    def end(self, sentence: str = "") -> None:
        """The drain ends by itself; a pause that was asked for meanwhile stays, with its reason."""
        self._db.run(
            "UPDATE drain SET state = CASE state WHEN 'paused' THEN 'paused' ELSE 'idle' END, stash_job_id = NULL,"
            " sentence = iif(state = 'paused', sentence, ?), share = 0, detail = '{}', heartbeat_s = ? WHERE id = 1",
            sentence,
            self._clock(),
        )

    def pause(self, sentence: str) -> None:
        self._db.run(
            "UPDATE drain SET state = 'paused', sentence = ?, heartbeat_s = ? WHERE id = 1", sentence, self._clock()
        )

    def resume(self) -> None:
        """A drain that was told to pause and is still at its last media goes on."""
        self._db.run(
            "UPDATE drain SET state = iif(stash_job_id IS NULL, 'idle', 'running'), sentence = ''"
            " WHERE id = 1 AND state = 'paused'"
        )
