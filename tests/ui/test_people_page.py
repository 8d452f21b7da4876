"""The page of people: who nobody named is merged, taken apart, named and ignored; who is known is looked over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.plugin.road.installed import InstalledPlugin
from tests.ui.conftest import overflow_px
from tests.ui.people_world import BOX, PeopleWorld, candidate, picture, who
from tests.ui.test_accessibility import complaints

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Shot = Callable[[Page, str], Path]


def reference(reference_id: str, source: str = "stash", **rest: Any) -> dict[str, Any]:
    told = {"id": reference_id, "key": "stash:1", "source": source, "image_id": "", "kind": "", "media_id": None}
    return {**told, "pts_s": 0.0, "quality": 0.8, "picture": picture(len(reference_id)), **rest}


@pytest.fixture
def people() -> PeopleWorld:
    """Three unknown people, the first of whom is a little like Ada; Ada and 70 others are known."""
    ada = who("stash:1", "Ada Moon", 1, f"box:{BOX}|a-1")
    others = [who(f"stash:{n}", f"Person {n}", n) for n in range(2, 72)]
    seen = reference("r3", "track", kind="scene", media_id=1, pts_s=65.0)
    return PeopleWorld(
        known={one["key"]: one for one in (ada, *others)},
        references={"stash:1": [reference("r1"), reference("r22"), seen]},
        groups={"g1": ["t1", "t2", "t3"], "g2": ["t4", "t5"], "g3": ["t6"]},
        likely={"g1": [candidate(ada, "unknown", margin=0.05)]},
        performers=[{"id": 1, "name": "Ada Moon"}, {"id": 2, "name": "Person 2"}],
    )


@pytest.fixture
def opened(page: Page, sense: InstalledPlugin, people: PeopleWorld) -> Page:
    people.serve(page)
    page.goto(f"{sense.stash.url}/sense/people")
    cards(page).first.wait_for()
    return page


def cards(page: Page) -> Locator:
    return page.locator(".sense-person-card")


def undo(page: Page) -> None:
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()


def test_groups_are_merged_and_taken_apart(opened: Page, people: PeopleWorld, shot: Shot) -> None:
    page = opened
    expect(cards(page)).to_have_count(3)
    expect(cards(page).first).to_contain_text("3 titles, 3 appearances, 15 s")
    expect(cards(page).first).to_contain_text("a little like Ada Moon")
    expect(cards(page).first.locator("img")).to_be_visible()
    expect(page.get_by_role("region", name="What is known of faces")).to_contain_text(
        "71 people are known by 3 pictures; 3 unknown people wait for a name."
    )
    shot(page, "people-unknown")
    assert complaints(page, ".sense-page") == ""
    assert overflow_px(page) <= 0

    for n in (1, 2):
        cards(page).nth(n).get_by_role("checkbox").check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Same person").click()
    expect(cards(page)).to_have_count(2)
    assert people.groups["g2"] == ["t4", "t5", "t6"]
    undo(page)
    expect(cards(page)).to_have_count(3)

    # By keys alone, and taken back from the list of merges, later.
    page.locator("[data-id=g1]").focus()
    page.keyboard.press("s")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-id=g2]")).to_be_focused()
    page.keyboard.press("s")
    page.keyboard.press("m")
    expect(cards(page)).to_have_count(2)
    page.reload()
    page.get_by_role("button", name="Merged (1)").click()
    page.get_by_role("button", name="Take apart: 2 merged 1 minute ago").click()
    expect(cards(page)).to_have_count(3)
    assert set(people.groups) == {"g1", "g2", "g3"}


def test_one_is_opened_split_and_ignored(opened: Page, people: PeopleWorld, shot: Shot) -> None:
    page = opened
    page.locator("[data-id=g1]").click()
    page.wait_for_url("**?group=g1")
    link = page.get_by_role("link", name="0:02-0:05")
    expect(link).to_have_attribute("href", "/scenes/1?t=2")
    tracks = page.locator(".sense-group-tracks li")
    expect(tracks).to_have_count(3)
    expect(tracks.locator("img")).to_have_count(3)
    shot(page, "people-group")
    assert complaints(page, ".sense-page") == ""
    tracks.nth(2).get_by_role("checkbox").check()
    page.get_by_role("button", name="Somebody else (1)").click()
    expect(tracks).to_have_count(2)
    assert people.groups["g1-rest"] == ["t3"]
    undo(page)
    expect(tracks).to_have_count(3)

    page.get_by_role("button", name="Back").click()
    expect(cards(page)).to_have_count(3)
    page.locator("[data-id=g3]").focus()
    page.keyboard.press("x")
    expect(cards(page)).to_have_count(2)
    page.get_by_text("Ignored ones").click()
    expect(cards(page)).to_have_count(1)
    cards(page).get_by_role("button", name="Ignore no longer").click()
    expect(page.get_by_text("Nobody is ignored.")).to_be_visible()
    assert not people.ignored


def test_one_is_named_in_three_ways_and_that_is_taken_back(opened: Page, people: PeopleWorld, shot: Shot) -> None:
    page = opened
    page.locator("[data-id=g1]").focus()
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Is hardly like Ada Moon, compared with 4 pictures")
    shot(page, "people-name")
    assert complaints(page, ".modal-content") == ""
    dialog.get_by_label("Name of a performer").fill("person")
    dialog.get_by_role("button", name="Person 2").click()
    expect(page.get_by_text("Person 2 is in 3 titles, and suggested in 1 more.")).to_be_visible()
    expect(cards(page)).to_have_count(2)
    undo(page)
    expect(cards(page)).to_have_count(3)
    assert len(people.times("unname")) == 1

    for button in ("New performer “Nova”", "Nova of the box"):
        cards(page).first.get_by_role("button", name="Name").click()
        dialog.get_by_label("Name of a performer").fill("Nova")
        if "box" in button:
            dialog.get_by_role("button", name="Ask stash-boxes too").click()
        dialog.get_by_role("button", name=button).click()
        expect(dialog).to_have_count(0)
    expect(cards(page)).to_have_count(1)
    first, new, box = people.times("name")
    assert first["performer_id"] == 2
    assert new["create"] == {"name": "Nova"} and "box" not in new
    assert box["box"] == {"endpoint": BOX, "id": "b-9"}


def test_who_is_known_is_looked_over(opened: Page, people: PeopleWorld, shot: Shot) -> None:
    page = opened
    page.get_by_role("button", name="Known 71").click()
    expect(cards(page)).to_have_count(60)
    page.get_by_role("button", name="Show more").click()
    expect(cards(page)).to_have_count(71)
    page.get_by_label("Find somebody").fill("moon")
    expect(cards(page)).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ada Moon")).to_be_visible()
    expect(page.get_by_role("link", name="Ada Moon")).to_have_attribute("href", "/performers/1")
    expect(page.get_by_text("One person with another entry, because Stash says so.")).to_be_visible()
    pictures = page.locator(".sense-group-tracks li")
    expect(pictures).to_have_count(3)
    expect(pictures.nth(2)).to_contain_text("what you confirmed")
    expect(pictures.nth(2).get_by_role("link")).to_have_attribute("href", "/scenes/1?t=65")
    shot(page, "people-person")
    assert complaints(page, ".sense-page") == ""

    pictures.nth(1).get_by_role("checkbox").check()
    page.get_by_role("button", name="Remove 1").click()
    page.get_by_role("button", name="Remove for good").click()
    expect(pictures).to_have_count(2)
    assert people.times("remove_references") == [{"ids": ["r22"]}]
    alike = page.get_by_role("region", name="Who looks alike")
    expect(alike).to_contain_text("alikeness 0.81")
    alike.get_by_role("button", name="Open Person 2", exact=True).click()
    expect(page.get_by_role("heading", name="Person 2")).to_be_visible()
    expect(page.get_by_text("No picture of them is of use.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Ada Moon")).to_be_visible()


def test_what_is_known_and_what_can_be_done(
    page: Page, sense: InstalledPlugin, people: PeopleWorld, shot: Shot
) -> None:
    people.groups, people.known, people.references, people.ready = {}, {}, {}, False
    people.serve(page)
    page.goto(f"{sense.stash.url}/sense/tasks")
    page.get_by_role("link", name="People").click()
    expect(page.get_by_text("cannot be asked: the sidecar does not answer")).to_be_visible()
    expect(page.get_by_text("Nobody waits for a name.", exact=True)).to_be_visible()
    expect(page.get_by_text("known by face yet")).to_have_count(0)  # nobody was asked, so nobody says so
    page.get_by_role("button", name="Known", exact=True).click()
    expect(page.get_by_text("Nobody is known yet.")).to_be_visible()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_text("one in 100 would be called a match, one in 20 a maybe")).to_be_visible()
    expect(page.get_by_text("1 of 3 performers known, not asked yet")).to_be_visible()
    page.get_by_role("button", name="Fetch now").click()
    expect(page.get_by_text("A box is asked for pictures")).to_be_visible()
    assert people.times("sync") == [{"endpoint": BOX}]
    shot(page, "people-state")
    assert complaints(page, ".sense-page") == ""

    page.get_by_role("button", name="Erase all face data…").click()
    dialog = page.get_by_role("dialog")
    erase = dialog.get_by_role("button", name="Erase", exact=True)
    expect(erase).to_be_disabled()
    dialog.get_by_role("textbox").fill("erase all faces")
    erase.click()
    expect(page.get_by_text("90 faces and 0 people were erased.")).to_be_visible()


def test_on_a_phone(phone: Page, sense: InstalledPlugin, people: PeopleWorld, shot: Shot) -> None:
    people.serve(phone)
    phone.goto(f"{sense.stash.url}/sense/people")
    expect(cards(phone)).to_have_count(3)
    phone.get_by_role("button", name="More").click()
    assert overflow_px(phone) <= 0
    shot(phone, "people-phone")
    phone.locator("[data-id=g1]").tap()
    phone.locator(".sense-group-tracks").first.wait_for()
    assert overflow_px(phone) <= 0
    phone.goto(f"{sense.stash.url}/sense/people?person=stash%3A1")
    phone.get_by_role("heading", name="Ada Moon").wait_for()
    assert overflow_px(phone) <= 0
