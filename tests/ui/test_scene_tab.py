"""The scene page's tab: from asking for an analysis to what is in Stash, and back."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from scripts.sample_video import Shot, VideoFormat, write_video
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed
from tests.ui.conftest import expected, overflow_px, prepare
from tests.ui.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from scripts.sidecar_client import SidecarProcess
    from tests.standin.jobs import Progress

SMALL = VideoFormat(width_px=320, height_px=180)
FILMS = {
    "new.mp4": (Shot("chelsea", 6.0), Shot("rocket", 7.0)),
    "seen.mp4": (Shot("coffee", 8.0), Shot("chelsea", 7.0), Shot("coffee", 6.0), Shot("motorcycle_left", 8.0)),
    "stars.mp4": (Shot("hubble_deep_field", 8.0),),
}
NEW, SEEN, STARS, BROKEN = 1, 2, 3, 4
HOSTILE = "<img src=x onerror=alert(1)> {count}"


@pytest.fixture(scope="module")
def plugin(
    built: None, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, sidecar: SidecarProcess
) -> Iterator[InstalledPlugin]:
    """Four scenes: NEW was never analysed, in STARS nothing is found, and BROKEN cannot be read."""
    folder = media_dir / "libraries" / "scene-tab"
    folder.mkdir(parents=True)
    with installed(tmp_path_factory.mktemp("scene-tab"), library_dir=folder) as found:
        prepare(found, sidecar)
        found.ask("policy.set", rows=[{"label": HOSTILE, "phrasings": ["a motorcycle"]}])
        for name, shots in FILMS.items():
            found.stash.add_scene(write_video(folder / name, shots, SMALL))
        for scene_id in (NEW, SEEN):
            found.stash.make_sprite(scene_id)
        broken = folder / "broken.mp4"
        broken.write_bytes(b"\0" * 100)
        found.stash.add_scene_without_media(str(broken), HOSTILE, size=100)
        found.ask("queue.add", ids={"scene": [SEEN, STARS, BROKEN]})
        found.stash.wait_for_jobs()
        yield found


def open_tab(page: Page, plugin: InstalledPlugin, scene_id: int) -> Locator:
    page.goto(f"{plugin.stash.url}/scenes/{scene_id}")
    page.get_by_role("tab", name="Sense").click()
    panel = page.locator(".sense-panel")
    panel.wait_for()
    page.locator("#VideoJsPlayer").wait_for()
    return panel


def lane(page: Page, label: str) -> Locator:
    return page.get_by_role("option", name=re.compile(rf"^{re.escape(label)} [\d.:]+ s in "))


def track(page: Page, label: str, share: float) -> dict[str, Any]:
    """Where in the window a share of a lane's length lies."""
    box = lane(page, label).locator(".sense-lane-track").bounding_box()
    assert box is not None
    return {"x": box["x"] + box["width"] * share, "y": box["y"] + box["height"] / 2}


def now_s(page: Page) -> float:
    return float(page.evaluate("document.getElementById('VideoJsPlayer').player.currentTime()"))


def asked(plugin: InstalledPlugin, operation: str) -> int:
    """How often an operation was asked for so far."""
    runs = plugin.stash.runs("operation", PLUGIN_ID)
    return sum(run.document["args"].get("operation") == operation for run in runs)


def test_from_asking_to_undo(page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    stash = plugin.stash
    release = threading.Event()

    def scan(progress: Progress) -> None:
        progress.set(0.45)
        release.wait(30)

    panel = open_tab(page, plugin, NEW)
    expect(panel).to_contain_text("This scene has not been analysed yet.")
    shot(page, "scene-tab-never")
    stash.app.jobs.add("Scanning...", scan)
    panel.get_by_role("button", name="Analyse now").click()
    expect(panel.get_by_role("status")).to_contain_text("Stash is busy: Scanning... (45%)")
    shot(page, "scene-tab-waiting")
    release.set()

    # It appears by itself.
    expect(lane(page, "cat")).to_be_visible(timeout=30_000)
    expect(lane(page, "rocket")).to_be_visible()
    expect(panel.locator(".sense-progress")).to_have_count(0)
    polls = asked(plugin, "queue.medium")

    # A click on the rocket goes to its moment, which begins to play.
    at = track(page, "rocket", 0.75)
    page.mouse.move(**at)
    expect(page.locator(".sense-hover")).to_contain_text("0:09.")
    expect(page.locator(".sense-hover img")).to_be_visible()
    page.mouse.click(**at)
    until(lambda: 9 < now_s(page) < 13, 30, "the player is at the rocket")
    expect(page.locator(".sense-playhead")).to_be_visible()
    strip = page.locator(".vjs-progress-control .sense-strip > div")
    expect(strip).to_have_count(1)
    shot(page, "scene-tab-hover")
    page.mouse.move(700, 300)
    page.evaluate("document.getElementById('VideoJsPlayer').player.pause()")

    # Accepted, it is in Stash, and on the page without a reload.
    panel.get_by_role("button", name="Accept rocket", exact=True).click()
    expect(page.get_by_text("Accepted: rocket", exact=True)).to_be_visible()
    until(lambda: "rocket" in stash.tags_of(NEW), 30, "the tag is in Stash")
    marker = panel.get_by_role("button", name=re.compile("^Accept rocket, 0:0[567]-0:1[23]$"))
    marker.click()
    until(lambda: stash.markers_of(NEW), 30, "the marker is in Stash")
    (name, start_s, end_s) = stash.markers_of(NEW)[0]
    assert name == "rocket"
    assert start_s == pytest.approx(6, abs=1)
    assert end_s == pytest.approx(13, abs=1)
    expect(page.locator(".tag-item", has_text="rocket").first).to_be_attached()
    expect(lane(page, "rocket")).to_have_accessible_name(re.compile("accepted$"))

    # Undone from the toast, and from the list of what was decided.
    expect(page.get_by_text(re.compile("^Accepted: rocket, 0:"))).to_be_visible()
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast-expanded-dialog")).to_have_count(0)
    until(lambda: not stash.markers_of(NEW), 30, "the marker is gone")
    panel.get_by_role("button", name=re.compile(r"^Decided \(\d\)$")).click()
    panel.get_by_role("button", name="Undo the decision on rocket", exact=True).click()
    until(lambda: "rocket" not in stash.tags_of(NEW), 30, "the tag is gone")
    expect(panel.get_by_role("button", name="Accept rocket", exact=True)).to_be_enabled()
    expect(page.locator(".tag-item", has_text="rocket")).to_have_count(0)
    assert asked(plugin, "queue.medium") == polls, "nothing is asked where nothing is waited for"


def test_keys_ranges_and_levels(page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    stash = plugin.stash
    panel = open_tab(page, plugin, SEEN)
    expect(lane(page, HOSTILE)).to_be_visible()
    shot(page, "scene-tab")

    # By keys alone: to the second one, play it, reject it, accept the next.
    current = panel.locator(".sense-suggestion.sense-active")
    names = panel.locator(".sense-suggestion-name strong").all_inner_texts()
    page.keyboard.press("w")
    page.keyboard.press("w")
    expect(current.locator("strong")).to_have_text(names[1])
    begins = float(re.search(r"(\d+):(\d+)-", current.inner_text()).group(2))  # type: ignore[union-attr]
    page.keyboard.press("z")
    until(lambda: now_s(page) > begins, 30, "it plays")
    page.keyboard.press("x")
    until(lambda: plugin.store("SELECT 1 FROM suggestion WHERE media_id = ? AND state = 'rejected'", SEEN), 10)
    expect(current.locator("strong")).to_have_text(names[2])

    # What is typed into a field decides nothing.
    panel.get_by_label("Filter tags").fill("motor")
    page.keyboard.type("yx")
    expect(panel.get_by_text("Nothing has these words: motoryx")).to_be_visible()
    panel.get_by_label("Filter tags").fill("")
    assert len(panel.locator(".sense-suggestion").all()) == len(names) - 1

    # The timeline by keys: Enter goes to the moment; closer shows less of it.
    lanes = page.get_by_role("listbox")
    lanes.focus()
    for key in ("ArrowDown", "End", "Enter"):
        page.keyboard.press(key)
    chosen = lanes.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(panel.locator("[aria-live]")).to_contain_text("moment")
    page.keyboard.press("+")
    expect(panel.get_by_role("button", name="Fit")).to_be_enabled()
    before = panel.locator(".sense-axis span").first.inner_text()
    page.mouse.move(**track(page, "cat", 0.5))
    page.mouse.wheel(400, 0)
    expect(panel.locator(".sense-axis span").first).not_to_have_text(before)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -2000)
    page.keyboard.up("Control")
    expect(panel.locator(".sense-axis span").nth(1)).to_have_text(re.compile(r"^0:\d\d$"))
    panel.get_by_role("button", name="Fit").click()
    expect(panel.locator(".sense-axis span").first).to_have_text("0:00")

    # A range, typed and taken from the player.
    row = panel.locator(".sense-suggestion").filter(has_text=re.compile("^cat ?0:"))
    row.get_by_role("button", name=re.compile("^Edit the range of cat")).click()
    row.get_by_label("End", exact=True).fill("99:00")
    expect(row).to_contain_text("The scene ends at 0:29")
    expect(row.get_by_role("button", name="Save")).to_be_disabled()
    page.evaluate("(p => { p.pause(); p.currentTime(10.5) })(document.getElementById('VideoJsPlayer').player)")
    until(lambda: now_s(page) == 10.5, 5)
    row.get_by_role("button", name="Start: take the player's moment").click()
    expect(row.get_by_label("Start", exact=True)).to_have_value("0:10.5")
    row.get_by_label("End", exact=True).fill("0:14")
    shot(page, "scene-tab-edit")
    row.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("0:10-0:14")).to_be_visible()
    expect(panel.get_by_text("edited")).to_be_visible()

    # All above a level, and all of it back.
    slider = panel.get_by_role("slider")
    slider.fill(slider.get_attribute("max") or "0")
    accept = panel.get_by_role("button", name=re.compile(r"^Accept \d+ of \d+$"))
    expect(accept).to_have_text(re.compile("^Accept [12] of"))
    slider.fill("0")
    accept.click()
    until(lambda: ("cat", 10.5, 14.0) in stash.markers_of(SEEN), 10)
    assert {"cat", HOSTILE} <= set(stash.tags_of(SEEN))
    expect(panel.get_by_text("Nothing waits for a decision.")).to_be_visible()
    expect(page.locator(".sense-toast")).to_contain_text(re.compile(r"^\d accepted"))
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    until(lambda: not stash.markers_of(SEEN), 30, "all of it is gone")
    expect(panel.locator(".sense-suggestion")).to_have_count(len(names) - 1)


def test_honest_sentences(page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    panel = open_tab(page, plugin, STARS)
    expect(panel).to_contain_text("Nothing was found. lite looked at")
    expect(panel.get_by_role("link", name="See models")).to_have_attribute("href", "/sense/settings")
    shot(page, "scene-tab-nothing")

    panel = open_tab(page, plugin, BROKEN)
    expect(panel.get_by_role("alert")).to_contain_text("The analysis failed")
    before = plugin.store("SELECT failed_s FROM failure WHERE media_id = ?", BROKEN)
    panel.get_by_role("button", name="Try again").click()
    until(lambda: plugin.store("SELECT failed_s FROM failure WHERE media_id = ?", BROKEN) != before, 20)
    expect(panel.get_by_role("alert")).to_contain_text("The analysis failed")
    shot(page, "scene-tab-failed")

    # Without the sidecar, what is asked for waits, and says for what; it can be cancelled.
    stash = plugin.stash
    settings = dict(stash.settings.plugins[PLUGIN_ID])
    stash.configure_plugin(PLUGIN_ID, **{**settings, "sidecarAddress": "sidecar.invalid:50151"})
    plugin.ask("status.check")
    try:
        panel = open_tab(page, plugin, STARS)
        panel.get_by_role("button", name="More ways to analyse").click()
        panel.get_by_role("button", name="Again, from scratch").click()
        expect(panel.get_by_role("status")).to_contain_text("wait for the sidecar", timeout=30_000)
        expect(panel.get_by_role("link", name="See tasks")).to_be_visible()
        shot(page, "scene-tab-sidecar-away")
        panel.get_by_role("button", name="Cancel").click()
        expect(panel).to_contain_text("The analysis was cancelled.")
        expect(panel).to_contain_text("Nothing was found")
    finally:
        stash.wait_for_jobs()
        stash.configure_plugin(PLUGIN_ID, **settings)
        plugin.ask("status.check")


def test_what_fails_is_said_and_leaving_is_quiet(
    page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]
) -> None:
    faults = plugin.stash.faults
    expected(page).append("500")
    faults.add("status", field="runPluginOperation", times=20)
    page.goto(f"{plugin.stash.url}/scenes/{SEEN}")
    page.get_by_role("tab", name="Sense").click()
    problem = page.locator(".tab-pane.active").get_by_role("alert")
    expect(problem).to_contain_text("Stash does not answer")
    shot(page, "scene-tab-unanswered")
    faults.clear()
    problem.get_by_role("button", name="Try again").click()
    panel = page.locator(".sense-panel")
    expect(lane(page, "cat")).to_be_visible()

    # A decision that fails is taken back on the page.
    faults.add("status", field="runPluginOperation")
    panel.get_by_role("button", name="Accept cat", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Stash does not answer")
    expect(panel.get_by_role("button", name="Accept cat", exact=True)).to_be_enabled()

    # A decision is carried out, whoever leaves meanwhile.
    faults.add("delay", field="runPluginOperation", seconds=0.5)
    panel.get_by_role("button", name="Accept cat", exact=True).click()
    page.get_by_role("tab", name="Details").click()
    expect(page.locator(".tag-item", has_text="cat")).to_be_visible()
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".tag-item", has_text="cat")).to_have_count(0)

    # Left while it is asked, the page complains of nothing.
    faults.add("delay", field="runPluginOperation", seconds=1)
    page.goto(f"{plugin.stash.url}/scenes/{NEW}")
    page.get_by_role("tab", name="Sense").click()
    page.get_by_role("tab", name="Details").click()
    faults.clear()


def test_the_next_scene_of_the_queue_begins_anew(page: Page, plugin: InstalledPlugin) -> None:
    page.goto(f"{plugin.stash.url}/scenes")
    page.locator(f".scene-card a[href^='/scenes/{SEEN}']").first.click()
    page.get_by_role("tab", name="Sense").click()
    lane(page, "coffee").click()
    strip = page.locator(".sense-strip")
    expect(strip).to_have_count(1)
    page.locator(".sense-panel").get_by_label("Filter tags").fill("cof")
    page.evaluate("history.pushState(null, '', '/scenes/3'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.locator(".sense-panel")).to_contain_text("Nothing was found")
    expect(strip).to_have_count(0)
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_on_a_phone(phone: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    panel = open_tab(phone, plugin, SEEN)
    lane(phone, "coffee").wait_for()
    assert overflow_px(phone) <= 0
    at = track(phone, "cat", 0.4)
    phone.touchscreen.tap(**at)
    until(lambda: now_s(phone) > 5, 30, "a tap goes there")
    panel.get_by_role("button", name=re.compile("^Edit the range of cat")).click()
    assert overflow_px(phone) <= 0
    shot(phone, "scene-tab-phone", full_page=True)
