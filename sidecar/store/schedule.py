"""The schedule as plain rows: where to send, what to send when, and how the last runs ended. Holds secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sidecar.store.database import Database
from sidecar.store.sets import blob_of, text_of


@dataclass(frozen=True, slots=True)
class WakeTarget:
    """Where wake requests go. headers hold keys and url may: neither is printed."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the schedule, as it was given. jitter_s, grace_s: seconds. body is opaque and never printed."""

    id: str
    cron: str
    timezone: str
    body: bytes = field(repr=False)
    enabled: bool
    jitter_s: int
    grace_s: int

    def runs_like(self, other: Job) -> bool:
        """Whether both are due at the same times."""
        mine = (self.cron, self.timezone, self.enabled, self.jitter_s, self.grace_s)
        return mine == (other.cron, other.timezone, other.enabled, other.jitter_s, other.grace_s)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run ended. http_status is 0 where no answer came; message holds no secret."""

    ok: bool
    http_status: int
    message: str


@dataclass(frozen=True, slots=True)
class RunState:
    """Where a job stands. All times are Unix seconds, None where there is none.

    failed_tries: of the run that waits for retry_at_s.
    """

    next_run_s: float | None = None
    last_run_s: float | None = None
    last_outcome: Outcome | None = None
    failed_tries: int = 0
    retry_at_s: float | None = None


class ScheduleTable:
    """Reads and writes the schedule. Thread-safe. Every method raises StoreError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def target(self) -> WakeTarget | None:
        """Where to send; None while nothing is set."""
        row = self._db.row("SELECT url, content_type FROM wake_target")
        if row is None:
            return None
        headers = {name: text_of(value) for name, value in self._db.rows("SELECT name, value FROM wake_header")}
        return WakeTarget(text_of(row[0]), headers, row[1])

    def jobs(self) -> list[tuple[Job, RunState]]:
        """All jobs in the order in which they were given, and where they stand."""
        rows = self._db.rows(
            """SELECT id, cron, timezone, body, enabled, jitter_s, grace_s, next_run_s, last_run_s, last_ok,
                      last_http_status, last_message, failed_tries, retry_at_s FROM scheduled_job ORDER BY position"""
        )
        found = []
        for id_, cron, timezone, body, enabled, jitter_s, grace_s, *state in rows:
            next_run_s, last_run_s, ok, http_status, message, failed_tries, retry_at_s = state
            outcome = None if ok is None else Outcome(bool(ok), http_status, message)
            job = Job(id_, cron, timezone, bytes(body), bool(enabled), jitter_s, grace_s)
            found.append((job, RunState(next_run_s, last_run_s, outcome, failed_tries, retry_at_s)))
        return found

    def replace(self, target: WakeTarget | None, jobs: Sequence[tuple[Job, RunState]]) -> None:
        """Make this the whole schedule; what was there before is overwritten on the disk."""
        with self._db.transaction():
            for table in ("wake_target", "wake_header", "scheduled_job"):
                self._db.run(f"DELETE FROM {table}")  # noqa: S608 (the names stand in this line)
            if target is not None:
                sql = "INSERT INTO wake_target (id, url, content_type) VALUES (1, ?, ?)"
                self._db.run(sql, blob_of(target.url), target.content_type)
                for name, value in target.headers.items():
                    self._db.run("INSERT INTO wake_header (name, value) VALUES (?, ?)", name, blob_of(value))
            for position, (job, state) in enumerate(jobs):
                self._db.run(
                    """INSERT INTO scheduled_job (id, position, cron, timezone, body, enabled, jitter_s, grace_s,
                         failed_tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)""",
                    *(job.id, position, job.cron, job.timezone, job.body, job.enabled, job.jitter_s, job.grace_s),
                )
                self.save_state(job.id, state)
        self._db.empty_log()

    def save_state(self, job_id: str, state: RunState) -> None:
        """Note where a job stands; nothing for a job that is gone."""
        outcome = state.last_outcome
        result = (None, None, None) if outcome is None else (outcome.ok, outcome.http_status, outcome.message)
        self._db.run(
            """UPDATE scheduled_job SET next_run_s = ?, last_run_s = ?, last_ok = ?, last_http_status = ?,
                 last_message = ?, failed_tries = ?, retry_at_s = ? WHERE id = ?""",
            *(state.next_run_s, state.last_run_s, *result, state.failed_tries, state.retry_at_s, job_id),
        )
