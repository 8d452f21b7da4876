"""README's pictures of what other tests show in trouble only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.plugin.road.installed import InstalledPlugin
from tests.ui.conftest import overflow_px

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_scene_and_its_tab(sense: InstalledPlugin, page: Page, shot: Callable[..., Path]) -> None:
    found = sense.stash.graphql('{ findScenes(filter: { q: "breakfast" }) { scenes { id } } }')["findScenes"]
    page.goto(f"{sense.stash.url}/scenes/{found['scenes'][0]['id']}")
    page.get_by_role("tab", name="Sense").click()
    lane = page.get_by_role("option", name="cat").first
    lane.wait_for()
    page.wait_for_function("document.getElementById('VideoJsPlayer')?.player?.readyState() >= 0")
    page.evaluate("document.getElementById('VideoJsPlayer').player.currentTime(7)")
    page.locator(".sense-panel img, .sense-panel [style*='background-image']").first.wait_for()
    shot(page, "picture-scene-tab")
    assert overflow_px(page) <= 0


def test_cards(sense: InstalledPlugin, page: Page, shot: Callable[..., Path]) -> None:
    page.goto(f"{sense.stash.url}/scenes")
    expect(page.locator(".scene-card .sense-card-badge")).to_have_count(4)
    page.wait_for_load_state("networkidle")
    shot(page, "picture-cards")


def test_settings_that_are_well(sense: InstalledPlugin, page: Page, shot: Callable[..., Path]) -> None:
    page.goto(f"{sense.stash.url}/sense/settings?tab=self-test")
    page.get_by_role("button", name="Test now").click()
    expect(page.get_by_text("Last tested now")).to_be_visible(timeout=30_000)
    shot(page, "picture-self-test")
    page.goto(f"{sense.stash.url}/sense/settings?tab=paths")
    page.get_by_role("button", name="Test").first.click()
    expect(page.get_by_role("heading", name="Files of your library")).to_be_visible(timeout=30_000)
    shot(page, "picture-paths")
