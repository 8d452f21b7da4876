"""The page of tasks, and the sign in the navigation bar."""

from __future__ import annotations

import contextlib
import re
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts.demonstration.library import make_library
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed
from tests.ui.conftest import expected, overflow_px, prepare
from tests.ui.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from scripts.sidecar_client import SidecarProcess
    from tests.standin.jobs import Progress

HOSTILE = "<img src=x onerror=alert(1)> \u202e${7*7} {count}"
SHARED = "shared"
"""The library that the other tests have analysed: the sidecar knows its frames."""


@pytest.fixture(scope="module")
def plugin(
    built: None, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, sidecar: SidecarProcess
) -> Iterator[InstalledPlugin]:
    """Everything analysed and cats tagged by policy; one scene cannot be read, and its name is hostile."""
    folder = media_dir / "libraries" / SHARED
    make_library(folder)
    with installed(tmp_path_factory.mktemp("tasks"), library_dir=folder) as found:
        prepare(found, sidecar)
        found.ask("policy.set", rows=[{"label": "cat", "mode": "auto", "phrasings": ["a cat"]}])
        found.stash.scan()
        broken = media_dir / "broken-tasks.mp4"
        broken.write_bytes(b"\0" * 100)
        found.stash.add_scene_without_media(str(broken), HOSTILE, size=100)
        found.ask("self_test.run")
        found.task("Analyse new")
        yield found


def open_tasks(page: Page, plugin: InstalledPlugin, search: str = "") -> Locator:
    page.goto(f"{plugin.stash.url}/sense/tasks{search}")
    main = page.locator(".sense-tasks")
    main.wait_for()
    return main


def asked(plugin: InstalledPlugin, operation: str = "") -> int:
    """How often an operation, or any, was asked for so far."""
    runs = plugin.stash.runs("operation", PLUGIN_ID)
    return sum(not operation or run.document["args"].get("operation") == operation for run in runs)


def busy(plugin: InstalledPlugin, description: str = "Scanning...", share: float = 0.45) -> threading.Event:
    """Keep Stash busy until the event is set."""
    release = threading.Event()

    def work(progress: Progress) -> None:
        progress.set(share)
        release.wait(60)

    plugin.stash.app.jobs.add(description, work)
    return release


def job(main: Locator, name: str) -> Locator:
    """The row of a job, without what is below it."""
    return main.locator(".sense-job-row").filter(has_text=name)


def sign(page: Page) -> Locator:
    return page.locator(".navbar-buttons .sense-indicator")


@contextlib.contextmanager
def frozen(sidecar: SidecarProcess) -> Iterator[None]:
    """What the sidecar has in work stays in work."""
    assert sidecar.process is not None
    sidecar.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        sidecar.process.send_signal(signal.SIGCONT)


def test_from_starting_to_undo(
    page: Page, plugin: InstalledPlugin, sidecar: SidecarProcess, shot: Callable[..., Path]
) -> None:
    stash = plugin.stash
    cat = stash.graphql("{ findScenes { scenes { id title files { path } } } }")["findScenes"]["scenes"]
    scene_id = next(int(one["id"]) for one in cat if "breakfast" in one["files"][0]["path"])
    assert "cat" in stash.tags_of(scene_id)
    plugin.set_settings(interval_s=0.25, refine="full", media_at_once=1)
    main = open_tasks(page, plugin)
    expect(main.get_by_role("heading", name="Nothing to do")).to_be_visible()
    expect(sign(page)).to_have_count(0)

    # Everything, of scenes alone, after a question that says how much that is.
    main.get_by_label("Images").uncheck(force=True)
    main.get_by_label("Galleries").uncheck(force=True)
    main.get_by_role("button", name="Everything…").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("5 scenes (4 analysed before)")
    expect(question).not_to_contain_text("image")
    question.get_by_label("From scratch").check(force=True)
    shot(page, "tasks-everything")
    question.get_by_role("button", name="Analyse everything").click()

    # It is seen to work: in the bar, as a whole, and medium by medium.
    until(lambda: '"position_s": ' in plugin.store("SELECT detail FROM drain")[0][0], 30, "a medium is in work")
    with frozen(sidecar):
        expect(sign(page)).to_have_attribute("title", re.compile("^Stash Sense is at work"))
        in_work = main.get_by_role("list", name="In work").get_by_role("listitem")
        expect(in_work.first).to_be_visible()
        expect(main.get_by_role("heading", name="Analysing")).to_be_visible()
        expect(main.locator(".sense-now-count")).to_have_text(re.compile(r"^\d of 5"))
        expect(job(main, "Analyse everything")).to_contain_text("of 5 done")
        shot(page, "tasks-working")
    expect(main.get_by_role("heading", name="Nothing to do")).to_be_visible(timeout=40_000)
    row = job(main, "Analyse everything")
    expect(row).to_contain_text("4 of 5 done, 1 failed", timeout=20_000)

    # Its run is undone: after a question, with the result in place, and in Stash.
    main.get_by_role("tab", name="Runs").click()
    run = job(main, "Analyse new")
    expect(run).to_contain_text("written to Stash")
    expect(run.get_by_role("link", name="Review")).to_have_attribute("href", re.compile("by=run&group="))
    shot(page, "tasks-runs")
    run.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("dialog")).to_contain_text("What you made or changed stays.")
    page.get_by_role("dialog").get_by_role("button", name="Undo").click()
    expect(main.locator(".sense-run-undone")).to_contain_text(re.compile(r"\d+ writes were taken back"))
    expect(run.get_by_text("undone", exact=True)).to_be_visible()
    expect(run.get_by_role("button", name="Undo")).to_have_count(0)
    shot(page, "tasks-undone")
    assert "cat" not in stash.tags_of(scene_id)


def test_what_failed_is_found_and_retried(page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    main = open_tasks(page, plugin)
    # By keys: the batch is opened, and shows its media under the names that Stash has for them.
    opener = main.locator(".sense-job-open", has_text="Analyse new").last
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(main.get_by_role("link", name="breakfast with a cat")).to_be_visible()
    expect(main.locator("img[src=x]")).to_have_count(0)
    shot(page, "tasks", full_page=True)

    main.get_by_role("button", name=re.compile("^Failed")).first.click()
    assert page.url.endswith("?state=failed")
    failed = job(main, "broken-tasks.mp4 is no media file")
    expect(failed.first).to_contain_text("if it is broken there too")
    expect(failed.first.get_by_role("link").first).to_have_text(HOSTILE)
    shot(page, "tasks-failed")

    search = main.get_by_role("searchbox", name="Name or reason")
    others = main.locator(".sense-job").filter(has_not_text="no media file")
    search.fill("no media file")
    expect(others).to_have_count(0)
    search.fill("nothing is called %_ so")
    expect(main.get_by_text("No job is like this.")).to_be_visible()
    page.reload()
    expect(search).to_have_value("nothing is called %_ so")
    search.fill("no media file")
    expect(main.locator(".sense-job").first).to_be_visible()
    expect(others).to_have_count(0)
    failed.first.get_by_role("button", name=re.compile("^Retry")).click()
    expect(page.locator(".toast")).to_contain_text("1 job waits again.")
    expect(main.get_by_role("heading", name="Nothing to do")).to_be_visible(timeout=20_000)
    plugin.stash.wait_for_jobs()


def test_a_long_history_comes_in_pages(page: Page, plugin: InstalledPlugin) -> None:
    run = plugin.store("SELECT max(id) FROM run")[0][0]
    plugin.store(
        "INSERT INTO job (run_id, action, name, priority, state, reason, options, created_s, ended_s)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)"
        " SELECT ?, 'batch', 'Old ' || i, 10, 'completed', 'nothing to do', '{}', 1000 + i, 1000 + i FROM n",
        run,
    )
    try:
        main = open_tasks(page, plugin)
        rows = main.locator(".sense-jobs > .sense-job")
        expect(rows).to_have_count(50)
        expect(rows.first).to_contain_text("Old 130")
        older = main.get_by_role("button", name="Show older")
        older.click()
        expect(rows).to_have_count(100)
        older.click()
        expect(main.get_by_role("button", name="Old 1", exact=True)).to_be_visible()
        expect(older).to_have_count(0)
        main.get_by_role("searchbox").fill("Old 77")
        expect(rows).to_have_count(1)
    finally:
        plugin.store("DELETE FROM job WHERE name LIKE 'Old %'")


def test_makes_way_pauses_and_is_cancelled(page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    release = busy(plugin)
    try:
        main = open_tasks(page, plugin)
        main.get_by_role("button", name="Re-tag from stored features").click()
        expect(main.locator(".sense-now-words")).to_contain_text("Scanning... (45%) comes first")
        queue = main.locator(".sense-stash-queue li")
        expect(queue).to_have_count(2)
        expect(queue.nth(1)).to_contain_text("Stash Sense")
        expect(sign(page)).to_have_attribute("title", "Stash Sense waits its turn behind Scanning...")
        shot(page, "tasks-makes-way")
        main.get_by_role("button", name="Pause").click()
        expect(main.get_by_role("heading", name="Paused")).to_be_visible()
        shot(page, "tasks-paused")
        main.get_by_role("button", name="Resume").click()
        expect(main.get_by_role("heading", name="Makes way for Stash")).to_be_visible()
        main.get_by_role("button", name="Cancel all").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel all").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(main.locator(".sense-job-cancelled")).to_have_count(1)
    finally:
        release.set()
    plugin.stash.wait_for_jobs()
    expect(main.get_by_role("heading", name="Nothing to do")).to_be_visible()
    expect(sign(page)).to_have_count(0)


def test_a_sidecar_that_is_away(page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    address = plugin.stash.settings.plugins[PLUGIN_ID]["sidecarAddress"]
    plugin.stash.configure_plugin(PLUGIN_ID, sidecarAddress="sidecar.invalid:9")
    try:
        main = open_tasks(page, plugin)
        health = page.locator(".sense-tasks-health")
        health.get_by_role("button", name="Check again").click()
        problem = health.get_by_role("region", name="Sidecar").get_by_role("alert")
        expect(problem).to_contain_text("sidecar.invalid:9", timeout=20_000)
        expect(problem).to_contain_text("Start it where it runs, or correct its address in")
        expect(health).to_contain_text("Next try")
        main.get_by_label("Galleries").uncheck(force=True)
        main.get_by_role("button", name="Everything…").click()
        page.get_by_role("dialog").get_by_role("button", name="Analyse everything").click()
        expect(main.get_by_role("heading", name="Waits for the sidecar")).to_be_visible(timeout=30_000)
        shot(page, "tasks-sidecar-away")
        main.get_by_role("button", name="Pause").click()
        plugin.stash.wait_for_jobs()
        # What waits is told on every page, without asking again and again.
        expect(sign(page)).to_have_attribute("title", "Stash Sense is paused; 11 media wait", timeout=10_000)
        page.goto(f"{plugin.stash.url}/stats")
        expect(sign(page)).to_have_text("11")
        before = asked(plugin)
        page.reload()
        expect(sign(page)).to_have_text("11")
        assert asked(plugin) == before
    finally:
        plugin.stash.configure_plugin(PLUGIN_ID, sidecarAddress=address)
        plugin.ask("queue.cancel_all")
        plugin.ask("queue.resume")
        plugin.ask("status.check")
        plugin.stash.wait_for_jobs()


def test_what_fails_is_said_and_leaving_is_quiet(
    page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]
) -> None:
    faults = plugin.stash.faults
    expected(page).append("500")
    faults.add("status", field="runPluginOperation", times=50)
    page.goto(f"{plugin.stash.url}/sense/tasks")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Stash does not answer")
    shot(page, "tasks-unanswered")
    faults.clear()
    problem.get_by_role("button", name="Try again").click()
    main = page.locator(".sense-tasks")
    expect(main.locator(".sense-job").first).to_be_visible()
    faults.add("status", field="runPluginOperation")
    main.get_by_role("button", name="Analyse new").first.click()
    expect(page.locator(".toast")).to_contain_text("Stash does not answer")
    faults.add("delay", field="runPluginOperation", seconds=1, times=3)
    main.get_by_role("tab", name="Runs").click()
    page.get_by_role("link", name="Inbox").click()
    page.get_by_role("link", name="Tasks").click()
    faults.clear()
    expect(main.get_by_role("tab", name="Queue and history", selected=True)).to_be_visible()


def test_while_all_rests_it_asks_twice_a_minute(page: Page, plugin: InstalledPlugin) -> None:
    page.clock.install()
    main = open_tasks(page, plugin)
    expect(main.locator(".sense-job").first).to_be_visible()
    expect(main.locator(".sense-models li").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    before = asked(plugin)
    for _ in range(6):
        with page.expect_event("requestfinished"):
            page.clock.run_for(30_500)
        page.evaluate("Promise.resolve()")
    assert asked(plugin) == before + 6
    # Elsewhere nothing of ours is asked at all.
    page.goto(f"{plugin.stash.url}/stats")
    page.locator(".top-nav").wait_for()
    before = asked(plugin)
    page.clock.run_for(300_000)
    page.wait_for_load_state("networkidle")
    assert asked(plugin) == before


def test_before_set_up(page: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    stash = plugin.stash
    ready = next(plugin.data_dir.glob("deps/*/.ready"))
    hidden = ready.rename(ready.with_name(".not-ready"))
    address = stash.settings.plugins[PLUGIN_ID]["sidecarAddress"]
    stash.configure_plugin(PLUGIN_ID, sidecarAddress="")
    release = busy(plugin, "Generating...")
    expected(page).append("500")
    try:
        # Every page says what to do first, and where.
        page.goto(f"{stash.url}/sense/inbox")
        page.get_by_role("alert").get_by_role("link", name="Set up").click()
        setup = page.locator(".sense-setup")
        expect(setup).to_contain_text("are not installed yet")
        setup.get_by_label("Install the sidecar on this machine").check(force=True)
        shot(page, "tasks-setup")
        stash.faults.add("status", field="runPluginTask")
        setup.get_by_role("button", name="Start setup").click()
        expect(setup.get_by_role("alert")).to_contain_text("Set up could not be started")
        assert stash.settings.plugins[PLUGIN_ID] == {"sidecarAddress": "", "installSidecar": True}
        setup.get_by_role("button", name="Start setup").click()
        expect(setup.get_by_role("status")).to_contain_text("Waits for what Stash is busy with")
        shot(page, "tasks-setup-waits")
    finally:
        stash.configure_plugin(PLUGIN_ID, sidecarAddress=address, installSidecar=False)
        hidden.rename(ready)
        release.set()
    expect(page.locator(".sense-tasks .sense-job").first).to_be_visible(timeout=30_000)
    expect(setup).to_have_count(0)


def test_on_a_phone(phone: Page, plugin: InstalledPlugin, shot: Callable[..., Path]) -> None:
    release = busy(plugin, "Generating...", 0.2)
    try:
        main = open_tasks(phone, plugin)
        main.get_by_role("button", name="Re-tag from stored features").click()
        expect(main.get_by_role("heading", name="Makes way for Stash")).to_be_visible()
        main.locator(".sense-job-open").last.click()
        expect(main.get_by_role("link", name="breakfast with a cat")).to_be_visible()
        assert overflow_px(phone) <= 0
        shot(phone, "tasks-phone", full_page=True)
        # The sign is in the menu.
        expect(sign(phone)).to_be_hidden()
        phone.locator(".nav-menu-toggle").click()
        expect(phone.locator(".navbar-collapse .sense-indicator")).to_be_visible()
        assert overflow_px(phone) <= 0
        shot(phone, "tasks-phone-menu")
        phone.locator(".navbar-collapse .sense-indicator").click()
        main.get_by_role("tab", name="Runs").click()
        main.locator(".sense-runs .sense-job").first.wait_for()
        assert overflow_px(phone) <= 0
        plugin.ask("queue.cancel_all")
    finally:
        release.set()
        plugin.stash.wait_for_jobs()
