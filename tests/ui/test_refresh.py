"""What the plugin writes behind Stash's page is seen on it at once: no reload, no flash, the player is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.plugin.road.installed import InstalledPlugin
from tests.ui.scripts import build, serve

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build("refresh/main.ts", tmp_path_factory.mktemp("refresh"))


@pytest.fixture
def scene(sense: InstalledPlugin) -> Iterator[int]:
    """One with a tag and a marker that wait; whatever is decided is taken back."""
    found = next(one for one in sense.ask("suggestions.list", type="marker", kind="scene")["suggestions"])
    scene_id = int(found["media_id"])
    yield scene_id
    sense.ask("media.undo", kind="scene", id=scene_id)


def accept(plugin: InstalledPlugin, kind: str, media_id: int) -> list[str]:
    """Accept all; the names of the tags."""
    answer = plugin.ask("suggestions.list", kind=kind, media_id=media_id)["suggestions"]
    plugin.ask("suggestions.accept", ids=[one["id"] for one in answer])
    return sorted({one["label"] for one in answer if one["type"] == "tag"})


def forget_tags(plugin: InstalledPlugin, scene: int) -> None:
    """Delete what earlier tests had made of the scene's labels, so that they are new to Stash again."""
    labels = {one["label"] for one in plugin.ask("suggestions.list", kind="scene", media_id=scene)["suggestions"]}
    for tag in plugin.stash.graphql("{ findTags(filter: { per_page: -1 }) { tags { id name } } }")["findTags"]["tags"]:
        if tag["name"] in labels:
            plugin.stash.graphql("mutation D($id: ID!) { tagDestroy(input: { id: $id }) }", {"id": tag["id"]})


def test_the_open_scene_is_read_anew_and_its_player_kept(
    page: Page, sense: InstalledPlugin, scene: int, script: str
) -> None:
    serve(page, script)
    forget_tags(sense, scene)
    page.goto(f"{sense.stash.url}/tags")
    page.locator(".tag-card").first.wait_for()
    known = page.locator(".tag-card").all_inner_texts()
    page.get_by_role("link", name="Scenes", exact=True).first.click()
    page.locator(f'.scene-card a[href*="/scenes/{scene}"]').first.click()
    page.wait_for_function("document.getElementById('VideoJsPlayer')?.player")
    page.evaluate("window.kept = document.getElementById('VideoJsPlayer').player")
    page.locator(".scene-tabs").wait_for()
    tags = accept(sense, "scene", scene)
    assert tags
    details = page.locator(".scene-tabs .tab-content")
    for tag in tags:
        assert details.locator(".tag-item", has_text=tag).count() == 0
    page.evaluate(f"window.senseRefresh([{{ kind: 'scene', id: {scene} }}])")
    for tag in tags:
        details.locator(".tab-pane.active .tag-item", has_text=tag).first.wait_for()
    page.locator(".scene-tabs .nav-tabs").get_by_text("Markers").click()
    details.locator(".tab-pane.active").get_by_text(tags[0]).first.wait_for()
    assert page.evaluate("!window.kept.isDisposed() && window.kept === document.getElementById('VideoJsPlayer').player")

    # Lists are read anew when they are next shown.
    page.get_by_role("link", name="Scenes", exact=True).first.click()
    card = page.locator(f'.scene-card:has(a[href*="/scenes/{scene}"])')
    expect(card.locator(".marker-count")).to_be_visible()
    page.get_by_role("link", name="Tags", exact=True).first.click()
    for tag in tags:
        assert not any(tag in text.split() for text in known)
        expect(page.locator(".tag-card", has_text=tag).first).to_be_visible()


def test_an_open_list_is_read_anew_and_loses_no_card(
    page: Page, sense: InstalledPlugin, scene: int, script: str
) -> None:
    serve(page, script)
    page.goto(f"{sense.stash.url}/scenes")
    cards = page.locator(".scene-card")
    cards.first.wait_for()
    count = cards.count()
    page.evaluate(
        """() => {
          window.fewest = Infinity;
          const count = () => document.querySelectorAll(".scene-card").length;
          const look = () => { window.fewest = Math.min(window.fewest, count()); };
          new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    accept(sense, "scene", scene)
    page.evaluate(f"window.senseRefresh([{{ kind: 'scene', id: {scene} }}])")
    card = page.locator(f'.scene-card:has(a[href*="/scenes/{scene}"])')
    card.locator(".marker-count").wait_for()
    assert cards.count() == count
    assert page.evaluate("window.fewest") in (count, None), "no card was gone in between"


def test_what_a_job_of_ours_wrote_is_seen_when_it_ends(page: Page, sense: InstalledPlugin, scene: int) -> None:
    """Asked for on the tab and written by the queue, while its owner looks at something else."""
    page.goto(f"{sense.stash.url}/scenes/{scene}")
    page.locator(".scene-tabs").wait_for()
    details = page.locator(".scene-tabs .tab-content .tab-pane.active")
    waiting = sense.ask("suggestions.list", kind="scene", media_id=scene)["suggestions"]
    (tag, *_) = [one["label"] for one in waiting if one["type"] == "tag"]
    sense.ask("suggestions.accept", ids=[one["id"] for one in waiting], write=False)
    expect(details.locator(".tag-item", has_text=tag)).to_have_count(0)
    sense.ask("suggestions.apply")
    expect(details.locator(".tag-item", has_text=tag).first).to_be_visible()


def test_what_is_typed_into_a_form_of_stashs_is_not_lost(page: Page, sense: InstalledPlugin, scene: int) -> None:
    page.goto(f"{sense.stash.url}/scenes/{scene}")
    page.locator(".scene-tabs .nav-tabs").get_by_text("Edit").click()
    title = page.locator("#scene-edit-details").get_by_role("textbox").first
    title.fill("half a tit")
    waiting = sense.ask("suggestions.list", kind="scene", media_id=scene)["suggestions"]
    sense.ask("suggestions.accept", ids=[one["id"] for one in waiting], write=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    # What the end of the job lets the page do is done when it has asked how things stand.
    with page.expect_response(lambda answer: '"status"' in (answer.request.post_data or "")):
        sense.ask("suggestions.apply")
    assert not [one for one in asked if "FindScene(" in one]
    expect(title).to_have_value("half a tit")
    with page.expect_request(lambda request: "FindScene" in (request.post_data or "")):
        page.locator(".navbar").get_by_role("link", name="Scenes").click()
