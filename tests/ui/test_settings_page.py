"""The settings page: what is set there is set, what is wrong is said, what is not saved is not lost by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from plugin.setup.dependencies import READY, deps_dir
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed
from tests.ui.conftest import expected, overflow_px, prepare
from tests.ui.test_accessibility import complaints
from tests.ui.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Locator, Page, Route

    from scripts.sidecar_client import SidecarProcess

Shot = Callable[..., Path]
HOSTILE = "<img src=x onerror=alert(1)>"
TABS = ("self-test", "general", "paths", "policy", "models", "privacy", "about")


@pytest.fixture(scope="module")
def plugin(
    built: None, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, sidecar: SidecarProcess
) -> Iterator[InstalledPlugin]:
    """Set up, with a file that nobody can see, labels of its own and nothing analysed."""
    folder = media_dir / "libraries" / "settings"
    folder.mkdir(parents=True)
    with installed(tmp_path_factory.mktemp("settings"), library_dir=folder) as found:
        prepare(found, sidecar)
        found.stash.add_scene_without_media(f"/elsewhere/{HOSTILE}.mp4", HOSTILE, size=100)
        found.ask("policy.set", rows=[{"label": HOSTILE, "phrasings": ["a <b>cat</b>"], "stash_tag": HOSTILE}])
        yield found


def open_part(page: Page, plugin: InstalledPlugin, tab: str, more: str = "") -> Locator:
    page.goto(f"{plugin.stash.url}/sense/settings?tab={tab}{more}")
    part = page.locator(".sense-settings-part")
    part.locator(".setting-section").first.wait_for()
    return part


def saved(page: Page) -> None:
    """Save, and wait until nothing is unsaved."""
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Unsaved changes")).to_have_count(0)


def in_stash(plugin: InstalledPlugin) -> dict[str, Any]:
    """What Stash keeps for the plugin."""
    values: dict[str, Any] = plugin.stash.graphql("{ configuration { plugins } }")["configuration"]["plugins"]
    return dict(values.get(PLUGIN_ID) or {})


def stored(plugin: InstalledPlugin) -> dict[str, Any]:
    values: dict[str, Any] = plugin.ask("settings.get")["store"]
    return values


def policy(plugin: InstalledPlugin, label: str) -> dict[str, Any]:
    return next((row for row in plugin.ask("policy.list")["rows"] if row["label"] == label), {})


def test_self_test_and_versions(page: Page, plugin: InstalledPlugin, shot: Shot) -> None:
    part = open_part(page, plugin, "self-test")
    expect(part).to_contain_text("Not tested yet")
    part.get_by_role("button", name="Test now").click()
    checks = part.get_by_role("listitem")
    expect(checks.filter(has_text="Python")).to_contain_text("has everything that the plugin needs")
    expect(checks.filter(has_text="Media")).to_contain_text(HOSTILE)
    shot(page, "settings-self-test", full_page=True)

    # Stash's own page says how it went, and leads here; other plugins' settings stay as they are.
    page.goto(f"{plugin.stash.url}/settings?tab=plugins")
    entry = page.locator(".sense-settings-entry")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("tested")
    entry.scroll_into_view_if_needed()
    shot(page, "settings-in-stash")
    entry.get_by_role("link", name="Open").click()
    page.get_by_role("navigation", name="Parts of the settings").get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="Versions")).to_be_visible()
    expect(page.locator(".sense-settings-part")).to_contain_text("started by somebody else")
    expect(page.get_by_role("button", name="Restart", exact=True)).to_be_disabled()
    shot(page, "settings-about")

    # A page that outlived an update of the plugin, and a sidecar that did.
    def updated(route: Route) -> None:
        answer = route.fetch()
        text = answer.text().replace('"version_mismatch": ""', '"version_mismatch": "The sidecar is older."')
        route.fulfill(response=answer, body=re.sub(r'("version": ?)"[^"]+"', r'\1"9.9.9"', text))

    page.route("**/graphql", updated)
    open_part(page, plugin, "about")
    alerts = page.locator(".sense-settings-part .alert")
    expect(alerts.first).to_contain_text("The plugin is 9.9.9, but this page still runs the script of")
    expect(alerts.first.get_by_role("button", name="Reload")).to_be_visible()


def test_settings_are_set_where_they_are_kept(page: Page, plugin: InstalledPlugin, shot: Shot) -> None:
    plugin.stash.configure_plugin(PLUGIN_ID, **in_stash(plugin), later="kept")
    part = open_part(page, plugin, "general")
    gap = part.get_by_label("Longest gap between samples", exact=True)
    expect(gap).to_have_value("4")
    gap.fill("100")
    part.get_by_label("Share of a gallery", exact=True).fill("45,5")
    part.get_by_label("Analyse new", exact=True).select_option("weekly")
    part.get_by_label("Quiet hours", exact=True).fill("late")
    page.get_by_role("button", name="Save").click()
    expect(part.get_by_role("alert")).to_have_text("Write two times, as 18:00-23:30, or leave it empty.")
    part.get_by_label("Quiet hours", exact=True).fill("18:00-23:30")
    # What somebody else set meanwhile stays.
    plugin.stash.configure_plugin(PLUGIN_ID, **in_stash(plugin), trackWatching=True)

    # The plugin's own sentence, with the setting called as it is called here.
    page.get_by_role("button", name="Save").click()
    expect(part.get_by_role("alert")).to_have_text(
        re.compile(r"^Longest gap between samples is 100.*; it must be a number from 0\.25 to 60$")
    )
    expect(gap).to_be_focused()
    shot(page, "settings-general-refused")
    assert stored(plugin)["gallery_share"] == 0.3  # all or none
    part.get_by_label("Analyse what a scan finds").check(force=True)
    gap.fill("2.5")
    saved(page)
    store, kept = stored(plugin), in_stash(plugin)
    assert (store["interval_s"], store["gallery_share"], store["nightly_cron"]) == (2.5, 0.455, "0 3 * * 0")
    assert kept["quietHours"] == "18:00-23:30"
    assert (kept["analyseNew"], kept["trackWatching"], kept["later"]) == (True, True, "kept")
    expect(part.locator(".setting").filter(has_text="Analyse new").filter(has_text="Next:")).to_have_count(1)
    shot(page, "settings-general", full_page=True)

    # Stash's own page, opened without a reload, saves what it reads now: nothing of ours is undone by it.
    page.evaluate("history.pushState({}, '', '/settings?tab=plugins'); dispatchEvent(new PopStateEvent('popstate'))")
    row = page.locator(f"#plugin-{PLUGIN_ID}-ignoreUpdates")
    row.wait_for(state="attached")
    row.check(force=True)
    until(lambda: in_stash(plugin).get("ignoreUpdates") is True, 30, "Stash's page has saved")
    assert in_stash(plugin)["quietHours"] == "18:00-23:30"

    part = open_part(page, plugin, "general")
    part.get_by_role("button", name="Longest gap between samples: back to the default, 4 s").click()
    part.get_by_label("Analyse new", exact=True).select_option("never")
    part.get_by_label("Quiet hours", exact=True).fill("")
    saved(page)
    assert stored(plugin)["interval_s"] == 4
    part.get_by_label("Badges on cards").uncheck(force=True)
    assert page.evaluate("localStorage.getItem('stash-sense-native.badges')") == "off"


def test_unsaved_changes_are_asked_about(page: Page, plugin: InstalledPlugin) -> None:
    asked: list[str] = []
    answers = iter([False, True])

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if next(answers):
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", answer)
    part = open_part(page, plugin, "general")
    part.get_by_label("Media at a time", exact=True).fill("3")
    parts = page.get_by_role("navigation", name="Parts of the settings")
    parts.get_by_role("link", name="Models").click()
    expect(part.get_by_label("Media at a time", exact=True)).to_have_value("3")
    parts.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
    assert asked == ["You have unsaved changes. Leave without saving them?"] * 2
    assert stored(plugin)["media_at_once"] == 2


def test_paths_are_tried_before_they_are_saved(page: Page, plugin: InstalledPlugin, shot: Shot) -> None:
    part = open_part(page, plugin, "paths")
    part.get_by_role("button", name="Add a mapping").click()
    part.get_by_label("Folder in Stash").fill("elsewhere")
    part.get_by_label("Folder of the sidecar").fill("/nowhere")
    expect(part).to_contain_text("Both must be absolute paths.")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    part.get_by_role("button", name=re.compile("^Test")).click()
    expect(part.get_by_role("alert")).to_contain_text("both sides of a path mapping must be absolute paths")
    part.get_by_label("Folder in Stash").fill("/elsewhere")
    part.get_by_label("Slashes").select_option("unix")
    part.get_by_role("button", name=re.compile("^Test")).click()
    expect(part).to_contain_text("The sidecar sees 0 of 1 file.")
    expect(part.locator(".sense-probed")).to_contain_text(f"as /nowhere/{HOSTILE}.mp4")
    expect(part).to_contain_text("Stash's own stream URL")
    shot(page, "settings-paths", full_page=True)
    part.get_by_text("As text").click()
    expect(part.get_by_label("Mappings as text")).to_have_value("/elsewhere => /nowhere [unix]")
    saved(page)
    assert in_stash(plugin)["pathMappings"] == "/elsewhere => /nowhere [unix]"
    part.get_by_text("As text").click()
    part.get_by_role("button", name="Remove mapping 1").click()
    saved(page)
    assert in_stash(plugin)["pathMappings"] == ""


@pytest.fixture
def as_it_was(sense: InstalledPlugin) -> Iterator[None]:
    """The shared library's policies are given back."""
    before = sense.ask("policy.list")["rows"]
    yield
    known = {row["label"] for row in before}
    others = [{"label": row["label"]} for row in sense.ask("policy.list")["rows"] if row["label"] not in known]
    sense.ask("policy.set", rows=[*others, *before])


@pytest.mark.usefixtures("as_it_was")
def test_policies_one_by_one_and_together(page: Page, sense: InstalledPlugin, shot: Shot) -> None:
    part = open_part(page, sense, "policy")
    table = part.get_by_role("table", name="Policies")
    expect(table.get_by_label("Seen s of cat")).to_have_attribute("placeholder", "3")
    table.get_by_label("Seen s of cat").fill("1e9")
    expect(table.get_by_label("Seen s of cat")).to_have_attribute("aria-invalid", "true")
    table.get_by_label("Seen s of cat").fill("100")
    # A requirement of its own replaces both defaults.
    expect(table.get_by_label("Seen % of cat")).to_have_attribute("placeholder", "")
    table.get_by_label("Mode of coffee").select_option("off")
    table.get_by_label("Threshold of rocket").fill("2,5")
    expect(page.get_by_role("region", name="Unsaved changes")).to_contain_text("3 unsaved changes")
    assert complaints(page, ".sense-page") == ""
    shot(page, "settings-policy")

    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("dialog")
    expect(preview.get_by_role("row").filter(has_text="coffee")).to_contain_text("→ 0")
    shot(page, "settings-policy-preview")
    preview.get_by_role("button", name="Close").last.click()
    assert policy(sense, "cat")["required_s"] is None

    # Somebody else changes another value of the same label meanwhile: both stay.
    sense.ask("policy.set", rows=[{**policy(sense, "cat"), "stash_tag": "Felis"}])
    saved(page)
    assert (policy(sense, "cat")["required_s"], policy(sense, "cat")["stash_tag"]) == (100, "Felis")
    assert policy(sense, "rocket")["scoring"] == "class_z"
    expect(part.get_by_role("button", name="Re-tag from stored features now")).to_be_visible()

    table.get_by_label("Select cat").check()
    table.get_by_label("Select rocket").check()
    part.get_by_role("toolbar").get_by_role("button", name="Edit…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Join s", exact=True).fill("7")
    shot(page, "settings-policy-bulk")
    dialog.get_by_role("button", name="Done").click()
    part.get_by_role("button", name="Add a label").click()
    dialog.get_by_label("Label", exact=True).fill("COFFEE")
    expect(dialog).to_contain_text("There is such a label.")
    dialog.get_by_label("Label", exact=True).fill("red boat")
    dialog.get_by_label("Phrasings").fill("a red boat\na boat that is red")
    dialog.get_by_label("Phrasings").press("Tab")
    dialog.get_by_role("button", name="Done").click()
    saved(page)
    assert policy(sense, "red boat")["phrasings"] == ["a red boat", "a boat that is red"]
    assert [policy(sense, label)["max_gap_s"] for label in ("cat", "rocket")] == [7, 7]
    assert policy(sense, "cat")["required_s"] == 100

    with page.expect_download() as download:
        part.get_by_role("button", name="Export CSV").click()
    assert "red boat" in Path(download.value.path()).read_text(encoding="utf-8")
    part.get_by_role("button", name="Import CSV").click()
    dialog.get_by_label("Or paste the table here").fill("label,mode\nred boat,off\n")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog).to_contain_text("1 row read; 1 label would change.")
    assert policy(sense, "red boat")["mode"] is None
    shot(page, "settings-policy-import")
    dialog.get_by_role("button", name="Change 1 label").click()
    expect(table.get_by_label("Mode of red boat")).to_have_value("off")


@pytest.fixture
def many_labels(plugin: InstalledPlugin) -> Iterator[int]:
    """So many that have a policy."""
    count = 20_000
    for at in range(0, count, 5000):
        plugin.ask("policy.set", rows=[{"label": f"label {n:05}", "mode": "off"} for n in range(at, at + 5000)])
    yield count
    plugin.store("DELETE FROM policy WHERE label LIKE 'label %'")


def test_thousands_of_labels(page: Page, plugin: InstalledPlugin, many_labels: int) -> None:
    part = open_part(page, plugin, "policy", f"&label=label {many_labels - 1}")
    table = part.get_by_role("table", name="Policies")
    expect(table.get_by_label(f"Mode of label {many_labels - 1}")).to_have_value("off")
    part.get_by_label("Find a label or tag").fill("")
    expect(part).to_contain_text(re.compile(r"20,0\d\d labels"))
    assert table.get_by_role("row").count() < 60
    part.locator(".sense-policy-scroll").evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
    expect(table.get_by_label("Mode of rocket")).to_be_visible()
    part.get_by_label("Find a label or tag").fill("<img")
    expect(table.get_by_role("row")).to_have_count(2)
    assert table.locator("img").count() == 0
    table.get_by_label("Select all 1").check()
    part.get_by_role("toolbar").get_by_role("button", name="Off").click()
    saved(page)
    assert policy(plugin, HOSTILE)["mode"] == "off"


def test_models(page: Page, plugin: InstalledPlugin, shot: Shot) -> None:
    part = open_part(page, plugin, "models")
    lite = part.get_by_role("article", name="lite")
    expect(lite).to_contain_text("embedded, no download")
    expect(part.get_by_role("listitem").filter(has_text="cpu").first).to_contain_text("Available")
    other = part.get_by_role("article").filter(has=page.get_by_role("button", name="Download")).first
    shot(page, "settings-models", full_page=True)
    other.get_by_role("button", name="Download").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("counts as not analysed")
    expect(dialog.get_by_role("button", name="Download")).to_be_disabled()
    dialog.get_by_label(re.compile("^I agree to the licence")).check()
    expect(dialog.get_by_role("button", name="Download")).to_be_enabled()
    shot(page, "settings-models-consent")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    # Those for faces are listed by themselves; which is used follows from which are there.
    faces = part.locator(".setting-section").filter(has=page.get_by_role("heading", name="Models for faces"))
    dlib, pack = faces.get_by_role("article", name="dlib"), faces.get_by_role("article", name="insightface/buffalo_l")
    expect(dlib).to_contain_text("in use")
    expect(faces.get_by_role("button", name="Use this model")).to_have_count(0)
    pack.get_by_role("button", name="Download").click()
    expect(dialog).to_contain_text("non-commercial research only")
    expect(dialog).to_contain_text("Faces of two models cannot be compared")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    plugin.set_settings(model="lite")
    page.reload()
    part.get_by_role("button", name="Follow the default").click()
    expect(dialog).to_contain_text("decoded and looked at anew")
    dialog.get_by_role("button", name="Use this model").click()
    expect(part.get_by_role("button", name="Follow the default")).to_have_count(0)
    assert stored(plugin)["model"] == ""


def test_phone_and_keyboard(phone: Page, plugin: InstalledPlugin, shot: Shot) -> None:
    for tab in TABS:
        open_part(phone, plugin, tab)
        expect(phone.locator(".sense-loading")).to_have_count(0)
        assert overflow_px(phone) <= 0, tab
        assert complaints(phone, ".sense-page") == "", tab
        shot(phone, f"settings-{tab}-phone")
    open_part(phone, plugin, "policy")
    phone.get_by_role("button", name=re.compile("^cat")).press("Enter")
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Mode").select_option("auto")
    assert complaints(phone, ".modal-dialog") == ""
    shot(phone, "settings-policy-edit-phone")
    dialog.get_by_label("Tag in Stash").press("Enter")
    expect(dialog).to_have_count(0)
    bar = phone.get_by_role("region", name="Unsaved changes")
    expect(bar).to_contain_text("1 unsaved change")
    box, height = bar.bounding_box(), phone.evaluate("window.innerHeight")
    assert box is not None and box["y"] + box["height"] <= height
    bar.get_by_role("button", name="Discard").click()
    expect(bar).to_have_count(0)


def test_what_fails_is_said_in_place(page: Page, plugin: InstalledPlugin, shot: Shot) -> None:
    expected(page).extend(["500", "plugin"])
    address = in_stash(plugin)["sidecarAddress"]
    plugin.stash.configure_plugin(PLUGIN_ID, **{**in_stash(plugin), "sidecarAddress": "sidecar.invalid:9"})
    plugin.ask("status.check")
    try:
        page.goto(f"{plugin.stash.url}/sense/settings?tab=models")
        expect(page.get_by_role("alert")).to_contain_text("sidecar.invalid:9")
        shot(page, "settings-models-down")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        part = open_part(page, plugin, "policy")
        expect(part.get_by_label("Mode of cat")).to_be_visible()  # the store answers all the same
    finally:
        plugin.stash.configure_plugin(PLUGIN_ID, **{**in_stash(plugin), "sidecarAddress": address})
        plugin.ask("status.check")
    plugin.stash.faults.add("status", field="runPluginOperation", times=1)
    page.goto(f"{plugin.stash.url}/sense/settings?tab=self-test")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Test now")).to_be_visible()

    # Left while an answer is on its way: nothing is said, nothing breaks.
    plugin.stash.faults.add("delay", field="runPluginOperation", times=1, seconds=1)
    page.get_by_role("navigation", name="Parts of the settings").get_by_role("link", name="Paths").click()
    page.goto(f"{plugin.stash.url}/scenes")

    # Without its packages nothing of the plugin answers; Set up is what helps.
    ready = Path(deps_dir(str(plugin.data_dir))) / READY
    ready.rename(ready.with_name("away"))
    try:
        part = open_part(page, plugin, "policy")
        expect(part).to_contain_text("only Set up works")
        expect(part.get_by_role("button", name="Set up")).to_be_enabled()
        shot(page, "settings-not-ready")
    finally:
        ready.with_name("away").rename(ready)
    part.get_by_role("button", name="Set up").click()
    expect(part.get_by_label("Mode of cat")).to_be_visible(timeout=60_000)
