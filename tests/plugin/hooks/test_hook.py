"""A whole hook, called as main calls it, beside a stand-in for Stash."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugin.hooks.hints import read_hints, write_hints
from plugin.hooks.hook import handle
from plugin.hooks.wish import Hints
from plugin.interface.input import HookContext
from plugin.store.events import HookEvent
from plugin.store.store import open_store
from tests.plugin.world import World
from tests.standin.samples import manifest, program

CREATED = HookContext(5, "Scene.Create.Post", None, ())


def marked(tag_id: int, mode: str = "ADD") -> HookContext:
    return HookContext(5, "Scene.Update.Post", {"ids": ["5"], "tag_ids": {"ids": [str(tag_id)], "mode": mode}}, ())


@pytest.fixture
def folder(world: World) -> Path:
    """A data folder as Set up leaves it; the plugin's tasks do nothing but wait."""
    open_store(str(world.data_dir)).close()
    body = "time.sleep(float(args.get('seconds', 0))); answer()"
    world.stash.add_plugin("stash-sense-native", manifest(tasks={"T": None}), {"main.py": program(body)})
    return world.data_dir


def hints(folder: Path, **fields: Any) -> None:
    write_hints(str(folder), replace(Hints(read_s=time.time(), tag_me=7, reprocess=8), **fields))


def left(folder: Path) -> list[HookEvent]:
    store = open_store(str(folder))
    store.events.take_in_spool()
    found = store.events.pending()[0]
    store.close()
    return found


def operations(world: World) -> list[str]:
    return [request.operation for request in world.stash.requests.all()]


def test_a_new_scene_is_noted_and_a_drain_asked_for(world: World, folder: Path) -> None:
    hints(folder, analyse_new=True)
    handle(world.server, CREATED)
    assert left(folder) == [HookEvent("scene", 5, "new")]
    assert operations(world) == ["SenseJobs", "SenseRunTask"]
    (request,) = world.stash.requests.all(operation="SenseRunTask")
    assert request.variables == {
        "plugin": "stash-sense-native",
        "description": "Stash Sense",
        "args": {"mode": "drain"},
    }


def test_no_second_drain_is_asked_for(world: World, folder: Path) -> None:
    hints(folder, analyse_new=True)
    blocker = 'mutation { runPluginTask(plugin_id: "stash-sense-native", args_map: {seconds: 30}) }'
    job_id = world.stash.graphql(blocker)["runPluginTask"]
    for media_id in range(1, 6):
        handle(world.server, replace(CREATED, object_id=media_id))
    assert len(left(folder)) == 5
    assert operations(world).count("SenseRunTask") == 1
    world.stash.graphql("mutation($id: ID!) { stopJob(job_id: $id) }", {"id": job_id})


def test_a_mark_of_the_owners(world: World, folder: Path) -> None:
    hints(folder)
    handle(world.server, marked(7))
    handle(world.server, marked(8))
    handle(world.server, marked(9))
    handle(world.server, marked(7, "REMOVE"))
    assert left(folder) == [HookEvent("scene", 5, "tag_me"), HookEvent("scene", 5, "reprocess")]


def test_what_cannot_matter_looks_at_nothing(world: World, folder: Path) -> None:
    (folder / "hooks.json").write_text("broken")
    handle(world.server, HookContext(5, "Scene.Update.Post", {"id": "5", "title": "x"}, ("id", "title")))
    handle(world.server, HookContext(5, "Performer.Update.Post", {"tag_ids": ["7"]}, ()))
    assert operations(world) == [] and left(folder) == []


def test_before_set_up_nothing_is_noted(world: World) -> None:
    handle(world.server, CREATED)
    assert operations(world) == [] and not world.data_dir.exists()


def test_a_performer_is_noted_without_asking_anything_anew(world: World, folder: Path) -> None:
    made = HookContext(9, "Performer.Create.Post", {"name": "Ada"}, ())
    hints(folder, read_s=1.0)
    handle(world.server, made)
    assert operations(world) == [] and left(folder) == []
    hints(folder, read_s=1.0, follow_performers=True)
    handle(world.server, made)
    handle(world.server, HookContext(9, "Performer.Update.Post", None, ("id", "rating100")))
    assert left(folder) == [HookEvent("performer", 9, "person")]
    assert operations(world) == ["SenseJobs", "SenseRunTask"]


class TestHints:
    def test_old_ones_are_read_anew_and_kept(self, world: World, folder: Path) -> None:
        world.stash.configure_plugin("stash-sense-native", analyseNew=True)
        tags = [world.stash.add_tag(name).id for name in ("AI_TagMe", "AI_Reprocess")]
        hints(folder, read_s=time.time() - 61, analyse_new=False, tag_me=99)
        handle(world.server, CREATED)
        assert operations(world)[0] == "SenseHookHints" and left(folder) == [HookEvent("scene", 5, "new")]
        known = read_hints(str(folder))
        assert known is not None and known.analyse_new and [known.tag_me, known.reprocess] == tags
        world.stash.requests.clear()
        handle(world.server, replace(CREATED, object_id=6))
        assert "SenseHookHints" not in operations(world)

    def test_after_a_clock_that_was_set_back(self, world: World, folder: Path) -> None:
        hints(folder, read_s=time.time() + 86_400)
        handle(world.server, CREATED)
        assert operations(world) == ["SenseHookHints"]

    def test_a_tag_that_was_made_just_now_is_found(self, world: World, folder: Path) -> None:
        hints(folder, tag_me=None)
        tag = world.stash.add_tag("AI_TagMe")
        handle(world.server, marked(tag.id))
        assert left(folder) == [HookEvent("scene", 5, "tag_me")]

    def test_where_they_cannot_be_read_the_last_ones_count(
        self, world: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hints(folder, read_s=1.0, analyse_new=True)
        world.stash.faults.add("status", field="configuration")
        handle(world.server, CREATED)
        assert left(folder) == [HookEvent("scene", 5, "new")]
        assert "\x01d\x02the settings could not be read, so the last known ones are used" in capsys.readouterr().err


class TestTrouble:
    def test_a_stash_that_does_not_answer_loses_nothing(
        self, world: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hints(folder, analyse_new=True)
        with world.stash.refusing():
            handle(world.server, CREATED)
        assert left(folder) == [HookEvent("scene", 5, "new")]
        assert "\x01w\x02the event is noted, but no task could be started for it" in capsys.readouterr().err

    def test_a_folder_that_takes_nothing_is_a_line_in_the_log(
        self, world: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hints(folder, analyse_new=True)
        (folder / "store.db").unlink()
        (folder / "spool").touch()
        handle(world.server, CREATED)
        assert "\x01e\x02Stash Sense could not note that scene 5 is to be looked at" in capsys.readouterr().err
        assert operations(world) == []

    def test_a_busy_store_costs_the_owners_click_less_than_a_second(self, world: World, folder: Path) -> None:
        hints(folder, analyse_new=True)
        store = open_store(str(folder))
        with store.transaction():
            store.meta.set("x", 1)
            began = time.monotonic()
            handle(world.server, CREATED)
            assert time.monotonic() - began < 1.0
        store.close()
        assert left(folder) == [HookEvent("scene", 5, "new")]

    def test_while_paused_it_is_noted_and_nobody_is_asked(self, world: World, folder: Path) -> None:
        hints(folder, analyse_new=True)
        store = open_store(str(folder))
        store.drains.pause("paused by the owner")
        store.close()
        handle(world.server, CREATED)
        assert left(folder) == [HookEvent("scene", 5, "new")] and operations(world) == []
