"""Where hooks leave their events: one insert into the store's append-only table, else a line in the spool."""

from __future__ import annotations

import json
import os
import time

STORE = "store.db"
SPOOL = "spool"
PATIENCE_S = 0.25
"""How long a hook, and with it the owner's click, waits for another process' transaction."""
NORMAL = 10
"""The priority "normal" of plugin.store.jobs, which is too dear to import here; a test compares them."""


def leave_event(data_dir: str, kind: str, media_id: int, wish: str, tag_id: int | None = None) -> bool:
    """Record a wish. Returns False where nothing had to be recorded: it is our own write, or waits already.

    tag_id: the tag that was added, None for a new medium. Raises OSError where neither the store nor the spool can be
    written.
    """
    import sqlite3

    path = os.path.join(data_dir, STORE)
    try:
        # mode=rw: a store is made by tasks, never here.
        store = sqlite3.connect(f"file:{_quoted(path)}?mode=rw", uri=True, timeout=PATIENCE_S, isolation_level=None)
        try:
            if _is_ours_or_waits(store, kind, media_id, wish, tag_id):
                return False
            store.execute(
                "INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (?, ?, ?, ?)",
                (time.time(), kind, media_id, wish),
            )
        finally:
            store.close()
    except sqlite3.Error:
        _spool(data_dir, kind, media_id, wish)
    return True


def drain_works(data_dir: str) -> bool:
    """Whether a drain is at work and will see the event: it looks once more, in one transaction, before it ends. True
    also where the owner wants none; a drain that was killed holds no lock.
    """
    import sqlite3

    from plugin.locks import DRAIN_LOCK, is_held

    try:
        path = _quoted(os.path.join(data_dir, STORE))
        store = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE_S)
        try:
            row = store.execute("SELECT state FROM drain WHERE id = 1").fetchone()
        finally:
            store.close()
    except sqlite3.Error:
        return False
    state = row[0] if row else "idle"
    return state == "paused" or (state == "running" and is_held(os.path.join(data_dir, DRAIN_LOCK)))


def _is_ours_or_waits(store: object, kind: str, media_id: int, wish: str, tag_id: int | None) -> bool:
    """Ours is what the journal is about to add: an undo gives such a tag back. Whatever else we write to the medium at
    this moment, or were about to write when we were killed, a wish for it is its owner's.
    """
    execute = store.execute  # type: ignore[attr-defined]
    if kind == "performer":
        return False  # also one that we made: whom they look like is to be known
    ours = (
        "SELECT 1 FROM journal WHERE state = 'intent' AND kind = ? AND media_id = ? AND action = 'add_tag'"
        " AND tag_id = ? LIMIT 1"
    )
    if execute(ours, (kind, media_id, tag_id)).fetchone():
        return True
    # What a scan found waits with less urgency than what a person marks, and whether it is due is asked again then.
    waits = (
        "SELECT 1 FROM job WHERE state = 'pending' AND kind = ? AND media_id = ? AND action = 'analyse'"
        " AND (? = 'new' OR priority <= ?) LIMIT 1"
    )
    return wish != "reprocess" and execute(waits, (kind, media_id, wish, NORMAL)).fetchone() is not None


def _spool(data_dir: str, kind: str, media_id: int, wish: str) -> None:
    folder = os.path.join(data_dir, SPOOL)
    os.makedirs(folder, exist_ok=True)
    line = json.dumps({"at_s": time.time(), "kind": kind, "media_id": media_id, "wish": wish}) + "\n"
    name = f"{time.time_ns()}-{os.getpid()}.jsonl"
    # Under another name until it is whole, so that nobody reads half of it.
    with open(os.path.join(folder, name + ".new"), "w", encoding="utf-8") as file:
        file.write(line)
    os.replace(os.path.join(folder, name + ".new"), os.path.join(folder, name))


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
