"""Real faces all the way: a film is watched by the sidecar, and its page says who is in it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts.sample_video import Shot, VideoFormat, photo_path, write_video
from tests.plugin.road.installed import InstalledPlugin, installed
from tests.ui.conftest import prepare
from tests.ui.test_people_scene import area, lane, performers_of, start
from tests.ui.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from scripts.sidecar_client import SidecarProcess

    Shots = Callable[[Page, str], Path]

GRACE = "Grace Hopper"
WIDE = VideoFormat(width_px=1280, height_px=720, fps=10)
FILMS = {
    "pioneers.mp4": (Shot("grace_hopper", 5.0, 0.36), Shot("astronaut", 4.0, 0.3)),
    "the cat and she.mp4": (Shot("chelsea", 2.0), Shot("astronaut", 4.0, 0.3)),
}
PIONEERS, CAT = 1, 2


@pytest.fixture(scope="module")
def plugin(
    built: None, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, sidecar: SidecarProcess
) -> Iterator[InstalledPlugin]:
    """Two films. Of the two women in them Stash knows one, with a picture."""
    folder = media_dir / "libraries" / "people"
    folder.mkdir(parents=True)
    with installed(tmp_path_factory.mktemp("people"), library_dir=folder) as found:
        prepare(found, sidecar)
        found.set_settings(identify_performers="suggest")
        picture = base64.b64encode(photo_path("grace_hopper").read_bytes()).decode()
        document = "mutation G($input: PerformerCreateInput!) { performerCreate(input: $input) { id } }"
        found.stash.graphql(document, {"input": {"name": GRACE, "image": f"data:image/jpeg;base64,{picture}"}})
        found.task("Update face references")
        for name, shots in FILMS.items():
            found.stash.add_scene(write_video(folder / name, shots, WIDE))
        found.ask("queue.add", ids={"scene": [PIONEERS, CAT]})
        found.stash.wait_for_jobs()
        yield found
        found.ask("people.erase", confirmation="erase all faces")  # the session's sidecar is shared


def test_who_is_known_is_found_shown_and_written(page: Page, plugin: InstalledPlugin, shot: Shots) -> None:
    page.goto(f"{plugin.stash.url}/scenes/{PIONEERS}")
    page.get_by_role("tab", name="Sense").click()
    expect(lane(page, GRACE)).to_contain_text("recognised")
    expect(lane(page, "Unknown 1")).to_be_visible()
    row = page.locator(".sense-suggestion").filter(has_text=GRACE)
    expect(row).to_contain_text("compared with 1 picture")
    expect(row.locator("img").first).to_be_visible()

    start(page, 2.0)
    page.keyboard.press("Shift+B")
    expect(page.locator(".sense-on-screen-face")).to_have_text(GRACE)
    page.keyboard.press("Shift+W")
    page.get_by_role("button", name="In the whole frame").click()
    answer = page.get_by_role("dialog", name="Who was seen")
    expect(answer.get_by_role("region", name=GRACE)).to_contain_text("Recognised")
    expect(answer.locator("img").first).to_be_visible()
    shot(page, "people-through")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    row.get_by_role("button", name=f"Accept {GRACE}").click()
    until(lambda: performers_of(plugin, PIONEERS) == [GRACE], 20, "Stash has the performer")
    expect(lane(page, GRACE)).to_contain_text("you said so")
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    until(lambda: performers_of(plugin, PIONEERS) == [], 20, "it is taken back")
    page.keyboard.press("Shift+B")


def test_who_is_not_known_is_named_once_for_all_films(page: Page, plugin: InstalledPlugin, shot: Shots) -> None:
    page.goto(f"{plugin.stash.url}/sense/people")
    card = page.locator(".sense-person-card").filter(has_text="2 titles")
    page.get_by_role("button", name="Group unknown people").click()
    expect(card).to_have_count(1, timeout=30_000)
    expect(card).not_to_contain_text("like")
    assert area(card.locator("img"))["width"] == 112
    shot(page, "people-through-page")
    card.get_by_role("button", name="Name").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of a performer").fill("Eileen Collins")
    dialog.get_by_role("button", name="New performer").click()
    expect(page.get_by_text("Eileen Collins is in 2 titles")).to_be_visible(timeout=30_000)

    def named() -> bool:
        return all(performers_of(plugin, scene_id) == ["Eileen Collins"] for scene_id in (PIONEERS, CAT))

    until(named, 20, "both films have her")
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Known 2", exact=True).click()
    expect(page.get_by_text("Eileen Collins", exact=True)).to_be_visible()
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    until(lambda: performers_of(plugin, CAT) == [], 20, "it is taken back")
    page.locator(".sense-people .nav-link").first.click()
    expect(card).to_have_count(1)
