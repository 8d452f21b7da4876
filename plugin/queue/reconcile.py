"""After a drain that did not end by itself: did the owner want a pause, or was it a crash, after which work goes on?"""

from __future__ import annotations

import os

from plugin.interface import log
from plugin.locks import is_held
from plugin.queue.asking import ask_for_drain, is_drain
from plugin.stash.client import StashClient
from plugin.store.store import Store

ASKED_JOB = "asked_job"
"""meta: the job of Stash's queue that is to work but does not yet, to see whether the owner stops it before it does."""

PAUSED_BY_STOP = "stopped by the owner in Stash's job queue"


def reconcile(store: Store, stash: StashClient, drain_lock: str, detail: str = "") -> str:
    """See that somebody works where there is work. Returns "works", "idle", "paused" or "asked". Raises StashError.

    A job that the owner stopped means paused until it is resumed or work is asked anew. One that vanished for another
    reason (Stash crashed, the machine lost power) means that work goes on.
    """
    look_back(store, stash, drain_lock)
    if store.drains.get().state == "paused":
        return "paused"
    if is_held(os.path.join(store.data_dir, drain_lock)):
        return "works"
    if not (store.jobs.has_startable(store.now_s()) or store.events.count()):
        return "idle"
    ask(store, stash, detail)
    return "asked"


def wake(store: Store, stash: StashClient, drain_lock: str) -> str:
    """As reconcile(), for somebody who asks for work now: a pause, or a Stop before this moment, is over."""
    look_back(store, stash, drain_lock)
    store.drains.resume()
    return reconcile(store, stash, drain_lock)


def look_back(store: Store, stash: StashClient, drain_lock: str) -> None:
    """Find out how the work ended that did not end by itself. Raises StashError.

    The lock dies with its process, so a drain that runs by the store's word and holds no lock was killed.
    """
    if is_held(os.path.join(store.data_dir, drain_lock)):
        return
    state = store.drains.get()
    if state.state == "running":
        is_stopped = _fate(stash, state.stash_job_id) == "stopped"
        store.jobs.recover(blame=not is_stopped)
        store.drains.end("the process that worked was ended from outside")
    else:
        if state.stash_job_id is not None:
            # Stopped or killed while it was at its last media before a pause: of those none is to blame.
            store.jobs.recover(blame=False)
            store.drains.end(state.sentence)
        asked = store.meta.get(ASKED_JOB)
        fate = _fate(stash, asked) if asked is not None else "there"
        if fate == "there":
            return
        is_stopped = fate == "stopped"
    store.meta.set(ASKED_JOB, None)
    if is_stopped:
        store.drains.pause(PAUSED_BY_STOP)
        log.info(f"the work was {PAUSED_BY_STOP}; it is paused until somebody asks for it")


def ask(store: Store, stash: StashClient, detail: str = "") -> None:
    """Put a drain into Stash's queue unless one waits there, and remember which."""
    job_id = ask_for_drain(stash, detail)
    if job_id is not None:
        store.meta.set(ASKED_JOB, job_id)


def _fate(stash: StashClient, job_id: int | None) -> str:
    """What became of a job that was to work: "stopped" by the owner, "there" (it waits or runs), or "ended".

    Stash remembers its last ten jobs; of one that it does not, nothing is known. Its numbers begin anew with each start
    of Stash: a job that is no drain is another one.
    """
    job = stash.find_job(job_id) if job_id is not None else None
    if job is None or not is_drain(job):
        return "ended"
    return {"CANCELLED": "stopped", "STOPPING": "stopped", "READY": "there", "RUNNING": "there"}.get(
        job.status, "ended"
    )
