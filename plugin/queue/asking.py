"""Asking Stash for a process that works on the queue. What is pending is asked of Stash, never remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plugin.people.asking import is_update
from plugin.stash.client import StashClient
from plugin.stash.values import StashJob

DESCRIPTION = "Stash Sense"
"""How the descriptions of drains that the plugin asks for begin."""

DRAINING_TASKS = frozenset(
    {
        "Analyse new",
        "Analyse everything",
        "Analyse tagged AI_TagMe",
        "Re-tag from stored features",
        "Apply accepted suggestions",
        "Identify performers",
    }
)
"""Tasks of the manifest that go on as a drain; Stash describes them by their names."""


def is_drain(job: StashJob) -> bool:
    ours = job.description.startswith(DESCRIPTION) and not is_update(job)
    return ours or job.description in DRAINING_TASKS


def own_job(jobs: Sequence[StashJob]) -> int | None:
    """The job of Stash's queue that this process runs in: the one that runs, for there is one at a time."""
    running = [job for job in jobs if job.status in ("RUNNING", "STOPPING")]
    ours = [job for job in running if is_drain(job)]
    return (ours or running)[0].id if running else None


def drain_waits(jobs: Iterable[StashJob]) -> bool:
    """Whether a drain is in the queue that has not begun yet, and so will see all that is there by then."""
    return any(job.status == "READY" and is_drain(job) for job in jobs)


def other_waits(jobs: Iterable[StashJob]) -> bool:
    """Whether another job waits for ours to end: a scan, a generation, a task that somebody started. Not a drain that
    the plugin asked for itself: what it would do is done already.
    """
    return any(job.status == "READY" and not job.description.startswith(DESCRIPTION) for job in jobs)


def ask_for_drain(stash: StashClient, detail: str = "") -> int | None:
    """Put a drain into Stash's queue unless one waits there. Returns the job's id. Raises StashError."""
    if drain_waits(stash.jobs()):
        return None
    return stash.run_task(f"{DESCRIPTION}: {detail}" if detail else DESCRIPTION, {"mode": "drain"})
