"""Asking Stash for a process that updates face references."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.stash.client import StashClient
from plugin.stash.values import StashJob

DESCRIPTION = "Stash Sense: face references"
"""How the plugin's own jobs of this kind are described in Stash's queue."""
TITLE = "Update face references"
"""The task of the manifest; Stash describes it by this name."""
MODE = "update_references"


def is_update(job: StashJob) -> bool:
    """Whether this is a job that updates face references, whoever asked for it."""
    return job.description in (DESCRIPTION, TITLE)


def others_wait(jobs: Iterable[StashJob]) -> bool:
    """Whether any job waits that does something else."""
    return any(job.status == "READY" and not is_update(job) for job in jobs)


def ask_for_references(stash: StashClient) -> int | None:
    """Put an update into Stash's queue unless one waits there. Returns the job's id. Raises StashError."""
    if any(job.status == "READY" and is_update(job) for job in stash.jobs()):
        return None
    return stash.run_task(DESCRIPTION, {"mode": MODE})
