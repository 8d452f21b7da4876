"""Watching, as the browser tells of it: taken in, paused, exported and erased. It never leaves the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.watching import excluded_tag_ids, is_tracking, leave_no_trace, rules_of, tags_of
from plugin.context import Context
from plugin.operations.arguments import ArgumentError
from plugin.store.errors import StoreError
from plugin.store.watch_events import EVENT_BYTES
from plugin.telemetry import privacy
from plugin.telemetry.ingest import Answer
from plugin.telemetry.ingest import ingest as take_in

FORMAT = "stash-sense-native watch history"


def state(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Whether watching is remembered, for how long, and how much there is. Stash is asked for its switch."""
    store, settings, now_s = context.store, context.settings, context.clock()
    watches, seconds = store.watches.totals()
    events = store.watch_events.count()
    return {
        "tracking": is_tracking(context),
        "paused_until_s": privacy.paused_until_s(store, now_s),
        "excluded_tag_ids": sorted(excluded_tag_ids(context)),
        "retention_days": settings.watch_retention_days,
        "since_s": privacy.since_s(store),
        "events": events,
        "watches": watches,
        "seconds": seconds,
        "size_bytes": events * EVENT_BYTES,
    }


def ingest(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Each event is answered for itself, in their order. Killed, nothing or all of a batch is there: send it again."""
    store, now_s = context.store, context.clock()
    rules = rules_of(context)
    answers = take_in(
        store, rules, args["sent_ms"] / 1000, args["events"], now_s, lambda *asked: tags_of(context, *asked)
    )
    return {
        "tracking": rules.tracking,
        "paused_until_s": privacy.paused_until_s(store, now_s),
        "results": [_result(answer) for answer in answers],
    }


def pause(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    privacy.pause(context.store, args["seconds"], context.clock())
    return state(context, args)


def export(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """A page; the first one has what the owner said of scenes and recommenders beside."""
    after = args["after"]
    if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise ArgumentError("after must be what the page before said")
    events, behind = privacy.export_page(context.store, int(after or 0), args["limit"])
    told: dict[str, Any] = {"format": FORMAT, "version": 1, "events": events}
    if not after:
        told |= privacy.export_choices(context.store)
    return {**told, "next": None if behind is None else str(behind)}


def erase(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """note: "" where nothing is left in any file."""
    if args["confirmation"] != privacy.ERASE:
        raise ArgumentError(f'confirmation must be "{privacy.ERASE}", word for word: this cannot be undone')
    erased = privacy.erase(context.store, args["before_s"], args["scene_id"], context.clock())
    note = ""
    try:
        context.store.db.compact()  # before a backup is made of it
        leave_no_trace(context)
    except StoreError as error:
        note = f"forgotten, but the store's log or a backup may still hold it ({error}); erase again later"
    return {"events": erased.events, "watches": erased.watches, "note": note}


def _result(answer: Answer) -> dict[str, Any]:
    told = {"id": answer.id, "status": answer.status}
    return told if answer.status != "refused" else {**told, "code": answer.code, "reason": answer.reason}
