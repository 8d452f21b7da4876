"""All watches of a scene in short, as triggers of the table scene_watch say that they are to be made anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plugin.store.database import ANY_OF, Database, any_of


class WatchedRow(NamedTuple):
    """See the table watched_scene. visits, terms: packed."""

    scene_id: int
    last_s: float
    played_s: float
    covered_s: float
    visits: bytes
    terms: bytes


_COLUMNS = "scene_id, last_s, played_s, covered_s, visits, terms"


class WatchedScenes:
    def __init__(self, db: Database) -> None:
        self._db = db

    def newest(self, most: int, since_s: float = 0.0) -> list[WatchedRow]:
        """The last watched first."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM watched_scene WHERE last_s >= ? ORDER BY last_s DESC, scene_id LIMIT ?",
            since_s,
            most,
        )
        return [WatchedRow(*row) for row in rows]

    def of(self, ids: Iterable[int]) -> dict[int, WatchedRow]:
        """Those of the scenes that were watched."""
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM watched_scene WHERE scene_id {ANY_OF}", any_of(ids))
        return {row[0]: WatchedRow(*row) for row in rows}

    def count(self) -> int:
        """Scenes that were watched; of those whose watches are to be summed up anew, as far as they were before."""
        return self._db.number("SELECT count(*) FROM watched_scene")

    def is_any_stale(self) -> bool:
        return self._db.row("SELECT 1 FROM watched_stale LIMIT 1") is not None

    def stale(self, most: int) -> list[int]:
        """Scenes whose row is not as their watches are; the last watched first."""
        return [
            row[0]
            for row in self._db.rows(
                "SELECT scene_id FROM watched_stale ORDER BY (SELECT max(started_s) FROM scene_watch"
                " WHERE scene_watch.scene_id = watched_stale.scene_id) DESC, scene_id LIMIT ?",
                most,
            )
        ]

    def mark_stale(self, ids: Iterable[int]) -> None:
        """What was seen in what was watched of these scenes may be another now."""
        self._db.run(
            f"INSERT OR IGNORE INTO watched_stale SELECT scene_id FROM watched_scene WHERE scene_id {ANY_OF}",
            any_of(ids),
        )

    def watches(self, scene_id: int) -> list[tuple[float, float, float, float]]:
        """(started_s, ended_s, unique_s, played_s) of each watch, newest first."""
        return self._db.rows(
            "SELECT started_s, ended_s, unique_s, played_s FROM scene_watch WHERE scene_id = ?"
            " ORDER BY started_s DESC, id DESC",
            scene_id,
        )

    def segments(self, scene_id: int) -> list[tuple[float, float]]:
        """(start_s, end_s) of everything that was played of a scene."""
        return self._db.rows(
            "SELECT start_s, end_s FROM watch_segment JOIN scene_watch ON scene_watch.id = watch_id WHERE scene_id = ?",
            scene_id,
        )

    def settle(self, rows: Sequence[WatchedRow], ids: Sequence[int]) -> None:
        """These scenes are as their watches are: those of rows so, others were not watched. In the transaction in which
        their watches were read.
        """
        self._db.run(f"DELETE FROM watched_scene WHERE scene_id {ANY_OF}", any_of(ids))
        self._db.run_many(f"INSERT INTO watched_scene ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._db.run(f"DELETE FROM watched_stale WHERE scene_id {ANY_OF}", any_of(ids))
