"""What was watched in the world of the golden answers."""

from __future__ import annotations

import contextlib
from typing import Any

from plugin.interface.input import PLUGIN_ID
from plugin.library.building import refresh_catalogue
from plugin.operations.telemetry import ingest
from plugin.store.library import LibraryRow, NameRow
from tests.plugin.operations.golden_world import MARKUP, NOW_S, RIGHT_TO_LEFT, GoldenWorld
from tests.plugin.telemetry.browser import Player

SENT_MS = round(NOW_S * 1000) - 2000
"""The browser's clock is 2 s late."""

DAY_S = 86_400.0


def tracking(found: GoldenWorld, _: contextlib.ExitStack) -> None:
    """Its owner wants it to be remembered."""
    config = {**found.context.config.plugin_settings, "trackWatching": True}
    found.world.stash.configure_plugin(PLUGIN_ID, **config)


def watched(found: GoldenWorld, held: contextlib.ExitStack) -> None:
    """Three evenings with three scenes, told by two tabs; and Stash's own history of earlier ones."""
    tracking(found, held)
    library(found)
    evening = NOW_S - 6 * DAY_S + 2 * 3600
    first, second = Player(evening, tab=1, session=1), Player(NOW_S - 3000, tab=2, session=2)
    first.duration_s = 125.4
    first.enter(found.ids["coffee"])
    first.play(40)
    first.seek(20)
    first.play(30)
    first.seek(100)
    first.play(25.4)
    first.end()
    first.leave()
    first.wait(DAY_S)
    first.duration_s = 3600.0
    first.enter(found.ids["hebrew"])
    first.set_rate(2.0)
    first.play(1200, every_s=300)
    first.pause()
    second.tell("session_start", body={"resumed": False})
    second.tell("library_search", body={"kind": "scenes", "words": MARKUP})
    second.duration_s = 61.0
    second.watch_scene(found.ids["markup"], 2.5)
    second.duration_s = 125.4
    second.watch_scene(found.ids["coffee"], 12, start_s=60)
    for player in (first, second):
        told = {"sent_ms": NOW_S * 1000, "events": player.take()}
        assert {one["status"] for one in ingest(found.context, told)["results"]} == {"accepted"}


def library(found: GoldenWorld) -> None:
    """As a task reads it from Stash."""
    names = [
        NameRow("tag", 31, "Cat"),
        NameRow("performer", 1, "Ada"),
        NameRow("performer", 2, MARKUP),
        NameRow("studio", 5, RIGHT_TO_LEFT),
    ]
    found.context.store.library.replace_names(names)
    scenes = {
        "coffee": ("Morning coffee", 125.4, (1, 2), 5, (NOW_S - 20 * DAY_S, NOW_S - 6 * DAY_S + 2 * 3600 + 30), 220.0),
        "markup": (MARKUP, 61.0, (2,), None, (), 0.0),
        "hebrew": (RIGHT_TO_LEFT, 3600.0, (1,), 5, (NOW_S - 9 * DAY_S,), 1500.0),
    }
    found.context.store.library.save(
        LibraryRow(
            scene_id=found.ids[name],
            title=title,
            duration_s=duration_s,
            size_bytes=1_000_000,
            studio_id=studio_id,
            date="2024-05-01",
            created_s=NOW_S - 100 * DAY_S,
            updated_s=NOW_S - 50 * DAY_S,
            rating100=80 if name == "coffee" else None,
            organized=False,
            o_count=1 if name == "coffee" else 0,
            play_count=len(plays),
            play_duration_s=play_duration_s,
            resume_s=0.0,
            last_played_s=max(plays, default=None),
            plays=plays,
            o_times=(),
            performers=performers,
            tags=(31,) if name == "hebrew" else (),
            markers=(),
            base_play_s=play_duration_s / 2,
            version=1,
        )
        for name, (title, duration_s, performers, studio_id, plays, play_duration_s) in scenes.items()
    )
    refresh_catalogue(found.context.store, found.context.settings, found.context.book)


def _batch() -> list[Any]:
    """One of each answer."""
    player = Player(NOW_S - 60, skew_s=-2.0)
    player.watch_scene(3, 10)
    good = player.take()
    player.tell("session_end", body={"reason": "on a whim"})
    player.at_s += 4000
    player.tell("session_start")
    player.at_s -= 401 * DAY_S
    player.tell("session_start")
    bad = player.take()
    return [good[0], good[1], good[1], {**good[2], "id": good[0]["id"]}, {**good[3], "v": 2}, "no event", *bad]


EVENTS = _batch()
