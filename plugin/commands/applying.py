"""Writing what the owner has just accepted, without a task: for a handful of media."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.context import Context
from plugin.review.writer import MediumPlan
from plugin.stash.values import KINDS, Medium

AT_ONCE = 40
"""Media that an operation writes itself; the browser waits for it. More go to the queue."""


def write_now(context: Context, run_id: int, keys: Sequence[tuple[str, int]]) -> dict[str, object]:
    """Write the accepted suggestions of these media. Raises StashError, LockHeld."""
    store = context.store
    with context.writer.turn():
        media: dict[tuple[str, int], Medium] = {}
        for one in KINDS:
            ids = [media_id for kind, media_id in keys if kind == one]
            media.update({(one, media_id): medium for media_id, medium in context.stash.media(one, ids).items()})
        plans = [
            MediumPlan(run_id, medium, store.suggestions.of_medium(*key, ("accepted",)))
            for key, medium in media.items()
        ]
        written = context.writer.write(plans)
    gone = [key for key in keys if key not in media]
    for kind, media_id in gone:
        store.analyses.forget(kind, media_id)
    return {
        "tags": sum(one.tags for one in written),
        "markers": sum(one.markers for one in written),
        "performers": sum(one.performers for one in written),
        "there_already": sum(one.there_already for one in written),
        "gone": len(gone),
        "failed": [said for one in written for said in one.failed],
    }
