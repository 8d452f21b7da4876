"""What may be remembered of watching, and how it is forgotten: pauses, tags that are left out, retention, erasing."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from plugin.store.library import NameRow
from plugin.store.store import Store
from plugin.store.watch_events import Chosen
from plugin.store.watch_values import WatchEvent
from plugin.telemetry.ingest import DAY_S, OLDEST_S, PAUSES, TagsOf, pauses, rederive

ERASE = "erase watch history"
"""What whoever erases must say, word for word."""

ERASED = "telemetry.erased_s"
"""meta: when all of it was erased last; what is older is not taken in from a browser that had kept it."""
SINCE = "telemetry.since_s"
"""meta: when tracking was first seen to be on, Unix seconds."""
EXCLUDED = "telemetry.excluded"
"""meta: {"names", "ids", "read_s"}: which tags the names of the settings mean."""
EXCLUDED_FRESH_S = 900.0
FORGOTTEN = "telemetry.forgotten"
"""meta: how often something was forgotten on purpose. Whoever has computed with what was watched for longer, and finds
another number than before, must not keep what came of it.
"""

PAGE = 2000
"""Events that are forgotten in one transaction."""
MEDIA_PER_REQUEST = 100

MANY = 20
"""Media whose sudden end may still be what their owner did, whatever share of the library they are."""


ReadTags: TypeAlias = Callable[[], Iterable[NameRow]]


def looks_lost(gone: int, known: int) -> bool:
    """Whether so many of the media that were known are gone from Stash that it is rather its library that is: an empty
    or another database, a disk that was not there during a scan and a clean. What was watched cannot be had again, so
    it is kept then; whoever wants it gone erases it.
    """
    return gone > MANY and 2 * gone > known


def with_sub_tags(names: Iterable[str], tags: Iterable[NameRow]) -> frozenset[int]:
    """Ids of tags with these names or aliases, compared without case as Stash does, and of all tags below them."""
    wanted = {name.casefold() for name in names}
    children: dict[int, list[int]] = {}
    found: list[int] = []
    for tag in tags:
        for parent in tag.parents:
            children.setdefault(parent, []).append(tag.id)
        if tag.name.casefold() in wanted or any(alias.casefold() in wanted for alias in tag.aliases):
            found.append(tag.id)
    ids = set(found)
    while found:
        for child in children.get(found.pop(), ()):
            if child not in ids:
                ids.add(child)
                found.append(child)
    return frozenset(ids)


def excluded_tag_ids(
    store: Store, names: Sequence[str], now_s: float, read_tags: ReadTags, fresh: bool = False
) -> frozenset[int]:
    """Ids of the tags that are left out. Asked anew after a quarter of an hour, or where the names have changed."""
    if not names:
        return frozenset()
    known = store.meta.get(EXCLUDED)
    if known and not fresh and known["names"] == list(names) and 0 <= now_s - known["read_s"] < EXCLUDED_FRESH_S:
        return frozenset(known["ids"])
    ids = with_sub_tags(names, read_tags())
    store.meta.set(EXCLUDED, {"names": list(names), "ids": sorted(ids), "read_s": now_s})
    return ids


def since_s(store: Store) -> float | None:
    """Since when watching is remembered: when that was first known to be so, or something was watched. None: never."""
    times = (store.meta.get(SINCE), store.watch_events.first_s())
    return min((at_s for at_s in times if at_s is not None), default=None)


def paused_until_s(store: Store, now_s: float) -> float | None:
    return max((until_s for from_s, until_s in pauses(store) if from_s <= now_s < until_s), default=None)


def pause(store: Store, seconds: float, now_s: float) -> None:
    """From now on for so long; 0 ends a pause. What is watched in a pause is not taken in later either."""
    with store.transaction():
        oldest_s = min(now_s - OLDEST_S - DAY_S, store.watch_events.first_s() or now_s)
        kept = [[from_s, min(until_s, now_s)] for from_s, until_s in pauses(store) if until_s > oldest_s]
        if seconds > 0:
            kept.append([now_s, now_s + seconds])
        store.meta.set(PAUSES, kept)


def export_page(store: Store, after: int, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Events as they were taken in, by arrival, and behind which the next page begins."""
    rows = store.watch_events.page(after, limit)
    return [_exported(event) for _, event in rows], rows[-1][0] if len(rows) == limit else None


def export_choices(store: Store) -> dict[str, Any]:
    """What else is kept of the owner's tastes: verdicts on scenes, and how recommenders are set."""
    feedback = store.db.rows("SELECT scene_id, verdict, at_s FROM recommend_feedback ORDER BY scene_id")
    preferences = store.db.rows(
        "SELECT context, recommender, config, chosen FROM recommend_preference ORDER BY context, recommender"
    )
    return {
        "feedback": [{"scene_id": one, "verdict": verdict, "at_s": at_s} for one, verdict, at_s in feedback],
        "preferences": [
            {"context": context, "recommender": recommender, "config": json.loads(config), "chosen": bool(chosen)}
            for context, recommender, config, chosen in preferences
        ],
    }


@dataclass(frozen=True, slots=True)
class Erased:
    events: int
    watches: int


def erase(
    store: Store, before_s: float | None = None, scene_id: int | None = None, now_s: float | None = None
) -> Erased:
    """Forget what was watched: all of it, what began earlier, of one scene, or what is both; and all that came of it.
    now_s: what browsers have kept of all of it up to now is not taken in any more. A pause goes on. Call clean() then.
    """
    if before_s is None and scene_id is None:
        with store.transaction():
            erased = Erased(store.watch_events.erase(), store.watches.erase())
            _forget_what_came_of_it(store)
            store.meta.set(SINCE, None)
            store.meta.set(ERASED, now_s)
        return erased
    media_ids = None if scene_id is None else (scene_id,)
    return forget(store, Chosen(before_s=before_s, kind="scene" if media_ids else "", media_ids=media_ids), True)


def clean(store: Store) -> None:
    """What was forgotten is in no log or backup any more. Raises StoreError: then doing it again helps."""
    store.db.cut_log()
    if store.db.backups():
        store.db.replace_backups("erased")


def forget(store: Store, chosen: Chosen, on_purpose: bool = False) -> Erased:
    """Delete events, and bring what was derived from them up to date: page by page, each with all that follows from it.
    What is deleted is overwritten in the file. on_purpose: somebody wants no trace of it, so that what was computed
    from it goes, too; else it fades with the next computation.
    """
    watches_before = store.watches.totals()[0]
    events = 0
    while True:
        with store.transaction():
            count, watches, sessions = store.watch_events.take_out(chosen, PAGE)
            for watch in watches:
                rederive(store, watch)
            store.watch_events.count_sessions_anew(sessions)
            if on_purpose:
                _forget_what_came_of_it(store)
        events += count
        if count < PAGE:
            break
    return Erased(events, watches_before - store.watches.totals()[0])


def _forget_what_came_of_it(store: Store) -> None:
    store.watches.forget_what_came_of_it()
    store.meta.set(FORGOTTEN, store.meta.get(FORGOTTEN, 0) + 1)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many events were forgotten, and why."""

    old: int = 0
    excluded: int = 0


def apply(store: Store, retention_days: int, excluded: Collection[int], now_s: float, tags_of: TagsOf) -> Applied:
    """Forget what is older than the owner wants, and what has a tag that they leave out: of what was kept before they
    said so. In small transactions; killed, it is done by the next call. Where media were forgotten, call clean() then.
    Raises what tags_of raises.
    """
    old = 0
    if retention_days:
        old = forget(store, Chosen(ended_before_s=now_s - retention_days * DAY_S)).events
    hidden = 0
    if excluded:
        out = frozenset(excluded)
        for kind in ("scene", "image", "gallery"):
            after_id = 0
            while ids := store.watch_events.media(kind, after_id, MEDIA_PER_REQUEST):
                after_id = ids[-1]
                found = tuple(one for one, tags in tags_of(kind, ids).items() if not out.isdisjoint(tags))
                if found:
                    hidden += forget(store, Chosen(kind=kind, media_ids=found), True).events
    return Applied(old, hidden)


def _exported(event: WatchEvent) -> dict[str, Any]:
    told: Mapping[str, Any] = {
        "v": 1,
        "id": event.id,
        "type": event.type,
        "session": event.session,
        "tab": event.tab,
        "seq": event.seq,
        "at_ms": round(event.at_s * 1000),
        "mono_ms": event.mono_s * 1000,
    }
    medium = {f"{event.kind}_id": event.media_id} if event.kind else {}
    return {**told, **({"watch": event.watch} if event.watch else {}), **medium, "body": dict(event.body)}
