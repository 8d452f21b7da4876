"""Undo as the owner asks for it: a run, a medium, or decisions; each is recorded under a run of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from plugin.commands.applying import AT_ONCE
from plugin.context import Context
from plugin.queue.requests import request_undo
from plugin.review.undo import Undone, undo
from plugin.store.journal import Entry
from plugin.store.store import Store

UNDO_OF_DECISIONS = "Undo of decisions"


def undo_run(context: Context, run_id: int) -> Undone:
    """Take back all that a run wrote; what waited to be written for it waits for a decision again. StashError."""
    store = context.store
    store.jobs.cancel_run(run_id)
    run = store.runs.get(run_id)
    with _recorded(context, f"Undo of {run.title if run else run_id}") as undo_run_id:
        undone = undo(store, context.stash, context.writer, undo_run_id, store.journal.of_run(run_id))
        # Within the turn, so that what the run still has in work is not written after it.
        store.suggestions.hold_accepted(run_id)
        if not undone.failed:
            store.runs.mark_undone(run_id)
    return undone


def undo_media(context: Context, kind: str, ids: Sequence[int]) -> Undone:
    """Take back all that is ours in media, newest first; what we took back ourselves stays away. StashError."""
    store = context.store
    with _recorded(context, f"Undo of {kind} {ids[0]}" if len(ids) == 1 else f"Undo of {len(ids)} media") as run_id:
        entries = [
            entry for media_id in ids for entry in store.journal.ours(kind, media_id)[::-1] if entry.undoes is None
        ]
        return undo(store, context.stash, context.writer, run_id, entries)


def undo_suggestions(context: Context, ids: Sequence[int]) -> Undone:
    """Take decisions back: what was written for them leaves Stash, by the queue where it is in more than AT_ONCE media;
    and they wait again. Raises StashError.
    """
    store = context.store
    if _count_media(context, ids) <= AT_ONCE:
        with _recorded(context, UNDO_OF_DECISIONS) as run_id:
            entries = store.journal.of_suggestions(ids)
            undone = undo(store, context.stash, context.writer, run_id, entries)
            _reopen(store, ids, entries)
        return undone
    # In a turn, so that what was accepted is not written between its being looked at and being reopened.
    with context.writer.turn(), store.transaction():
        entries = store.journal.of_suggestions(ids)
        written = {entry.suggestion_id for entry in entries}
        queued = request_undo(
            store, UNDO_OF_DECISIONS, [one for one in store.suggestions.get(ids) if one.id in written]
        )
        _reopen(store, ids, entries)
    return Undone(0, 0, queued=queued)


def reject_suggestions(context: Context, ids: Sequence[int]) -> tuple[list[int], Undone]:
    """Never again; what was written for them leaves Stash. Ids of those that were rejected: not those that Stash would
    not give up, for what is in Stash is not rejected. Raises StashError.
    """
    store = context.store
    if not any(one.state in ("accepted", "applied") for one in store.suggestions.get(ids)):
        return store.suggestions.reject(ids), Undone(0, 0)
    if not store.journal.of_suggestions(ids):
        with context.writer.turn():  # so that nobody is writing what was accepted
            if not store.journal.of_suggestions(ids):
                return store.suggestions.reject(ids), Undone(0, 0)
    with _recorded(context, UNDO_OF_DECISIONS) as run_id:
        undone = undo(store, context.stash, context.writer, run_id, store.journal.of_suggestions(ids))
        still_there = {entry.suggestion_id for entry in store.journal.of_suggestions(ids)}
        return store.suggestions.reject([one for one in ids if one not in still_there]), undone


def _count_media(context: Context, ids: Sequence[int]) -> int:
    return len({(entry.kind, entry.media_id) for entry in context.store.journal.of_suggestions(ids)})


def _reopen(store: Store, ids: Sequence[int], entries: Sequence[Entry]) -> None:
    """What was decided and not written waits again. Call inside a writer's turn. entries: what was written of it."""
    written = {entry.suggestion_id for entry in entries}
    decided = [one.id for one in store.suggestions.get(ids) if one.state in ("accepted", "rejected")]
    store.suggestions.reopen([suggestion_id for suggestion_id in decided if suggestion_id not in written], held=True)


@contextlib.contextmanager
def _recorded(context: Context, title: str) -> Iterator[int]:
    """A run for what the block writes, in its turn: what a killed process left is settled before anything is read."""
    run_id = context.store.runs.begin(title, "undo")
    try:
        with context.writer.turn():
            yield run_id
    finally:
        context.store.runs.end(run_id)
