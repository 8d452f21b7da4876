"""JSON values by name: the owner's richer settings, and what processes leave for each other."""

from __future__ import annotations

import json
from typing import Any

from plugin.store.database import Database


class Meta:
    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, key: str, default: Any = None) -> Any:
        row = self._db.row("SELECT value FROM meta WHERE key = ?", key)
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any) -> None:
        """None deletes it."""
        if value is None:
            self._db.run("DELETE FROM meta WHERE key = ?", key)
        else:
            self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, json.dumps(value))

    def forget(self, prefix: str) -> None:
        """Delete every value whose key begins so."""
        self._db.run("DELETE FROM meta WHERE substr(key, 1, ?) = ?", len(prefix), prefix)
