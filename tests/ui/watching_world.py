"""A library whose owner has a taste, and what they watched of it: scenes without media, with pictures and a past."""

from __future__ import annotations

import base64
import functools
import io
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from scripts.sample_video import photo_path
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin

DAY_S = 86_400.0
DURATION_S = 1200.0

SUBJECTS = {
    "cats": ("chelsea", ("cat", "at home")),
    "space": ("hubble_deep_field", ("stars", "at night")),
    "launches": ("rocket", ("rocket", "by day")),
    "coffee": ("coffee", ("coffee", "at home")),
    "roads": ("motorcycle_left", ("motorcycle", "by day")),
}
"""Kinds of scenes: a photo for their pictures, and their tags."""

TITLES = {
    "cats": ("The cat", "The cat again", "Cat on a chair", "Cat at the window", "A cat's evening", "Sleeping cat"),
    "space": ("Deep field", "Between galaxies", "A long exposure", "Faint light"),
    "launches": ("Lift-off", "The launch", "Ten seconds", "On the pad"),
    "coffee": ("First cup", "A second cup", "Breakfast", "Coffee in the sun"),
    "roads": ("The motorcycle", "Garage", "On the road", "Spare parts"),
}
PERFORMERS = ("Chelsea Whiskers", "Ada Orbit", "Bo Roads")
STUDIOS = ("Home Movies", "Night Sky")


@dataclass(frozen=True, slots=True)
class WatchingWorld:
    """scenes: title -> id. watched: titles of what its owner watched, newest first."""

    plugin: InstalledPlugin
    scenes: dict[str, int]
    watched: Sequence[str]

    @property
    def url(self) -> str:
        return self.plugin.stash.url


@functools.cache
def cover(photo: str, shade: int) -> str:
    """A small JPEG as base64: part of a photo, another one by shade."""
    with Image.open(photo_path(photo)) as image:
        picture = image.convert("RGB")
    width, height = picture.size
    kept_width = min(width, height * 16 // 9) * (92 - 6 * shade) // 100
    left = (width - kept_width) * shade // 6
    top = max((height - kept_width * 9 // 16) // 2, 0)
    data = io.BytesIO()
    picture.crop((left, top, left + kept_width, top + kept_width * 9 // 16)).resize((480, 270)).save(data, "JPEG")
    return base64.b64encode(data.getvalue()).decode()


MORE_ROADS = 20
"""Scenes that are only there to be many."""


def fill(plugin: InstalledPlugin, now_s: float | None = None) -> WatchingWorld:
    """Cats are what this owner watches: four of them often, as Stash noted, and space once."""
    stash, now_s = plugin.stash, now_s or time.time()
    scenes: dict[str, int] = {}
    plays = {"The cat": 9, "The cat again": 8, "Cat on a chair": 7, "Cat at the window": 5, "Deep field": 2}
    today_s = now_s - now_s % DAY_S
    with stash.library.transaction():
        performers = [stash.add_performer(name).id for name in PERFORMERS]
        studios = [stash.add_studio(name).id for name in STUDIOS]
        for subject, titles in TITLES.items():
            photo, tags = SUBJECTS[subject]
            for n, title in enumerate(titles):
                times = plays.get(title, 0)
                kind = list(SUBJECTS).index(subject)
                scene = stash.add_scene_without_media(
                    f"/films/{subject}/{title}.mp4",
                    title,
                    duration=DURATION_S + 60 * n,
                    size=(300 + 40 * n) * 1_000_000,
                    tags=tags,
                    cover=cover(photo, n),
                    created_s=int(now_s - (100 + 20 * n) * DAY_S),
                    studio_id=studios[subject == "space"],
                    performer_ids=(performers[min(kind, 2)],),
                    rating100=90 if title == "The cat" else None,
                    play_duration=times * 900.0,
                    play_history_s=tuple(today_s - _ago_s(play, n) for play in range(times)),
                )
                scenes[title] = scene.id
        for n in range(MORE_ROADS):
            title = f"Road film {n + 1}"
            scene = stash.add_scene_without_media(
                f"/films/many/{title}.mp4",
                title,
                duration=DURATION_S,
                tags=SUBJECTS["roads"][1],
                cover=cover("motorcycle_left", n % 6),
                created_s=int(now_s - 300 * DAY_S),
            )
            scenes[title] = scene.id
        stash.add_marker(scenes["Cat at the window"], "cat", 60.0, 600.0)
    return WatchingWorld(plugin, scenes, list(plays))


def _ago_s(play: int, n: int) -> float:
    """How long before today a scene was played: in evenings of the last months, and at some noons."""
    hour = 12 if (play + n) % 4 == 3 else 19 + (2 * play + n) % 5
    return (3 + 17 * play + 5 * n - (play * n) % 7) * DAY_S - hour * 3600


def track(plugin: InstalledPlugin, on: bool = True) -> None:
    """Stash's switch for remembering what is watched."""
    plugin.stash.configure_plugin(PLUGIN_ID, trackWatching=on)


def stay(
    scene_id: int, began_s: float, stretches: Sequence[tuple[float, float]], duration_s: float = DURATION_S
) -> Iterator[dict[str, Any]]:
    """Events of one stay with a scene: each stretch was played at its own speed, with a leap to the next.

    began_s: Unix seconds.
    """
    same = {"v": 1, "session": str(uuid.uuid4()), "tab": str(uuid.uuid4()), "watch": str(uuid.uuid4())}
    seq, clock_s = 0, 0.0

    def event(kind: str, position_s: float | None = None, playing: bool = False, **more: float) -> dict[str, Any]:
        nonlocal seq
        seq += 1
        told = {**same, "id": str(uuid.uuid4()), "type": kind, "seq": seq, "scene_id": scene_id}
        told |= {"at_ms": int((began_s + clock_s) * 1000), "mono_ms": clock_s * 1000}
        if position_s is not None:
            state = {"position_s": position_s, "rate": 1.0, "duration_s": duration_s}
            told["body"] = {**state, "visible": True, "playing": playing, **more}
        return told

    yield event("scene_page_enter")
    at_s = 0.0
    for n, (start_s, end_s) in enumerate(stretches):
        if n:
            yield event("scene_seek", start_s, True, from_s=at_s, to_s=start_s)
        else:
            yield event("scene_watch_start", start_s, True)
        at_s = start_s
        while at_s < end_s:
            step_s = min(10.0, end_s - at_s)
            clock_s, at_s = clock_s + step_s, at_s + step_s
            yield event("scene_watch_progress", at_s, True)
    yield event("scene_watch_pause", at_s, False)
    yield event("scene_page_leave")


def tell(plugin: InstalledPlugin, events: Sequence[dict[str, Any]]) -> None:
    """Hand events to the plugin, as a browser does."""
    for start in range(0, len(events), 1000):
        sent = plugin.ask("telemetry.ingest", sent_ms=int(time.time() * 1000), events=events[start : start + 1000])
        refused = [one for one in sent["results"] if one["status"] != "accepted"]
        assert not refused, refused[:3]
