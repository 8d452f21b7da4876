"""Stash and the sidecar as last seen by any process: what is known is not asked again for a while."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plugin.store.database import Database

READY_FOR_S = 30.0
"""How long a good answer counts."""

BACK_OFF_S = 60.0
"""How long a service that failed is left alone: this long, ±25 %, so that processes do not all come back at once."""


@dataclass(frozen=True, slots=True)
class Health:
    """A service as last seen. is_fresh: the answer still counts. is_resting: it failed lately and is left alone."""

    name: str
    ok: bool
    message: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    checked_s: float = 0.0
    failures: int = 0
    not_before_s: float = 0.0

    def is_fresh(self, now_s: float) -> bool:
        return self.ok and 0 <= now_s - self.checked_s < READY_FOR_S

    def is_resting(self, now_s: float) -> bool:
        # A clock that was set back must not let it rest for as long.
        return not self.ok and 0 < self.not_before_s - now_s <= 1.25 * BACK_OFF_S


class Services:
    def __init__(
        self,
        db: Database,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._db, self._clock, self._jitter = db, clock, jitter

    def get(self, name: str) -> Health | None:
        row = self._db.row(
            "SELECT name, ok, message, detail, checked_s, failures, not_before_s FROM service WHERE name = ?", name
        )
        if row is None:
            return None
        return Health(row[0], bool(row[1]), row[2], json.loads(row[3]), *row[4:])

    def resting_until(self, name: str) -> float | None:
        """Until when a service that failed is left alone; None where it may be asked."""
        known = self.get(name)
        return known.not_before_s if known is not None and known.is_resting(self._clock()) else None

    def worked(self, name: str, message: str, detail: Mapping[str, Any]) -> None:
        self._save(name, True, message, detail, 0, 0.0)

    def failed(self, name: str, message: str) -> float:
        """Remember a failure. Returns the moment before which the service should not be asked again."""
        known = self.get(name)
        not_before_s = self._clock() + BACK_OFF_S * (0.75 + 0.5 * self._jitter())
        self._save(name, False, message, {}, 1 + (known.failures if known else 0), not_before_s)
        return not_before_s

    def forget(self, name: str) -> None:
        """Ask it anew at the next opportunity."""
        self._db.run("DELETE FROM service WHERE name = ?", name)

    def _save(
        self, name: str, ok: bool, message: str, detail: Mapping[str, Any], failures: int, not_before_s: float
    ) -> None:
        self._db.run(
            "INSERT OR REPLACE INTO service VALUES (?, ?, ?, ?, ?, ?, ?)",
            name,
            ok,
            message,
            json.dumps(detail),
            self._clock(),
            failures,
            not_before_s,
        )
