"""Watches: stays with scenes, derived from events, with the stretches that were watched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from plugin.store.database import ANY_OF, Database, Row, any_of
from plugin.store.watch_values import Segment, Watch

_TOLD = "watch, session, tab, scene_id, started_s, ended_s, wall_s, played_s, unique_s, last_s, duration_s, completed"
_COLUMNS = f"id, {_TOLD}"


class SceneTotal(NamedTuple):
    """wall_s: time in which it played; played_s: media seconds, repeats included."""

    wall_s: float
    played_s: float
    watches: int


def add_by_hour(hours: dict[int, float], at_s: float, length_s: float) -> None:
    """Spread a stretch of time over the hours since 1970 that it falls into."""
    end_s = at_s + length_s
    while at_s < end_s:
        hour = int(at_s // 3600)
        next_s = min(end_s, (hour + 1) * 3600.0)
        hours[hour] = hours.get(hour, 0.0) + next_s - at_s
        at_s = next_s


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

    def erase(self) -> int:
        """All of them. Returns how many there were."""
        return self._db.changed("DELETE FROM scene_watch")

    def names(self, ids: Iterable[int]) -> list[str]:
        """How events call the watches with these ids."""
        return [row[0] for row in self._db.rows(f"SELECT watch FROM scene_watch WHERE id {ANY_OF}", any_of(ids))]

    def forget_what_came_of_it(self) -> None:
        """Tastes, measurements, rankings and notes that rest on what was watched: they are computed anew."""
        with self._db.transaction():
            for table in ("ranking", "taste_centre", "recommend_evaluation"):
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

    def page(self, before: tuple[float, int] | None, limit: int, scene_id: int | None) -> list[Watch]:
        """The newest first, behind one that began and is called so (started_s, id)."""
        conditions, values = ["1"], list[object]()
        if before is not None:
            conditions.append("(started_s, id) < (?, ?)")
            values += before
        if scene_id is not None:
            conditions.append("scene_id = ?")
            values.append(scene_id)
        sql = (
            f"SELECT {_COLUMNS} FROM scene_watch WHERE {' AND '.join(conditions)}"
            " ORDER BY started_s DESC, id DESC LIMIT ?"
        )
        return [_watch(row) for row in self._db.rows(sql, *values, limit)]

    def titles(self, scene_ids: Iterable[int]) -> dict[int, tuple[str, float]]:
        """(title, length in seconds) of those of the scenes that are known from Stash."""
        rows = self._db.rows(
            f"SELECT scene_id, title, duration_s FROM library_scene WHERE scene_id {ANY_OF}", any_of(scene_ids)
        )
        return {scene_id: (title, duration_s) for scene_id, title, duration_s in rows}

    def seconds_by_hour(self, since_s: float, offset_s: float) -> dict[int, float]:
        """Hours since 1970 by a clock that is so far ahead -> seconds in which something was watched then."""
        seconds = "(end_s - start_s) / rate"
        first, last = "CAST((at_s + ?1) / 3600 AS INTEGER)", f"CAST((at_s + ?1 + {seconds}) / 3600 AS INTEGER)"
        found: dict[int, float] = dict(
            self._db.rows(
                f"SELECT {first}, sum({seconds}) FROM watch_segment WHERE at_s >= ?2 AND {first} = {last} GROUP BY 1",
                offset_s,
                since_s,
            )
        )
        for at_s, length_s in self._db.rows(
            f"SELECT at_s, {seconds} FROM watch_segment WHERE at_s + {seconds} > ?2"
            f" AND (at_s < ?2 OR {first} != {last})",
            offset_s,
            since_s,
        ):
            begun_s = max(at_s, since_s)
            add_by_hour(found, begun_s + offset_s, at_s + length_s - begun_s)
        return found

    def by_scene(self, since_s: float) -> dict[int, SceneTotal]:
        """Scene id -> what was seen of it later; of a watch that had begun earlier, what was seen then is left out."""
        found = {
            row[0]: SceneTotal(*row[1:])
            for row in self._db.rows(
                "SELECT scene_id, sum(wall_s), sum(played_s), count(*) FROM scene_watch"
                " WHERE started_s >= ? AND played_s > 0 GROUP BY scene_id",
                since_s,
            )
        }
        for scene_id, watch_id in self._db.rows(
            "SELECT scene_id, id FROM scene_watch WHERE started_s < ?1 AND ended_s >= ?1 AND played_s > 0", since_s
        ):
            later = ((one.rate, one.wall_s - max(0.0, since_s - one.at_s)) for one in self.segments_of(watch_id))
            spent = [(rate, wall_s) for rate, wall_s in later if wall_s > 0]
            if spent:
                wall_s, played_s, watches = found.get(scene_id, SceneTotal(0.0, 0.0, 0))
                wall_s += sum(wall_s for _, wall_s in spent)
                played_s += sum(rate * wall_s for rate, wall_s in spent)
                found[scene_id] = SceneTotal(wall_s, played_s, watches + 1)
        return found

    def stays(self, scene_ids: Iterable[int]) -> dict[int, list[tuple[float, float]]]:
        """Scene id -> (started_s, ended_s) of every watch, newest first."""
        found: dict[int, list[tuple[float, float]]] = {}
        for scene_id, started_s, ended_s in self._db.rows(
            f"SELECT scene_id, started_s, ended_s FROM scene_watch WHERE scene_id {ANY_OF} ORDER BY started_s DESC",
            any_of(scene_ids),
        ):
            found.setdefault(scene_id, []).append((started_s, ended_s))
        return found

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
