"""A batch of events into the store: each answered for itself, and the watches that they belong to derived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from plugin.store.store import Store
from plugin.store.watch_values import Watch, WatchEvent
from plugin.telemetry.derive import RULES, DerivedWatch, Pauses, Progress, derive_on, derive_watch
from plugin.telemetry.events import Refusal, parse_event

DERIVED_BY = "telemetry.rules"
"""meta: RULES of those who derived what is stored."""

PAUSES = "telemetry.pauses"
"""meta: [[from_s, until_s], ...], as far back as events are accepted or kept."""

DAY_S = 86_400.0
OLDEST_S = 400 * DAY_S
FUTURE_S = 300.0
"""Clocks that are off by so much are put right; what lies further ahead is an error of somebody's."""

TagsOf: TypeAlias = Callable[[str, Sequence[int]], Mapping[int, Collection[int]]]
"""(kind, ids of media) -> the ids of their tags; media that are not there are left out."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be kept. pauses: [from_s, until_s) in which nothing is. retention_days: 0 for ever. excluded_tag_ids: of
    media that are never remembered, sub-tags included. erased_s: nothing that is older.
    """

    tracking: bool
    pauses: Pauses = ()
    retention_days: int = 0
    excluded_tag_ids: frozenset[int] = frozenset()
    erased_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """status: "accepted", "duplicate" or "refused"; code and reason as in Refusal."""

    id: str | None
    status: str
    code: str = ""
    reason: str = ""


def ingest(
    store: Store, rules: Rules, sent_s: float, events: Sequence[Any], now_s: float, tags_of: TagsOf
) -> list[Answer]:
    """Take a batch in, all that can be of it in one transaction. sent_s: when it was sent, by the clock that its times
    are told by; now_s: by ours. Answers stand in the order of events. Raises StoreError, and what tags_of raises; then
    nothing was kept, and the batch can be sent again.
    """
    parsed = [parse_event(event) for event in events]
    if not rules.tracking:
        return [_refused(Refusal(one.id, "off", "watching is not remembered: the switch is off")) for one in parsed]
    checked = [one if isinstance(one, Refusal) else _in_time(one, rules, sent_s, now_s) for one in parsed]
    if rules.excluded_tag_ids:
        checked = _without_excluded(checked, rules.excluded_tag_ids, tags_of)
    sound = [one for one in checked if isinstance(one, WatchEvent)]
    with store.transaction():
        known = store.watch_events.known({event.id for event in sound})
        new: dict[str, WatchEvent] = {}
        answers: list[Answer] = []
        for one in checked:
            if isinstance(one, Refusal):
                answers.append(_refused(one))
                continue
            earlier = known.get(one.id) or new.get(one.id)
            if earlier is None:
                new[one.id] = one
                answers.append(Answer(one.id, "accepted"))
            elif _is_same(one, earlier):
                answers.append(Answer(one.id, "duplicate"))
            else:
                answers.append(_refused(Refusal(one.id, "invalid", "another event has this id already")))
        if new:
            store.watch_events.add(list(new.values()))
            derive_again(store, new.values())
    return answers


def pauses(store: Store) -> Pauses:
    """[from_s, until_s) of each."""
    return tuple((from_s, until_s) for from_s, until_s in store.meta.get(PAUSES, []))


def derive_again(store: Store, new: Iterable[WatchEvent]) -> None:
    """Bring the watches of events that were just stored up to date: from where they stood if the events came behind
    that, else from the beginning, with the same result.
    """
    by_watch: dict[str, list[WatchEvent]] = {}
    for event in new:
        if event.watch:
            by_watch.setdefault(event.watch, []).append(event)
    for watch, events in by_watch.items():
        if not _go_on(store, watch, events):
            rederive(store, watch)


def rederive(store: Store, watch: str) -> None:
    """From all of its events."""
    derived = derive_watch(store.watch_events.of_watch(watch), pauses(store))
    if derived is None:
        store.watches.forget(watch)
    else:
        _save(store, derived, 0)


def rederive_all(store: Store) -> int:
    """Every watch from scratch, each in a transaction of its own. Returns how many there are."""
    watches = store.watch_events.watches()
    for watch in watches:
        with store.transaction():
            rederive(store, watch)
    return len(watches)


def derive_by_new_rules(store: Store) -> bool:
    """Where a version of the plugin derives otherwise than the one that did it last: everything anew. Returns whether.
    Killed, it is done by the next call.
    """
    if store.meta.get(DERIVED_BY) == RULES:
        return False
    rederive_all(store)
    store.meta.set(DERIVED_BY, RULES)
    return True


def _go_on(store: Store, watch: str, events: Sequence[WatchEvent]) -> bool:
    kept = store.watches.progress(watch)
    if kept is None:
        return False
    progress, before = Progress.from_json(kept[0]), kept[1]
    if any(event.tab != progress.tab or event.seq <= progress.seq for event in events):
        return False
    later = sorted(events, key=lambda event: (event.seq, event.id))
    _save(store, derive_on(progress, before, later, pauses(store)), len(before))
    return True


def _save(store: Store, derived: DerivedWatch, kept: int) -> None:
    """kept: segments that are stored already."""
    progress = derived.progress
    row = Watch(
        0,
        derived.watch,
        derived.session,
        derived.tab,
        derived.scene_id,
        derived.started_s,
        derived.ended_s,
        derived.wall_s,
        derived.played_s,
        derived.unique_s,
        derived.last_s,
        derived.duration_s,
        derived.completed,
    )
    done = len(progress.done) if progress else 0
    store.watches.save(row, derived.segments, kept, progress.as_json() if progress else None, done)


def _in_time(event: WatchEvent, rules: Rules, sent_s: float, now_s: float) -> WatchEvent | Refusal:
    """The event by our clock."""
    at_s = event.at_s + (now_s - sent_s)
    if at_s > now_s + FUTURE_S:
        return Refusal(event.id, "future", "it is said to happen in the future")
    at_s = min(at_s, now_s)
    oldest_s = min(OLDEST_S, rules.retention_days * DAY_S or OLDEST_S)
    if at_s < now_s - oldest_s:
        return Refusal(event.id, "too_old", f"it is more than {oldest_s / DAY_S:.0f} days old")
    if at_s <= rules.erased_s:
        return Refusal(event.id, "too_old", "all that was watched until then was erased")
    if any(from_s <= at_s < until_s for from_s, until_s in rules.pauses):
        return Refusal(event.id, "paused", "watching was not remembered then")
    return event._replace(at_s=at_s)


def _without_excluded(
    checked: Sequence[WatchEvent | Refusal], excluded: frozenset[int], tags_of: TagsOf
) -> list[WatchEvent | Refusal]:
    media: dict[str, set[int]] = {}
    for one in checked:
        if isinstance(one, WatchEvent) and one.kind:
            media.setdefault(one.kind, set()).add(one.media_id)
    hidden = {
        (kind, media_id)
        for kind, ids in media.items()
        for media_id, tag_ids in tags_of(kind, sorted(ids)).items()
        if not excluded.isdisjoint(tag_ids)
    }
    return [
        Refusal(one.id, "excluded", "it has a tag that is not remembered")
        if isinstance(one, WatchEvent) and (one.kind, one.media_id) in hidden
        else one
        for one in checked
    ]


def _is_same(one: WatchEvent, other: WatchEvent) -> bool:
    """Whatever the clocks said when it was sent the first time."""
    return one._replace(at_s=0.0) == other._replace(at_s=0.0)


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.id, "refused", refusal.code, refusal.reason)
