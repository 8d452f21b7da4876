"""Suggestions: seen, decided, written, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from plugin.commands.applying import AT_ONCE, write_now
from plugin.commands.undoing import reject_suggestions, undo_suggestions
from plugin.context import Context
from plugin.locks import DRAIN_LOCK
from plugin.operations.arguments import ArgumentError
from plugin.operations.filters import FILTERS
from plugin.queue.reconcile import reconcile, wake
from plugin.queue.requests import request_writes
from plugin.review.policy import PolicyBook
from plugin.store.suggestion_query import BadCursor, Chosen, cursor_of
from plugin.store.suggestions import Suggestion

MOST_DECIDED = 5000
"""Suggestions that one call decides; the answer says how many more there are."""


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """A page, and how many there are in all. next: the argument `after` of the next page, null on the last one.
    newest_id: of all suggestions; as `up_to_id` it keeps what came later from being decided with these. agreed: how
    often the owner accepted and rejected each label so far.
    """
    store, order, chosen = context.store.suggestions, args["order"], _chosen(args)
    if args["before_id"] is not None and (order != "newest" or args["after"]):
        raise ArgumentError(
            "before_id is for the newest first, and stands for after: use after, which suits every order"
        )
    limit, states = args["limit"], args["states"]
    newest_id = store.newest_id()  # before anything is read: what comes meanwhile was not seen
    try:
        page = store.find(states, limit + 1, args["before_id"], order, args["after"], **asdict(chosen))
    except BadCursor as error:
        raise ArgumentError(str(error)) from error
    found, book = page[:limit], context.book
    agreed, known = store.accepted_shares(), _known(context, {(one.kind, one.media_id) for one in found})
    rows = []
    for one in found:
        name, duration_s = known.get((one.kind, one.media_id), ("", None))
        rows.append(
            {
                **as_json(one, book),
                "name": name,
                "duration_s": duration_s if one.kind == "scene" else None,
                "agreed": agreed.get((one.label, next(iter(one.person_keys), "")), (0, 0)),
            }
        )
    return {
        "count": store.count(states, **asdict(chosen)),
        "suggestions": rows,
        "next": cursor_of(order, rows[-1]) if len(page) > limit else None,
        "newest_id": newest_id,
    }


def groups(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """The largest first. top_score, low_score: in the model's unit."""
    store, by = context.store.suggestions, args["by"]
    chosen = {name: args[name] for name in ("kind", "type", "words", "min_score")}
    rows = store.group(by, args["limit"], args["states"], **chosen)
    names = {"label": ("label", "category"), "medium": ("kind", "media_id"), "run": ("run_id", "title")}[by]
    found = [dict(zip((*names, "count", "top_score", "low_score"), row, strict=True)) for row in rows]
    if by == "label":
        agreed = store.accepted_shares()
        found = [{**one, "agreed": agreed.get((one["label"], ""), (0, 0))} for one in found]
    if by == "medium":
        named = _known(context, {(one["kind"], one["media_id"]) for one in found})
        found = [{**one, "name": named.get((one["kind"], one["media_id"]), ("", None))[0]} for one in found]
    return {"groups": found}


def accept(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Accept, and write: at once where it is a handful of media, by a job where it is more. ids: what was accepted, and
    what was before but is not in Stash yet, for who tries again after a failure means that.
    """
    store = context.store
    meant, left = _meant(context, args)
    store.suggestions.accept(meant)
    _tell(context, meant)
    ids = [one.id for one in store.suggestions.get(meant) if one.state == "accepted"]
    answer: dict[str, Any] = {"accepted": len(ids), "written": None, "queued": 0, "ids": ids, "left": left}
    if args["write"] and ids:
        keys = sorted({(one.kind, one.media_id) for one in store.suggestions.get(ids)})
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
    """Reject; what was written for them leaves Stash. ids: what was rejected. failed: what Stash would not give up, and
    so is not rejected.
    """
    meant, left = _meant(context, args)
    ids, undone = reject_suggestions(context, meant)
    _tell(context, meant)
    return {
        "rejected": len(ids),
        "taken_back": undone.taken_back,
        "failed": list(undone.failed),
        "ids": ids,
        "left": left,
    }


def edit(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    if args["end_s"] <= args["start_s"]:
        raise ArgumentError(f"end_s is {args['end_s']:g}; it must be more than start_s, {args['start_s']:g}")
    if not context.store.suggestions.edit(args["id"], args["start_s"], args["end_s"]):
        raise ArgumentError(f"there is no marker suggestion {args['id']} that waits or is accepted")
    (one,) = context.store.suggestions.get([args["id"]])
    return {"suggestion": as_json(one, context.book)}


def apply(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Queue the writing of all that is accepted."""
    count = request_writes(context.store, "Apply accepted suggestions", "operation", "high")
    state = wake(context.store, context.stash, DRAIN_LOCK) if count else "idle"
    return {"queued": count, "state": state}


def undo(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """queued: media whose tags and markers leave Stash later, by a job; 0 where all was done at once."""
    undone = undo_suggestions(context, args["ids"])
    _tell(context, args["ids"])
    if undone.queued:
        reconcile(context.store, context.stash, DRAIN_LOCK)
    return {
        "taken_back": undone.taken_back,
        "left": undone.left,
        "failed": list(undone.failed),
        "queued": undone.queued,
    }


def as_json(one: Suggestion, book: PolicyBook) -> dict[str, Any]:
    """tag: what its label is called in Stash; a performer is called by their name."""
    is_person = one.type == "performer"
    return {
        "id": one.id,
        "run_id": one.run_id,
        "kind": one.kind,
        "media_id": one.media_id,
        "type": one.type,
        "label": one.label,
        "tag": one.label if is_person else book.of(one.label).stash_tag or one.label,
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


def _tell(context: Context, ids: Sequence[int]) -> None:
    """What was decided about persons the sidecar learns at once, if it is there."""
    if context.store.verdicts.unsent(1) and any(one.type == "performer" for one in context.store.suggestions.get(ids)):
        from plugin.commands.people import tell_now

        tell_now(context)


def _meant(context: Context, args: Mapping[str, Any]) -> tuple[list[int], int]:
    """Ids of what is to be decided, and how many more `where` means: it means what waits, MOST_DECIDED at a time."""
    ids: list[int] = args["ids"]
    if args["where"] is None:
        if not ids:
            raise ArgumentError("ids or where must say what is meant")
        return ids, 0
    if ids:
        raise ArgumentError("ids name all that is meant: with them there is no where")
    chosen = _chosen(_check_where(args["where"]))
    found = context.store.suggestions.ids(("pending",), chosen, MOST_DECIDED)
    more = context.store.suggestions.count(("pending",), **asdict(chosen)) if len(found) == MOST_DECIDED else len(found)
    return found, more - len(found)


def _check_where(given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(given) - set(FILTERS))
    if unknown:
        raise ArgumentError(f"where knows no filter {str(unknown[0])[:100]!r}; it has: {', '.join(FILTERS)}")
    values = {name: given.get(name) for name in FILTERS}
    return {
        name: argument.default if values[name] is None else argument.check(f"where.{name}", values[name])
        for name, argument in FILTERS.items()
    }


def _chosen(args: Mapping[str, Any]) -> Chosen:
    return Chosen(**{name: args[name] for name in FILTERS}, face_decision=args.get("face_decision", ""))


def _known(context: Context, keys: set[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, float]]:
    """Names and durations of media that were analysed, or whose faces were looked at."""
    found: dict[tuple[str, int], tuple[str, float]] = {}
    for kind in {kind for kind, _ in keys}:
        ids = sorted(media_id for one, media_id in keys if one == kind)
        for known in (context.store.faces.known(kind, ids), context.store.analyses.known(kind, ids)):
            found.update({(kind, media_id): (one.name, one.duration_s) for media_id, one in known.items()})
    return found
