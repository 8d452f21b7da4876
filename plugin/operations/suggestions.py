"""Suggestions: seen, decided, written, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.applying import AT_ONCE, write_now
from plugin.commands.undoing import reject_suggestions, undo_suggestions
from plugin.context import Context
from plugin.locks import DRAIN_LOCK
from plugin.operations.arguments import ArgumentError
from plugin.queue.reconcile import reconcile, wake
from plugin.queue.requests import request_writes
from plugin.store.suggestions import Suggestion


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """A page, and how many there are in all. agreed: how often the owner accepted and rejected each label so far."""
    store = context.store.suggestions
    chosen = {name: args[name] for name in ("kind", "media_id", "type", "label", "words", "run_id", "min_score")}
    found = store.find(args["states"], limit=args["limit"], before_id=args["before_id"], **chosen)
    agreed = store.accepted_shares()
    names = _names(context, found)
    return {
        "count": store.count(args["states"], **chosen),
        "suggestions": [
            {**as_json(one), "name": names.get((one.kind, one.media_id), ""), "agreed": agreed.get(one.label, (0, 0))}
            for one in found
        ],
    }


def groups(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    rows = context.store.suggestions.group(args["by"], args["limit"])
    names = {"label": ("label", "category"), "medium": ("kind", "media_id"), "run": ("run_id", "title")}[args["by"]]
    return {"groups": [dict(zip((*names, "count"), row, strict=True)) for row in rows]}


def accept(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Accept, and write: at once where it is a handful of media, by a job where it is more."""
    store = context.store
    accepted = store.suggestions.accept(args["ids"])
    answer: dict[str, Any] = {"accepted": accepted, "written": None, "queued": 0}
    if args["write"] and accepted:
        keys = sorted(
            {(one.kind, one.media_id) for one in store.suggestions.get(args["ids"]) if one.state == "accepted"}
        )
        if len(keys) <= AT_ONCE:
            run_id = store.runs.begin("Accepted suggestions", "operation")
            try:
                answer["written"] = write_now(context, run_id, keys)
            finally:
                store.runs.end(run_id)
            answer["run_id"] = run_id
        else:
            answer["queued"] = request_writes(store, "Apply accepted suggestions", "operation", "high")
            reconcile(store, context.stash, DRAIN_LOCK)
    return answer


def reject(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Reject; what was written for them leaves Stash. failed: what Stash would not give up, and so is not rejected."""
    rejected, undone = reject_suggestions(context, args["ids"])
    return {"rejected": rejected, "taken_back": undone.taken_back, "failed": list(undone.failed)}


def edit(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    if args["end_s"] <= args["start_s"]:
        raise ArgumentError(f"end_s is {args['end_s']:g}; it must be more than start_s, {args['start_s']:g}")
    if not context.store.suggestions.edit(args["id"], args["start_s"], args["end_s"]):
        raise ArgumentError(f"there is no marker suggestion {args['id']} that waits or is accepted")
    (one,) = context.store.suggestions.get([args["id"]])
    return {"suggestion": as_json(one)}


def apply(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Queue the writing of all that is accepted."""
    count = request_writes(context.store, "Apply accepted suggestions", "operation", "high")
    state = wake(context.store, context.stash, DRAIN_LOCK) if count else "idle"
    return {"queued": count, "state": state}


def undo(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    undone = undo_suggestions(context, args["ids"])
    return {"taken_back": undone.taken_back, "left": undone.left, "failed": list(undone.failed)}


def as_json(one: Suggestion) -> dict[str, Any]:
    return {
        "id": one.id,
        "run_id": one.run_id,
        "kind": one.kind,
        "media_id": one.media_id,
        "type": one.type,
        "label": one.label,
        "category": one.category,
        "start_s": one.start_s,
        "end_s": one.end_s,
        "peak_s": one.peak_s,
        "score": one.score,
        "reason": dict(one.reason),
        "state": one.state,
        "decided_by": one.decided_by,
        "held": one.held,
        "edited": one.edited,
        "created_s": one.created_s,
        "decided_s": one.decided_s,
    }


def _names(context: Context, found: list[Suggestion]) -> dict[tuple[str, int], str]:
    names: dict[tuple[str, int], str] = {}
    for kind in {one.kind for one in found}:
        ids = sorted({one.media_id for one in found if one.kind == kind})
        known = context.store.analyses.known(kind, ids)
        names.update({(kind, media_id): analysis.name for media_id, analysis in known.items()})
    return names
