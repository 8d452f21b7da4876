"""The drain shares Stash's one job queue: it yields, it is paused, it goes on."""

from __future__ import annotations

from pathlib import Path

from tests.plugin.road.conftest import put
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, until

WAIT = """
import json, sys, time
sys.stdin.read()
time.sleep(0.3)
print(json.dumps({"output": "waited"}))
"""
MANIFEST = """
name: Waiter
exec: [python, "{pluginDir}/main.py"]
interface: raw
tasks:
  - name: Wait
"""


def test_a_waiting_job_gets_its_turn_after_the_media_in_work(
    plugin: InstalledPlugin, library: Path, coffee: Path
) -> None:
    stash = plugin.stash
    stash.add_plugin("waiter", MANIFEST, {"main.py": WAIT})
    scenes = [stash.add_scene(put(coffee, library, f"{n}.mp4"), f"Scene {n}") for n in range(60)]
    plugin.set_settings(media_at_once=1)
    plugin.start("Analyse new")
    until(lambda: plugin.store("SELECT count(*) FROM job WHERE state = 'completed'")[0][0] >= 1, 60)
    document = 'mutation { runPluginTask(plugin_id: "waiter", task_name: "Wait") }'
    waiter = int(stash.graphql(document)["runPluginTask"])
    stash.app.jobs.wait_for(waiter, 60)
    done = plugin.store("SELECT count(*) FROM job WHERE state = 'completed' AND action = 'analyse'")[0][0]
    assert 1 <= done < len(scenes), "the waiter did not wait for all of them"
    stash.wait_for_jobs(120)
    assert all(stash.tags_of(scene) == ["AI_Tagged"] for scene in scenes), "and the rest went on behind it"
    assert plugin.store("SELECT count(*) FROM job WHERE attempts > 0") == [(0,)]
    assert plugin.drains() == 1
    assert stash.log.has("another task waits, so the rest goes on behind it")


def test_pause_and_resume(plugin: InstalledPlugin, library: Path, coffee: Path) -> None:
    stash = plugin.stash
    scene = stash.add_scene(put(coffee, library), "Coffee")
    plugin.ask("queue.pause")
    assert plugin.ask("status")["drain"]["state"] == "paused"
    document = "mutation R($p: ID!, $a: Map) { runPluginTask(plugin_id: $p, args_map: $a) }"
    stash.graphql(document, {"p": PLUGIN_ID, "a": {"mode": "analyse_new", "origin": "schedule"}})
    stash.wait_for_jobs()
    assert stash.tags_of(scene) == [], "the schedule respects a pause"
    plugin.ask("queue.add", which="ids", ids={"scene": [scene.id]})
    stash.wait_for_jobs()
    assert stash.tags_of(scene) == ["AI_Tagged"], "somebody who asks anew does not want a pause"


def test_quiet_hours_leave_only_what_is_urgent(plugin: InstalledPlugin, library: Path, coffee: Path) -> None:
    stash = plugin.stash
    known = stash.settings.plugins[PLUGIN_ID]
    stash.configure_plugin(PLUGIN_ID, **{**known, "quietHours": "00:00-23:59"})
    one = stash.add_scene(put(coffee, library, "1.mp4"), "One")
    two = stash.add_scene(put(coffee, library, "2.mp4"), "Two")
    plugin.task("Analyse new")
    assert stash.tags_of(one) == []
    assert "quiet hours" in plugin.ask("status")["drain"]["sentence"]
    plugin.ask("queue.add", which="ids", ids={"scene": [two.id]})
    stash.wait_for_jobs()
    assert (stash.tags_of(one), stash.tags_of(two)) == ([], ["AI_Tagged"])


def test_the_queue_is_seen_and_steered(plugin: InstalledPlugin, library: Path, coffee: Path) -> None:
    stash = plugin.stash
    scenes = [stash.add_scene(put(coffee, library, f"{n}.mp4"), f"Scene {n}") for n in range(3)]
    plugin.ask("queue.pause")
    added = plugin.ask("queue.add", which="ids", ids={"scene": [scene.id for scene in scenes]}, priority="low")
    stash.wait_for_jobs()
    (batch,) = [job for job in plugin.ask("queue.list")["jobs"] if job["id"] == added["id"]]
    assert batch["state"] == "completed"
    assert batch["media"] == {"completed": 3}
    children = plugin.ask("queue.list", parent_id=batch["id"])["jobs"]
    assert {job["name"] or job["media_id"] for job in children}
    found = plugin.ask("queue.medium", kind="scene", id=scenes[0].id)
    assert found["job"]["state"] == "completed"
    assert "suggestions wait" in found["job"]["reason"]
    states = plugin.ask("media.states", kind="scene", ids=[scene.id for scene in scenes])["states"]
    assert set(states.values()) == {"analysed"}
