"""The page as plugins find it, in a real browser: what it does with their scripts, patches and components."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts import ui
from tests.browser import DESKTOP, PHONE, Tab, new_context
from tests.standin import Standin
from tests.standin.samples import manifest, program, write_picture, write_video

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent.parent
SCENES = 45

PLUGIN = """(() => {
  "use strict";
  const P = window.PluginApi, R = P.React, h = R.createElement, last = args => args[args.length - 1];
  const seen = (window.seen = window.seen || []);
  const keep = (props, more) => [Object.assign({}, props, more)];
  const append = (props, extra) => keep(props, {children: h(R.Fragment, null, props.children, extra)});
  %s
})();
"""
"""A plugin's script around what a test wants to try; what it tells the test goes into window.seen."""

Opener = Callable[..., Tab]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    """A library of three films that play, images, and enough scenes for two pages of a list."""
    ui.need_built(ROOT)
    folder = tmp_path_factory.mktemp("page")
    with Standin(folder / "config", folder / "library") as running:
        for number, name in enumerate(("first", "second", "third")):
            film = write_video(running.library_dir / f"{name}.mp4", 3.0, 160, 90, 60 * number, "libx264")
            running.add_scene(film, name.title(), tags=["cat", f"only {name}"], date=f"2025-01-0{9 - number}")
        running.add_marker(1, "cat", 0.5, 1.5, "Sleeps")
        running.add_marker(1, "dog", 2.0)
        with running.library.transaction():
            for number in range(SCENES - 3):
                running.add_scene_without_media(f"/gone/{number:02d}.mp4", f"Scene {number:02d}")
        for number in range(3):
            write_picture(running.library_dir / f"{number}.png", number)
            running.add_image(f"{number}.png", f"Picture {number}")
        running.add_gallery("Pictures", [running.image(1)])
        running.add_performer("Somebody")
        running.add_group("A series")
        yield running


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Shared, so that the page's script is compiled once."""
    made = new_context(browser)
    yield made
    made.close()


@pytest.fixture
def opened(host: Standin, browser: Browser, context: BrowserContext) -> Iterator[Opener]:
    """Opens a page with plugins that are these scripts; whatever it complains of by the end fails the test."""
    tabs: list[Tab] = []

    def open_tab(path: str = "/", *scripts: str, size: tuple[int, int] = DESKTOP, wait: bool = True) -> Tab:
        install(host, {f"p{number}": script for number, script in enumerate(scripts)})
        tab = Tab(browser, host.url, size, context if size == DESKTOP else None)
        tabs.append(tab)
        if wait:
            tab.open(path)
        return tab

    yield open_tab
    for tab in tabs:
        tab.close()
    complaints = [complaint for tab in tabs for complaint in tab.complaints]
    assert complaints == []


def install(host: Standin, scripts: dict[str, str], **ui_of: dict[str, Any]) -> None:
    """These plugins and no others."""
    for folder in host.settings.plugins_path.iterdir():
        shutil.rmtree(folder)
    host.reload_plugins()
    for plugin_id, script in scripts.items():
        text = manifest(name=plugin_id, ui={"javascript": ["x.js"], **ui_of.get(plugin_id, {})})
        host.add_plugin(plugin_id, text, {"x.js": PLUGIN % script})


def seen(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate("window.seen")
    return found


def operations(page: Page) -> list[str]:
    """Names of the documents that the page asks for from now on."""
    found: list[str] = []

    def note(request: Any) -> None:
        if request.url.endswith("/graphql") and request.post_data:
            found.append(json.loads(request.post_data)["operationName"])

    page.on("request", note)
    return found


# 1, 2: the frame.


def test_the_frame_is_that_of_stash(opened: Opener) -> None:
    page = opened("/").page
    found = page.evaluate(
        """() => ({
          version: window.PluginApi.React.version,
          legacy: "_reactRootContainer" in document.getElementById("root"),
          base: document.querySelector("base").getAttribute("href"),
          rem: getComputedStyle(document.documentElement).fontSize,
          body: getComputedStyle(document.body).backgroundColor,
          bar: getComputedStyle(document.querySelector(".top-nav")).backgroundColor,
          primary: getComputedStyle(document.documentElement).getPropertyValue("--primary").trim(),
          api: Object.keys(window.PluginApi).sort(),
          libraries: Object.keys(window.PluginApi.libraries).sort(),
        })"""
    )
    assert found == {
        "version": "17.0.2",
        "legacy": True,
        "base": "/",
        "rem": "14px",
        "body": "rgb(32, 43, 51)",
        "bar": "rgb(57, 75, 89)",
        "primary": "#137cbd",
        "api": [
            "Event",
            "GQL",
            "React",
            "ReactDOM",
            "components",
            "hooks",
            "libraries",
            "loadableComponents",
            "patch",
            "register",
            "utils",
        ],
        "libraries": [
            "Apollo",
            "Bootstrap",
            "FontAwesomeBrands",
            "FontAwesomeRegular",
            "FontAwesomeSolid",
            "Intl",
            "Mousetrap",
            "MousetrapPause",
            "ReactRouterDOM",
            "ReactSelect",
        ],
    }


# 3: scripts, and components that come later.


def test_scripts_run_in_order_and_everything_waits_for_them(host: Standin, opened: Opener) -> None:
    tab = opened(wait=False)
    install(
        host,
        {
            "a-needs-z": 'seen.push("a");',
            "broken": 'seen.push("broken"); throw new Error("a plugin that throws");',
            "gone": "",
            "z": 'seen.push("z", document.querySelector(".top-nav") === null);',
        },
        **{"a-needs-z": {"requires": ["z"], "css": ["x.css"]}},
    )
    slow: list[Any] = []
    tab.page.route("**/plugin/z/javascript", lambda route: slow.append(route))
    tab.page.route("**/plugin/gone/javascript", lambda route: route.fulfill(status=404))
    tab.page.goto(host.url)
    tab.page.wait_for_selector("text=Loading plugins")
    tab.page.wait_for_timeout(300)
    assert tab.page.locator(".top-nav").count() == 0, "shown before the scripts were there"
    slow[0].continue_()
    tab.wait_until_ready()
    assert seen(tab.page) == ["broken", "z", True, "a"]
    assert tab.page.locator("head link[href$='/plugin/a-needs-z/css']").count() == 1
    assert len(tab.complaints) == 2, "the one that throws, the one that is gone"
    tab.complaints.clear()


def test_components_come_with_what_shows_them(opened: Opener) -> None:
    script = """
      seen.push(Object.keys(P.components).sort());
      const Page = () => {
        const loading = P.hooks.useLoadComponents([P.loadableComponents.SceneCard]);
        if (loading) return h("p", {id: "wait"});
        return h("p", {id: "there"}, typeof P.components.SceneCard);
      };
      P.register.route("/plugins/late", Page);
    """
    page = opened("/plugins/late", script).page
    assert seen(page) == [["Icon", "LoadingIndicator", "MainNavBar.MenuItems", "MainNavBar.UtilityItems"]]
    assert page.locator("#there").text_content() == "function"

    def arriving(name: str) -> list[str]:
        found: list[str] = page.evaluate(
            """async name => {
              const before = new Set(Object.keys(window.PluginApi.components));
              await window.PluginApi.utils.loadComponents([window.PluginApi.loadableComponents[name]]);
              return Object.keys(window.PluginApi.components).filter(one => !before.has(one));
            }""",
            name,
        )
        return found

    assert arriving("Scenes") == [], "a shell"
    assert {"Setting", "SettingGroup", "BooleanSetting", "ModalSetting"} <= set(arriving("GenerateDialog"))
    assert "PluginSettings" in arriving("Settings")
    assert {"TagSelect", "TagIDSelect"} <= set(arriving("SceneMarkersPanel"))
    assert {"PerformerSelect", "PerformerIDSelect"} <= set(arriving("PerformerSelect"))


# 4: patches.


def test_patches_get_what_react_gives_them(opened: Opener) -> None:
    name = '"SceneCard.Overlays"'
    note = "[].map.call(arguments, one => typeof one)"
    script = f"""
      P.patch.before({name}, function () {{ seen.push(["before", ...{note}]); return [...arguments]; }});
      P.patch.instead({name}, function () {{
        seen.push(["instead", ...{note}]);
        return last(arguments)(...[...arguments].slice(0, -1));
      }});
      P.patch.instead({name}, (props, context, next) => h("i", {{id: "outer"}}, next(props, context)));
      P.patch.after({name}, function () {{
        seen.push(["after", ...{note}, R.isValidElement(last(arguments))]);
        return h(R.Fragment, null, last(arguments), h("b", {{className: "acme"}}, "3"));
      }});
    """
    page = opened("/scenes?perPage=20", script).page
    page.wait_for_selector(".scene-card .thumbnail-section .acme")
    assert seen(page)[:3] == [
        ["before", "object", "object"],
        ["instead", "object", "object", "function"],
        ["after", "object", "object", "object", True],
    ]
    assert page.locator(".thumbnail-section #outer .scene-specs-overlay").count() == 20


def test_shorter_arguments_and_arrays_go_on_to_the_next_patch(opened: Opener) -> None:
    script = """
      P.patch.before("SceneCard.Overlays", props => [props]);
      const count = answer => function () { seen.push(arguments.length); return answer(arguments); };
      P.patch.after("SceneCard.Overlays", count(() => [h("b", {key: 1}), h("b", {key: 2})]));
      P.patch.after("SceneCard.Overlays", count(last));
      try { P.register.component("Icon", () => null); } catch (error) { seen.push(error.message); }
    """
    page = opened("/scenes?perPage=20", script).page
    page.wait_for_selector(".scene-card")
    assert seen(page)[:3] == ["Component Icon has already been registered", 2, 3]


@pytest.mark.parametrize("answer", ["({})", "undefined"])
def test_a_patch_that_fails_takes_the_page_with_it(opened: Opener, answer: str) -> None:
    tab = opened("/scenes", f'P.patch.before("SceneCard", () => {answer});')
    tab.page.wait_for_selector("text=Something went wrong.")
    assert tab.page.locator(".top-nav").count() == 0
    tab.complaints.clear()


# 5: where the page is.


def test_locations_are_told_but_not_the_first(opened: Opener) -> None:
    script = """P.Event.addEventListener("stash:location", event => {
      const {pathname, search} = event.detail.data.location;
      seen.push(pathname + search);
    });"""
    page = opened("/scenes", script).page
    page.wait_for_selector(".scene-card")
    assert seen(page) == []
    page.click(".top-nav >> text=Images")
    page.wait_for_selector(".image-card")
    page.click("[title='Ascending']")
    page.wait_for_function("window.seen.length === 2")
    assert seen(page) == ["/images", "/images?sortdir=desc"]


# 6: the player.

KEEP_PROPS = """P.patch.before("ScenePage.Tabs", props => {
  if (!window.props) setTimeout(() => { window.isEarly = document.getElementById("VideoJsPlayer") === null; });
  window.props = props;
  return [props];
});"""
PLAYER = "document.getElementById('VideoJsPlayer').player"


def test_the_player_comes_late_and_stays_for_the_queue(opened: Opener) -> None:
    page = opened("/scenes", KEEP_PROPS).page
    page.click(".scene-card-link >> nth=0")
    page.wait_for_selector("video-js#VideoJsPlayer")
    assert page.evaluate("isEarly"), "the tabs are there before the player"
    assert page.evaluate(f"{PLAYER} === PluginApi.utils.InteractiveUtils.getPlayer()")
    video = page.locator("#VideoJsPlayer video")
    assert video.get_attribute("preload") == "none"
    assert page.locator(".vjs-marker, .vjs-marker-range").count() == 0, "before the length is known"

    page.evaluate(f"window.kept = {PLAYER}; window.props.setTimestamp(1)")
    page.wait_for_function("!kept.paused() && kept.currentTime() >= 1")
    page.wait_for_selector(".vjs-marker-range", state="attached")
    assert (page.locator(".vjs-marker").count(), page.locator(".vjs-marker-range").count()) == (1, 1)

    assert [scene["title"] for scene in page.evaluate("props.queueScenes")][:3] == ["First", "Second", "Third"]
    page.evaluate("props.onQueueNext()")
    page.wait_for_selector(".scene-header >> text=Second")
    assert page.evaluate(f"{PLAYER} === kept && !kept.isDisposed()")
    assert page.url.split("?")[0].endswith("/scenes/2")
    page.wait_for_function("document.querySelectorAll('.vjs-marker').length === 0")
    page.click(".top-nav >> text=Tags")
    page.wait_for_selector(".tag-card")
    assert page.evaluate("kept.isDisposed() && document.getElementById('VideoJsPlayer') === null")


def test_the_player_forgets_who_waits_for_the_end(opened: Opener) -> None:
    page = opened("/scenes/1", KEEP_PROPS).page
    page.wait_for_selector("#VideoJsPlayer")
    page.evaluate(
        f"""const player = {PLAYER};
        player.on("ended", () => seen.push("player"));
        player.el().querySelector("video").addEventListener("ended", () => seen.push("video"));
        props.setTimestamp(2.5);"""
    )
    page.wait_for_function("seen.length > 0")
    page.wait_for_timeout(100)
    assert seen(page) == ["video"]


def test_what_others_draw_with_the_players_markers_is_wiped(host: Standin, opened: Opener) -> None:
    page = opened("/scenes/1", KEEP_PROPS).page
    page.wait_for_selector("#VideoJsPlayer")
    page.evaluate("props.setTimestamp(0)")
    page.wait_for_selector(".vjs-marker", state="attached")
    page.evaluate(f"{PLAYER}.markers().addDotMarker({{title: 'ours', seconds: 1}})")
    page.evaluate("document.querySelector('.vjs-progress-control').insertAdjacentHTML('beforeend', '<b id=own></b>')")
    assert page.locator(".vjs-marker").count() == 2
    page.click("[title='Organized']")
    page.wait_for_selector(".organized-button.organized")
    assert page.locator(".vjs-marker").count() == 1
    assert page.locator("#own").count() == 1


# 7: Apollo, and what comes over the WebSocket.

CLIENT = "const S = PluginApi.utils.StashService, c = S.getClient(), G = PluginApi.GQL;"


def test_the_copy_that_is_shown_is_refreshed_as_in_stash(host: Standin, opened: Opener) -> None:
    page = opened("/scenes/3").page
    page.wait_for_selector("#VideoJsPlayer")
    page.evaluate(f"window.kept = {PLAYER}")
    asked = operations(page)
    number = 0

    def changed() -> str:
        nonlocal number
        number += 1
        host.change(host.scene(3), tag_ids=(host.tag(f"new {number}").id,))
        return f".scene-tabs .tag-item >> text=new {number}"

    tag = changed()
    page.evaluate(f"{CLIENT} S.evictQueries(c.cache, [G.FindSceneDocument]); c.cache.gc();")
    page.wait_for_timeout(300)
    assert (page.locator(tag).count(), asked) == (0, []), "evicting the query alone does nothing"
    for call in (
        "c.query({query: G.FindSceneDocument, variables: {id: '3'}, fetchPolicy: 'network-only'})",
        "c.refetchQueries({include: ['FindScene']})",
        "c.cache.evict({id: 'Scene:3', fieldName: 'tags'}); c.cache.gc()",
        "c.cache.evict({id: 'Scene:3'})",
        "c.resetStore()",
    ):
        tag = changed()
        page.evaluate(f"{{ {CLIENT} {call}; }}")
        page.wait_for_selector(tag)
        assert page.evaluate(f"{PLAYER} === kept"), call
    asked.clear()
    variables = 'variables: {input: {id: "3", title: "Fourth"}}'
    page.evaluate(f"{{ {CLIENT} c.mutate({{mutation: G.SceneUpdateDocument, {variables}}}); }}")
    page.wait_for_selector(".scene-header >> text=Fourth")
    assert asked == ["SceneUpdate"]
    host.change(host.scene(3), title="Third")


def test_jobs_come_over_the_web_socket(host: Standin, opened: Opener) -> None:
    script = """P.utils.StashService.getClient().subscribe({query: P.GQL.JobsSubscribeDocument})
      .subscribe(({data}) => seen.push(data.jobsSubscribe.type));"""
    page = opened("/settings?tab=tasks", script).page
    page.wait_for_selector(".job-table")
    for _ in range(20):
        host.scan()
        page.wait_for_timeout(100)
        if seen(page)[-1:] == ["REMOVE"] and "ADD" in seen(page):
            break
    assert {"ADD", "UPDATE", "REMOVE"} == set(seen(page))
    page.wait_for_selector(".job.finished >> text=Scanning")
    assert page.locator(".top-nav").count() == 1, "a finished scan asks for everything anew, without a blank page"


def test_tasks_are_started_without_their_arguments(host: Standin, opened: Opener) -> None:
    tab = opened("/", "")
    host.add_plugin("worker", manifest(tasks={"Work": {"mode": "default"}}), {"main.py": program("answer(args)")})
    tab.page.evaluate("PluginApi.utils.StashService.mutateRunPluginTask('worker', 'Work', {mode: 'mine'})")
    host.wait_for_jobs()
    assert host.runs("task", "worker")[-1].document["args"]["mode"] == "default"


# 8, 9, 10: what the server sends.


def test_the_content_security_policy_holds(opened: Opener) -> None:
    tab = opened("/")
    found = tab.page.evaluate(
        """async () => {
          const broken = [];
          document.addEventListener("securitypolicyviolation", event => broken.push(event.effectiveDirective));
          await fetch("http://other.example/").catch(() => 0);
          document.body.append(Object.assign(document.createElement("iframe"), {src: "/scenes"}));
          try { new Worker("/assets/page.js"); } catch {}
          const worked = new Promise(resolve => {
            const blob = URL.createObjectURL(new Blob(["postMessage(6 * 7)"]));
            new Worker(blob).onmessage = event => resolve(event.data);
          });
          const answer = await worked;
          await fetch("data:,1");
          return [answer, eval("6 * 7"), broken.sort()];
        }"""
    )
    assert found == [42, 42, ["connect-src", "frame-src", "worker-src"]]
    tab.complaints.clear()


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [
        ("/", 200, "text/html"),
        ("/anything/below", 200, "text/html"),
        ("/sense/inbox", 200, "text/html"),
        ("/anything.js", 404, None),
        ("/scenes/1.5", 404, None),
        ("/assets/page.js", 200, "text/javascript"),
        ("/assets/../routes.py", 404, None),
        ("/plugin/sense", 404, None),
        ("/group/1", 404, None),
        ("/downloads/x", 404, None),
        ("/playground", 404, None),
    ],
)
def test_paths_are_pages_files_or_reserved(host: Standin, path: str, status: int, content_type: str | None) -> None:
    try:
        with urllib.request.urlopen(host.url + path, timeout=10) as answer:
            assert answer.status == status
            assert answer.headers["Content-Type"] == content_type
            if path.startswith("/assets"):
                assert "immutable" in answer.headers["Cache-Control"]
    except urllib.error.HTTPError as error:
        assert error.code == status


def test_a_page_that_is_not_built_says_so(host: Standin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.standin.web.routes.BUILT", tmp_path)
    with urllib.request.urlopen(host.url, timeout=10) as answer:
        assert b"not built" in answer.read()


def test_pictures_and_clips_are_there_for_who_looks(host: Standin, opened: Opener) -> None:
    page = opened("/scenes/1").page
    page.wait_for_selector(".scrubber-item")
    assert page.locator(".scrubber-item").count() == 81
    assert page.locator(".scrubber-tag").count() == 2
    paths = host.graphql("{ findScene(id: 1) { paths { sprite } scene_markers { stream } } }")["findScene"]
    found = page.evaluate(
        """async ({sprite, clip, film}) => {
          const picture = new Image();
          picture.src = sprite;
          await picture.decode();
          const partly = await fetch(film, {headers: {Range: "bytes=10-19"}});
          const whole = await fetch(clip);
          return [picture.naturalWidth, partly.status, (await partly.blob()).size, whole.headers.get("content-type")];
        }""",
        {"sprite": paths["paths"]["sprite"], "clip": paths["scene_markers"][0]["stream"], "film": "/scene/1/stream"},
    )
    assert found == [9 * 160, 206, 10, "video/mp4"]


# 11: twice.


def test_two_containers_are_shown_twice(opened: Opener) -> None:
    script = """
      P.patch.before("MainNavBar.UtilityItems", props => append(props, h("i", {className: "acme-utility"})));
      P.patch.before("SettingsToolsSection", props => append(props, h("i", {className: "acme-tool"})));
    """
    page = opened("/settings?tab=tools", script).page
    page.wait_for_selector(".acme-tool", state="attached")
    assert (page.locator(".acme-utility").count(), page.locator(".acme-tool").count()) == (2, 2)


# 12: both widths, toasts; the error boundary is above, with the patches.

BOXES = """names => Object.fromEntries(names.map(name => {
  const element = document.querySelector(name);
  const {x, y, width, height} = element.getBoundingClientRect();
  return [name, [x, y, width, height].map(Math.round)];
}))"""
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"


def test_the_wide_scene_page_has_two_columns(opened: Opener) -> None:
    page = opened("/scenes/1").page
    page.wait_for_selector("#VideoJsPlayer")
    box = page.evaluate(BOXES, [".top-nav", ".scene-tabs", ".scene-player-container", ".tab-content"])
    assert box[".scene-tabs"][2] == 450
    assert box[".tab-content"][2] == 435
    assert box[".scene-player-container"][0] == 465
    assert box[".top-nav"][1] == 0
    assert page.evaluate(OVERFLOW) <= 0
    page.click(".scene-divider button")
    page.wait_for_selector(".scene-player-container.expanded")
    assert page.evaluate(BOXES, [".scene-player-container"])[".scene-player-container"][0] == 15


def test_the_page_on_a_phone(opened: Opener) -> None:
    page = opened("/scenes/1", size=PHONE).page
    page.wait_for_selector("#VideoJsPlayer")
    box = page.evaluate(BOXES, [".top-nav", ".scene-tabs", ".scene-player-container"])
    assert box[".top-nav"][1] + box[".top-nav"][3] == PHONE[1], "the bar is at the bottom"
    assert box[".scene-player-container"][1] < box[".scene-tabs"][1]
    assert not page.is_visible(".scrubber-wrapper")
    assert page.evaluate(OVERFLOW) <= 0
    page.click(".nav-menu-toggle")
    page.wait_for_selector(".navbar-collapse.show")
    assert page.is_visible(".navbar-collapse [title='Settings']")
    page.click(".navbar-collapse >> text=Scenes")
    page.wait_for_selector(".scene-card")
    assert page.evaluate(BOXES, [".scene-card"])[".scene-card"][2] > 360
    assert page.evaluate(OVERFLOW) <= 0


TOASTS = """P.register.route("/plugins/toasts", () => {
  const toast = P.hooks.useToast();
  return h("div", null,
    h("button", {id: "good", onClick: () => toast.success("It is done")}),
    h("button", {id: "bad", onClick: () => toast.error(new Error("It broke"))}));
});"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_toasts(opened: Opener, size: tuple[int, int]) -> None:
    page = opened("/plugins/toasts", TOASTS, size=size).page
    page.dispatch_event("#good", "click")
    page.wait_for_selector(".toast.show >> text=It is done")
    _, top, _, height = page.evaluate(BOXES, [".toast"])[".toast"]
    assert (top < 100) if size == DESKTOP else (top + height > PHONE[1] - 120)
    page.dispatch_event("#bad", "click")
    page.wait_for_selector(".toast.danger.show >> text=Error: It broke")
    assert page.locator(".toast").count() == 1, "one at a time"
    if size == DESKTOP:
        page.wait_for_timeout(3300)
        assert page.is_visible(".toast.danger.show"), "errors stay for 5 s"


# What plugins hang on Stash's parts.


def test_a_tab_on_the_scene_page(opened: Opener) -> None:
    script = """
      const B = P.libraries.Bootstrap;
      const Panel = ({scene}) => {
        const [first] = R.useState(scene.id);
        return h("p", {id: "panel"}, `${first} of ${scene.id}`);
      };
      P.patch.before("ScenePage.Tabs", props => { window.props = props; return append(props,
        h(B.Nav.Item, null, h(B.Nav.Link, {eventKey: "acme"}, "Insights"))); });
      P.patch.before("ScenePage.TabContent", props => append(props,
        h(B.Tab.Pane, {eventKey: "acme", mountOnEnter: true}, h(Panel, {scene: props.scene}))));
    """
    page = opened("/scenes/1?qsort=date&qsortd=desc", script).page
    page.wait_for_selector("#VideoJsPlayer")
    titles = [title.strip() for title in page.locator(".scene-tabs .nav-link").all_text_contents()]
    assert titles == ["Details", "Queue", "Markers", "Filters", "File Info", "History", "Edit", "Insights"]
    panes = page.locator(".scene-tabs .tab-pane")
    assert [len(text) > 0 for text in panes.all_text_contents()].count(True) >= 5, "native panes are there at once"
    assert page.locator("#panel").count() == 0
    page.click(".scene-tabs >> text=Insights")
    assert page.locator("#panel").text_content() == "1 of 1"
    page.wait_for_function("props.queueScenes.length > 2")
    page.evaluate("props.onQueueNext()")
    page.wait_for_selector(".scene-header >> text=Second")
    assert page.locator("#panel").text_content() == "1 of 2", "without a key, what a panel knew outlives its scene"
    expected = {"scene", "setTimestamp", "queueScenes", "onQueueNext", "onQueuePrevious", "collapsed", "children"}
    assert expected <= set(page.evaluate("Object.keys(props)"))


def test_the_list_of_scenes_tells_operations_of_a_selection_but_not_which(opened: Opener) -> None:
    script = """
      const selected = (window.selected = new Set());
      P.patch.before("SceneCard", props => {
        props.selected ? selected.add(props.scene.id) : selected.delete(props.scene.id);
        window.cards = (window.cards || 0) + 1;
        return [props];
      });
      P.patch.before("SceneListOperations", props => {
        window.props = props;
        const ours = {text: "Analyse", onClick: () => seen.push([...selected]), isDisplayed: () => props.hasSelection};
        return keep(props, {operations: props.operations.concat([ours])});
      });
    """
    page = opened("/scenes", script).page
    page.wait_for_selector(".scene-card")
    assert page.locator(".scene-card").count() == 40
    assert page.evaluate("[props.items, !!props.hasSelection]") == [SCENES, False]
    assert page.evaluate("Object.keys(props).sort()") == [
        "hasSelection",
        "items",
        "onCreateNew",
        "onDelete",
        "onEdit",
        "onPlay",
        "operations",
    ]
    page.hover(".scene-card >> nth=0")
    page.check(".scene-card >> nth=0 >> .card-check")
    page.wait_for_selector(".filtered-list-toolbar.has-selection >> text=1 selected")
    page.click(".scene-card-link >> nth=1")
    page.wait_for_selector("text=2 selected")
    page.click(".pagination-footer >> text=>")
    page.wait_for_function("document.querySelectorAll('.scene-card').length === 5")
    page.click("#more-menu")
    page.click("body > .scene-list-operations-dropdown >> text=Analyse")
    assert seen(page) == [["1", "2"]]
    page.click("[title='Select None']")
    page.wait_for_selector(".search-term-input")
    assert not page.evaluate("props.hasSelection")
    page.click("[title='List']")
    page.wait_for_selector(".scene-table tr")
    page.evaluate("window.cards = 0")
    page.fill(".query-text-field", "second")
    page.wait_for_function("document.querySelectorAll('.scene-table tbody tr').length === 1")
    assert page.evaluate("cards") == 0, "a table has no cards"


def test_routes_match_by_their_beginning_and_nobodys_page_is_blank(opened: Opener) -> None:
    script = """P.register.route("/plugins/acme", ({match}) => h("p", {id: "acme"}, String(match.isExact)));"""
    page = opened("/plugins/acme/deep", script).page
    assert page.locator("#acme").text_content() == "false"
    tab = opened("/nobody/knows", script)
    assert tab.page.locator(".main").inner_html() == ""


def test_settings_rows_and_the_snapshot_that_they_save(host: Standin, opened: Opener) -> None:
    tab = opened(wait=False)
    settings = {"on": {"type": "BOOLEAN", "displayName": "Switched on"}, "name": {"type": "STRING"}}
    for plugin_id in ("one", "two"):
        host.add_plugin(plugin_id, manifest(name=plugin_id, settings=settings, tasks={"Work": {}}))
        host.configure_plugin(plugin_id, name="before")
    page = tab.open("/settings?tab=plugins")
    page.wait_for_selector("#plugin-one-on", state="attached")
    host.configure_plugin("two", name="written behind the page")
    page.dispatch_event("#plugin-one-on", "click")
    for _ in range(100):
        page.wait_for_timeout(100)
        if host.settings.plugins["two"] == {"name": "before"}:
            break
    assert host.settings.plugins == {"one": {"name": "before", "on": True}, "two": {"name": "before"}}
    page.click("#plugin-one-name button")
    page.fill("#setting-dialog input", "after")
    page.click("#setting-dialog >> text=Confirm")
    page.wait_for_selector("#plugin-one-name .value >> text=after")
    page.click(".nav-pills >> text=Tasks")
    page.wait_for_selector(".setting-group >> text=Work")


def test_components_on_a_plugins_own_page(opened: Opener) -> None:
    script = """
      const L = P.loadableComponents, nothing = () => undefined;
      const wanted = [L.SceneCard, L.SceneMarkersPanel, L.GenerateDialog, L.TagLink, L.PerformerSelect, L.SceneList];
      const scenes = {variables: {filter: {per_page: 1, q: "First"}}};
      P.register.route("/plugins/parts", () => {
        const loading = P.hooks.useLoadComponents(wanted);
        const [tags, setTags] = R.useState([]);
        const {data} = P.libraries.Apollo.useQuery(P.GQL.FindScenesDocument, scenes);
        if (loading || !data) return h(P.components.LoadingIndicator);
        const C = P.components, scene = data.findScenes.scenes[0];
        const choose = chosen => setTags(chosen.map(one => one.id));
        return h("div", null,
          h("div", {className: "row"}, h(C.SceneCard, {scene, width: 300})),
          h(C.TagLink, {tag: scene.tags[0]}),
          h(C.TagIDSelect, {isMulti: true, ids: tags, onSelect: choose, inputId: "pick"}),
          h(C.PerformerSelect, {values: [], onSelect: nothing}),
          h(C.SettingGroup, {settingProps: {heading: "Group"}},
            h(C.BooleanSetting, {id: "row", heading: "Row", checked: true, onChange: nothing})),
          h(C.RatingSystem, {value: 60}),
          h(C.TruncatedText, {text: "words"}),
          h(C.HoverPopover, {content: "more"}, "less"),
          h(C.AlertModal, {show: false, text: "?", onConfirm: nothing, onCancel: nothing}),
          h(C.Pagination, {itemsPerPage: 10, currentPage: 1, totalItems: 30, onChangePage: nothing}),
          h("output", null, tags.length));
      });
    """
    page = opened("/plugins/parts", script).page
    page.wait_for_selector(".scene-card")
    page.fill("#pick", "only f")
    page.click(".react-select__option >> text=only first")
    page.wait_for_selector(".react-select__multi-value >> text=only first")
    assert page.locator("output").text_content() == "1"
    assert page.locator(".custom-switch #row:checked").count() == 1
    page.hover(".tag-link")
    page.wait_for_selector(".popover >> text=cat")


def test_settings_that_open_a_window_need_the_settings_pages(opened: Opener) -> None:
    script = """P.register.route("/plugins/outside", () => {
      if (P.hooks.useLoadComponents([P.loadableComponents.GenerateDialog])) return null;
      return h(P.components.NumberSetting, {value: 1, onChange: () => 0});
    });"""
    tab = opened("/plugins/outside", script)
    tab.page.wait_for_selector("text=Something went wrong.")
    tab.complaints.clear()


def test_other_lists(opened: Opener) -> None:
    page = opened("/").page
    page.wait_for_selector(".recommendation-row .scene-card")
    for name, card in (
        ("Images", ".image-card"),
        ("Galleries", ".gallery-card"),
        ("Tags", ".tag-card"),
        ("Performers", ".performer-card"),
        ("Groups", ".group-card"),
        ("Markers", ".scene-marker-card"),
    ):
        page.click(f".top-nav >> text={name}")
        page.wait_for_selector(f"{card}.grid-card")
        assert page.evaluate(OVERFLOW) <= 0, name


def test_a_login_that_has_ended_leads_to_the_login_page(tmp_path: Path, browser: Browser) -> None:
    with (
        Standin(tmp_path / "config", tmp_path / "library", username="u", password="p") as locked,
        Tab(browser, locked.url) as tab,
    ):
        tab.page.goto(f"{locked.url}/scenes")
        tab.page.fill("[name=username]", "u")
        tab.page.fill("[name=password]", "p")
        tab.page.click("button")
        tab.wait_until_ready()
        assert tab.page.url.endswith("/scenes")
        tab.context.clear_cookies()
        tab.page.dispatch_event(".top-nav >> text=Tags", "click")
        tab.page.wait_for_url("**/login?returnURL=*")
