"""Watching, as the browser tells of it: taken in, paused, exported and erased. It never leaves the machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from plugin.context import Context
from plugin.operations.arguments import ArgumentError
from plugin.settings import parse_stash_settings
from plugin.stash.values import MediaKind
from plugin.store.errors import StoreError
from plugin.store.library import NameRow
from plugin.store.watch_events import EVENT_BYTES
from plugin.telemetry import privacy
from plugin.telemetry.ingest import Answer, Rules
from plugin.telemetry.ingest import ingest as take_in

FORMAT = "stash-sense-native watch history"


def state(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Whether watching is remembered, for how long, and how much there is. Stash is asked for its switch."""
    store, settings, now_s = context.store, context.settings, context.clock()
    watches, seconds = store.watches.totals()
    events = store.watch_events.count()
    return {
        "tracking": _tracking(context),
        "paused_until_s": privacy.paused_until_s(store, now_s),
        "excluded_tag_ids": sorted(_excluded(context)),
        "retention_days": settings.watch_retention_days,
        "since_s": store.meta.get(privacy.SINCE),
        "events": events,
        "watches": watches,
        "seconds": seconds,
        "size_bytes": events * EVENT_BYTES,
    }


def ingest(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Each event is answered for itself, in their order. Killed, nothing or all of a batch is there: send it again."""
    store, now_s = context.store, context.clock()
    rules = Rules(
        tracking=_tracking(context),
        pauses=privacy.pauses(store),
        retention_days=context.settings.watch_retention_days,
        excluded_tag_ids=_excluded(context),
    )
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
    erased = privacy.erase(context.store, args["before_s"], args["scene_id"])
    note = ""
    try:
        privacy.clean(context.store)
    except StoreError as error:
        note = f"forgotten, but free pages of the store or its backups still hold it ({error}); erase again later"
    return {"events": erased.events, "watches": erased.watches, "note": note}


def tags_of(context: Context, kind: str, ids: Sequence[int]) -> dict[int, Collection[int]]:
    """Tags of media as Stash has them now. Raises StashError."""
    found: dict[int, Collection[int]] = {}
    for first in range(0, len(ids), privacy.MEDIA_PER_REQUEST):
        some = ids[first : first + privacy.MEDIA_PER_REQUEST]
        found |= {one.id: one.tag_ids for one in context.stash.media(cast(MediaKind, kind), some).values()}
    return found


def _tracking(context: Context) -> bool:
    """Stash's switch as it is now: no operation after it was switched off keeps anything."""
    tracking = parse_stash_settings(context.read_config().plugin_settings).track_watching
    if tracking and context.store.meta.get(privacy.SINCE) is None:
        context.store.meta.set(privacy.SINCE, context.clock())
    return tracking


def _excluded(context: Context) -> frozenset[int]:
    names = context.settings.watch_excluded_tags
    return privacy.excluded_tag_ids(context.store, names, context.clock(), lambda: _known_tags(context, names))


def _known_tags(context: Context, names: Sequence[str]) -> list[NameRow]:
    """As last read, with who stands below whom; with tags that are newer, as Stash has them now."""
    known = context.store.library.names("tag")
    spelled = {name.casefold() for one in known for name in (one.name, *one.aliases)}
    if all(name.casefold() in spelled for name in names):
        return known
    ids = {one.id for one in known}
    return known + [
        NameRow("tag", tag.id, tag.name, aliases=tag.aliases) for tag in context.stash.tags() if tag.id not in ids
    ]


def _result(answer: Answer) -> dict[str, Any]:
    told = {"id": answer.id, "status": answer.status}
    return told if answer.status != "refused" else {**told, "code": answer.code, "reason": answer.reason}
