"""Several processes of the plugin and its owner write to the same scenes at once: nothing is lost, nothing doubled."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.plugin.road.conftest import LABELS, put
from tests.plugin.road.disturbing import outcome, states, stopwatch
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin

BULK = "mutation Bulk($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }"
SCENES = 8


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Their results; they begin at the same moment."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def work(n: int, call: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[n] = call()
        except Exception as error:
            results[n] = error

    threads = [threading.Thread(target=work, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def add_tag(plugin: InstalledPlugin, scene_ids: list[int], name: str) -> None:
    """As a person does it in Stash, to one scene after the other."""
    tags = {"ids": [plugin.stash.tag(name).id], "mode": "ADD"}
    for scene_id in scene_ids:
        plugin.stash.graphql(BULK, {"input": {"ids": [scene_id], "tag_ids": tags}})


def suggestions_of(plugin: InstalledPlugin, scene_ids: list[int]) -> list[int]:
    marks = ",".join("?" * len(scene_ids))
    return [row[0] for row in plugin.store(f"SELECT id FROM suggestion WHERE media_id IN ({marks})", *scene_ids)]


def test_two_operations_a_drain_and_their_owner(plugin: InstalledPlugin, library: Path, cat_and_rocket: Path) -> None:
    stash = plugin.stash
    for n in range(SCENES):
        stash.add_scene(put(cat_and_rocket, library, f"{n}.mp4"), f"Scene {n}")
    stash.tag("mine"), stash.tag("AI_TagMe"), stash.tag("AI_Reprocess")
    plugin.task("Analyse new")
    ids = sorted(scene_id for (scene_id,) in plugin.store("SELECT media_id FROM analysis"))
    rows = [{"label": label, "phrasings": list(words), "mode": "auto"} for label, words in LABELS.items()]
    plugin.ask("policy.set", rows=rows)
    hooks, since_s = len(stash.runs("hook", PLUGIN_ID)), stopwatch()
    first, second, task, edits = at_once(
        lambda: plugin.ask("suggestions.accept", ids=suggestions_of(plugin, ids[:5])),
        lambda: plugin.ask("suggestions.accept", ids=suggestions_of(plugin, ids[3:])),
        lambda: plugin.task("Re-tag from stored features"),
        lambda: add_tag(plugin, ids, "mine"),
    )
    assert since_s() < 30
    assert (first["written"]["failed"], second["written"]["failed"]) == ([], [])
    assert task.status == "FINISHED"
    assert edits is None
    found = outcome(plugin)
    for name, tags in found["tags"].items():
        assert tags == ["AI_Tagged", "cat", "mine", "rocket"], name
        assert [marker[0] for marker in found["markers"][name]] == ["cat", "rocket"], name
    ours = Counter((row[0], row[2], row[3]) for row in found["journal"] if row[1] == "suggestion")
    assert set(ours.values()) == {1}
    assert len(ours) == 4 * SCENES
    assert {row[5] for row in found["suggestions"]} == {"applied"}
    assert plugin.store("SELECT DISTINCT state FROM journal") == [("done",)]
    assert len(stash.runs("hook", PLUGIN_ID)) > hooks, "all this ran our own hooks"
    assert plugin.store("SELECT count(*) FROM hook_event") == [(0,)]
    assert states(plugin) == {"completed": 2 * SCENES}, "and nothing was queued by them"
    assert plugin.drains() == 0


def test_what_an_undo_gives_back_is_no_wish(plugin: InstalledPlugin, library: Path, cat_and_rocket: Path) -> None:
    """The mark that asked for the work is back, put there by us, while somebody else's mark at that moment counts."""
    stash = plugin.stash
    marked = [
        stash.add_scene(put(cat_and_rocket, library, f"{n}.mp4"), f"Scene {n}", tags=["AI_TagMe"]) for n in range(3)
    ]
    other = stash.add_scene(put(cat_and_rocket, library, "other.mp4"), "Other")
    stash.tag("AI_Reprocess")
    plugin.task("Analyse tagged AI_TagMe")
    plugin.task("Analyse new")
    assert stash.tags_of(marked[0]) == ["AI_Tagged"]
    run_id = plugin.ask("runs.list")["runs"][-1]["id"]
    before = states(plugin)
    undone, accepted, _ = at_once(
        lambda: plugin.ask("runs.undo", id=run_id),
        lambda: plugin.ask("suggestions.accept", ids=suggestions_of(plugin, [other.id])),
        lambda: add_tag(plugin, [other.id], "mine"),
    )
    assert undone["left"] == 0
    assert accepted["written"]["failed"] == []
    assert all(stash.tags_of(scene) == ["AI_TagMe"] for scene in marked)
    assert stash.tags_of(other) == ["AI_Tagged", "cat", "mine", "rocket"]
    assert plugin.store("SELECT count(*) FROM hook_event") == [(0,)]
    assert states(plugin) == before
    assert plugin.drains() == 0
    at_once(
        lambda: plugin.ask("media.undo", kind="scene", id=other.id), lambda: add_tag(plugin, [other.id], "AI_TagMe")
    )
    stash.wait_for_jobs()
    assert plugin.drains() == 1, "its owner's mark counts, whatever we write to the scene at that moment"
