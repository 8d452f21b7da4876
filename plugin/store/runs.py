"""Runs: what the owner thinks of as one thing done, and can undo as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plugin.store.database import ANY_OF, Database, any_of

_COLUMNS = "id, title, origin, started_s, ended_s, undone_s"


@dataclass(frozen=True, slots=True)
class Run:
    """origin: "task", "hook", "schedule", "operation". Times are Unix seconds."""

    id: int
    title: str
    origin: str
    started_s: float
    ended_s: float | None
    undone_s: float | None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run and what came of it. written: things in Stash that are the run's and still there.

    undo_tags, undo_markers, undo_performers, undo_media: tags, markers and performers that its undo would remove or put
    back, and in how many media; those that the owner changed since are among them, and stay.
    """

    run: Run
    analysed: int
    failed: int
    suggested: int
    written: int
    undo_tags: int
    undo_markers: int
    undo_performers: int
    undo_media: int


class Runs:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def begin(self, title: str, origin: str) -> int:
        sql = "INSERT INTO run (title, origin, started_s) VALUES (?, ?, ?)"
        return self._db.run(sql, title, origin, self._clock())

    def end(self, run_id: int) -> None:
        self._db.run("UPDATE run SET ended_s = ? WHERE id = ? AND ended_s IS NULL", self._clock(), run_id)

    def rename(self, run_id: int, title: str) -> None:
        """Once it is known what it is about."""
        self._db.run("UPDATE run SET title = ? WHERE id = ?", title, run_id)

    def end_finished(self) -> None:
        """End the runs none of whose jobs is left to do."""
        self._db.run(
            "UPDATE run SET ended_s = ? WHERE ended_s IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM job WHERE job.run_id = run.id AND state IN ('pending', 'running'))",
            self._clock(),
        )

    def mark_undone(self, run_id: int) -> None:
        self._db.run("UPDATE run SET undone_s = ? WHERE id = ?", self._clock(), run_id)

    def get(self, run_id: int) -> Run | None:
        row = self._db.row(f"SELECT {_COLUMNS} FROM run WHERE id = ?", run_id)
        return Run(*row) if row else None

    def titles(self, ids: Iterable[int]) -> dict[int, str]:
        """Run id -> title."""
        return dict(self._db.rows(f"SELECT id, title FROM run WHERE id {ANY_OF}", any_of(set(ids))))

    def last_with_writes(self) -> Run | None:
        """The newest run that left something of its own in Stash: more than tags and performers that nothing has,
        unless its undoing was cut off before it came to them.
        """
        taken_back = "EXISTS (SELECT 1 FROM journal other WHERE other.run_id = run.id AND other.state = 'undone')"
        row = self._db.row(
            f"SELECT {_COLUMNS} FROM run WHERE undone_s IS NULL AND EXISTS (SELECT 1 FROM journal WHERE"
            " run_id = run.id AND state IN ('done', 'intent') AND purpose != 'undo'"
            f" AND (action NOT IN ('create_tag', 'create_performer') OR {taken_back})) ORDER BY id DESC LIMIT 1"
        )
        return Run(*row) if row else None

    def summaries(self, limit: int, before_id: int | None = None) -> list[RunSummary]:
        """The newest first."""
        undoable = "FROM journal WHERE run_id = run.id AND state = 'done' AND purpose != 'undo'"
        rows = self._db.rows(
            f"SELECT {_COLUMNS},"
            " (SELECT count(*) FROM analysis WHERE run_id = run.id),"
            " (SELECT count(*) FROM failure WHERE run_id = run.id),"
            " (SELECT count(*) FROM suggestion WHERE run_id = run.id),"
            " (SELECT count(*) FROM journal WHERE run_id = run.id AND state = 'done'"
            "   AND purpose != 'undo' AND action IN ('add_tag', 'create_marker', 'add_performer')),"
            f" (SELECT count(*) {undoable} AND action IN ('add_tag', 'remove_tag')),"
            f" (SELECT count(*) {undoable} AND action IN ('create_marker', 'destroy_marker')),"
            f" (SELECT count(*) {undoable} AND action IN ('add_performer', 'remove_performer')),"
            f" (SELECT count(DISTINCT kind || media_id) {undoable} AND kind NOT IN ('tag', 'performer'))"
            " FROM run WHERE id < ? ORDER BY id DESC LIMIT ?",
            before_id if before_id is not None else 1 << 62,
            limit,
        )
        return [RunSummary(Run(*row[:6]), *row[6:]) for row in rows]

    def prune(self, before_s: float) -> int:
        """Forget old runs that nothing refers to. Returns how many."""
        return self._db.changed(
            "DELETE FROM run WHERE ended_s < ?"
            + "".join(
                f" AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.run_id = run.id)"
                for table in ("job", "analysis", "face_analysis", "failure", "suggestion", "journal")
            ),
            before_s,
        )
