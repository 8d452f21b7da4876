"""From a scene in Stash to tags and markers in Stash, and back to exactly what was there before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.plugin.road.conftest import put
from tests.plugin.road.installed import InstalledPlugin


def markers(plugin: InstalledPlugin, scene_id: int) -> list[dict[str, Any]]:
    """A scene's markers as its page shows them."""
    document = "query M($id: ID!) { findScene(id: $id) { scene_markers { id title seconds end_seconds } } }"
    found = plugin.stash.graphql(document, {"id": scene_id})["findScene"]["scene_markers"]
    return sorted(found, key=lambda marker: float(marker["seconds"]))


def test_scene_to_suggestion_to_tag_and_marker_and_back(
    plugin: InstalledPlugin, library: Path, cat_and_rocket: Path
) -> None:
    stash = plugin.stash
    scene = stash.add_scene(put(cat_and_rocket, library), "Two things", tags=["mine", "rocket"])
    own_marker = stash.add_marker(scene, "rocket", 8.0, 12.0, title="my own")
    before = stash.snapshot(times=False)

    assert plugin.task("Analyse new").status == "FINISHED"
    assert set(stash.tags_of(scene)) == {"mine", "rocket", "AI_Tagged"}, "nothing is written but what shows the work"
    answer = plugin.ask("scene.analysis", id=scene.id)
    spans = {span["label"]: (span["start_s"], span["end_s"]) for span in answer["analysis"]["spans"]}
    assert abs(spans["cat"][1] - 6.0) < 0.3
    assert abs(spans["rocket"][0] - 6.0) < 0.3
    suggested = {(one["type"], one["label"]) for one in answer["suggestions"]}
    assert suggested == {("tag", "cat"), ("marker", "cat")}, "what is there by hand is not suggested"
    reason = next(one for one in answer["suggestions"] if one["type"] == "tag")["reason"]
    assert reason["seconds"] > reason["needed_s"] > 0

    ids = [one["id"] for one in answer["suggestions"]]
    written = plugin.ask("suggestions.accept", ids=ids)["written"]
    assert (written["tags"], written["markers"], written["failed"]) == (1, 1, [])
    assert set(stash.tags_of(scene)) == {"mine", "rocket", "AI_Tagged", "cat"}
    cat, own = markers(plugin, scene.id)
    assert (cat["title"], own["title"]) == ("cat", "my own")
    assert abs(cat["end_seconds"] - 6.0) < 0.3

    runs = plugin.ask("runs.list")["runs"]
    for run in runs:
        undone = plugin.ask("runs.undo", id=run["id"])
        assert undone["left"] == 0
    assert stash.snapshot(times=False) == before
    assert [int(one["id"]) for one in markers(plugin, scene.id)] == [own_marker.id]
    assert {one["state"] for one in plugin.ask("scene.analysis", id=scene.id)["suggestions"]} == {"pending"}
    assert plugin.store("SELECT count(*) FROM journal WHERE state = 'intent'") == [(0,)]


def test_what_is_up_to_date_is_left_and_a_policy_is_followed_without_decoding(
    plugin: InstalledPlugin, library: Path, coffee: Path
) -> None:
    stash = plugin.stash
    scene = stash.add_scene(put(coffee, library), "Coffee")
    plugin.task("Analyse new")
    first = plugin.store("SELECT done_s, samples FROM analysis")
    plugin.task("Analyse new")
    assert plugin.store("SELECT done_s, samples FROM analysis") == first

    plugin.ask("policy.set", rows=[{"label": "coffee", "phrasings": ["a cup of coffee"], "mode": "auto"}])
    plugin.task("Re-tag from stored features")
    assert "coffee" in stash.tags_of(scene)
    assert len(stash.markers_of(scene)) == 1
    plugin.task("Undo last run")
    assert stash.log.has("undone: Re-tag from stored features")
    assert "coffee" not in stash.tags_of(scene)
    assert stash.markers_of(scene) == []
    plugin.task("Re-tag from stored features")
    assert "coffee" not in stash.tags_of(scene), "what was undone waits for its owner, whatever the policy says"


def test_a_tag_of_ours_that_the_owner_removed_never_comes_back(
    plugin: InstalledPlugin, library: Path, coffee: Path
) -> None:
    stash = plugin.stash
    scene = stash.add_scene(put(coffee, library), "Coffee")
    plugin.ask("policy.set", rows=[{"label": "coffee", "phrasings": ["a cup of coffee"], "mode": "auto"}])
    plugin.task("Analyse new")
    assert "coffee" in stash.tags_of(scene)
    (marker,) = markers(plugin, scene.id)
    remove = "mutation R($i: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $i) { id } }"
    tag_id = stash.tag("coffee").id
    stash.graphql(remove, {"i": {"ids": [scene.id], "tag_ids": {"ids": [tag_id], "mode": "REMOVE"}}})
    edit = "mutation E($i: SceneMarkerUpdateInput!) { sceneMarkerUpdate(input: $i) { id } }"
    stash.graphql(edit, {"i": {"id": marker["id"], "title": "mine now"}})
    plugin.task("Analyse everything")
    assert "coffee" not in stash.tags_of(scene)
    plugin.ask("media.undo", kind="scene", id=scene.id)
    assert [one["title"] for one in markers(plugin, scene.id)] == ["mine now"], "an edited marker is its owner's"


def test_failures_are_seen_and_cleared(plugin: InstalledPlugin, library: Path, coffee: Path) -> None:
    stash = plugin.stash
    path = put(coffee, library)
    good = stash.add_scene(path, "Coffee")
    broken_path = library / "broken.mp4"
    broken_path.write_bytes(b"\0" * 100)
    broken = stash.add_scene_without_media(str(broken_path), "Broken", size=100)
    plugin.task("Analyse new")
    assert "AI_Tagged" in stash.tags_of(good)
    assert set(stash.tags_of(broken)) == {"AI_Errored"}
    failure = plugin.ask("scene.analysis", id=broken.id)["failure"]
    assert failure["code"] in ("unsupported_format", "unreadable")
    assert "broken.mp4" in failure["message"]
    assert plugin.ask("status")["failed"] == 1

    broken_path.write_bytes(path.read_bytes())
    plugin.task("Analyse new")
    assert set(stash.tags_of(broken)) == {"AI_Errored"}, "the same file is not tried every night"
    stash.graphql(
        "mutation T($i: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $i) { id } }",
        {"i": {"ids": [broken.id], "tag_ids": {"ids": [stash.tag("AI_TagMe").id], "mode": "ADD"}}},
    )
    plugin.task("Analyse tagged AI_TagMe")
    assert set(stash.tags_of(broken)) == {"AI_Tagged"}, "success clears the error and the wish"
    assert plugin.ask("status")["failed"] == 0
