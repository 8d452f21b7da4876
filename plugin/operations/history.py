"""What was watched: stays with scenes, what of a scene was seen, and how much time went where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plugin.commands.watching import leave_no_trace
from plugin.context import Context
from plugin.library.catalogue import StoreCatalogue
from plugin.library.merging import watched_s
from plugin.library.statistics import HOUR_S, read_statistics
from plugin.operations.arguments import ArgumentError
from plugin.store.library import SYNCED
from plugin.store.watch_events import Chosen
from plugin.store.watch_values import Watch
from plugin.telemetry import privacy
from plugin.telemetry.coverage import coverage

MOST_NAMES = 20
"""Tags, performers, studios and scenes that statistics name."""


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Stays, the newest first."""
    watches = context.store.watches.page(_cursor(args["before"]), args["limit"], args["scene_id"])
    last = watches[-1] if len(watches) == args["limit"] else None
    return {
        "watches": _watches(context, watches),
        "next": None if last is None else json.dumps([last.started_s, last.id]),
    }


def scene(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """coverage: what we saw of it, and how many times. plugin_s: what we saw, stash_s: what Stash counted, both with
    repeats; base_s: what Stash had counted before we began, null where it was not read yet; watched_s: of both.
    """
    store, scene_id = context.store, args["id"]
    row = store.library.rows([scene_id]).get(scene_id)
    watches = store.watches.of_scene(scene_id)
    segments = store.watches.segments_of_scene(scene_id)
    plugin_s = sum(one.end_s - one.start_s for one in segments)
    played = [one for one in watches if one.played_s > 0]
    ours_s = max((one.ended_s for one in played), default=None)
    lasts = [at_s for at_s in (ours_s, row.last_played_s if row and row.plays else None) if at_s is not None]
    return {
        "scene_id": scene_id,
        "duration_s": row.duration_s if row else max((one.duration_s for one in watches), default=0.0),
        "coverage": [list(one) for one in coverage((one.start_s, one.end_s) for one in segments)],
        "watches": _watches(context, watches),
        "plugin_s": plugin_s,
        "stash_s": row.play_duration_s if row else 0.0,
        "watched_s": watched_s(row.base_play_s, row.play_duration_s, plugin_s) if row else plugin_s,
        "base_s": row.base_play_s if row else None,
        "plays": max(len(played), row.play_count if row else 0),
        "o_count": row.o_count if row else 0,
        "rating100": row.rating100 if row else None,
        "last_s": max(lasts, default=None),
    }


def remove(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Stays, with all that was told of them. Ids that are not there are no error: who asks again, since it was not done
    to its end, has it done to its end.
    """
    if not args["watch_ids"]:
        return {"removed": 0}
    watches = context.store.watches.names(args["watch_ids"])
    removed = privacy.forget(context.store, Chosen(watches=tuple(watches)), True).watches if watches else 0
    leave_no_trace(context)
    return {"removed": removed}


def statistics(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Hours of time spent, by the clock of whoever asks. tags: of what was on screen meanwhile."""
    store, now_s = context.store, context.clock()
    catalogue = StoreCatalogue(store)
    found = read_statistics(store, catalogue, now_s, args["weeks"], args["source"], args["tz_offset_min"] * 60.0)
    names = {kind: {one.id: one.name for one in store.library.names(kind)} for kind in ("performer", "studio")}
    titles = store.watches.titles(one.scene_id for one in found.scenes[:MOST_NAMES])
    days = [[_hours(seconds) for seconds in day] for day in found.by_weekday_hour]
    return {
        "weeks": [{"start_s": start_s, "hours": _hours(seconds)} for start_s, seconds in found.weeks],
        "total_hours": _hours(found.seconds),
        "scenes": len(found.scenes),
        "watches": sum(one.plays for one in found.scenes),
        "by_hour": [_hours(sum(day[hour] for day in found.by_weekday_hour)) for hour in range(24)],
        "by_weekday": [_hours(sum(day)) for day in found.by_weekday_hour],
        "by_weekday_hour": days,
        "tags": [
            {"tag_id": catalogue.tag_id_of(term), "name": catalogue.name("term", term), "hours": _hours(spent_s)}
            for term, spent_s in found.terms[:MOST_NAMES]
        ],
        "performers": _named(names["performer"], found.performers),
        "studios": _named(names["studio"], found.studios),
        "scenes_top": [
            {
                "scene_id": one.scene_id,
                "title": titles.get(one.scene_id, ("", 0.0))[0],
                "hours": _hours(one.seconds),
                "plays": one.plays,
            }
            for one in found.scenes[:MOST_NAMES]
        ],
        "since_s": privacy.since_s(store),
        "note": _note(context, args["source"], bool(found.scenes)),
    }


def _note(context: Context, source: str, is_any: bool) -> str:
    if source != "plugin" and context.store.meta.get(SYNCED) is None:
        return "Stash's own play history was not read yet: run the task Recompute recommendations."
    if not is_any and source == "plugin":
        return "Nothing that you watched in this time was remembered."
    if not is_any:
        return "Nothing was watched in this time, as far as is known."
    if source != "plugin":
        return (
            "Stash notes how often and how long in all a scene was played, but not how long each time: "
            "each counts the same."
        )
    return ""


def _watches(context: Context, watches: Sequence[Watch]) -> list[dict[str, Any]]:
    """title: "" and duration_s: the player's where Stash's scene was not read yet. rate: media seconds in a second."""
    known = context.store.watches.titles({one.scene_id for one in watches})
    return [
        {
            "id": one.id,
            "scene_id": one.scene_id,
            "title": known[one.scene_id][0] if one.scene_id in known else "",
            "started_s": one.started_s,
            "ended_s": one.ended_s,
            "wall_s": one.wall_s,
            "played_s": one.played_s,
            "unique_s": one.unique_s,
            "duration_s": (known[one.scene_id][1] if one.scene_id in known else 0.0) or one.duration_s,
            "completed": one.completed,
            "rate": round(one.played_s / one.wall_s, 3) if one.wall_s > 0 else None,
        }
        for one in watches
    ]


def _cursor(before: str) -> tuple[float, int] | None:
    if not before:
        return None
    try:
        started_s, watch_id = json.loads(before)
    except (ValueError, TypeError, RecursionError):
        started_s = watch_id = None
    sound = isinstance(started_s, int | float) and isinstance(watch_id, int) and abs(watch_id) < 1 << 63
    if not sound or not abs(started_s) < 1e12:
        raise ArgumentError(f"before is {before[:100]!r}; it must be what the page before said")
    return float(started_s), watch_id


def _named(names: Mapping[int, str], seconds: Iterable[tuple[int, float]]) -> list[dict[str, Any]]:
    """Those that Stash still has."""
    known = [(key, spent_s) for key, spent_s in seconds if key in names]
    return [{"id": key, "name": names[key], "hours": _hours(spent_s)} for key, spent_s in known[:MOST_NAMES]]


def _hours(seconds: float) -> float:
    return round(seconds / HOUR_S, 4)
