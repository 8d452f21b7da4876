"""Badges on cards, actions for what is selected in lists, and what images and galleries show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from scripts.demonstration.library import make_library
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed
from tests.ui.conftest import expected, overflow_px, prepare

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from scripts.sidecar_client import SidecarProcess

HOSTILE = "<img src=x onerror=alert(1)> \u202e${7*7} {waiting}"
HOSTILE_LABEL = "<img src=x onerror=alert(1)> ${pet}"
SHARED = "shared"
"""The library that the other tests have analysed: the sidecar knows its frames."""


@pytest.fixture(scope="module")
def cards(
    built: None, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, sidecar: SidecarProcess
) -> Iterator[InstalledPlugin]:
    """All of the library analysed, one scene that failed, one that nobody looked at."""
    folder = media_dir / "libraries" / SHARED
    make_library(folder)
    with installed(tmp_path_factory.mktemp("cards"), library_dir=folder) as plugin:
        prepare(plugin, sidecar)
        plugin.ask("policy.set", rows=[{"label": HOSTILE_LABEL, "phrasings": ["a cat"]}])
        pictures = sorted((folder / "pictures").iterdir())
        plugin.stash.add_gallery("Pictures", [plugin.stash.add_image(path) for path in pictures])
        plugin.stash.scan()
        broken = media_dir / "broken.mp4"
        broken.write_bytes(b"\0" * 100)
        plugin.stash.add_scene_without_media(str(broken), HOSTILE, size=100)
        plugin.task("Analyse new")
        plugin.stash.add_scene_without_media("/gone/new.mp4", "Nobody looked at it")
        yield plugin


def card(page: Page, title: str) -> Locator:
    return page.locator(".grid-card").filter(has=page.get_by_text(title, exact=True))


def asked(plugin: InstalledPlugin, operation: str) -> list[dict[str, Any]]:
    """Arguments of each call of an operation so far."""
    runs = plugin.stash.runs("operation", PLUGIN_ID)
    return [run.document["args"] for run in runs if run.document["args"].get("operation") == operation]


def choose(page: Page, what: str) -> None:
    """From the menu of what is selected."""
    page.locator("#more-menu").click()
    page.locator(".scene-list-operations-dropdown").get_by_text(what, exact=True).click()


def select(page: Page, *titles: str) -> None:
    for title in titles:
        card(page, title).locator(".card-check").click(force=True)


def test_cards_say_what_is_known(page: Page, cards: InstalledPlugin, shot: Callable[..., Path]) -> None:
    before = len(asked(cards, "media.states"))
    page.goto(f"{cards.stash.url}/scenes")
    badge = card(page, "breakfast with a cat.mp4").locator(".sense-card-badge")
    expect(badge).to_have_attribute("aria-label", re.compile(r"^Analysed by Stash Sense, \d+ suggestions wait$"))
    expect(badge).to_have_text(re.compile(r"^\d+$"))
    expect(card(page, HOSTILE).locator(".sense-card-badge")).to_have_attribute(
        "title", "Stash Sense could not analyse it"
    )
    expect(page.locator(".scene-card")).to_have_count(6)
    expect(card(page, "Nobody looked at it").locator(".sense-card-badge")).to_have_count(0)
    (args,) = asked(cards, "media.states")[before:]
    assert (args["kind"], len(args["ids"])) == ("scene", 6), "one question for the whole page"
    shot(page, "scene-cards")

    card(page, "breakfast with a cat.mp4").hover()
    expect(badge).to_have_css("opacity", "0")
    badge.hover()
    expect(badge).to_have_css("opacity", "1")
    badge.click()
    page.wait_for_url("**/scenes/*")


def test_cards_can_be_told_to_be_silent(page: Page, cards: InstalledPlugin) -> None:
    page.goto(f"{cards.stash.url}/scenes")
    page.locator(".sense-card-badge").first.wait_for()
    page.evaluate("localStorage.setItem('stash-sense-native.badges', 'off')")
    before = len(asked(cards, "media.states"))
    page.reload()
    page.locator(".scene-card").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator(".sense-card-badge").count() == 0
    assert len(asked(cards, "media.states")) == before


def test_galleries_have_badges_too(phone: Page, cards: InstalledPlugin, shot: Callable[..., Path]) -> None:
    phone.goto(f"{cards.stash.url}/galleries")
    phone.locator(".gallery-card .sense-card-badge").first.wait_for()
    assert overflow_px(phone) <= 0
    phone.goto(f"{cards.stash.url}/scenes")
    phone.locator(".sense-card-badge").first.wait_for()
    assert overflow_px(phone) <= 0
    shot(phone, "scene-cards-phone")


def test_a_list_without_the_plugins_answer_is_a_list(page: Page, cards: InstalledPlugin) -> None:
    expected(page).append("500")
    cards.stash.faults.add("status", field="runPluginOperation", status=500, times=20)
    page.goto(f"{cards.stash.url}/scenes")
    expect(page.locator(".scene-card")).to_have_count(6)
    page.wait_for_load_state("networkidle")
    assert page.locator(".sense-card-badge").count() == 0
    cards.stash.faults.clear()
    assert page.get_by_role("alert").count() == 0


def test_leaving_a_list_while_it_waits(page: Page, cards: InstalledPlugin) -> None:
    cards.stash.faults.add("delay", field="runPluginOperation", seconds=5, times=20)
    is_question = lambda request: "media.states" in (request.post_data or "")  # noqa: E731
    with page.expect_request(is_question):
        page.goto(f"{cards.stash.url}/scenes")
    with page.expect_event("requestfailed", is_question):
        page.get_by_role("link", name="Tags", exact=True).first.click()
    cards.stash.faults.clear()


def test_what_is_selected_is_analysed(page: Page, cards: InstalledPlugin, shot: Callable[..., Path]) -> None:
    page.goto(f"{cards.stash.url}/scenes")
    badge = card(page, "the cat.mkv").locator(".sense-card-badge")
    badge.wait_for()
    select(page, "the cat.mkv", "a launch.mp4")
    page.locator("#more-menu").click()
    shot(page, "list-actions")
    page.keyboard.press("Escape")
    before = len(asked(cards, "queue.add"))
    choose(page, "Sense: analyse")
    page.get_by_text("2 scenes wait to be analysed.").wait_for()
    (args,) = asked(cards, "queue.add")[before:]
    assert len(args["ids"]["scene"]) == 2 and "fresh" not in args
    cards.stash.wait_for_jobs()
    expect(badge).to_have_attribute("title", re.compile("^Analysed"))

    choose(page, "Sense: re-tag from stored features")
    page.get_by_text("What was analysed of 2 scenes waits to be judged anew.").wait_for()
    choose(page, "Sense: analyse from scratch")
    page.get_by_text("2 scenes wait to be analysed.").wait_for()
    assert [one.get("fresh") for one in asked(cards, "queue.add")[before:]] == [None, None, True]
    page.get_by_role("link", name="Tasks", exact=True).click()
    page.wait_for_url("**/sense/tasks")
    cards.ask("queue.cancel_all")


def test_what_was_written_is_taken_back_from_a_list(
    page: Page, cards: InstalledPlugin, shot: Callable[..., Path]
) -> None:
    waiting = cards.ask("suggestions.list", words="cat")["suggestions"]
    cards.ask("suggestions.accept", ids=[one["id"] for one in waiting])
    page.goto(f"{cards.stash.url}/scenes")
    select(page, "the cat.mkv")
    tags = card(page, "the cat.mkv").locator(".tag-count")
    expect(tags).to_have_text("2")
    choose(page, "Sense: undo what it wrote")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("wrote to 1 scene?")
    shot(page, "list-undo")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    choose(page, "Sense: undo what it wrote")
    page.get_by_role("dialog").get_by_role("button", name="Undo", exact=True).click()
    page.get_by_text(re.compile(r"\d writes were taken back")).wait_for()
    expect(tags).to_have_count(0)


def test_other_views_do_not_tell_what_is_selected(page: Page, cards: InstalledPlugin) -> None:
    page.goto(f"{cards.stash.url}/scenes?disp=1")
    page.locator("table input[type=checkbox]").nth(1).click(force=True)
    page.locator("#more-menu").click()
    menu = page.locator(".scene-list-operations-dropdown")
    menu.get_by_text("Select None").wait_for()
    assert menu.get_by_text("Sense: analyse", exact=True).count() == 0


def test_nothing_is_offered_before_something_is_selected(page: Page, cards: InstalledPlugin) -> None:
    page.goto(f"{cards.stash.url}/scenes")
    page.locator(".scene-card").first.wait_for()
    page.locator("#more-menu").click()
    menu = page.locator(".scene-list-operations-dropdown")
    menu.get_by_text("Select All").click()
    page.locator("#more-menu").click()
    menu.get_by_text("Sense: analyse", exact=True).wait_for()
    menu.get_by_text("Select None").click()
    page.locator("#more-menu").click()
    menu.get_by_text("Select All").wait_for()
    assert menu.get_by_text("Sense: analyse", exact=True).count() == 0


def test_an_image_shows_what_is_suggested(page: Page, cards: InstalledPlugin, shot: Callable[..., Path]) -> None:
    one = next(one for one in cards.ask("suggestions.list", kind="image")["suggestions"] if one["type"] == "tag")
    page.goto(f"{cards.stash.url}/images/{one['media_id']}")
    panel = page.get_by_role("region", name="Stash Sense")
    expect(panel).to_contain_text("Analysed")
    shot(page, "image-panel")
    accept = panel.get_by_role("button", name=f"Accept the tag {one['label']}")
    accept.focus()
    page.keyboard.press("Enter")
    page.get_by_text(f"Tagged with {one['label']}.").wait_for()
    tags = page.locator(".tag-item.tag-link", has_text=one["label"])
    expect(tags.first).to_be_visible()
    expect(accept).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(accept).to_be_visible()
    expect(tags).to_have_count(0)
    panel.get_by_role("button", name="Analyse again").click()
    expect(panel).to_contain_text(re.compile("Waits|Is "))
    cards.ask("queue.cancel_all")


def test_a_hostile_tag_is_a_name_like_any(page: Page, cards: InstalledPlugin, shot: Callable[..., Path]) -> None:
    one = cards.ask("suggestions.list", kind="image", label=HOSTILE_LABEL)["suggestions"][0]
    page.goto(f"{cards.stash.url}/images/{one['media_id']}")
    page.get_by_role("button", name=f"Accept the tag {HOSTILE_LABEL}").click()
    page.get_by_text(f"Tagged with {HOSTILE_LABEL}.").wait_for()
    shot(page, "image-panel-hostile")
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_role("button", name=f"Reject the tag {HOSTILE_LABEL}, for ever").wait_for()


def test_a_gallery_shows_what_is_suggested(phone: Page, cards: InstalledPlugin, shot: Callable[..., Path]) -> None:
    phone.goto(f"{cards.stash.url}/galleries")
    card(phone, "Pictures").locator("a").first.click()
    expect(phone.get_by_role("region", name="Stash Sense")).to_contain_text("Analysed")
    assert overflow_px(phone) <= 0
    shot(phone, "gallery-panel-phone")


def test_an_image_whose_panel_cannot_be_filled(page: Page, cards: InstalledPlugin) -> None:
    expected(page).append("500")
    cards.stash.faults.add("status", field="runPluginOperation", status=500, times=20)
    image = cards.stash.graphql("{ findImages { images { id } } }")["findImages"]["images"][0]["id"]
    page.goto(f"{cards.stash.url}/images/{image}")
    problem = page.get_by_text("Stash does not answer").first
    problem.wait_for()
    cards.stash.faults.clear()
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_role("region", name="Stash Sense")).to_contain_text("Analysed")


def test_many_are_asked_about_first(page: Page, cards: InstalledPlugin) -> None:
    for number in range(20):
        cards.stash.add_scene_without_media(f"/gone/{number}.mp4", f"One of many, {number}")
    before = len(asked(cards, "queue.add"))
    page.goto(f"{cards.stash.url}/scenes")
    select(page, "the cat.mkv")
    page.get_by_role("button", name="Select All").click()
    choose(page, "Sense: analyse")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Analyse 26 scenes?")
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert len(asked(cards, "queue.add")) == before
