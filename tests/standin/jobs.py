"""Stash's job queue: one job at a time."""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tests.standin.log import Log

GRAVEYARD_SIZE = 10


class JobError(Exception):
    """What makes a job FAILED."""


@dataclass(frozen=True)
class Job:
    """A job as it is at one moment. Times are seconds since 1970."""

    id: int
    description: str
    add_time_s: float
    status: str = "READY"
    """READY, RUNNING, STOPPING, FINISHED, CANCELLED or FAILED"""
    progress: float | None = 0.0
    """a share from 0 to 1; None is unknown. As in Stash, 0 until somebody says otherwise"""
    sub_tasks: tuple[str, ...] | None = None
    start_time_s: float | None = None
    end_time_s: float | None = None
    error: str | None = None


class Progress:
    """What a job's work says about itself."""

    def __init__(self, queue: JobQueue, job_id: int) -> None:
        self._queue = queue
        self._id = job_id
        self.stopped = threading.Event()
        """set when the job is to stop"""

    def set(self, share: float) -> None:
        """From 0 to 1; others are brought into that range."""
        self._queue.change(self._id, progress=min(1.0, max(0.0, share)))

    def unknown(self) -> None:
        self._queue.change(self._id, progress=None)

    @contextlib.contextmanager
    def sub_task(self, description: str) -> Iterator[None]:
        """Shown while the block runs; the newest first."""
        self._queue.change_sub_tasks(self._id, lambda tasks: (description, *tasks))
        try:
            yield
        finally:
            self._queue.change_sub_tasks(self._id, lambda tasks: _without(tasks, description))


Work = Callable[[Progress], None]
"""Raises JobError to fail the job; anything else fails it too, without saying why, as a panic does in Stash."""


@dataclass
class _Queued:
    job: Job
    work: Work
    progress: Progress


@dataclass
class _State:
    queue: list[_Queued] = field(default_factory=list)
    graveyard: list[Job] = field(default_factory=list)
    last_id: int = 0
    closed: bool = False


class JobQueue:
    """Runs jobs in the order in which they came. Nothing of it survives the server, as in Stash.

    listeners are called with ("ADD" | "UPDATE" | "REMOVE", job) for every change, in the changing thread.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._changed = threading.Condition(threading.RLock())
        self._state = _State()
        self.listeners: list[Callable[[str, Job], None]] = []
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def add(self, description: str, work: Work) -> int:
        """The id of the new job."""
        with self._changed:
            self._state.last_id += 1
            job = Job(self._state.last_id, description, time.time())
            self._state.queue.append(_Queued(job, work, Progress(self, job.id)))
            self._tell("ADD", job)
            self._changed.notify_all()
            return job.id

    def stop(self, job_id: int) -> None:
        """Stop a job. One that waits is taken away; one that runs is told to stop. Others: no effect."""
        with self._changed:
            queued = self._find(job_id)
            if queued is not None:
                self._cancel(queued)

    def stop_all(self) -> None:
        """As Stash does it: it walks the very list from which it takes jobs away, and so misses every second one that
        waits."""
        with self._changed:
            slots = list(self._state.queue)
            left = len(slots)
            for at in range(len(slots)):
                queued = slots[at]
                self._cancel(queued)
                if queued.job.status == "CANCELLED" and queued in slots[:left]:
                    hole = slots.index(queued)
                    slots[hole : left - 1] = slots[hole + 1 : left]
                    left -= 1

    def find(self, job_id: int) -> Job | None:
        """A job that waits, runs, or is one of the last ten that ended."""
        with self._changed:
            queued = self._find(job_id)
            if queued is not None:
                return queued.job
            return next((job for job in self._state.graveyard if job.id == job_id), None)

    def queue(self) -> list[Job]:
        """Jobs that run or wait, in order."""
        with self._changed:
            return [queued.job for queued in self._state.queue]

    def wait_until_idle(self, timeout_s: float = 30) -> None:
        """Block until nothing runs or waits. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._state.queue, timeout_s):
                raise TimeoutError(f"jobs still there after {timeout_s} s: {self.queue()}")

    def wait_for(self, job_id: int, timeout_s: float = 30) -> Job:
        """The job, once it has ended. Raises TimeoutError, and KeyError if it is long forgotten."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._find(job_id) is None, timeout_s):
                raise TimeoutError(f"job {job_id} still runs after {timeout_s} s: {self.find(job_id)}")
            job = self.find(job_id)
        if job is None:
            raise KeyError(job_id)
        return job

    def close(self) -> None:
        """Stop everything; no job starts any more."""
        with self._changed:
            self._state.closed = True
            for queued in list(self._state.queue):
                self._cancel(queued)
            self._changed.notify_all()
        self._thread.join(timeout=5)

    def change(self, job_id: int, progress: float | None) -> None:
        """Set a running job's progress."""
        with self._changed:
            queued = self._find(job_id)
            if queued is not None:
                self._set(queued, replace(queued.job, progress=progress))

    def change_sub_tasks(self, job_id: int, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        with self._changed:
            queued = self._find(job_id)
            if queued is not None:
                self._set(queued, replace(queued.job, sub_tasks=change(queued.job.sub_tasks or ()) or None))

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._state.closed or self._ready() is not None)
                queued = self._ready()
                if self._state.closed or queued is None:
                    return
                self._set(queued, replace(queued.job, status="RUNNING", start_time_s=time.time()))
            failed, error = self._work(queued)
            with self._changed:
                stopping = queued.job.status == "STOPPING"
                status = "FAILED" if failed else "CANCELLED" if stopping else "FINISHED"
                # The REMOVE that follows tells of it; Stash sends no UPDATE for a job that has ended.
                queued.job = replace(queued.job, status=status, error=error, end_time_s=time.time())
                self._remove(queued)

    def _work(self, queued: _Queued) -> tuple[bool, str | None]:
        """Whether it failed, and why; a panic leaves no reason but in the log."""
        try:
            queued.work(queued.progress)
        except JobError as error:
            self._log.error(f"task failed due to error: {error}")
            return True, str(error)
        except Exception as error:
            self._log.error(f"panic in job {queued.job.id} - {queued.job.description}: {error}")
            self._log.error(traceback.format_exc())
            return True, None
        return False, None

    def _ready(self) -> _Queued | None:
        return next((queued for queued in self._state.queue if queued.job.status == "READY"), None)

    def _find(self, job_id: int) -> _Queued | None:
        return next((queued for queued in self._state.queue if queued.job.id == job_id), None)

    def _cancel(self, queued: _Queued) -> None:
        if queued.job.status == "READY":
            queued.job = replace(queued.job, status="CANCELLED")
            self._remove(queued)
        elif queued.job.status == "RUNNING":
            queued.job = replace(queued.job, status="STOPPING")
            queued.progress.stopped.set()
            self._changed.notify_all()

    def _remove(self, queued: _Queued) -> None:
        queued.job = replace(queued.job, sub_tasks=None)
        self._state.queue.remove(queued)
        self._state.graveyard.append(queued.job)
        del self._state.graveyard[:-GRAVEYARD_SIZE]
        self._tell("REMOVE", queued.job)
        self._changed.notify_all()

    def _set(self, queued: _Queued, job: Job) -> None:
        queued.job = job
        self._tell("UPDATE", job)
        self._changed.notify_all()

    def _tell(self, kind: str, job: Job) -> None:
        for listener in list(self.listeners):
            listener(kind, job)


def _without(tasks: tuple[str, ...], description: str) -> tuple[str, ...]:
    at = tasks.index(description) if description in tasks else None
    return tasks if at is None else (*tasks[:at], *tasks[at + 1 :])
