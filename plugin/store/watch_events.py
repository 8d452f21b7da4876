"""What the browser told of watching, append-only; and the sittings that it belongs to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plugin.store.database import ANY_OF, Database, Row, any_of
from plugin.store.watch_values import WatchEvent

EVENT_BYTES = 570
"""What an event takes in the file, with indexes and what is derived from it; measured."""

_COLUMNS = "id, type, session, tab, seq, watch, kind, media_id, at_s, mono_s, body"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Events; what is left out chooses all. before_s: of stays that began earlier, and whatever else is older;
    ended_before_s: of stays that ended earlier, and whatever else is older.
    """

    before_s: float | None = None
    ended_before_s: float | None = None
    kind: str = ""
    media_ids: tuple[int, ...] | None = None
    watches: tuple[str, ...] | None = None

    def where(self) -> tuple[str, list[object]]:
        """A condition on rows of watch_event, and its values."""
        conditions, values = ["1"], list[object]()
        if self.before_s is not None:
            conditions.append(
                "(at_s < ? OR (watch != '' AND watch IN (SELECT watch FROM scene_watch WHERE started_s < ?)))"
            )
            values += [self.before_s, self.before_s]
        if self.ended_before_s is not None:
            conditions.append("at_s < ? AND watch NOT IN (SELECT watch FROM scene_watch WHERE ended_s >= ?)")
            values += [self.ended_before_s, self.ended_before_s]
        if self.kind:
            conditions.append("kind = ?")
            values.append(self.kind)
        if self.media_ids is not None:
            conditions.append(f"media_id {ANY_OF}")
            values.append(any_of(self.media_ids))
        if self.watches is not None:
            conditions.append(f"watch != '' AND watch {ANY_OF}")
            values.append(any_of(self.watches))
        return " AND ".join(conditions), values


class WatchEvents:
    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, ids: Iterable[str]) -> dict[str, WatchEvent]:
        """Those of the ids that are stored."""
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM watch_event WHERE id {ANY_OF}", any_of(ids))
        return {event.id: event for event in _events(rows)}

    def add(self, events: Sequence[WatchEvent]) -> None:
        """New ones. Their sessions are brought up to date."""
        with self._db.transaction():
            self._db.run_many(
                f"INSERT INTO watch_event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(*event[:-1], json.dumps(event.body, separators=(",", ":"))) for event in events],
            )
            spans: dict[str, tuple[float, float, int]] = {}
            for event in events:
                start_s, end_s, count = spans.get(event.session, (event.at_s, event.at_s, 0))
                spans[event.session] = (min(start_s, event.at_s), max(end_s, event.at_s), count + 1)
            self._db.run_many(
                "INSERT INTO watch_session (id, started_s, ended_s, events) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO"
                " UPDATE SET started_s = min(started_s, excluded.started_s), ended_s = max(ended_s, excluded.ended_s),"
                " events = events + excluded.events",
                [(session, *span) for session, span in spans.items()],
            )

    def of_watch(self, watch: str, tab: str = "", after_seq: int = 0) -> list[WatchEvent]:
        """All of a watch, or those of one tab behind a seq, by tab, seq and id."""
        where, values = ("AND tab = ? AND seq > ?", (tab, after_seq)) if tab else ("", ())
        sql = f"SELECT {_COLUMNS} FROM watch_event WHERE watch = ? AND watch != '' {where} ORDER BY tab, seq, id"
        return _events(self._db.rows(sql, watch, *values))

    def watches(self) -> list[str]:
        """All that any event tells of."""
        return [row[0] for row in self._db.rows("SELECT DISTINCT watch FROM watch_event WHERE watch != '' ORDER BY 1")]

    def page(self, after: int, limit: int) -> list[tuple[int, WatchEvent]]:
        """By arrival: (number, event)."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS}, number FROM watch_event WHERE number > ? ORDER BY number LIMIT ?", after, limit
        )
        return list(zip((row[-1] for row in rows), _events([row[:-1] for row in rows]), strict=True))

    def media(self, kind: str, after_id: int, limit: int) -> list[int]:
        """Media that any event tells of, by ascending id."""
        rows = self._db.rows(
            "SELECT DISTINCT media_id FROM watch_event WHERE kind = ? AND media_id > ? ORDER BY media_id LIMIT ?",
            kind,
            after_id,
            limit,
        )
        return [row[0] for row in rows]

    def take_out(self, chosen: Chosen, limit: int) -> tuple[int, set[str], set[str]]:
        """Delete so many of the chosen events, if there are, and those of the same stays beyond: which of a stay are
        chosen may depend on its others. How many those were, and the watches and sessions that they were of, which are
        not as they were any more. Nobody can read them in the file afterwards.
        """
        conditions, values = chosen.where()
        with self._db.transaction():
            rows = self._db.rows(
                f"SELECT number, watch, session FROM watch_event WHERE {conditions} LIMIT ?", *values, limit
            )
            if len(rows) == limit:
                rows = self._db.rows(
                    f"SELECT number, watch, session FROM watch_event WHERE {conditions} AND"
                    f" (number {ANY_OF} OR (watch != '' AND watch {ANY_OF}))",
                    *values,
                    any_of(row[0] for row in rows),
                    any_of({row[1] for row in rows}),
                )
            self._db.run(f"DELETE FROM watch_event WHERE number {ANY_OF}", any_of(row[0] for row in rows))
        return len(rows), {row[1] for row in rows if row[1]}, {row[2] for row in rows}

    def erase(self) -> int:
        """All of them, and all sessions. Returns how many there were."""
        with self._db.transaction():
            self._db.run("DELETE FROM watch_session")
            return self._db.changed("DELETE FROM watch_event")

    def count_sessions_anew(self, sessions: Iterable[str]) -> None:
        """From their events; those without any go."""
        with self._db.transaction():
            ids = any_of(sessions)
            self._db.run(f"DELETE FROM watch_session WHERE id {ANY_OF}", ids)
            self._db.run(
                "INSERT INTO watch_session (id, started_s, ended_s, events) SELECT session, min(at_s), max(at_s),"
                f" count(*) FROM watch_event WHERE session {ANY_OF} GROUP BY session",
                ids,
            )

    def count(self) -> int:
        return self._db.number("SELECT count(*) FROM watch_event")

    def first_s(self) -> float | None:
        """When the oldest event was."""
        row = self._db.row("SELECT min(at_s) FROM watch_event")
        return None if row is None or row[0] is None else float(row[0])


def _events(rows: Sequence[Row]) -> list[WatchEvent]:
    # All bodies at once: one parser for a thousand of them.
    bodies = json.loads(f"[{','.join(row[10] for row in rows)}]")
    return [WatchEvent._make((*row[:10], body)) for row, body in zip(rows, bodies, strict=True)]
