"""Hooks inside Stash: what marks and new media lead to, and what they cost everybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.plugin.road.conftest import put
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, until

BULK = "mutation Bulk($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }"


def set_stash_settings(plugin: InstalledPlugin, **values: Any) -> None:
    known = plugin.stash.settings.plugins.get(PLUGIN_ID, {})
    plugin.stash.configure_plugin(PLUGIN_ID, **{**known, **values})
    plugin.ask("status.check")  # as a task would: hooks learn of it


def add_tag(plugin: InstalledPlugin, scene_ids: list[int], name: str, mode: str = "ADD") -> None:
    tags = {"ids": [plugin.stash.tag(name).id], "mode": mode}
    plugin.stash.graphql(BULK, {"input": {"ids": scene_ids, "tag_ids": tags}})


def events(plugin: InstalledPlugin) -> int:
    return int(plugin.store("SELECT count(*) FROM hook_event")[0][0])


def test_a_mark_is_enough(plugin: InstalledPlugin, library: Path, coffee: Path) -> None:
    stash = plugin.stash
    scene = stash.add_scene(put(coffee, library), "Coffee", tags=["mine"])
    other = stash.add_scene(put(coffee, library, "other.mp4"), "Other")
    stash.tag("AI_TagMe")
    plugin.ask("status.check")
    add_tag(plugin, [scene.id], "AI_TagMe")
    stash.wait_for_jobs()
    assert set(stash.tags_of(scene)) == {"mine", "AI_Tagged"}
    assert stash.tags_of(other) == []
    assert events(plugin) == 0, "our own writes are no wishes"
    assert plugin.store("SELECT count(*) FROM job WHERE action = 'analyse'") == [(1,)]

    first = plugin.store("SELECT done_s FROM analysis")
    add_tag(plugin, [scene.id], "AI_Reprocess")
    stash.wait_for_jobs()
    assert set(stash.tags_of(scene)) == {"mine", "AI_Tagged"}
    assert plugin.store("SELECT done_s FROM analysis") > first


def test_new_media_are_analysed_after_the_scan_if_wanted(plugin: InstalledPlugin, library: Path, coffee: Path) -> None:
    stash = plugin.stash
    put(coffee, library, "one.mp4")
    stash.scan()
    stash.wait_for_jobs()
    assert plugin.store("SELECT count(*) FROM job WHERE action = 'analyse'") == [(0,)], "off unless switched on"
    set_stash_settings(plugin, analyseNew=True)
    put(coffee, library, "two.mp4")
    stash.scan()
    stash.wait_for_jobs()
    assert plugin.store("SELECT state, count(*) FROM job WHERE action = 'analyse' GROUP BY state") == [("completed", 1)]
    assert plugin.drains() == 1


def test_edits_that_do_not_concern_us_leave_nothing_and_ask_nothing(
    plugin: InstalledPlugin, library: Path, coffee: Path
) -> None:
    stash = plugin.stash
    scenes = [stash.add_scene_without_media(f"/x/{n}.mp4", f"Scene {n}") for n in range(5)]
    stash.tag("AI_TagMe"), stash.tag("AI_Reprocess")
    add_tag(plugin, [scenes[0].id], "something")
    before = len(plugin.requests())
    stash.graphql(BULK, {"input": {"ids": [scene.id for scene in scenes], "organized": True}})
    add_tag(plugin, [scenes[0].id], "something else")
    assert events(plugin) == 0
    assert len(plugin.requests()) == before
    assert len(stash.runs("hook", PLUGIN_ID)) == 7


def test_the_switch_turns_update_hooks_off(plugin: InstalledPlugin) -> None:
    stash = plugin.stash
    scene = stash.add_scene_without_media("/x/1.mp4", "Scene")
    stash.tag("AI_TagMe")
    set_stash_settings(plugin, ignoreUpdates=True)
    add_tag(plugin, [scene.id], "AI_TagMe")
    assert events(plugin) == 0, "at once nothing comes of them"
    assert len(stash.runs("hook", PLUGIN_ID)) == 1
    plugin.task("Maintenance")
    add_tag(plugin, [scene.id], "another")
    assert len(stash.runs("hook", PLUGIN_ID)) == 1, "and after a task Stash does not even start them"
    set_stash_settings(plugin, ignoreUpdates=False)
    plugin.task("Maintenance")
    add_tag(plugin, [scene.id], "a third")
    assert len(stash.runs("hook", PLUGIN_ID)) == 2


def test_a_bulk_edit_asks_for_one_drain(plugin: InstalledPlugin, library: Path, coffee: Path) -> None:
    stash = plugin.stash
    path = put(coffee, library)
    scenes = [stash.add_scene(put(path, library, f"{n}.mp4"), f"Scene {n}") for n in range(6)]
    stash.tag("AI_TagMe")
    plugin.ask("status.check")
    add_tag(plugin, [scene.id for scene in scenes], "AI_TagMe")
    stash.wait_for_jobs()
    assert all(stash.tags_of(scene) == ["AI_Tagged"] for scene in scenes)
    assert 1 <= plugin.drains() <= 2


def test_without_a_store_the_wish_is_spooled_and_the_edit_succeeds(plugin: InstalledPlugin, tmp_path: Path) -> None:
    stash = plugin.stash
    scene = stash.add_scene_without_media("/x/1.mp4", "Scene")
    stash.tag("AI_TagMe")
    plugin.ask("status.check")
    kept = plugin.data_dir / "store.db"
    kept.rename(tmp_path / "store.db")
    for name in ("store.db-wal", "store.db-shm"):
        (plugin.data_dir / name).unlink(missing_ok=True)
    add_tag(plugin, [scene.id], "AI_TagMe")
    assert stash.tags_of(scene) == ["AI_TagMe"]
    spooled = list((plugin.data_dir / "spool").glob("*.jsonl"))
    assert len(spooled) == 1
    stash.wait_for_jobs()
    until(lambda: not list((plugin.data_dir / "spool").glob("*.jsonl")), 20, "a drain takes the spool in")
