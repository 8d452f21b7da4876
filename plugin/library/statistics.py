"""How much was watched, when, and of what: sums of both sources, nothing counted twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import seconds_by_term, settle_watched
from plugin.library.merging import plays_alone, stash_alone_s, visits_alone
from plugin.recommend.values import Visit
from plugin.store.store import Store
from plugin.store.watches import add_by_hour

Source: TypeAlias = Literal["plugin", "stash", "plugin+stash"]

HOUR_S, DAY_S = 3600.0, 86_400.0
WEEK_S = 7 * DAY_S
SETTLED_AT_ONCE = 200
"""Scenes whose terms are brought up to date for a page that is looked at; the task does all."""
MOST_SCENES = 1_000_000
MONDAY_S = 4 * DAY_S
"""1970 began on a Thursday: its first Monday came so much later."""


@dataclass(frozen=True, slots=True)
class SceneTime:
    """seconds: time spent with it. plays: stays with it."""

    scene_id: int
    seconds: float
    plays: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """weeks: (start_s, seconds), the oldest first, each from Monday 0:00 by the owner's clock. by_weekday_hour: 7 days
    from Monday with 24 hours each, seconds. scenes: most time first. terms: what was on screen meanwhile, performers,
    studios: (id, seconds), most first.
    """

    weeks: tuple[tuple[float, float], ...]
    by_weekday_hour: tuple[tuple[float, ...], ...]
    scenes: tuple[SceneTime, ...]
    terms: tuple[tuple[int, float], ...]
    performers: tuple[tuple[int, float], ...]
    studios: tuple[tuple[int, float], ...]

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self.weeks)


def read_statistics(
    store: Store, catalogue: StoreCatalogue, now_s: float, weeks: int, source: Source, offset_s: float
) -> Statistics:
    """Of the last weeks, the present one included. offset_s: how far the owner's clock is ahead of UTC. Raises
    StoreError.
    """
    first_s = week_start_s(now_s, offset_s) - (weeks - 1) * WEEK_S
    hours: dict[int, float] = {}
    seconds: dict[int, float] = {}
    plays: dict[int, int] = {}
    if source != "stash":
        hours = store.watches.seconds_by_hour(first_s, offset_s)
        for scene_id, total in store.watches.by_scene(first_s).items():
            seconds[scene_id], plays[scene_id] = total.wall_s, total.watches
    if source != "plugin":
        for scene_id, visit in _of_stash(store, first_s, alone=source != "stash"):
            if first_s <= visit.at_s <= now_s:
                add_by_hour(hours, visit.at_s + offset_s, visit.seconds)
                seconds[scene_id] = seconds.get(scene_id, 0.0) + visit.seconds
                plays[scene_id] = plays.get(scene_id, 0) + 1
    scenes = [SceneTime(scene_id, length_s, plays[scene_id]) for scene_id, length_s in seconds.items()]
    settle_watched(store, SETTLED_AT_ONCE)
    rows = store.library.rows(seconds)
    return Statistics(
        _by_week(hours, first_s, weeks, offset_s),
        _by_weekday_hour(hours),
        tuple(sorted(scenes, key=lambda one: (-one.seconds, one.scene_id))),
        tuple(seconds_by_term(store, catalogue, seconds)),
        _most((who, seconds[row.scene_id]) for row in rows.values() for who in row.performers),
        _most((row.studio_id, seconds[row.scene_id]) for row in rows.values() if row.studio_id is not None),
    )


def week_start_s(at_s: float, offset_s: float) -> float:
    """When the week of a moment began: Monday 0:00 by a clock that is so far ahead of UTC."""
    local_s = at_s + offset_s - MONDAY_S
    return local_s - local_s % WEEK_S + MONDAY_S - offset_s


def _of_stash(store: Store, since_s: float, alone: bool) -> Iterator[tuple[int, Visit]]:
    """Scenes and plays that Stash noted, of all that were played since. alone: only what is not among ours."""
    rows = store.library.last_played(MOST_SCENES, since_s)
    tracked_s = store.library.tracked_s(rows) if alone else {}
    stays = store.watches.stays(tracked_s)
    for scene_id, row in rows.items():
        plays_s = sorted(json.loads(row.plays), reverse=True)
        length_s, is_ours = row.play_duration_s, scene_id in tracked_s
        if is_ours:
            length_s = stash_alone_s(row.base_play_s, length_s, tracked_s[scene_id])
            plays_s = plays_alone(plays_s, stays.get(scene_id, ()))
        for visit in visits_alone(plays_s, length_s, row.last_played_s or 0.0, is_ours):
            yield scene_id, visit


def _by_week(
    hours: Mapping[int, float], first_s: float, weeks: int, offset_s: float
) -> tuple[tuple[float, float], ...]:
    found = [0.0] * weeks
    for hour, seconds in hours.items():
        week = int((hour * HOUR_S - offset_s - first_s) // WEEK_S)
        # What reaches from one week into another may begin before the first, or end behind the last.
        found[min(max(week, 0), weeks - 1)] += seconds
    return tuple((first_s + number * WEEK_S, seconds) for number, seconds in enumerate(found))


def _by_weekday_hour(hours: Mapping[int, float]) -> tuple[tuple[float, ...], ...]:
    found = [[0.0] * 24 for _ in range(7)]
    for hour, seconds in hours.items():
        found[int((hour * HOUR_S - MONDAY_S) // DAY_S) % 7][hour % 24] += seconds
    return tuple(tuple(day) for day in found)


def _most(parts: Iterable[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    """Summed up by id, most first."""
    sums: dict[int, float] = {}
    for key, seconds in parts:
        sums[key] = sums.get(key, 0.0) + seconds
    return tuple(sorted(sums.items(), key=lambda one: (-one[1], one[0])))
