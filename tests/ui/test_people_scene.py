"""People in a scene: their lanes, who is suggested, who is asked for in the player, and names over their faces."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.plugin.road.installed import InstalledPlugin
from tests.ui.conftest import overflow_px
from tests.ui.people_world import PeopleWorld, candidate, picture, track, who
from tests.ui.test_accessibility import complaints
from tests.ui.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator, Page

    Shot = Callable[[Page, str], Path]

ADA, BEA = "Ada Moon", "Bea <b>Sun</b>"


@pytest.fixture(scope="module")
def scene_id(sense: InstalledPlugin) -> int:
    found = sense.stash.graphql('{ findScenes(filter: { q: "breakfast" }) { scenes { id } } }')
    return int(found["findScenes"]["scenes"][0]["id"])


@pytest.fixture(scope="module")
def performer_id(sense: InstalledPlugin) -> Iterator[int]:
    """Ada, whom Stash knows."""
    document = "mutation A($name: String!) { performerCreate(input: { name: $name }) { id } }"
    made = int(sense.stash.graphql(document, {"name": ADA})["performerCreate"]["id"])
    yield made
    sense.stash.graphql("mutation D($id: ID!) { performerDestroy(input: { id: $id }) }", {"id": made})


@pytest.fixture
def people(scene_id: int, performer_id: int) -> PeopleWorld:
    """Ada twice, perhaps Bea, and two whom nobody knows; one of those is in a group."""
    ada, bea = who(f"stash:{performer_id}", ADA, performer_id), who("box:https://box.example/graphql|b-1", BEA)
    return PeopleWorld(
        tracks=[
            track("ada1", [[0.0, 4.0]], "match", who=ada, candidates=[candidate(ada) | {"rejected": False}]),
            track("ada2", [[12.0, 17.0]], "match", who=ada),
            track("bea", [[5.0, 8.0]], "maybe", who=bea),
            track("x", [[6.0, 9.0]], group_id="g1", candidates=[candidate(ada, "unknown") | {"rejected": False}]),
            track("y", [[9.5, 11.0]]),
        ],
        marks=[
            {"track_id": "ada1", "pts_s": [0.0, 4.0], "boxes": [[0.1, 0.2, 0.2, 0.4], [0.5, 0.2, 0.2, 0.4]]},
            {"track_id": "bea", "pts_s": [5.0, 8.0], "boxes": [[0.6, 0.1, 0.2, 0.4], [0.6, 0.1, 0.2, 0.4]]},
        ],
        performers=[{"id": performer_id, "name": ADA}],
        scene_id=scene_id,
    )


@contextlib.contextmanager
def suggested(
    plugin: InstalledPlugin, media_id: int, performer_id: int, decision: str = "match", kind: str = "scene"
) -> Iterator[int]:
    """A performer's suggestion in the plugin's store, which goes afterwards with all that came of it."""
    reason = {"model": "dlib", "decision": decision, "similarity": 0.6, "margin": 0.4, "views": 14}
    reason |= {"agreeing_views": 12, "references": 4, "source": "stash", "lowered": [], "seconds": 9.0}
    reason |= {"spans": [[0.0, 4.0], [12.0, 17.0]], "track_ids": ["ada1", "ada2"], "performer_id": performer_id}
    reason |= {"person_key": f"stash:{performer_id}", "box": None, "reference_id": "r1"}
    plugin.store("INSERT INTO label (name, category) VALUES (?, 'performer')", ADA)
    ((label_id,),) = plugin.store("SELECT id FROM label WHERE name = ?", ADA)
    plugin.store(
        "INSERT INTO suggestion (run_id, kind, media_id, type, label_id, start_s, end_s, peak_s, score, reason, state,"
        " created_s, performer_id, person_keys)"
        " VALUES ((SELECT max(id) FROM run), ?, ?, 'performer', ?, 0, 17, 1, 0.6, ?, 'pending', 0, ?, ?)",
        kind,
        media_id,
        label_id,
        json.dumps(reason),
        performer_id,
        json.dumps([f"stash:{performer_id}"]),
    )
    ((suggestion_id,),) = plugin.store("SELECT max(id) FROM suggestion")
    try:
        yield suggestion_id
    finally:
        plugin.store("DELETE FROM refusal WHERE label_id = ?", label_id)
        plugin.store("UPDATE journal SET suggestion_id = NULL WHERE suggestion_id = ?", suggestion_id)
        plugin.store("DELETE FROM suggestion WHERE label_id = ?", label_id)
        plugin.store("DELETE FROM label WHERE id = ?", label_id)


def performers_of(plugin: InstalledPlugin, media_id: int, kind: str = "Scene") -> list[str]:
    found = plugin.stash.graphql(f'{{ find{kind}(id: "{media_id}") {{ performers {{ name }} }} }}')
    return [one["name"] for one in found[f"find{kind}"]["performers"]]


def open_tab(page: Page, plugin: InstalledPlugin, people: PeopleWorld) -> Locator:
    people.serve(page)
    page.goto(f"{plugin.stash.url}/scenes/{people.scene_id}")
    page.get_by_role("tab", name="Sense").click()
    page.locator("#VideoJsPlayer").wait_for()
    panel = page.locator(".sense-panel")
    panel.wait_for()
    return panel


def lane(page: Page, name: str) -> Locator:
    return page.get_by_role("option").filter(has=page.get_by_text(name, exact=True))


def now_s(page: Page) -> float:
    return float(page.evaluate("document.getElementById('VideoJsPlayer').player.currentTime()"))


def start(page: Page, at_s: float) -> None:
    """Let the player have a picture, and stand still."""
    page.locator("#VideoJsPlayer").wait_for()
    page.evaluate(
        "async (at) => { const player = document.getElementById('VideoJsPlayer').player; player.muted(true);"
        " await player.play(); player.pause(); player.currentTime(at); }",
        at_s,
    )
    page.wait_for_function("document.querySelector('.vjs-tech').seeking === false")


def area(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box is not None
    return box


def middle(box: FloatRect) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_lane_per_person(page: Page, sense: InstalledPlugin, people: PeopleWorld, shot: Shot) -> None:
    panel = open_tab(page, sense, people)
    expect(lane(page, ADA)).to_contain_text("in 2 moments, recognised")
    expect(lane(page, BEA)).to_contain_text("maybe")
    expect(lane(page, "Unknown 1")).to_contain_text("unknown")
    expect(lane(page, "Unknown 2")).to_be_visible()
    assert page.get_by_role("option").first.inner_text().startswith(ADA)
    expect(lane(page, ADA).locator("img")).to_be_visible()
    shot(page, "people-scene-tab")

    # What is sure, and what is not, differs in more than colour: how much of the lane's bar is filled.
    filled = "(own) => { const c = own.querySelector('canvas'); const d = c.getContext('2d').getImageData(0, 0,"
    filled += " c.width, c.height).data; let n = 0, all = 0; for (let i = 3; i < d.length; i += 4) { all++;"
    filled += " if (d[i] > 128) n++; } return n / all; }"
    seen = {name: lane(page, name).evaluate(filled) / share for name, share in ((ADA, 9), (BEA, 3), ("Unknown 1", 3))}
    assert seen[ADA] > 1.3 * seen[BEA] > 1.3 * seen["Unknown 1"] > 0

    # A click goes there, on a name to where they are first seen; so do keys.
    track_box = area(lane(page, ADA).locator(".sense-lane-track"))
    page.mouse.click(track_box["x"] + track_box["width"] * 0.8, track_box["y"] + 8)
    until(lambda: 12 < now_s(page) < 17, 30, "the player is where Ada is")
    lane(page, "Unknown 2").locator(".sense-lane-label").click()
    until(lambda: 9 < now_s(page) < 11, 30, "the player is where the second unknown is")
    page.evaluate("document.getElementById('VideoJsPlayer').player.pause()")
    assert complaints(page, ".sense-panel") == ""
    assert panel.locator("b").count() == 0


def test_a_suggested_performer_is_accepted_rejected_and_both_are_undone(
    page: Page, sense: InstalledPlugin, people: PeopleWorld, performer_id: int, shot: Shot
) -> None:
    with suggested(sense, people.scene_id, performer_id, "maybe"):
        panel = open_tab(page, sense, people)
        row = panel.locator(".sense-suggestion").filter(has_text=ADA)
        expect(row).to_contain_text(f"May be {ADA}, compared with 4 pictures; 12 of 14 views agree.")
        expect(row).to_contain_text("The next best is far behind.")
        expect(row.locator(".badge", has_text="maybe")).to_be_visible()
        expect(row.locator("img")).to_be_visible()
        assert "60" not in row.inner_text() and "%" not in row.inner_text()
        row.get_by_role("button", name=f"Play {ADA}, 0:12-0:17").click()
        until(lambda: 12 <= now_s(page) < 17, 30, "it plays from there")
        page.evaluate("document.getElementById('VideoJsPlayer').player.pause()")
        shot(page, "people-suggestion")

        row.get_by_role("button", name=f"Accept {ADA}").click()
        until(lambda: performers_of(sense, people.scene_id) == [ADA], 30, "Stash has the performer")
        page.locator(".sense-toast").get_by_role("button", name="Undo").click()
        until(lambda: performers_of(sense, people.scene_id) == [], 30, "it is taken back")
        expect(row).to_be_visible()

        row.get_by_role("button", name=f"This is not {ADA}, for ever").click()
        expect(page.locator(".sense-toast")).to_contain_text(f"Rejected: {ADA}")
        page.locator(".sense-toast").get_by_role("button", name="Undo").click()
        expect(row).to_be_visible()

        # The inbox has it, too: by type, with the face, and with a way to the moment.
        page.goto(f"{sense.stash.url}/sense/inbox?type=performer")
        listed = page.locator(".sense-inbox-row")
        expect(listed).to_have_count(1)
        expect(listed).to_contain_text(f"May be {ADA}, compared with 4 pictures")
        expect(listed.locator(".sense-face img")).to_be_visible()
        assert "t=1" in str(listed.locator(".sense-inbox-name a").get_attribute("href"))
        shot(page, "people-inbox")


def test_who_nobody_named_is_named_in_the_scene(
    page: Page, sense: InstalledPlugin, people: PeopleWorld, performer_id: int
) -> None:
    panel = open_tab(page, sense, people)
    unnamed = panel.get_by_label("People without a name")
    unnamed.get_by_role("button", name="Who is Unknown 1?").click()
    expect(unnamed.get_by_role("link", name="Where else they are seen")).to_have_attribute(
        "href", "/sense/people?group=g1"
    )
    unnamed.get_by_role("button", name=f"It is not {ADA}, for ever").click()
    expect(unnamed.get_by_role("button", name=f"It is not {ADA}, for ever")).to_have_count(0)
    assert people.times("reject")[0]["key"] == f"stash:{performer_id}"

    unnamed.get_by_label("Name of a performer").fill("moon")
    unnamed.get_by_role("button", name="Ask stash-boxes too").click()
    expect(unnamed.get_by_role("button", name="moon of the box")).to_be_visible()
    assert [one["boxes"] for one in people.times("find")] == [False, True], (
        "a name is sent only where that is asked for"
    )
    unnamed.get_by_label("Name of a performer").press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{ADA} is in it.")).to_be_visible()
    asked = {"kind": "scene", "id": people.scene_id, "track_id": "x", "key": f"stash:{performer_id}"}
    assert people.times("accept") == [asked]
    expect(lane(page, "Unknown 2")).to_have_count(0)
    expect(lane(page, ADA)).to_contain_text("you said so")


def test_an_image_says_who_is_in_it(
    page: Page, sense: InstalledPlugin, people: PeopleWorld, performer_id: int, shot: Shot
) -> None:
    image_id = int(sense.ask("suggestions.list", kind="image")["suggestions"][0]["media_id"])
    people.serve(page)
    with suggested(sense, image_id, performer_id, kind="image"):
        page.goto(f"{sense.stash.url}/images/{image_id}")
        panel = page.locator(".sense-still")
        expect(panel).to_contain_text(f"Looks like {ADA}, compared with 4 pictures")
        expect(panel.get_by_label("Suggested performers").locator("img")).to_be_visible()
        panel.get_by_role("button", name="Who is Unknown 1?").click()
        expect(panel.get_by_label("Name of a performer")).to_be_focused()
        shot(page, "people-image")
        assert complaints(page, ".sense-still") == ""
        panel.get_by_role("button", name=f"It is {ADA}", exact=True).first.click()
        until(lambda: performers_of(sense, image_id, "Image") == [ADA], 30, "Stash has the performer")
        page.locator(".sense-toast").get_by_role("button", name="Undo").click()
        until(lambda: performers_of(sense, image_id, "Image") == [], 30, "it is taken back")


def test_who_is_this_by_mouse(page: Page, sense: InstalledPlugin, people: PeopleWorld, shot: Shot) -> None:
    ada = people.tracks[0]["who"]
    face = {"box": [0.1, 0.2, 0.2, 0.4], "quality": 0.8, "picture": picture(3), "group_id": "", "decision": "match"}
    people.faces = [[], [{**face, "candidates": [candidate(ada)]}]]
    open_tab(page, sense, people)
    start(page, 0.0)
    page.locator("#VideoJsPlayer").hover()
    page.get_by_role("button", name="Who is this?").click()
    video = area(page.locator(".vjs-tech"))
    wide = min(video["width"], video["height"] * 16 / 9)
    left, top = video["x"] + (video["width"] - wide) / 2, video["y"] + (video["height"] - wide * 9 / 16) / 2
    page.mouse.move(left + wide * 0.3, top + wide * 9 / 16 * 0.7)
    page.mouse.down()
    page.mouse.move(left + wide * 0.2, top + wide * 9 / 16 * 0.5)
    page.mouse.move(left + wide * 0.1, top + wide * 9 / 16 * 0.25)
    page.mouse.up()
    page.get_by_role("button", name="In the box").click()
    answer = page.get_by_role("dialog", name="Who was seen")
    expect(answer).to_contain_text("In the box there was no face; a little around it was looked at, too.")
    expect(answer).to_contain_text(f"Looks like {ADA}, compared with 4 pictures; 12 views agree.")
    first, second = (one["box"] for one in people.times("identify"))
    assert first == pytest.approx([0.1, 0.25, 0.2, 0.45], abs=0.01)
    assert second == pytest.approx([0.06, 0.16, 0.28, 0.63], abs=0.02), "a fifth more on each side"
    shot(page, "people-who")
    assert complaints(page, ".sense-asking") == ""

    # The face is where Ada's own track is, so that is confirmed.
    answer.get_by_role("button", name=f"It is {ADA}").click()
    expect(page.get_by_text(f"{ADA} is in it.")).to_be_visible()
    assert people.times("accept")[0]["track_id"] == "ada1"
    expect(lane(page, ADA)).to_contain_text("you said so")
    expect(page.locator(".sense-asking")).to_have_count(0)


def test_who_is_this_by_keys(page: Page, sense: InstalledPlugin, people: PeopleWorld, performer_id: int) -> None:
    elsewhere = {"box": [0.7, 0.7, 0.1, 0.2], "quality": 0.5, "picture": "", "group_id": "g1", "decision": "unknown"}
    people.faces = [[{**elsewhere, "candidates": []}], []]
    open_tab(page, sense, people)
    start(page, 2.0)
    page.keyboard.press("Shift+W")
    box = page.get_by_role("application")
    expect(box).to_be_focused()
    before = area(box)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert area(box)["x"] > before["x"] and area(box)["width"] > before["width"]
    assert now_s(page) == pytest.approx(2.0, abs=0.1), "arrows are not the player's meanwhile"
    page.keyboard.press("Enter")
    answer = page.get_by_role("dialog", name="Who was seen")
    expect(answer).to_contain_text("Not recognised")
    expect(answer).to_contain_text("nothing is learnt from it")
    left, _, width, _ = people.times("identify")[0]["box"]
    assert (left + width / 2, width) == (pytest.approx(0.52), pytest.approx(0.27))
    assert people.times("identify")[0]["at_s"] == pytest.approx(2.0, abs=0.1)

    # Whom no track has is added as Stash's own pages would do it, and taken away again.
    answer.get_by_role("button", name="Say who it is…").click()
    answer.get_by_label("Name of a performer").fill("ada")
    answer.get_by_role("button", name=ADA, exact=True).click()
    until(lambda: performers_of(sense, people.scene_id) == [ADA], 30, "Stash has the performer")
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    until(lambda: performers_of(sense, people.scene_id) == [], 30, "it is taken back")
    page.locator(".toast-container .close").click()  # it lies over the player's buttons

    page.keyboard.press("Shift+W")
    page.get_by_role("button", name="In the whole frame").click()
    expect(answer).to_contain_text("No face was found; a sharper moment may help.")
    assert people.times("identify")[1]["box"] is None
    page.keyboard.press("Escape")
    expect(answer).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".sense-asking")).to_have_count(0)


def test_names_follow_faces(page: Page, sense: InstalledPlugin, people: PeopleWorld, shot: Shot) -> None:
    open_tab(page, sense, people)
    start(page, 1.0)
    assert not people.times("on_screen"), "nothing is asked for while it is off"
    page.keyboard.press("Shift+B")
    face = page.locator(".sense-on-screen-face")
    expect(face).to_have_text(ADA)
    video = area(page.locator(".vjs-tech"))
    wide = min(video["width"], video["height"] * 16 / 9)
    left = video["x"] + (video["width"] - wide) / 2

    def share() -> float:
        box = area(face)
        return (middle(box)[0] - left) / wide

    assert share() == pytest.approx(0.3, abs=0.02), "a quarter of the way from 0.2 to 0.6"
    shot(page, "people-on-screen")
    page.evaluate("document.getElementById('VideoJsPlayer').player.currentTime(3.5)")
    until(lambda: abs(share() - 0.55) < 0.02, 5, "it follows")
    # Two seconds from any mark, paused, it would be a guess.
    page.evaluate("document.getElementById('VideoJsPlayer').player.currentTime(2)")
    expect(face).to_have_count(0)
    page.evaluate("document.getElementById('VideoJsPlayer').player.currentTime(5.2)")
    expect(face).to_have_text(f"{BEA}?")
    before = area(face)
    page.set_viewport_size({"width": 600, "height": 900})
    until(lambda: area(face)["width"] != before["width"], 5, "it keeps to the picture")
    page.evaluate("document.getElementById('VideoJsPlayer').player.currentTime(10)")
    expect(face).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('.sense-on-screen')).pointerEvents") == "none"

    page.reload()
    page.get_by_role("tab", name="Sense").wait_for()
    start(page, 1.0)
    expect(face).to_have_text(ADA)
    page.locator("#VideoJsPlayer").hover()
    page.get_by_role("button", name="Names over faces").click()
    expect(face).to_have_count(0)


def test_on_a_phone(phone: Page, sense: InstalledPlugin, people: PeopleWorld, shot: Shot) -> None:
    face: dict[str, Any] = {"box": [0.4, 0.2, 0.2, 0.4], "quality": 0.8, "picture": picture(3), "group_id": ""}
    people.faces = [[{**face, "decision": "match", "candidates": [candidate(people.tracks[0]["who"])]}]]
    open_tab(phone, sense, people)
    expect(lane(phone, ADA)).to_be_visible()
    phone.get_by_role("button", name="Who is Unknown 1?").click()
    assert overflow_px(phone) <= 0
    start(phone, 1.0)
    phone.evaluate("window.scrollTo(0, 0)")
    phone.get_by_role("button", name="Who is this?", exact=True).tap()
    phone.get_by_role("button", name="In the box").tap()
    answer = phone.get_by_role("dialog", name="Who was seen")
    expect(answer).to_contain_text(ADA)
    assert overflow_px(phone) <= 0
    assert area(answer)["height"] > 150, "it is not squeezed into the player"
    shot(phone, "people-who-phone")
