"""What hooks left behind becomes a batch of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugin.people.changed import note_changed
from plugin.store.events import HookEvent
from plugin.store.jobs import PRIORITIES, NewMedium
from plugin.store.store import Store

TITLE = "New and marked media"


def take_in(store: Store) -> int:
    """Turn waiting events into jobs: what a person marked before what a scan found. Performers wait beside the queue.
    Returns how many were added.

    An event is forgotten in the same transaction that remembers what it wants.
    """
    store.events.take_in_spool()
    added = 0
    while True:
        with store.transaction():
            events, last_id = store.events.pending()
            if not events:
                return added
            added += _enqueue(store, [e for e in events if e.wish == "reprocess"], "normal", {"fresh": True})
            added += _enqueue(store, [e for e in events if e.wish == "tag_me"], "normal", {})
            added += _enqueue(store, [e for e in events if e.wish == "new"], "low", {"if_due": True})
            added += note_changed(store, [event.media_id for event in events if event.wish == "person"])
            store.events.forget_up_to(last_id)


def _enqueue(store: Store, events: Sequence[HookEvent], priority: str, options: Mapping[str, bool]) -> int:
    if not events:
        return 0
    run_id = store.runs.begin(TITLE, "hook")
    batch = store.jobs.get(store.jobs.add_batch(run_id, TITLE, PRIORITIES[priority], {"selected": True}))
    assert batch is not None
    media = [NewMedium(event.kind, event.media_id) for event in events]
    added, _ = store.jobs.add_media(batch, "analyse", media, options)
    store.jobs.wait_for_children(batch.id, batch.options)
    return added
