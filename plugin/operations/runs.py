"""Runs and their undoing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands import undoing
from plugin.context import Context
from plugin.operations.arguments import ArgumentError
from plugin.review.undo import Undone


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """written: what of a run is in Stash. undoable: what runs.undo would take back or put back."""
    rows = context.store.runs.summaries(args["limit"], args["before_id"])
    return {
        "runs": [
            {
                "id": row.run.id,
                "title": row.run.title,
                "origin": row.run.origin,
                "started_s": row.run.started_s,
                "ended_s": row.run.ended_s,
                "undone_s": row.run.undone_s,
                "analysed": row.analysed,
                "failed": row.failed,
                "suggested": row.suggested,
                "written": row.written,
                "undoable": {
                    "tags": row.undo_tags,
                    "markers": row.undo_markers,
                    "performers": row.undo_performers,
                    "media": row.undo_media,
                },
            }
            for row in rows
        ]
    }


def undo(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    if context.store.runs.get(args["id"]) is None:
        raise ArgumentError(f"there is no run {args['id']}")
    return _answer(undoing.undo_run(context, args["id"]))


def undo_media(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    ids = sorted({*args["ids"], *([args["id"]] if args["id"] is not None else [])})
    if not ids:
        raise ArgumentError("media.undo needs an id, or ids that name media")
    return _answer(undoing.undo_media(context, args["kind"], ids))


def _answer(undone: Undone) -> dict[str, Any]:
    return {"taken_back": undone.taken_back, "left": undone.left, "failed": list(undone.failed)}
