"""Undo as the owner asks for it: a run, a medium, or decisions; each is recorded under a run of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plugin.context import Context
from plugin.review.undo import Undone, undo
from plugin.store.journal import Entry


def undo_run(context: Context, run_id: int) -> Undone:
    """Take back all that a run wrote; what waited to be written for it waits for a decision again. StashError."""
    store = context.store
    store.jobs.cancel_run(run_id)
    run = store.runs.get(run_id)
    undone, _ = _undo(context, f"Undo of {run.title if run else run_id}", lambda: store.journal.of_run(run_id))
    store.suggestions.hold_accepted(run_id)
    store.runs.mark_undone(run_id)
    return undone


def undo_medium(context: Context, kind: str, media_id: int) -> Undone:
    """Take back all that is ours in one medium, newest first. Raises StashError."""
    undone, _ = _undo(
        context, f"Undo of {kind} {media_id}", lambda: context.store.journal.ours(kind, media_id)[::-1]
    )
    return undone


def undo_suggestions(context: Context, ids: Sequence[int]) -> Undone:
    """Take decisions back: what was written for them leaves Stash, and they wait again. Raises StashError."""
    store = context.store
    undone, entries = _undo(context, "Undo of decisions", lambda: store.journal.of_suggestions(ids))
    written = {entry.suggestion_id for entry in entries}
    store.suggestions.reopen(
        [
            one.id
            for one in store.suggestions.get(ids)
            if one.id not in written and one.state in ("accepted", "rejected")
        ],
        held=True,
    )
    return undone


def _undo(context: Context, title: str, read: Callable[[], list[Entry]]) -> tuple[Undone, list[Entry]]:
    """Take back what read() finds once it is our turn to write: what a killed undo had done is settled only then."""
    run_id = context.store.runs.begin(title, "undo")
    try:
        with context.writer.turn():
            entries = read()
            return undo(context.store, context.stash, context.writer, run_id, entries), entries
    finally:
        context.store.runs.end(run_id)
