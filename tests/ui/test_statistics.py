"""What was watched, in numbers: the page says what the store holds, in plots and in tables for who cannot see plots."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.plugin.road.installed import installed
from tests.ui.conftest import overflow_px
from tests.ui.test_accessibility import complaints
from tests.ui.watching_world import DAY_S, WatchingWorld, fill, stay, tell, track

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Shot = Callable[..., Path]

NINE_DAYS_AGO_S = time.time() - 9 * DAY_S


@pytest.fixture(scope="module")
def world(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchingWorld]:
    """Beside what Stash noted, an hour of a coffee in three stays, the third of which went back to its beginning."""
    with installed(tmp_path_factory.mktemp("statistics")) as plugin:
        plugin.task("Maintenance")
        found = fill(plugin)
        track(plugin)
        plugin.task("Recompute recommendations")
        coffee = found.scenes["First cup"]
        for n in range(2):
            tell(plugin, list(stay(coffee, NINE_DAYS_AGO_S + n * DAY_S, [(0.0, 1200.0)])))
        tell(plugin, list(stay(coffee, NINE_DAYS_AGO_S + 2 * DAY_S, [(0.0, 600.0), (0.0, 600.0)])))
        yield found


def table(page: Page, name: str) -> Locator:
    return page.get_by_role("table", name=name)


def test_what_was_watched_in_numbers(page: Page, world: WatchingWorld, shot: Shot) -> None:
    page.goto(f"{world.url}/sense/statistics?source=plugin")
    totals = page.locator(".sense-totals")
    expect(totals).to_contain_text("Hours1")
    expect(totals).to_contain_text("Scenes1")
    expect(totals).to_contain_text("Viewings3")
    weeks = table(page, "Hours per week").locator("tr")
    expect(weeks).to_have_count(26)
    hours = [row.split("\t")[-1] for row in weeks.all_inner_texts()]
    assert hours.count("0 min") >= 24, "an hour nine days ago lies in one week, or two"
    expect(page.locator(".sense-plot-bar")).to_have_count(26)
    began = time.localtime(NINE_DAYS_AGO_S)
    cells = table(page, "When you watch").locator("tbody tr").nth(began.tm_wday).locator("td")
    expect(cells.nth(began.tm_hour)).not_to_have_text("0 min")
    expect(page.get_by_role("row", name="First cup")).to_contain_text("1 h")
    expect(page.get_by_role("row", name="coffee").get_by_role("link")).to_have_attribute("href", re.compile("^/tags/"))

    # Stash's own record has the cats; both together have all of it.
    page.get_by_label("Source").select_option("Stash only")
    page.wait_for_url("**?source=stash")
    expect(page.get_by_role("row", name="Chelsea Whiskers")).to_be_visible()
    expect(page.get_by_role("row", name="First cup")).to_have_count(0)
    page.get_by_label("Source").select_option("Stash Sense and Stash")
    expect(page.get_by_role("row", name="First cup")).to_contain_text("1 h")
    expect(page.get_by_role("link", name="The cat", exact=True)).to_have_attribute(
        "href", f"/scenes/{world.scenes['The cat']}"
    )
    shot(page, "statistics", full_page=True)
    assert complaints(page, ".sense-page") == ""
    page.go_back()
    expect(page.get_by_role("row", name="First cup")).to_have_count(0)


def test_what_was_watched_lately(page: Page, world: WatchingWorld) -> None:
    last, began_s = world.scenes["Lift-off"], NINE_DAYS_AGO_S + 3 * DAY_S
    tell(world.plugin, [event for n in range(20) for event in stay(last, began_s + n * 600, [(0.0, 20.0)])])
    page.goto(f"{world.url}/sense/statistics?source=plugin")
    lately = page.get_by_role("region", name="Lately watched")
    page.locator(".sense-lately").scroll_into_view_if_needed()
    rows = lately.get_by_role("listitem")
    expect(rows).to_have_count(20)
    expect(rows.first).to_contain_text("Lift-off")
    lately.get_by_role("button", name="Show older").click()
    expect(rows).to_have_count(23)
    expect(lately.get_by_role("button", name="Show older")).to_have_count(0)
    expect(rows.last.get_by_role("link")).to_have_attribute("href", f"/scenes/{world.scenes['First cup']}")
    assert complaints(page, ".sense-lately") == ""

    # Forgotten by keys, for good, and the numbers above know it.
    forget = rows.first.get_by_role("button", name=re.compile("^Forget that Lift-off was watched on "))
    forget.focus()
    page.keyboard.press("Enter")
    expect(rows.first.get_by_role("button", name="Forget for good")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(22)
    expect(page.locator(".sense-totals")).to_contain_text("Viewings22")
    assert world.plugin.store("SELECT count(*) FROM scene_watch") == [(22,)]


def test_nothing_was_watched(phone: Page, world: WatchingWorld) -> None:
    world.plugin.ask("telemetry.erase", confirmation="erase watch history")
    track(world.plugin, on=False)
    phone.goto(f"{world.url}/sense/statistics?source=plugin&weeks=13")
    expect(phone.get_by_text("Nothing that you watched in this time was remembered.")).to_be_visible()
    expect(phone.get_by_text("Watch tracking is off")).to_be_visible()
    phone.get_by_label("Source").select_option("Stash Sense and Stash")
    phone.locator(".sense-plot svg").first.wait_for()
    assert overflow_px(phone) <= 0
