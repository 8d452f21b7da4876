"""The plugin's process killed: by its owner's Stop, which means a pause; by anything else, after which it goes on."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.conftest import put
from tests.plugin.road.disturbing import (
    Moment,
    automatic,
    crash,
    ended_at,
    is_decoding,
    outcome,
    run_mode,
    state_of,
    states,
    stop_job,
    write_long_video,
)
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, until
from tests.standin import GraphQLFailed

BULK = "mutation Bulk($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }"
OPERATION = "mutation O($p: ID!, $a: Map) { runPluginOperation(plugin_id: $p, args: $a) }"


@dataclass(frozen=True)
class Told:
    """A plugin with two scenes, before an undisturbed run and after it, and what both look like."""

    plugin: InstalledPlugin
    before: Moment
    after: Moment
    scene_ids: list[int]
    untouched: dict[str, Any]
    wanted: dict[str, Any]


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory,
    media_dir: Path,
    sidecar: SidecarProcess,
    cat_and_rocket: Path,
    coffee: Path,
) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("told")
    library = media_dir / "libraries" / folder.name
    with automatic(folder / "stash", library, sidecar.address) as plugin:
        scene_ids = []
        for n, video in enumerate((cat_and_rocket, coffee)):
            scene = plugin.stash.add_scene(put(video, library, f"{n}.mp4"), f"Scene {n}", tags=["mine"])
            plugin.stash.add_marker(scene, "mine", 1.0, 2.0, title="my own")
            scene_ids.append(scene.id)
        plugin.stash.tag("AI_TagMe"), plugin.stash.tag("AI_Reprocess")
        plugin.ask("status.check")
        before, untouched = Moment(plugin, folder / "before"), outcome(plugin)
        plugin.task("Analyse new")
        after, wanted = Moment(plugin, folder / "after"), outcome(plugin)
        assert [len(markers) for markers in wanted["markers"].values()] == [3, 2]
        yield Told(plugin, before, after, scene_ids, untouched, wanted)


STOPS = (
    ("configuration", "before"),
    ("findScenes", "after"),
    ("tagCreate", "before"),
    ("tagCreate", "after"),
    ("bulkSceneUpdate", "before"),
    ("bulkSceneUpdate", "inside"),
    ("bulkSceneUpdate", "after"),
)
"""Before the work begins, while media are selected, and at every write."""


@pytest.mark.parametrize(("field", "moment"), STOPS)
def test_stopped_anywhere_and_started_anew_it_ends_as_if_undisturbed(told: Told, field: str, moment: str) -> None:
    plugin, stash = told.plugin, told.plugin.stash
    told.before.go_back()
    with ended_at(plugin, field, moment):
        assert stash.app.jobs.wait_for(plugin.start("Analyse new"), 30).status == "CANCELLED"
    if field != "tagCreate":
        run_mode(plugin, "drain")
        assert plugin.store("SELECT state FROM drain") == [("paused",)]
        assert "completed" not in states(plugin)
    plugin.task("Analyse new")
    assert outcome(plugin) == told.wanted


def test_taken_out_of_the_queue_before_it_began(told: Told) -> None:
    plugin, stash = told.plugin, told.plugin.stash
    told.before.go_back()
    blocker = stash.app.jobs.add("Scanning", lambda progress: until(progress.stopped.is_set))
    ids = {"scene": told.scene_ids}
    assert plugin.ask("queue.add", which="ids", ids=ids)["state"] == "asked"
    (waiting,) = [job for job in stash.app.jobs.queue() if job.status == "READY"]
    stash.app.jobs.stop(waiting.id)
    assert plugin.ask("status")["drain"]["state"] == "paused"
    stash.app.jobs.stop(blocker)
    mark(plugin, told.scene_ids[0])
    stash.wait_for_jobs()
    assert plugin.drains() == 0
    assert plugin.ask("queue.add", which="ids", ids=ids)["state"] == "asked"
    stash.wait_for_jobs()
    assert outcome(plugin)["markers"] == told.wanted["markers"]


UNDO_STOPS = (
    ("bulkSceneUpdate", "before"),
    ("bulkSceneUpdate", "inside"),
    ("bulkSceneUpdate", "after"),
    ("tagDestroy", "before"),
    ("tagDestroy", "after"),
)


@pytest.mark.parametrize(("field", "moment"), UNDO_STOPS)
def test_an_undo_that_was_stopped_is_done_by_the_next_one(told: Told, field: str, moment: str) -> None:
    plugin, stash = told.plugin, told.plugin.stash
    told.after.go_back()
    with ended_at(plugin, field, moment):
        assert stash.app.jobs.wait_for(plugin.start("Undo last run"), 30).status == "CANCELLED"
    plugin.task("Undo last run")
    found = outcome(plugin)
    for what in ("tags", "markers", "all tags", "journal"):
        assert found[what] == told.untouched[what]
    assert {row[-2:] for row in found["suggestions"]} == {("pending", 1)}, "they wait for a decision, held"


@pytest.mark.parametrize("moment", ["before", "inside", "after"])
def test_a_crash_is_no_pause(told: Told, moment: str) -> None:
    plugin, stash = told.plugin, told.plugin.stash
    told.before.go_back()
    with ended_at(plugin, "bulkSceneUpdate", moment, crash):
        plugin.start("Analyse new")
        stash.wait_for_jobs()
    assert states(plugin) == {"running": 2}
    if moment == "inside":
        mark(plugin, told.scene_ids[0])
    else:
        assert plugin.ask("status")["drain"]["state"] != "paused"
    stash.wait_for_jobs()
    assert plugin.drains() == 1
    found = outcome(plugin)
    if moment == "inside":
        found["journal"].remove(("Scene 0", "workflow", "remove_tag", "AI_TagMe", None, "done"))
    assert found == told.wanted
    assert plugin.store("SELECT deaths FROM job WHERE action = 'analyse'") == [(1,), (1,)]


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "drop_midway", "status"])
def test_a_lost_answer_is_asked_for_in_the_library(told: Told, fault: str) -> None:
    plugin = told.plugin
    told.before.go_back()
    plugin.stash.faults.add(fault, field="bulkSceneUpdate")
    plugin.task("Analyse new")
    assert outcome(plugin) == told.wanted


@pytest.mark.parametrize("fault", ["drop_after", "drop_midway", "client leaves"])
def test_an_operation_that_was_cut_off_is_repaired_by_the_next(told: Told, fault: str) -> None:
    plugin, stash = told.plugin, told.plugin.stash
    told.after.go_back()
    plugin.task("Undo last run")
    ids = [one["id"] for one in plugin.ask("suggestions.list")["suggestions"]]
    if fault == "client leaves":
        stash.faults.add("delay", field="sceneMarkerCreate", seconds=0.5)
        leave_after(plugin, {"operation": "suggestions.accept", "ids": ids}, "sceneMarkerCreate")
    else:
        stash.faults.add(fault, field="sceneMarkerCreate")
        with pytest.raises(GraphQLFailed, match="does not answer"):
            plugin.ask("suggestions.accept", ids=ids)
    plugin.task("Apply accepted suggestions")
    found = outcome(plugin)
    assert found["markers"] == told.wanted["markers"]
    assert {row[-2] for row in found["suggestions"]} == {"applied"}
    assert plugin.store("SELECT count(*) FROM journal WHERE state = 'intent'") == [(0,)]


def leave_after(plugin: InstalledPlugin, args: dict[str, Any], field: str) -> None:
    """Ask for an operation and hang up when Stash has got a request for a root field from it, as a browser may."""
    stash = plugin.stash
    took: list[str] = []
    take = stash.faults.take

    def note(fields: tuple[str, ...]) -> Any:
        took.extend(fields)
        return take(fields)

    stash.faults.take = note  # type: ignore[method-assign]
    body = json.dumps({"query": OPERATION, "variables": {"p": PLUGIN_ID, "a": args}})
    connection = http.client.HTTPConnection("127.0.0.1", stash.port, timeout=10)
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    until(lambda: field in took, 10, "the operation writes")
    connection.close()
    stash.faults.take = take  # type: ignore[method-assign]


@pytest.fixture
def auto(tmp_path: Path, library: Path, sidecar: SidecarProcess) -> Iterator[InstalledPlugin]:
    """Policies write by themselves; the sidecar is shared."""
    with automatic(tmp_path, library, sidecar.address) as plugin:
        yield plugin


def mark(plugin: InstalledPlugin, scene_id: int, tag: str = "AI_TagMe") -> None:
    """What an owner does to a scene that they want analysed."""
    tags = {"ids": [plugin.stash.tag(tag).id], "mode": "ADD"}
    plugin.stash.graphql(BULK, {"input": {"ids": [scene_id], "tag_ids": tags}})


def test_stopped_while_the_sidecar_decodes(
    auto: InstalledPlugin, library: Path, cat_and_rocket: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stash = auto.stash
    auto.set_settings(interval_s=0.25, refine="none")
    long_video = write_long_video(tmp_path_factory.getbasetemp() / "very long.mp4", repeats=14)
    first = stash.add_scene(put(cat_and_rocket, library, "1.mp4"), "First")
    long = stash.add_scene(put(long_video, library, "2.mp4"), "Long")
    last = stash.add_scene(put(cat_and_rocket, library, "3.mp4"), "Last")
    stash.tag("AI_TagMe"), stash.tag("AI_Reprocess")
    job = auto.start("Analyse new")
    until(lambda: state_of(auto, first.id) == "completed" and is_decoding(auto), 30, "the long one is decoded")
    assert state_of(auto, long.id) == "running"
    stop_job(auto, job)
    done = auto.store("SELECT done_s FROM analysis WHERE media_id = ?", first.id)

    drain = auto.ask("status")["drain"]
    assert drain["state"] == "paused"
    assert "stopped by the owner" in drain["sentence"]
    before = states(auto)
    mark(auto, last.id)
    run_mode(auto, "analyse_new", origin="schedule")
    run_mode(auto, "drain")
    assert states(auto) == before, "neither hooks nor the schedule begin anything"
    assert auto.ask("queue.resume")["state"] == "asked"
    stash.wait_for_jobs(60)
    assert set(states(auto)) == {"completed"}
    assert auto.store("SELECT done_s FROM analysis WHERE media_id = ?", first.id) == done, "done once"
    assert auto.store("SELECT sum(deaths), sum(attempts) FROM job") == [(0, 0)], "its owner's Stop is no failure"
    found = outcome(auto)
    assert found["markers"]["First"] == found["markers"]["Last"]
    assert len(found["markers"]["First"]) == 2
    assert set(stash.tags_of(long)) == {"AI_Tagged", "cat", "coffee", "rocket"}
