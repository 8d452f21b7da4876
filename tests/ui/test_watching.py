"""What is watched in a real player is what the plugin's store holds afterwards: no more, and next to nothing less."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.sample_video import Shot, VideoFormat, write_video
from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed, until
from tests.ui.conftest import DESKTOP, prepare

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PLAYER = "document.getElementById('VideoJsPlayer')?.player"
TOLERANCE_S = 0.5
CRASH_LOSES_S = 2.0
Stretches = list[tuple[float, float]]


class World:
    """The plugin with films of some seconds: `films` are ids of scenes, in the order of their titles."""

    def __init__(self, plugin: InstalledPlugin, films: Sequence[int], hidden: int) -> None:
        self.plugin, self.films, self.hidden = plugin, films, hidden
        self._seen = 0

    def configure(self, on: bool) -> None:
        """Stash's switch, as its own page sets it; and what the plugin knows of it."""
        kept = self.plugin.stash.graphql("{ configuration { plugins } }")["configuration"]["plugins"][PLUGIN_ID]
        self.plugin.stash.configure_plugin(PLUGIN_ID, **{**kept, "trackWatching": on})
        self.plugin.ask("status.check")

    def begin(self) -> None:
        """What comes from now on is the test's own."""
        ((self._seen,),) = self.plugin.store("SELECT coalesce(max(number), 0) FROM watch_event")

    def events(self, scene_id: int = 0) -> list[str]:
        """Types of the events since begin(), in the order of each tab."""
        rows = self.plugin.store(
            "SELECT type FROM watch_event WHERE number > ? AND (? = 0 OR (kind = 'scene' AND media_id = ?))"
            " ORDER BY tab, seq",
            self._seen,
            scene_id,
            scene_id,
        )
        return [type_ for (type_,) in rows]

    def watched(self, scene_id: int) -> Stretches:
        """What of a scene was watched since begin(), joined."""
        rows = self.plugin.store(
            "SELECT start_s, end_s FROM watch_segment JOIN scene_watch ON scene_watch.id = watch_id"
            " WHERE scene_id = ? AND watch IN (SELECT watch FROM watch_event WHERE number > ?)",
            scene_id,
            self._seen,
        )
        return union(rows)


@pytest.fixture(scope="module")
def world(
    built: None, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, sidecar: SidecarProcess
) -> Iterator[World]:
    folder = media_dir / "libraries" / "watching"
    small = VideoFormat(width_px=320, height_px=180, fps=10)
    for number, photo in enumerate(("coffee", "chelsea", "rocket", "camera")):
        write_video(folder / f"{number} {photo}.mp4", [Shot(photo, 5.0)], small)
    with installed(tmp_path_factory.mktemp("watching"), library_dir=folder) as plugin:
        prepare(plugin, sidecar)
        plugin.stash.scan()
        found = plugin.stash.graphql('{ findScenes(filter: { sort: "path" }) { scenes { id } } }')
        *films, hidden = (int(one["id"]) for one in found["findScenes"]["scenes"])
        made = World(plugin, films, hidden)
        made.configure(on=True)
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody's own: what it keeps goes with the test."""
    made = browser.new_context(viewport=DESKTOP, locale="en-GB")  # type: ignore[arg-type]
    made.set_default_timeout(15_000)
    yield made
    made.close()


def union(stretches: Sequence[Sequence[float]], gap_s: float = 0.05) -> Stretches:
    joined: Stretches = []
    for start, end in sorted((float(one[0]), float(one[1])) for one in stretches):
        if joined and start <= joined[-1][1] + gap_s:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def is_same(found: Stretches, truth: Stretches, less_s: float = TOLERANCE_S) -> bool:
    """Whether these are the same stretches, but for TOLERANCE_S at their ends, and less_s at the last one's."""
    if len(found) != len(truth):
        return False
    slack = [TOLERANCE_S] * (len(truth) - 1) + [less_s]
    return all(
        abs(one[0] - real[0]) < TOLERANCE_S and -TOLERANCE_S < real[1] - one[1] < less
        for one, real, less in zip(found, truth, slack, strict=True)
    )


def open_film(page: Page, world: World, scene_id: int, more: str = "") -> None:
    page.goto(f"{world.plugin.stash.url}/scenes/{scene_id}{more}")
    page.wait_for_function(f"{PLAYER}?.readyState() >= 0")


def play(page: Page, until_s: float | None = None) -> None:
    """Play on, up to a second of the film if one is given."""
    page.evaluate(f"(async () => {{ const player = {PLAYER}; player.muted(true); await player.play(); }})()")
    if until_s is not None:
        page.wait_for_function(f"{PLAYER}.currentTime() >= {until_s}", polling=20)


def played(page: Page) -> Stretches:
    """What the browser itself says was played of what is open."""
    ranges = page.evaluate(
        f"(() => {{ const {{ played }} = {PLAYER}.el().querySelector('video');"
        " return [...Array(played.length).keys()].map((at) => [played.start(at), played.end(at)]); })()"
    )
    return union(ranges)


def test_play_jump_and_twice_as_fast(context: BrowserContext, world: World) -> None:
    world.begin()
    film = world.films[0]
    page = context.new_page()
    open_film(page, world, film)
    play(page, 1.0)
    page.evaluate(f"{PLAYER}.currentTime(3)")
    play(page, 3.4)
    page.evaluate(f"{PLAYER}.playbackRate(2)")
    page.wait_for_function(f"{PLAYER}.ended()")
    truth = played(page)
    assert len(truth) == 2, truth
    until(lambda: is_same(world.watched(film), truth), 10, f"{world.watched(film)} is {truth}; {world.events()}")
    assert "scene_watch_complete" in world.events(film)
