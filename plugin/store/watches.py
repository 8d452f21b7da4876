"""Watches: stays with scenes, derived from events, with the stretches that were watched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plugin.store.database import ANY_OF, Database, Row, any_of
from plugin.store.watch_values import Segment, Watch

_TOLD = "watch, session, tab, scene_id, started_s, ended_s, wall_s, played_s, unique_s, last_s, duration_s, completed"
_COLUMNS = f"id, {_TOLD}"


class Watches:
    def __init__(self, db: Database) -> None:
        self._db = db

    def progress(self, watch: str) -> tuple[Mapping[str, Any], list[Segment]] | None:
        """How deriving this watch goes on, and its segments that cannot change any more; None where it begins anew."""
        row = self._db.row("SELECT id, progress, done FROM scene_watch WHERE watch = ? AND progress != ''", watch)
        if row is None:
            return None
        watch_id, progress, done = row
        segments = self._db.rows(
            "SELECT start_s, end_s, at_s, rate FROM watch_segment WHERE watch_id = ? AND number < ? ORDER BY number",
            watch_id,
            done,
        )
        return json.loads(progress), [Segment(*one) for one in segments]

    def save(
        self, watch: Watch, segments: Sequence[Segment], kept: int, progress: Mapping[str, Any] | None, done: int
    ) -> None:
        """Instead of what was stored of it; watch.id is not looked at. kept: so many of its first segments are stored
        as they are. progress, done: see progress().
        """
        with self._db.transaction():
            # One that is now of another scene is a new one, for the other scene's sake.
            self._db.run("DELETE FROM scene_watch WHERE watch = ? AND scene_id != ?", watch.watch, watch.scene_id)
            told = (
                watch.watch,
                watch.session,
                watch.tab,
                watch.scene_id,
                watch.started_s,
                watch.ended_s,
                watch.wall_s,
                watch.played_s,
                watch.unique_s,
                watch.last_s,
                watch.duration_s,
                int(watch.completed),
                "" if progress is None else json.dumps(progress, separators=(",", ":")),
                done,
            )
            columns = f"{_TOLD}, progress, done"
            if not self._db.changed(
                f"UPDATE scene_watch SET ({columns}) = ({_marks(told)}) WHERE watch = ?", *told, watch.watch
            ):
                self._db.run(f"INSERT INTO scene_watch ({columns}) VALUES ({_marks(told)})", *told)
            watch_id = self._db.number("SELECT id FROM scene_watch WHERE watch = ?", watch.watch)
            self._db.run("DELETE FROM watch_segment WHERE watch_id = ? AND number >= ?", watch_id, kept)
            self._db.run_many(
                "INSERT INTO watch_segment (watch_id, number, start_s, end_s, at_s, rate) VALUES (?, ?, ?, ?, ?, ?)",
                [(watch_id, number, *one) for number, one in enumerate(segments) if number >= kept],
            )

    def forget(self, watch: str) -> None:
        """Nothing of it is known any more."""
        self._db.run("DELETE FROM scene_watch WHERE watch = ?", watch)

    def names(self, ids: Iterable[int]) -> list[str]:
        """How events call the watches with these ids."""
        return [row[0] for row in self._db.rows(f"SELECT watch FROM scene_watch WHERE id {ANY_OF}", any_of(ids))]

    def forget_what_came_of_it(self) -> None:
        """Tastes, measurements, rankings and notes that rest on what was watched: they are computed anew."""
        with self._db.transaction():
            for table in ("ranking", "taste", "recommend_evaluation"):
                self._db.run(f"DELETE FROM {table}")
            self._db.run("DELETE FROM watched_stale WHERE scene_id NOT IN (SELECT scene_id FROM scene_watch)")

    def totals(self) -> tuple[int, float]:
        """Watches, and media seconds in them, repeats included."""
        row = self._db.row("SELECT count(*), coalesce(sum(played_s), 0) FROM scene_watch")
        return (int(row[0]), float(row[1])) if row else (0, 0.0)

    def of_scene(self, scene_id: int, limit: int = 1000) -> list[Watch]:
        """Newest first."""
        return [
            _watch(row)
            for row in self._db.rows(
                f"SELECT {_COLUMNS} FROM scene_watch WHERE scene_id = ? ORDER BY started_s DESC, id DESC LIMIT ?",
                scene_id,
                limit,
            )
        ]

    def segments_of_scene(self, scene_id: int) -> list[Segment]:
        """Of all watches of a scene."""
        rows = self._db.rows(
            "SELECT start_s, end_s, at_s, rate FROM watch_segment JOIN scene_watch ON scene_watch.id = watch_id"
            " WHERE scene_id = ? ORDER BY watch_id, number",
            scene_id,
        )
        return [Segment(*row) for row in rows]

    def segments_of(self, watch_id: int) -> list[Segment]:
        rows = self._db.rows(
            "SELECT start_s, end_s, at_s, rate FROM watch_segment WHERE watch_id = ? ORDER BY number", watch_id
        )
        return [Segment(*row) for row in rows]


def _watch(row: Row) -> Watch:
    told: Row = (*row[:12], bool(row[12]))
    return Watch(*told)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
