"""Whatever breaks in the interface, or is missing in Stash: Stash's own page and the other features live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.plugin.road.installed import InstalledPlugin
from tests.ui.conftest import expected
from tests.ui.scripts import beside, build, serve

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

OLDER = """
(() => {
  let api;
  const lessen = (given) => {
    const { evictQueries, ...service } = given.utils.StashService;
    const { loadComponents, InteractiveUtils, ...utils } = given.utils;
    const { useLoadComponents, ...hooks } = given.hooks;
    const { loadableComponents, GQL, ...rest } = given;
    return { ...rest, hooks, utils: { ...utils, StashService: service } };
  };
  const set = (given) => { api = lessen(given); };
  Object.defineProperty(window, "PluginApi", { configurable: true, get: () => api, set });
})();
"""
"""Stash shares less: no getPlayer (as v0.28), no loaders, no evictQueries, no documents."""

TABS = ("Details", "Markers", "Filters", "File Info", "History", "Edit")


def first(plugin: InstalledPlugin, kind: str) -> int:
    field = {"scene": "findScenes", "image": "findImages"}[kind]
    found = plugin.stash.graphql(f'{{ {field}(filter: {{per_page: 1, sort: "id"}}) {{ {kind}s {{ id }} }} }}')
    return int(found[field][f"{kind}s"][0]["id"])


def open_scene(page: Page, plugin: InstalledPlugin) -> None:
    page.goto(f"{plugin.stash.url}/scenes/{first(plugin, 'scene')}")
    page.locator(".scene-tabs").wait_for()


def warnings(page: Page) -> list[str]:
    """What is said to the console from now on as a warning."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "warning" else None)
    return found


@pytest.fixture(scope="session")
def broken_script(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build("broken/main.tsx", tmp_path_factory.mktemp("broken"))


def test_features_that_break_leave_stash_and_each_other_alone(
    page: Page, sense: InstalledPlugin, broken_script: str
) -> None:
    # React itself says what a boundary caught.
    expected(page).append("broken at render")
    said = warnings(page)
    serve(page, broken_script)
    open_scene(page, sense)
    tabs = page.locator(".scene-tabs .nav-tabs")
    for tab in TABS:
        assert tabs.get_by_text(tab, exact=True).count() == 1, tab
    assert page.locator("#sense-whole").inner_text() == "whole"
    assert page.get_by_text("never to be seen").count() == 0
    page.locator(".VideoPlayer").wait_for()
    for what in ("at init", "in a change of ScenePage.Tabs", "in a child of ScenePage.Tabs", "at render"):
        assert sum(f"broken {what}" in one for one in said) == 1, (what, said)

    page.goto(f"{sense.stash.url}/scenes")
    page.locator(".scene-card").first.wait_for()
    assert page.locator(".scene-specs-overlay").count() == page.locator(".scene-card").count()
    assert any("broken behind the overlays" in one for one in said)

    page.goto(f"{sense.stash.url}/sense-broken")
    assert "broken at render" in page.get_by_role("alert").inner_text()
    assert page.locator("#sense-whole").is_visible()


@pytest.mark.parametrize("place", ["before", "behind"])
def test_another_plugin_that_hands_on_fewer_arguments(page: Page, sense: InstalledPlugin, place: str) -> None:
    names = ("ScenePage.Tabs", "ScenePage.TabContent", "SceneCard", "SceneCard.Overlays", "MainNavBar.MenuItems")
    fewer = "".join(f'PluginApi.patch.before("{name}", (props) => [props]);' for name in names)
    beside(page, **{place: fewer})
    open_scene(page, sense)
    assert page.get_by_role("link", name="Sense").first.is_visible()
    page.goto(f"{sense.stash.url}/scenes")
    page.locator(".sense-card-badge").first.wait_for()
    assert page.locator(".scene-specs-overlay").count() == page.locator(".scene-card").count()


def test_a_stash_that_shares_less(page: Page, sense: InstalledPlugin) -> None:
    page.add_init_script(OLDER)
    open_scene(page, sense)
    assert page.evaluate("!window.PluginApi.loadableComponents && !window.PluginApi.utils.InteractiveUtils")
    for address in (
        "/scenes",
        "/sense/inbox",
        "/sense/for-you",
        "/sense/statistics",
        "/sense/tasks",
        "/sense/settings",
    ):
        page.goto(sense.stash.url + address)
        page.locator(".top-nav").wait_for()
    page.goto(f"{sense.stash.url}/scenes")
    page.locator(".sense-card-badge").first.wait_for()


def test_an_address_below_ours_that_nobody_knows(page: Page, sense: InstalledPlugin) -> None:
    for address in ("/sense", "/sense/nothing", "/sense/inbox/extra/deep", "/sense/%3Cscript%3E"):
        page.goto(sense.stash.url + address)
        page.get_by_role("link", name="Sense").first.wait_for()
        assert page.locator(".sense-page").count() == 0, address
        assert page.get_by_text("Something went wrong").count() == 0


def test_a_page_that_outlived_an_update_says_so(page: Page, sense: InstalledPlugin) -> None:
    """The operation that it asks for is no longer there."""

    def rename(route: Any, request: Request) -> None:
        body = request.post_data or ""
        route.continue_(post_data=body.replace('"operation":"', '"operation":"older.'))

    page.route("**/graphql", rename)
    page.goto(f"{sense.stash.url}/images/{first(sense, 'image')}")
    sentence = page.get_by_text("The plugin is of another version than this page").first
    sentence.wait_for()
    assert "Reload this page" in sentence.inner_text()


def test_a_session_that_ended_leads_to_the_login(page: Page, sense: InstalledPlugin) -> None:
    expected(page).append("401")
    page.route("**/login?*", lambda route: route.fulfill(body="a page to log in", content_type="text/html"))
    sense.stash.faults.add("status", field="runPluginOperation", status=401)
    page.goto(f"{sense.stash.url}/images/{first(sense, 'image')}")
    page.wait_for_url("**/login*")


def test_nobody_but_stash_is_asked_and_its_policy_is_kept(page: Page, sense: InstalledPlugin) -> None:
    """What the policy forbids would be an error in the console, which fails the test."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(f"{sense.stash.url}/scenes/{first(sense, 'scene')}")
    assert answer is not None and "default-src" in answer.headers["content-security-policy"]
    page.locator(".scene-tabs").wait_for()
    for address in ("/scenes", "/galleries", "/sense/inbox", "/sense/tasks", "/sense/settings"):
        with page.expect_response(lambda answer: "runPluginOperation" in (answer.request.post_data or "")):
            page.goto(sense.stash.url + address)
    strangers = [url for url in asked if not url.startswith((sense.stash.url, "data:", "blob:"))]
    assert strangers == []


def test_stash_below_a_path_of_a_proxys(page: Page, sense: InstalledPlugin) -> None:
    """Every request and every link keeps to the path that the proxy gives to Stash."""
    expected(page).append("WebSocket")
    outside: list[str] = []

    def proxy(route: Any, request: Request) -> None:
        path = request.url.removeprefix(sense.stash.url)
        if not path.startswith("/stash/"):
            outside.append(path)
            route.abort()
            return
        headers = {**request.headers, "x-forwarded-prefix": "/stash"}
        answer = route.fetch(url=sense.stash.url + path.removeprefix("/stash"), headers=headers)
        body = answer.body()
        if "text/html" in answer.headers.get("content-type", ""):
            body = body.replace(b'<base href="/"', b'<base href="/stash/"')
        route.fulfill(response=answer, body=body)

    page.route(f"{sense.stash.url}/**", proxy)
    page.goto(f"{sense.stash.url}/stash/scenes")
    page.locator(".sense-card-badge").first.wait_for()
    page.get_by_role("link", name="Sense").first.click()
    page.locator(".sense-inbox-row").first.wait_for()
    page.locator(".sense-inbox-moment img").first.wait_for()
    for link in ("Tasks", "Settings"):
        page.locator(".sense-page > .nav-tabs").get_by_role("link", name=link).click()
        page.wait_for_url(f"**/stash/sense/{link.lower()}")
    page.reload()
    page.locator(".sense-page").wait_for()
    places = page.evaluate("[...document.querySelectorAll('.sense-page a')].map((link) => link.pathname)")
    page.unroute_all(behavior="ignoreErrors")
    assert places and all(place.startswith("/stash/") for place in places)
    assert outside == []
