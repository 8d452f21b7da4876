"""What is watched in a real player is what the plugin's store holds afterwards: no more, and next to nothing less."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts.sample_video import Shot, VideoFormat, photo_path, write_video
from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed
from tests.ui.conftest import DESKTOP, prepare
from tests.ui.test_accessibility import complaints
from tests.ui.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

PLAYER = "document.getElementById('VideoJsPlayer')?.player"
TOLERANCE_S = 0.5
CRASH_LOSES_S = 2.0
Stretches = list[tuple[float, float]]


class World:
    """The plugin with films of some seconds: `films` are ids of scenes, in the order of their titles; and a picture."""

    def __init__(self, plugin: InstalledPlugin, films: Sequence[int], hidden: int, picture: int) -> None:
        self.plugin, self.films, self.hidden, self.picture = plugin, films, hidden, picture
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

    def sittings(self, scene_id: int) -> tuple[int, int]:
        """In how many sessions, and loads of pages, a scene was opened since begin()."""
        ((sessions, tabs),) = self.plugin.store(
            "SELECT count(DISTINCT session), count(DISTINCT tab) FROM watch_event WHERE number > ? AND media_id = ?",
            self._seen,
            scene_id,
        )
        return sessions, tabs

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
        made = World(plugin, films, hidden, plugin.stash.add_image(photo_path("coffee")).id)
        made.configure(on=True)
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody's own: what it keeps goes with the test."""
    made = browser.new_context(viewport=DESKTOP, locale="en-GB")  # type: ignore[arg-type]
    made.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
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
    is_known(world, film, truth)
    assert "scene_watch_complete" in world.events(film)


def close(page: Page) -> Stretches:
    """Close the tab while it plays. Returns what was played in it."""
    truth = played(page)
    page.close()
    return truth


def crash(page: Page) -> Stretches:
    """Kill the tab's process: nothing in it is told. Returns what was played in it."""
    truth = played(page)
    with contextlib.suppress(Exception):
        page.goto("chrome://crash", timeout=1000)
    return truth


def asked(page: Page) -> list[str]:
    """Operations of the plugin that a page asks for from now on."""
    found: list[str] = []

    def hear(request: Request) -> None:
        body = request.post_data or ""
        if "runPluginOperation" in body:
            found.append(str(json.loads(body)["variables"]["args"]["operation"]))

    page.on("request", hear)
    return found


def databases(page: Page) -> list[str]:
    names: list[str] = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    return names


def is_known(world: World, film: int, truth: Stretches, less_s: float = TOLERANCE_S) -> None:
    until(
        lambda: is_same(world.watched(film), truth, less_s),
        10,
        f"watched: {world.watched(film)}, played: {truth}; {world.events(film)}",
    )


def test_a_queue_two_tabs_and_one_that_is_closed(context: BrowserContext, world: World) -> None:
    """The player stays the same when the next film begins in it; tabs beside each other mix nothing up."""
    world.begin()
    first, second, third = world.films
    queue, other = context.new_page(), context.new_page()
    open_film(queue, world, first, "?qsort=path&qsortd=asc&continue=true")
    open_film(other, world, third)
    play(other)
    queue.evaluate(f"{PLAYER}.currentTime(3.2)")
    play(queue)
    queue.wait_for_url(f"**/scenes/{second}?*")
    queue.wait_for_function(f"{PLAYER}.currentTime() > 1 && {PLAYER}.currentSrc().includes('/scene/{second}/')")
    play(other, 1.0)
    rest, whole = close(other), close(queue)
    is_known(world, first, [(3.2, 5.0)])
    is_known(world, second, whole)
    is_known(world, third, rest)
    assert "scene_watch_complete" in world.events(first)
    assert world.events(second)[:2] == ["scene_page_enter", "scene_watch_start"]
    assert [body for (body,) in world.plugin.store("SELECT body FROM watch_event WHERE body LIKE '%queue%'")]


def test_a_tab_that_crashes(context: BrowserContext, world: World) -> None:
    """The next tab sends what it left."""
    world.begin()
    film = world.films[0]
    page, spare = context.new_page(), context.new_page()
    open_film(page, world, film)
    play(page, 2.4)
    truth = crash(page)
    assert world.events() == []
    spare.goto(f"{world.plugin.stash.url}/scenes")
    is_known(world, film, truth, CRASH_LOSES_S)
    until(lambda: not waiting(spare), 5, "what was taken is kept no longer")


def waiting(page: Page) -> list[str]:
    """Types of the events that the browser keeps."""
    types: list[str] = page.evaluate(
        """async () => {
          const name = "stash-sense-native.watching";
          if (!(await indexedDB.databases()).some((one) => one.name === name)) return [];
          return new Promise((resolve) => {
            const opened = indexedDB.open(name);
            opened.onsuccess = () => {
              const all = opened.result.transaction("events").objectStore("events").getAll();
              all.onsuccess = () => { opened.result.close(); resolve(all.result.map((one) => one.type)); };
            };
          });
        }"""
    )
    return types


def test_a_tab_in_the_background(context: BrowserContext, world: World) -> None:
    """It may never be heard of again: all is told before. What plays on there is seen by nobody."""
    world.begin()
    film = world.films[2]
    page = context.new_page()
    open_film(page, world, film)
    page.evaluate(f"{PLAYER}.playbackRate(0.5)")
    play(page, 0.7)
    hidden_s = turn(page, "hidden")
    is_known(world, film, [(0.0, hidden_s)])
    play(page, hidden_s + 0.8)
    shown_s = turn(page, "visible")
    play(page, shown_s + 0.6)
    ((_, end_s),) = close(page)
    is_known(world, film, [(0.0, hidden_s), (shown_s, end_s)])


def turn(page: Page, visibility: str) -> float:
    """Hide or show a page, as far as it can tell. Returns where its film is."""
    return float(
        page.evaluate(
            "(() => {"
            f" Object.defineProperty(document, 'visibilityState', {{ value: '{visibility}', writable: true }});"
            f" document.dispatchEvent(new Event('visibilitychange')); return {PLAYER}.currentTime(); }})()"
        )
    )


def test_a_browser_without_a_database(context: BrowserContext, world: World) -> None:
    """It refuses one, and without https there are no locks and no random UUIDs. A reload ends no session."""
    world.begin()
    film = world.films[1]
    context.add_init_script(
        "IDBFactory.prototype.open = () => { throw new Error('refused'); };"
        "Object.defineProperty(navigator, 'locks', { value: undefined }); delete Crypto.prototype.randomUUID;"
    )
    page = context.new_page()
    open_film(page, world, film)
    play(page, 1.5)
    truth = played(page)
    page.reload()
    is_known(world, film, truth)
    page.wait_for_function(f"{PLAYER}?.readyState() >= 0")
    page.close()
    until(lambda: world.sittings(film) == (1, 2), 5, str(world.sittings(film)))


def test_nothing_at_all_while_it_is_off(context: BrowserContext, world: World) -> None:
    """Switching it on and off again needs no reload, here and in Stash's own settings."""
    world.begin()
    world.configure(on=False)
    film = world.films[2]
    page = context.new_page()
    operations = asked(page)
    open_film(page, world, film)
    play(page, 0.5)
    assert databases(page) == []
    assert page.evaluate("Object.keys(localStorage).filter((key) => /watch/.test(key))") == []
    assert not [one for one in operations if one.startswith("telemetry.")]

    page.get_by_role("link", name="Sense").first.click()
    page.locator(".sense-page > .nav-tabs").get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Privacy").click()
    page.get_by_label("Remember what is watched").click(force=True)
    until(lambda: databases(page), 5, "a database")
    page.go_back()
    page.go_back()
    page.go_back()
    page.wait_for_url(f"**/scenes/{film}")
    page.wait_for_function(f"{PLAYER}?.readyState() >= 0")
    play(page, 1.0)
    page.evaluate(f"{PLAYER}.pause()")
    is_known(world, film, played(page))

    world.begin()
    page.goto(f"{world.plugin.stash.url}/settings?tab=plugins")
    until(lambda: databases(page), 5, "a database")
    page.locator(f"#plugin-{PLUGIN_ID}-trackWatching").click(force=True)
    until(lambda: not databases(page), 5, "no database")
    world.configure(on=True)


def test_a_pause_and_what_is_excluded(context: BrowserContext, world: World) -> None:
    stash = world.plugin.stash
    tag = stash.add_tag("Never")
    stash.graphql(
        "mutation U($i: SceneUpdateInput!) { sceneUpdate(input: $i) { id } }",
        {"i": {"id": world.hidden, "tag_ids": [tag.id]}},
    )
    world.begin()
    page = context.new_page()
    part = open_privacy(page, world)
    expect(part).to_contain_text("Pause for an hour")
    assert not complaints(page)
    page.get_by_label("Never with these tags").fill("Nev")
    page.get_by_text("Never", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Unsaved changes")).to_have_count(0)
    assert world.plugin.ask("settings.get")["store"]["watch_excluded_tags"] == ["Never"]

    film = context.new_page()
    told = asked(film)
    open_film(film, world, world.hidden)
    play(film, 0.5)
    film.goto(f"{stash.url}/scenes/{world.films[0]}")
    film.wait_for_function(f"{PLAYER}?.readyState() >= 0")
    film.evaluate(f"{PLAYER}.playbackRate(0.25)")
    play(film, 0.3)
    before = played(film)
    page.get_by_role("button", name="Pause for an hour").click()
    expect(part).to_contain_text("Paused until")
    after = played(film)
    play(film, after[0][1] + 0.1)
    ((_, paused_s),) = until(lambda: world.watched(world.films[0]), 10, "what was watched until then")
    assert before[0][1] - TOLERANCE_S < paused_s < after[0][1]
    count = len(world.events())
    page.get_by_role("button", name="Go on now").click()
    expect(part).not_to_contain_text("Paused until")
    film.wait_for_timeout(500)
    film.close()
    until(lambda: len(world.events()) > count, 5, "it goes on")
    assert world.events(world.hidden) == []
    assert "telemetry.ingest" in told


def open_privacy(page: Page, world: World) -> Locator:
    page.goto(f"{world.plugin.stash.url}/sense/settings?tab=privacy")
    part = page.locator(".sense-settings-part")
    part.get_by_text("How much").wait_for()
    return part


def test_export_and_erase(context: BrowserContext, world: World, shot: Callable[..., Path]) -> None:
    """Of pictures and searches, too."""
    world.begin()
    page = context.new_page()
    page.goto(f"{world.plugin.stash.url}/images/{world.picture}")
    until(lambda: "image_view" in waiting(page), 10, "a second in sight")
    page.goto(f"{world.plugin.stash.url}/scenes?q=rocket")
    until(lambda: "library_search" in waiting(page), 10, "words that stay")
    part = open_privacy(page, world)
    shot(page, "settings-privacy", full_page=True)
    with page.expect_download() as download:
        part.get_by_role("button", name="Export").click()
    exported = json.loads(Path(download.value.path()).read_text())
    (image,) = (event for event in exported["events"] if event["type"] == "image_view")
    assert image["image_id"] == world.picture and image["body"]["visible_s"] >= 1
    (search,) = (event for event in exported["events"] if event["type"] == "library_search")
    assert search["body"]["words"] == "rocket"
    assert len(exported["events"]) == world.plugin.store("SELECT count(*) FROM watch_event")[0][0]
    part.get_by_role("button", name="Erase all of it").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Erase")).to_be_disabled()
    dialog.get_by_role("textbox").fill("erase watch history")
    dialog.get_by_role("button", name="Erase").click()
    expect(part).to_contain_text("0 h in 0 viewings, 0 events")
    assert world.plugin.store("SELECT count(*) FROM watch_event") == [(0,)]
