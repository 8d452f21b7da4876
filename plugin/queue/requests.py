"""Putting work into the queue: a run, its batch, and what to select."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plugin.queue.select import selection_of
from plugin.store.jobs import FACES, ONLY, PRIORITIES, TAKE_BACK, Action, NewMedium
from plugin.store.store import Store
from plugin.store.suggestions import Suggestion


def request_batch(store: Store, title: str, origin: str, options: Mapping[str, Any], priority: str = "normal") -> int:
    """A batch whose media the drain selects. Returns its job's id. The same request that still waits to be selected is
    not added twice, but becomes as urgent as it was ever asked for. Raises SelectionError.
    """
    selection_of(options)
    with store.transaction():
        for waiting in store.jobs.find(states=("pending",), roots_only=True, limit=200):
            same = {key: waiting.options.get(key) for key in options} == dict(options)
            if waiting.action == "batch" and waiting.name == title and same:
                store.jobs.hurry(waiting.id, PRIORITIES[priority])
                return waiting.id
        run_id = store.runs.begin(title, origin)
        return store.jobs.add_batch(run_id, title, PRIORITIES[priority], options)


def request_writes(store: Store, title: str, origin: str, priority: str = "normal") -> int:
    """Jobs that write what was accepted. Returns how many media that concerns."""
    media = store.suggestions.media_to_write()
    if not media:
        return 0
    with store.transaction():
        return queue_writes(store, store.runs.begin(title, origin), title, media, priority)


def queue_writes(
    store: Store, run_id: int, title: str, media: Sequence[tuple[str, int]], priority: str = "high"
) -> int:
    """Jobs of a run that write what was accepted for these media. Returns how many."""
    return _queue(store, run_id, title, "apply", media, {}, priority)


def queue_decisions(store: Store, run_id: int, media: Sequence[tuple[str, int]]) -> int:
    """Jobs of a run that decide anew, from what is stored, who is suggested for these media. Returns how many."""
    return _queue(store, run_id, "Who is seen, decided anew", "retag", media, {ONLY: FACES}, "high")


def _queue(
    store: Store,
    run_id: int,
    title: str,
    action: Action,
    media: Sequence[tuple[str, int]],
    options: Mapping[str, Any],
    priority: str,
) -> int:
    if not media:
        return 0
    with store.transaction():
        batch = store.jobs.get(store.jobs.add_batch(run_id, title, PRIORITIES[priority], {"selected": True}))
        assert batch is not None
        store.jobs.add_media(batch, action, [NewMedium(kind, media_id) for kind, media_id in media], options)
        store.jobs.wait_for_children(batch.id, batch.options)
    return len(media)


def request_undo(store: Store, title: str, suggestions: Iterable[Suggestion]) -> int:
    """Jobs that take back what was written for suggestions. Returns how many media that concerns."""
    by_medium: dict[tuple[str, int], list[int]] = {}
    for one in suggestions:
        by_medium.setdefault((one.kind, one.media_id), []).append(one.id)
    with store.transaction():
        run_id = store.runs.begin(title, "undo")
        batch = store.jobs.get(store.jobs.add_batch(run_id, title, PRIORITIES["high"], {"selected": True}))
        assert batch is not None
        for (kind, media_id), ids in by_medium.items():
            store.jobs.add_media(batch, "apply", [NewMedium(kind, media_id)], {TAKE_BACK: ids})
        store.jobs.wait_for_children(batch.id, batch.options)
    return len(by_medium)
