"""Which pictures of whom were handed to the sidecar, and who was concluded to be the only person of a medium."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from plugin.store.database import ANY_OF, Database, Row, any_of


@dataclass(frozen=True, slots=True)
class FaceReference:
    """A person as last handed over. images: the source's own name of a picture -> image id, "" for one that cannot be
    taken in. synced_s: Unix seconds.
    """

    key: str
    source: str
    images: Mapping[str, str] = field(default_factory=dict)
    synced_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A track that was concluded to be a person, as the sidecar was told."""

    content_key: str
    track_id: str
    kind: str
    media_id: int
    key: str


class FaceReferences:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def get(self, key: str) -> FaceReference | None:
        row = self._db.row("SELECT key, source, images, synced_s FROM face_reference WHERE key = ?", key)
        return None if row is None else FaceReference(row[0], row[1], json.loads(row[2]), row[3])

    def save(self, key: str, source: str, images: Mapping[str, str]) -> None:
        """They are in the sidecar now."""
        self._db.run(
            "INSERT OR REPLACE INTO face_reference (key, source, images, synced_s) VALUES (?, ?, ?, ?)",
            key,
            source,
            json.dumps(dict(images)),
            self._clock(),
        )

    def keys(self, prefix: str) -> list[str]:
        """Of everybody whose key begins so."""
        return [
            row[0]
            for row in self._db.rows(
                "SELECT key FROM face_reference WHERE substr(key, 1, ?) = ? ORDER BY key", len(prefix), prefix
            )
        ]

    def count(self, prefix: str) -> int:
        return self._db.number("SELECT count(*) FROM face_reference WHERE substr(key, 1, ?) = ?", len(prefix), prefix)

    def forget(self, keys: Sequence[str]) -> None:
        self._db.run(f"DELETE FROM face_reference WHERE key {ANY_OF}", any_of(keys))

    def erase(self) -> None:
        """The sidecar knows nobody any more."""
        with self._db.transaction():
            self._db.run("DELETE FROM face_reference")
            self._db.run("DELETE FROM face_bootstrap")

    # Tracks that were concluded to be the only person of a medium.

    def bootstraps(self, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Bootstrap]:
        """By content and track, page by page."""
        rows = self._db.rows(
            "SELECT content_key, track_id, kind, media_id, key FROM face_bootstrap"
            " WHERE (content_key, track_id) > (?, ?) ORDER BY content_key, track_id LIMIT ?",
            *after,
            limit,
        )
        return [_bootstrap(row) for row in rows]

    def save_bootstraps(self, bootstraps: Sequence[Bootstrap]) -> None:
        self._db.run_many(
            "INSERT OR REPLACE INTO face_bootstrap (content_key, track_id, kind, media_id, key, at_s)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(one.content_key, one.track_id, one.kind, one.media_id, one.key, self._clock()) for one in bootstraps],
        )

    def forget_bootstraps(self, bootstraps: Sequence[Bootstrap]) -> None:
        self._db.run_many(
            "DELETE FROM face_bootstrap WHERE content_key = ? AND track_id = ?",
            [(one.content_key, one.track_id) for one in bootstraps],
        )


def _bootstrap(row: Row) -> Bootstrap:
    return Bootstrap(*row)
