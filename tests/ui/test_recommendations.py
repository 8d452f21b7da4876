"""What to watch next, what could go, and scenes like one: asked of the plugin itself, over a library with a taste."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.plugin.road.installed import PLUGIN_ID, installed
from tests.ui.conftest import overflow_px
from tests.ui.test_accessibility import complaints
from tests.ui.waiting import until
from tests.ui.watching_world import DAY_S, WatchingWorld, fill, stay, tell, track

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

    Shot = Callable[..., Path]

UNSEEN_CATS = {"A cat's evening", "Sleeping cat"}


@pytest.fixture(scope="module")
def world(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchingWorld]:
    """A library that the plugin has not read yet; the first test lets it be read."""
    with installed(tmp_path_factory.mktemp("recommendations")) as plugin:
        plugin.task("Maintenance")
        track(plugin)
        yield fill(plugin)


def open_page(page: Page, world: WatchingWorld, query: str = "") -> None:
    page.add_init_script("localStorage['stash-sense-native.for-you.size'] ??= '20'")
    page.goto(f"{world.url}/sense/for-you{query}")
    cards(page).first.wait_for()


def cards(page: Page) -> Locator:
    return page.locator(".sense-pick .scene-card")


def titles(page: Page) -> list[str]:
    return [one.strip() for one in page.locator(".sense-pick .card-section-title").all_inner_texts()]


def said(world: WatchingWorld) -> dict[str, str]:
    """What the store holds of what was said, by title."""
    names = {scene_id: title for title, scene_id in world.scenes.items()}
    rows = world.plugin.store("SELECT scene_id, verdict FROM recommend_feedback")
    return {names[scene_id]: verdict for scene_id, verdict in rows}


def chosen(world: WatchingWorld, context: str) -> tuple[str, dict[str, Any]]:
    """The recommender that a context opens with, and its configuration."""
    sql = "SELECT recommender, config FROM recommend_preference WHERE context = ? AND chosen"
    rows = world.plugin.store(sql, context)
    return (rows[0][0], json.loads(rows[0][1])) if rows else ("", {})


def runs(world: WatchingWorld) -> int:
    """How often the library was read so far."""
    found = world.plugin.stash.runs("task", PLUGIN_ID)
    return sum(run.document["args"].get("mode") == "recompute_recommendations" for run in found)


def test_a_library_is_read_and_what_fits_is_shown(page: Page, world: WatchingWorld, shot: Shot) -> None:
    page.goto(f"{world.url}/sense/for-you")
    expect(page.get_by_text("has not been read for recommendations yet")).to_be_visible()
    page.get_by_role("button", name="Read it now").click()
    cards(page).first.wait_for()
    expect(page.get_by_text("has not been read")).to_have_count(0)
    first, second, third = titles(page)[:3]
    assert first in UNSEEN_CATS, "four other cats were watched again and again"
    assert set(titles(page)[:6]) > UNSEEN_CATS
    assert not set(world.watched) & set(titles(page)), "what was watched lately comes not again"
    expect(page.locator(".sense-pick-why").first).to_contain_text("cat")
    shot(page, "for-you")
    assert complaints(page, ".sense-for-you-bar", ".sense-pick-foot") == ""

    # Why: at once as a sentence, on request with all that speaks for it.
    page.get_by_role("button", name=f"Why {first}?").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="cat", exact=True)).to_have_attribute("href", re.compile(r"^/tags/\d+$"))
    expect(dialog.get_by_role("link", name="Chelsea Whiskers")).to_have_attribute("href", "/performers/1")
    assert complaints(page, ".modal-content") == ""
    dialog.get_by_role("button", name="Close").click()

    # What is said of scenes is kept, and taken back.
    more = page.get_by_role("button", name=f"More like {first}")
    more.click()
    expect(more).to_have_attribute("aria-pressed", "true")
    for n, title in enumerate((second, third)):
        hide = page.get_by_role("button", name=f"Do not recommend {title} again")
        if n:
            hide.click()
        else:  # by keys: who goes on from there is at the scene behind it
            hide.press("Enter")
            expect(page.get_by_role("button", name=f"Why {third}?")).to_be_focused()
        expect(page.get_by_role("button", name=f"Why {title}?")).to_have_count(0)
        expect(page.locator(".sense-toast")).to_contain_text(title)
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name=f"Why {third}?")).to_be_visible()
    until(lambda: said(world) == {first: "more", second: "hide"}, 10, "the plugin knows")
    page.reload()
    cards(page).first.wait_for()
    assert second not in titles(page)
    expect(page.get_by_role("button", name=f"More like {first}")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Your feedback").click()
    for title in (first, second):
        page.get_by_role("button", name=f"Take back your feedback on {title}").click()
    expect(dialog.get_by_role("listitem")).to_have_count(0)
    assert said(world) == {}


def test_pages_have_addresses(page: Page, world: WatchingWorld) -> None:
    page.goto(f"{world.url}/sense/for-you")
    page.get_by_label("Scenes on a page").select_option("20")
    expect(cards(page)).to_have_count(20)
    first = titles(page)
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_url("**page=2")
    expect(page.get_by_text("Page 2 of 2, 37 scenes")).to_be_visible()
    cards(page).first.wait_for()
    second = titles(page)
    assert len(second) == 17 and not set(first) & set(second)
    page.reload()
    cards(page).first.wait_for()
    assert titles(page) == second
    page.go_back()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    expect(cards(page)).to_have_count(20)
    assert titles(page) == first
    page.go_forward()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()

    # Another recommender is another address, and a wish for the next time.
    page.get_by_label("Recommended by").select_option("fresh")
    page.wait_for_url("**?by=fresh")
    cards(page).first.wait_for()
    until(lambda: chosen(world, "global_feed")[0] == "fresh", 10, "it is chosen")
    page.get_by_label("Recommended by").select_option("blend")
    until(lambda: chosen(world, "global_feed")[0] == "blend", 10, "it is chosen again")


def test_options_come_from_the_recommender(page: Page, world: WatchingWorld) -> None:
    open_page(page, world)
    page.get_by_role("button", name="Options of this recommender").click()
    form = page.get_by_role("form")
    apply = form.get_by_role("button", name="Apply")
    expect(apply).to_be_disabled()
    form.get_by_role("button", name="Add a tag").click()
    # Found by typing, as in Stash's own forms.
    page.get_by_label("Tag 1", exact=True).fill("stars")
    page.locator(".react-select__option", has_text="stars").first.click()
    form.get_by_label("Tag 1: how much it is wanted").select_option("must have")
    form.get_by_label("from %").fill("1")
    assert complaints(page, ".sense-config") == ""
    apply.click()
    expect(cards(page)).to_have_count(3)
    assert set(titles(page)) == {"Between galaxies", "A long exposure", "Faint light"}
    (wish,) = chosen(world, "global_feed")[1]["tags"]
    assert (wish["presence"], wish["min_share"]) == ("require", 0.01)

    # They leave out all there is: a sentence, and the way back.
    form.get_by_label("Shortest").fill("600")
    apply.click()
    nothing = page.locator(".sense-nothing")
    expect(nothing.locator("p").first).to_contain_text(re.compile("[a-z ]{20,}"))
    nothing.get_by_role("button", name="Reset options").click()
    cards(page).first.wait_for()
    assert titles(page)[0] in UNSEEN_CATS
    assert chosen(world, "global_feed") == ("", {})


def test_what_could_go(page: Page, world: WatchingWorld) -> None:
    open_page(page, world, "?view=go")
    expect(page.get_by_text("Nothing is deleted.")).to_be_visible()
    keep = page.get_by_role("button", name=re.compile("^Keep ")).first
    assert not UNSEEN_CATS & set(titles(page)[:10])
    title = (keep.get_attribute("aria-label") or "").removeprefix("Keep ")
    keep.click()
    expect(page.get_by_role("button", name=f"Keep {title}", exact=True)).to_have_count(0)
    until(lambda: said(world) == {title: "more"}, 10, "the plugin knows")
    page.locator(".sense-toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name=f"Keep {title}", exact=True)).to_be_visible()
    until(lambda: said(world) == {}, 10, "it is taken back")


def test_scenes_like_one_and_what_of_it_was_watched(page: Page, world: WatchingWorld, shot: Shot) -> None:
    scene_id = world.scenes["Lift-off"]
    tell(world.plugin, list(stay(scene_id, time.time() - 3 * DAY_S, [(60.0, 300.0), (120.0, 240.0), (120.0, 240.0)])))
    page.goto(f"{world.url}/scenes/{scene_id}")
    page.get_by_role("tab", name="Sense").click()
    expect(page.get_by_text("This scene has not been analysed yet.")).to_be_visible()
    watched = page.get_by_role("region", name="What you watched")
    expect(watched).to_contain_text("8:00 in all, once, last 3 days ago")
    expect(watched.get_by_role("button", name="times")).to_have_text(["2:00-4:00, 3 times"])
    similar = page.get_by_role("region", name="Similar scenes")
    expect(similar.locator(".scene-card")).to_have_count(8)
    launches = {"The launch", "Ten seconds", "On the pad"}
    assert titles(page)[0] in launches and launches < set(titles(page))
    expect(similar.locator(".sense-pick-why").first).to_contain_text("rocket")
    shot(page, "similar")
    assert complaints(page, ".sense-similar-head", ".sense-similar .sense-pick-foot", ".sense-watched") == ""
    similar.get_by_role("button", name="Show more").click()
    expect(similar.locator(".scene-card").nth(8)).to_be_visible()
    similar.get_by_role("button", name="Options").click()
    similar.get_by_label("Recommended by").select_option("performer_tag_hybrid")
    until(lambda: chosen(world, "similar_scene")[0] == "performer_tag_hybrid", 10, "it is chosen")
    expect(similar.locator(".scene-card").first).to_be_visible()
    assert overflow_px(page) <= 0

    # One stay is forgotten, for good.
    watched.get_by_text("Each time (1)").click()
    watched.get_by_role("button", name=re.compile("^Forget that it was watched on ")).click()
    watched.get_by_role("button", name="Forget for good").click()
    expect(watched.get_by_text("Each time")).to_have_count(0)
    assert world.plugin.store("SELECT count(*) FROM scene_watch") == [(0,)]


def test_a_title_of_one_long_word_pushes_nothing_away(phone: Page, world: WatchingWorld) -> None:
    open_page(phone, world)
    long = "<b>" + "unbreakable" * 30

    def rename(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        asked = (told.get("data") or {}).get("runPluginOperation")
        if isinstance(asked, dict) and asked.get("items"):
            asked["items"][0]["title"] = long
        route.fulfill(response=answer, json=told)

    phone.route("**/graphql", rename)
    phone.reload()
    cards(phone).first.wait_for()
    phone.get_by_role("button", name=f"Why {long}?").click()
    dialog = phone.get_by_role("dialog")
    expect(dialog).to_contain_text(long)
    assert dialog.evaluate("it => it.querySelector('.modal-content').scrollWidth") <= 390
    dialog.get_by_role("button", name="Close").click()
    phone.get_by_role("button", name=f"Do not recommend {long} again").click()
    phone.locator(".sense-toast").get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("button", name=f"Why {long}?")).to_be_visible()
    assert overflow_px(phone) <= 0
    until(lambda: said(world) == {}, 10, "it is taken back")
    phone.unroute_all(behavior="wait")


def test_what_changed_meanwhile(phone: Page, world: WatchingWorld) -> None:
    open_page(phone, world)
    assert overflow_px(phone) <= 0
    gone = titles(phone)[0]
    before = runs(world)
    world.plugin.stash.graphql(
        "mutation M($i: SceneDestroyInput!) { sceneDestroy(input: $i) }", {"i": {"id": str(world.scenes[gone])}}
    )
    world.plugin.store("UPDATE meta SET value = json_set(value, '$.at_s', 1000.0) WHERE key = 'library.synced'")
    # A scene that is gone takes no others with it; a library that was read long ago is read in the background, once.
    phone.reload()
    expect(phone.get_by_text(f"{gone} is no longer in Stash.")).to_be_visible()
    assert len(titles(phone)) > 3
    phone.get_by_role("button", name="Show them").click()
    expect(phone.get_by_text("is no longer in Stash.")).to_have_count(0)
    cards(phone).first.wait_for()
    assert gone not in titles(phone)
    assert runs(world) == before + 1


def test_nothing_is_known_of_what_was_watched(page: Page, world: WatchingWorld) -> None:
    def nothing(route: Route) -> None:
        asked = route.request.post_data_json if route.request.method == "POST" else None
        args = (asked or {}).get("variables", {}).get("args") if isinstance(asked, dict) else None
        if not isinstance(args, dict) or args.get("operation") != "recommend.query":
            route.fallback()
            return
        library = {"scenes": 42, "described": 42, "synced_s": time.time(), "stale": False, "watched": 0}
        told: dict[str, Any] = {"recommender": "blend", "config": {}, "warnings": [], "items": [], "next": None}
        told |= {"total": 0, "note": "", "library": library}
        route.fulfill(json={"data": {"runPluginOperation": told}})

    track(world.plugin, on=False)
    page.route("**/graphql", nothing)
    page.goto(f"{world.url}/sense/for-you")
    expect(page.get_by_text("Nothing was watched yet, so your taste is not known yet.")).to_be_visible()
    expect(page.get_by_text("Watch tracking is off")).to_be_visible()
    page.locator(".sense-nothing").get_by_role("link", name="Settings").click()
    page.wait_for_url("**/sense/settings?tab=privacy")
