"""After a drain that did not end by itself: did the owner want a pause, or was it a crash, after which work goes on?"""

from __future__ import annotations

import os

from plugin.interface import log
from plugin.locks import is_held
from plugin.queue.asking import DESCRIPTION, drain_waits
from plugin.stash.client import StashClient
from plugin.store.store import Store

ASKED_JOB = "asked_job"
"""meta: the job of Stash's queue that was last asked for, to see whether the owner took it out of the queue."""

STOPPED = ("CANCELLED", "STOPPING")
PAUSED_BY_STOP = "stopped by the owner in Stash's job queue"


def reconcile(store: Store, stash: StashClient, drain_lock: str, detail: str = "") -> str:
    """See that somebody works where there is work. Returns "works", "idle", "paused" or "asked". Raises StashError.

    A job that the owner stopped means paused until it is resumed or work is asked anew. One that vanished for another
    reason (Stash crashed, the machine lost power) means that work goes on.
    """
    state = store.drains.get()
    if state.state == "paused":
        return "paused"
    if is_held(os.path.join(store.data_dir, drain_lock)):
        return "works"
    if state.state == "running":
        if _was_stopped(stash, state.stash_job_id):
            store.drains.pause(PAUSED_BY_STOP)
            log.info(f"the work was {PAUSED_BY_STOP}; it is paused until somebody asks for it")
            return "paused"
        store.drains.end("the process that worked was ended from outside")
        store.jobs.recover()
    if not (store.jobs.has_startable(store.now_s()) or store.events.count()):
        return "idle"
    if drain_waits(stash.jobs()):
        return "asked"
    if _was_stopped(stash, store.meta.get(ASKED_JOB)):
        store.meta.set(ASKED_JOB, None)
        store.drains.pause(PAUSED_BY_STOP)
        return "paused"
    ask(store, stash, detail)
    return "asked"


def ask(store: Store, stash: StashClient, detail: str = "") -> None:
    """Put a drain into Stash's queue unless one waits there, and remember which."""
    if drain_waits(stash.jobs()):
        return
    description = f"{DESCRIPTION}: {detail}" if detail else DESCRIPTION
    store.meta.set(ASKED_JOB, stash.run_task(description, {"mode": "drain"}))


def _was_stopped(stash: StashClient, job_id: int | None) -> bool:
    """Stash remembers its last ten jobs; of one that it does not, nothing is known."""
    job = stash.find_job(job_id) if job_id is not None else None
    return job is not None and job.status in STOPPED
