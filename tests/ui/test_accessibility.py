"""axe-core finds nothing wrong with what is ours, on every page and panel; Stash's own markup is Stash's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugin.road.installed import ROOT, InstalledPlugin

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"

# What concerns a page as a whole is Stash's to say: its landmarks, its one heading of the first level.
NOT_OURS = ["region", "landmark-one-main", "page-has-heading-one", "bypass", "landmark-unique", "heading-order"]

# Colours that themes give to links and to Bootstrap's classes, on every page of Stash: white on its green is 3.7 to 1,
# its blue on a card 4.4 to 1.
STASHS_COLOURS = re.compile(r'^<a |class="[^"]*\b(btn|badge)-(success|primary|danger|warning|info|link)\b')

STILL = """() => Promise.all(
  document.getAnimations()
    .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => undefined)),
).then(() => undefined)"""

LOOK = """async ([within, off]) => {
  const rules = Object.fromEntries(off.map((id) => [id, { enabled: false }]));
  const found = await axe.run({ include: within }, { rules, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html, any, all }) => ({
      rule: id, help, target: target.join(" "), html: html.slice(0, 200),
      why: [...any, ...all].map(({ message }) => message).join("; "),
    })));
}"""


def complaints(page: Page, *within: str) -> str:
    """What axe finds wrong below the selectors, a line each."""
    page.evaluate(STILL)  # half faded in, nothing has the contrast that it will have
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(LOOK, [[[one] for one in within], NOT_OURS])
    ours = [one for one in found if one["rule"] != "color-contrast" or not STASHS_COLOURS.search(one["html"])]
    return "\n".join("{rule}: {help} ({target}) {why}\n    {html}".format_map(one) for one in ours)


def scene_with_suggestions(plugin: InstalledPlugin) -> int:
    return int(plugin.ask("suggestions.list", kind="scene", type="marker")["suggestions"][0]["media_id"])


def image_with_suggestions(plugin: InstalledPlugin) -> int:
    return int(plugin.ask("suggestions.list", kind="image")["suggestions"][0]["media_id"])


def open_tab(page: Page) -> None:
    page.locator(".scene-tabs .nav-tabs").get_by_text("Sense", exact=True).click()
    page.locator(".scene-tabs .tab-pane.active").get_by_role("button").first.wait_for()


PLACES: dict[str, tuple[Callable[[InstalledPlugin], str], str, Callable[[Page], None] | None]] = {
    "scene tab": (lambda plugin: f"/scenes/{scene_with_suggestions(plugin)}", ".tab-pane.active", open_tab),
    "inbox": (lambda _: "/sense/inbox", ".sense-page", None),
    "people": (lambda _: "/sense/people", ".sense-page", None),
    "tasks": (lambda _: "/sense/tasks", ".sense-page", None),
    "settings": (lambda _: "/sense/settings", ".sense-page", None),
    "image": (lambda plugin: f"/images/{image_with_suggestions(plugin)}", ".sense-still", None),
    "cards": (lambda _: "/scenes", ".sense-card-badge", None),
}
"""What is looked at -> its address, a selector of what is ours there, what opens it."""


@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_ours_is_out_of_reach(page: Page, sense: InstalledPlugin, place: str) -> None:
    address, within, prepare = PLACES[place]
    page.goto(sense.stash.url + address(sense))
    if prepare:
        prepare(page)
    page.locator(within).first.wait_for()
    page.wait_for_load_state("networkidle")
    assert complaints(page, within) == ""
