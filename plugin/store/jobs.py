"""The queue: what is to be done, what is being done, and what was done."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from plugin.store.database import ANY_OF, Database, Row, any_of

Action: TypeAlias = Literal["batch", "analyse", "retag", "apply"]
State: TypeAlias = Literal["pending", "running", "completed", "failed", "cancelled"]

PRIORITIES = {"high": 0, "normal": 10, "low": 20}
DEATHS_ALLOWED = 3
"""Times that a process may vanish while it works on a medium before the medium is given up."""

TAKE_BACK = "take_back"
"""Option of a medium's "apply": suggestions whose writes are to leave Stash before others are written."""

ONLY, FACES = "only", "faces"
"""Option of a medium's "analyse" or "retag", and its value: tags are left as they are."""

_COLUMNS = (
    "id, parent_id, run_id, action, kind, media_id, name, priority, state, reason_code, reason, attempts, not_before_s,"
    " cancel_asked, options, created_s, started_s, ended_s, deaths"
)
_TREE = """id IN (WITH RECURSIVE tree(id) AS (
  SELECT ? UNION ALL SELECT job.id FROM job JOIN tree ON job.parent_id = tree.id) SELECT id FROM tree)"""
_IS_PARENT = "(action = 'batch' OR json_extract(options, '$.phase') IS 'images')"
"""Nobody works on it: it is running while anything below it is left to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the queue. A batch has no medium. reason: why it failed or was cancelled, or a note on its end.

    attempts: times that it was put off for a cause that passes. deaths: times that its process ended meanwhile.
    """

    id: int
    parent_id: int | None
    run_id: int
    action: Action
    kind: str | None
    media_id: int | None
    name: str
    priority: int
    state: State
    reason_code: str
    reason: str
    attempts: int
    not_before_s: float
    cancel_asked: bool
    options: Mapping[str, Any] = field(default_factory=dict)
    created_s: float = 0.0
    started_s: float | None = None
    ended_s: float | None = None
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class NewMedium:
    """A medium to enqueue."""

    kind: str
    media_id: int
    name: str = ""


class Jobs:
    """Every method is one short transaction."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def add_batch(self, run_id: int, name: str, priority: int, options: Mapping[str, Any]) -> int:
        """A batch whose media are still to be selected (options say how). Returns its id."""
        return self._db.run(
            "INSERT INTO job (run_id, action, name, priority, state, options, created_s)"
            " VALUES (?, 'batch', ?, ?, 'pending', ?, ?)",
            run_id,
            name,
            priority,
            json.dumps(options),
            self._clock(),
        )

    def add_media(
        self,
        parent: Job,
        action: Action,
        media: Iterable[NewMedium],
        options: Mapping[str, Any] | None = None,
        parent_options: Mapping[str, Any] | None = None,
    ) -> tuple[int, int]:
        """Enqueue media below a parent, and remember how far its selection is, in one transaction.

        A medium that already waits for the same action is not added twice: the waiting row takes the higher priority
        and the options of both. One that is being worked on is not added again either, unless it must be done afresh.
        Nothing is added below a parent that was cancelled meanwhile. Returns (added, merged).
        """
        added = merged = 0
        with self._db.transaction():
            if not self._db.row("SELECT 1 FROM job WHERE id = ? AND state IN ('pending', 'running')", parent.id):
                return 0, 0
            for medium in media:
                if self._merge(parent, action, medium, options or {}):
                    merged += 1
                    continue
                added += 1
                self._db.run(
                    "INSERT INTO job (parent_id, run_id, action, kind, media_id, name, priority, state, options,"
                    " created_s) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
                    parent.id,
                    parent.run_id,
                    action,
                    medium.kind,
                    medium.media_id,
                    medium.name,
                    parent.priority,
                    json.dumps(options or {}),
                    self._clock(),
                )
            if parent_options is not None:
                self._db.run("UPDATE job SET options = ? WHERE id = ?", json.dumps(parent_options), parent.id)
        return added, merged

    def get(self, job_id: int) -> Job | None:
        row = self._db.row(f"SELECT {_COLUMNS} FROM job WHERE id = ?", job_id)
        return _job(row) if row else None

    def next_batch(self) -> Job | None:
        """The most urgent batch whose media are still to be selected."""
        return self._first("action = 'batch' AND state = 'pending' ORDER BY priority, id")

    def is_unselected(self, batch_id: int) -> bool:
        """Whether a batch still waits for its media to be selected, or for the rest of them."""
        sql = "SELECT 1 FROM job WHERE id = ? AND action = 'batch' AND state = 'pending'"
        return self._db.row(sql, batch_id) is not None

    def hurry(self, job_id: int, priority: int) -> None:
        """Somebody else asks for it too, and with more urgency."""
        self._db.run("UPDATE job SET priority = min(priority, ?) WHERE id = ?", priority, job_id)

    def next_media(self, limit: int, above: int | None = None, only: Action | None = None) -> list[Job]:
        """The most urgent media that may be begun now. above: only those more urgent than this priority."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM job WHERE state = 'pending' AND action != 'batch' AND not_before_s <= ?"
            " AND priority < ? AND action = coalesce(?, action) ORDER BY priority, id LIMIT ?",
            self._clock(),
            1_000 if above is None else above,
            only,
            limit,
        )
        return [_job(row) for row in rows]

    def start(self, job_id: int, name: str = "") -> bool:
        """Begin it. False where it does not wait any more: cancelled, or begun by another process. name: its medium's,
        for a job that was enqueued by an id.
        """
        sql = "UPDATE job SET state = 'running', started_s = ?, name = iif(name = '', ?, name)"
        return self._db.changed(f"{sql} WHERE id = ? AND state = 'pending'", self._clock(), name, job_id) == 1

    def complete(self, job_id: int, note: str = "") -> None:
        """It was done. note: what is worth knowing about it."""
        self._end(job_id, "completed", "", note)

    def fail(self, job_id: int, code: str, reason: str) -> None:
        """It cannot be done."""
        self._end(job_id, "failed", code, reason)

    def cancelled(self, job_id: int, reason: str = "cancelled by the owner") -> None:
        """Work on it was stopped as asked."""
        self._end(job_id, "cancelled", "cancelled", reason)

    def put_off(self, job_id: int, code: str, reason: str, not_before_s: float, died: bool = False) -> None:
        """Back into the queue until a cause that passes has passed. Counts as an attempt; died: and as a death."""
        with self._db.transaction():
            if self._may_wait_again(job_id):
                self._db.run(
                    "UPDATE job SET state = 'pending', reason_code = ?, reason = ?, attempts = attempts + 1,"
                    " deaths = deaths + ?, not_before_s = ? WHERE id = ?",
                    code,
                    reason,
                    died,
                    not_before_s,
                    job_id,
                )

    def put_back(self, job_ids: Sequence[int]) -> None:
        """Back into the queue as if they had not been begun."""
        with self._db.transaction():
            for job_id in job_ids:
                if self._may_wait_again(job_id):
                    self._db.run("UPDATE job SET state = 'pending', started_s = NULL WHERE id = ?", job_id)

    def wait_for_children(self, job_id: int, options: Mapping[str, Any]) -> None:
        """A batch whose media are selected, or a gallery whose images are enqueued: it ends or goes on after them.
        One that was cancelled meanwhile stays so.
        """
        with self._db.transaction():
            self._db.run(
                "UPDATE job SET state = 'running', started_s = coalesce(started_s, ?), options = ?"
                " WHERE id = ? AND state IN ('pending', 'running')",
                self._clock(),
                json.dumps(options),
                job_id,
            )
            if self._db.row("SELECT 1 FROM job WHERE id = ? AND state = 'running' AND cancel_asked", job_id):
                self.cancel(job_id)
            self._settle(job_id)

    def recover(self, blame: bool = True) -> tuple[int, int]:
        """After a drain that died: what it worked on goes back into the queue; what killed it too often is given up.

        blame: nobody stopped it, so the media in work may be what killed it. Returns (put back, given up).
        """
        given_up = put_back = 0
        with self._db.transaction():
            working = self._db.rows(f"SELECT id, deaths FROM job WHERE state = 'running' AND NOT {_IS_PARENT}")
            for job_id, deaths in working:
                if not self._may_wait_again(job_id):
                    continue
                if blame and deaths + 1 >= DEATHS_ALLOWED:
                    given_up += 1
                    self._give_up(job_id)
                    continue
                put_back += 1
                self._db.run(
                    "UPDATE job SET state = 'pending', deaths = deaths + ?, reason_code = 'process_died',"
                    " reason = 'the process that worked on it ended' WHERE id = ?",
                    blame,
                    job_id,
                )
            for (parent_id,) in self._db.rows(f"SELECT id FROM job WHERE state = 'running' AND {_IS_PARENT}"):
                self._settle(parent_id)
        return put_back, given_up

    def cancel(self, job_id: int, reason: str = "cancelled by the owner") -> int:
        """Cancel a job and all below it: what waits ends at once, what is in work is asked to. Returns how many."""
        with self._db.transaction():
            waiting = self._db.changed(
                "UPDATE job SET state = 'cancelled', reason_code = 'cancelled', reason = ?, ended_s = ? WHERE"
                f" {_TREE} AND (state = 'pending' OR state = 'running' AND {_IS_PARENT})",
                reason,
                self._clock(),
                job_id,
            )
            working = self._db.changed(f"UPDATE job SET cancel_asked = 1 WHERE {_TREE} AND state = 'running'", job_id)
            self._settle_parent_of(job_id)
        return waiting + working

    def cancel_run(self, run_id: int) -> int:
        """Cancel what is left of a run."""
        roots = self._db.rows("SELECT id FROM job WHERE run_id = ? AND parent_id IS NULL", run_id)
        return sum(self.cancel(job_id, "its run was undone") for (job_id,) in roots)

    def cancel_all(self) -> int:
        """Cancel everything that waits or works."""
        roots = self._db.rows("SELECT id FROM job WHERE parent_id IS NULL AND state IN ('pending', 'running')")
        return sum(self.cancel(job_id) for (job_id,) in roots)

    def cancel_asked(self) -> set[int]:
        """Jobs in work that their owner does not want any more."""
        return {job_id for (job_id,) in self._db.rows("SELECT id FROM job WHERE state = 'running' AND cancel_asked")}

    def retry(self, job_id: int) -> int:
        """Put what failed or was cancelled, the job itself or below it, back into the queue. Returns how many."""
        waits = "state = 'pending', attempts = 0, deaths = 0, not_before_s = 0, cancel_asked = 0"
        anew = "ended_s = NULL, reason = '', reason_code = ''"
        with self._db.transaction():
            # A newer request for the same medium may wait already: then this one stays as it is.
            count = self._db.changed(
                f"UPDATE OR IGNORE job SET {waits}, {anew} WHERE {_TREE} AND state IN ('failed', 'cancelled')"
                " AND (action != 'batch' OR NOT coalesce(json_extract(options, '$.selected'), 0))",
                job_id,
            )
            # What is above them waits for them again, whether it had ended or had not been begun.
            self._db.run(
                f"UPDATE job SET state = 'running', {anew}, options = iif(action = 'batch', options,"
                " json_set(options, '$.phase', 'images')) WHERE id IN (WITH RECURSIVE above(id) AS ("
                f" SELECT parent_id FROM job WHERE {_TREE} AND state = 'pending' AND parent_id IS NOT NULL"
                " UNION SELECT parent_id FROM job JOIN above USING (id) WHERE parent_id IS NOT NULL)"
                " SELECT id FROM above) AND iif(action = 'batch', state NOT IN ('pending', 'running'),"
                " state != 'running')",
                job_id,
            )
        return count

    def has_work(self) -> bool:
        """Whether anything waits, now or after a back-off."""
        return self._db.row("SELECT 1 FROM job WHERE state = 'pending' LIMIT 1") is not None

    def has_startable(self, now_s: float) -> bool:
        """Whether anything waits that may be begun now."""
        sql = "SELECT 1 FROM job WHERE state = 'pending' AND not_before_s <= ? LIMIT 1"
        return self._db.row(sql, now_s) is not None

    def find(
        self,
        states: Sequence[str] = (),
        words: str = "",
        parent_id: int | None = None,
        roots_only: bool = False,
        limit: int = 50,
        before_id: int | None = None,
    ) -> list[Job]:
        """The newest first. words: in the name (its medium's, too) or the reason. before_id: of the page's last one."""
        where, values = _chosen(states, words, parent_id, roots_only)
        if before_id is not None:
            where.append("id < ?")
            values.append(before_id)
        sql = f"SELECT {_COLUMNS} FROM job WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"
        return [_job(row) for row in self._db.rows(sql, *values, limit)]

    def count(
        self, states: Sequence[str] = (), words: str = "", parent_id: int | None = None, roots_only: bool = False
    ) -> int:
        """How many find() would find without a limit."""
        where, values = _chosen(states, words, parent_id, roots_only)
        return self._db.number(f"SELECT count(*) FROM job WHERE {' AND '.join(where)}", *values)

    def counts(self, parent_id: int | None = None) -> dict[str, int]:
        """State -> number of media, in all or directly below a parent."""
        where, values = ("parent_id = ?", (parent_id,)) if parent_id is not None else ("action != 'batch'", ())
        return dict(self._db.rows(f"SELECT state, count(*) FROM job WHERE {where} GROUP BY state", *values))

    def progress(self) -> dict[str, int]:
        """State -> number of media, in the batches that are not finished."""
        return dict(
            self._db.rows(
                "SELECT state, count(*) FROM job WHERE action != 'batch' AND run_id IN (SELECT run_id FROM job"
                " WHERE action = 'batch' AND state IN ('pending', 'running')) GROUP BY state"
            )
        )

    def of_medium(self, kind: str, media_id: int) -> Job | None:
        """The medium's unfinished job, else its newest one."""
        return self._first(
            "kind = ? AND media_id = ? ORDER BY state IN ('pending', 'running') DESC, id DESC", kind, media_id
        )

    def unfinished(self, kind: str, ids: Sequence[int]) -> dict[int, str]:
        """Those of the media that wait or are in work: id -> state."""
        states = "state IN ('pending', 'running')"
        sql = f"SELECT media_id, state FROM job WHERE kind = ? AND media_id {ANY_OF} AND {states}"
        return dict(self._db.rows(sql, kind, any_of(ids)))

    def ahead_of(self, job: Job) -> int:
        """How many media are begun before this one."""
        return self._db.number(
            "SELECT count(*) FROM job WHERE state = 'pending' AND action != 'batch'"
            " AND (priority < ? OR priority = ? AND id < ?)",
            job.priority,
            job.priority,
            job.id,
        )

    def prune(self, before_s: float) -> int:
        """Forget jobs that ended before a moment, with all below them. Returns how many."""
        return self._db.changed(
            "DELETE FROM job WHERE parent_id IS NULL AND state IN ('completed', 'failed', 'cancelled') AND ended_s < ?",
            before_s,
        )

    def _first(self, where: str, *values: object) -> Job | None:
        row = self._db.row(f"SELECT {_COLUMNS} FROM job WHERE {where} LIMIT 1", *values)
        return _job(row) if row else None

    def _merge(self, parent: Job, action: str, medium: NewMedium, options: Mapping[str, Any]) -> bool:
        row = self._db.row(
            f"SELECT {_COLUMNS} FROM job WHERE kind = ? AND media_id = ? AND action = ?"
            " AND state IN ('pending', 'running') AND NOT cancel_asked ORDER BY state = 'pending' DESC LIMIT 1",
            medium.kind,
            medium.media_id,
            action,
        )
        if row is None:
            return False
        known = _job(row)
        if known.state == "running":
            # What is written now may have been decided before this was; and one that leaves tags out is not enough.
            is_enough = options.get(ONLY) == known.options.get(ONLY) or not known.options.get(ONLY)
            return action != "apply" and not options.get("fresh") and is_enough
        both = {**known.options, **{key: value for key, value in options.items() if value}}
        if TAKE_BACK in both:
            both[TAKE_BACK] = sorted({*known.options.get(TAKE_BACK, ()), *options.get(TAKE_BACK, ())})
        if ONLY in both and options.get(ONLY) != known.options.get(ONLY):
            del both[ONLY]
        if not options.get("if_due"):
            both.pop("if_due", None)  # who asks for it by name gets it done, due or not
        self._db.run(
            "UPDATE job SET priority = min(priority, ?), options = ?, not_before_s = 0 WHERE id = ?",
            parent.priority,
            json.dumps(both),
            known.id,
        )
        return True

    def _give_up(self, job_id: int) -> None:
        """Its medium has failed, too: "analyse new" leaves it. Which content it had died with the process."""
        reason = f"the plugin's process ended {DEATHS_ALLOWED} times while it worked on this; retry it to try again"
        self._db.run(
            "INSERT OR REPLACE INTO failure (kind, media_id, name, run_id, content, code, message, failed_s)"
            " SELECT kind, media_id, name, run_id, '', 'process_died', ?, ? FROM job"
            " WHERE id = ? AND action != 'apply'",
            reason,
            self._clock(),
            job_id,
        )
        self._end(job_id, "failed", "process_died", reason)

    def _may_wait_again(self, job_id: int) -> bool:
        """Whether a running job goes back into the queue. If not, it has ended: its owner does not want it any more, or
        the same was asked for anew meanwhile.
        """
        row = self._db.row(
            "SELECT kind, media_id, action, cancel_asked FROM job WHERE id = ? AND state = 'running'", job_id
        )
        if row is None:
            return False
        kind, media_id, action, cancel_asked = row
        if cancel_asked:
            self.cancelled(job_id)
            return False
        twin = "SELECT 1 FROM job WHERE state = 'pending' AND kind = ? AND media_id = ? AND action = ?"
        if self._db.row(twin, kind, media_id, action):
            self._end(job_id, "cancelled", "asked_anew", "the same was asked for anew")
            return False
        return True

    def _end(self, job_id: int, state: State, code: str, reason: str) -> None:
        with self._db.transaction():
            self._db.run(
                "UPDATE job SET state = ?, reason_code = ?, reason = ?, ended_s = ?, cancel_asked = 0 WHERE id = ?",
                state,
                code,
                reason,
                self._clock(),
                job_id,
            )
            self._settle_parent_of(job_id)

    def _settle_parent_of(self, job_id: int) -> None:
        row = self._db.row("SELECT parent_id FROM job WHERE id = ?", job_id)
        if row and row[0] is not None:
            self._settle(row[0])

    def _settle(self, parent_id: int) -> None:
        """End a batch, or go on with a gallery, once nothing below it is left to do."""
        parent = self.get(parent_id)
        if parent is None or parent.state != "running":
            return
        if self._db.row("SELECT 1 FROM job WHERE parent_id = ? AND state IN ('pending', 'running') LIMIT 1", parent_id):
            return
        if parent.action != "batch":
            if not self._may_wait_again(parent_id):
                return
            self._db.run(
                "UPDATE job SET state = 'pending', options = ? WHERE id = ?",
                json.dumps({**parent.options, "phase": "aggregate"}),
                parent_id,
            )
            return
        counts = self.counts(parent_id)
        failed = counts.get("failed", 0)
        note = f"{counts.get('completed', 0)} done" + (f", {failed} failed" if failed else "")
        self._end(parent_id, "completed", "some_failed" if failed else "", note if counts else "nothing to do")


def _chosen(
    states: Sequence[str], words: str, parent_id: int | None, roots_only: bool
) -> tuple[list[str], list[object]]:
    where: list[str] = ["1"]
    values: list[object] = []
    if states:
        where.append(f"state {ANY_OF}")
        values.append(any_of(states))
    if words:
        found = [f"{column} LIKE ? ESCAPE '\\'" for column in ("job.name", "reason", "known.name")]
        known = "SELECT 1 FROM {} known WHERE known.kind = job.kind AND known.media_id = job.media_id AND "
        found[2:] = [f"EXISTS ({known.format(table)}{found[2]})" for table in ("analysis", "failure")]
        where.append(f"({' OR '.join(found)})")
        values += [like(words)] * len(found)
    if parent_id is not None:
        where.append("parent_id = ?")
        values.append(parent_id)
    elif roots_only:
        where.append("parent_id IS NULL")
    return where, values


def like(words: str) -> str:
    """A LIKE pattern (ESCAPE '\\') that finds the words anywhere, taking % and _ as they are."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _job(row: Row) -> Job:
    values = list(row)
    values[13] = bool(values[13])
    values[14] = json.loads(values[14])
    return Job(*values)
