from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.context import STASH_SETTINGS, STASH_VERSION, Context
from plugin.hooks.hints import read_hints, write_hints
from plugin.hooks.wish import Hints
from plugin.settings import OwnerSettings, StashSettings
from plugin.stash.stashapi_transport import StashapiTransport
from plugin.stash.transport import HttpTransport
from plugin.store.policies import PolicyRow
from tests.plugin.world import World


@pytest.fixture
def context(world: World) -> Iterator[Context]:
    found = Context(world.server, is_task=False)
    yield found
    found.close()


def operations(world: World) -> list[str]:
    return [request.operation for request in world.stash.requests.all()]


def test_nothing_is_made_before_it_is_used(world: World, context: Context) -> None:
    assert not world.data_dir.exists() and operations(world) == []
    assert context.settings == OwnerSettings()
    assert (world.data_dir / "store.db").exists() and operations(world) == []
    assert context.store is context.store and context.stash is context.stash and context.writer is context.writer


def test_tasks_ask_through_stashapi_and_others_by_themselves(world: World) -> None:
    for is_task, kind in ((True, StashapiTransport), (False, HttpTransport)):
        context = Context(world.server, is_task)
        assert isinstance(context.stash._transport, kind)
        context.close()


def test_an_operation_knows_stashs_settings_without_asking(world: World, context: Context) -> None:
    world.stash.configure_plugin("stash-sense-native", analyseNew=True, quietHours="18:00-23:00")
    assert context.stash_settings == StashSettings()
    with world.process() as other:
        other.read_config()
    again = Context(world.server, is_task=False)
    assert again.stash_settings == StashSettings(analyse_new=True, quiet_hours="18:00-23:00")
    assert operations(world) == ["SenseConfiguration"]
    assert again.store.meta.get(STASH_SETTINGS) == {"analyseNew": True, "quietHours": "18:00-23:00"}
    assert again.store.meta.get(STASH_VERSION)
    again.close()


def test_a_task_asks_once(world: World) -> None:
    world.stash.configure_plugin("stash-sense-native", analyseNew=True)
    context = Context(world.server, is_task=True)
    assert context.stash_settings.analyse_new and context.config is context.config
    assert operations(world) == ["SenseConfiguration"]
    context.close()


def test_policies_of_the_owners(context: Context) -> None:
    context.store.policies.save([PolicyRow("cat", mode="auto")])
    context.store.meta.set("settings", {"defaults": {"mode": "off"}, "gallery_share": 0.7})
    assert (context.book.of("CAT").mode, context.book.of("dog").mode) == ("auto", "off")
    assert context.book.image_share("cat") == 0.7


def test_an_hour_and_a_closed_context(world: World, context: Context) -> None:
    context.read_config()
    context.close()
    context.close()
    assert operations(world) == ["SenseConfiguration"]


class TestHints:
    """What hooks must know is left by whoever asks Stash."""

    def left(self, world: World) -> Hints:
        found = read_hints(str(world.data_dir))
        assert found is not None
        return found

    def test_they_are_left_for_the_first_time(self, world: World, context: Context) -> None:
        world.stash.configure_plugin("stash-sense-native", analyseNew=True, ignoreUpdates=True)
        context.read_config()
        assert self.left(world) == Hints(analyse_new=True, ignore_updates=True)

    def test_what_hooks_found_themselves_is_kept(self, world: World, context: Context) -> None:
        known = Hints(tag_me=7, reprocess=8, read_s=time.time())
        assert context.store
        write_hints(str(world.data_dir), known)
        world.stash.configure_plugin("stash-sense-native", analyseNew=True)
        context.read_config()
        assert self.left(world) == replace(known, analyse_new=True)

    def test_other_names_are_looked_up_anew(self, world: World, context: Context) -> None:
        context.store.meta.set("settings", {"workflow_tags": {"tag_me": "do me"}})
        write_hints(str(world.data_dir), Hints(tag_me=7, reprocess=8, read_s=time.time()))
        context.read_config()
        assert self.left(world) == Hints(tag_me_name="do me", read_s=0.0)

    def test_they_are_not_written_for_nothing(self, world: World, context: Context) -> None:
        context.read_config()
        file: Path = world.data_dir / "hooks.json"
        before = file.stat().st_ino
        context.read_config()
        assert file.stat().st_ino == before

    def test_damaged_ones_are_written_anew(self, world: World, context: Context) -> None:
        context.read_config()
        (world.data_dir / "hooks.json").write_text("{")
        context.read_config()
        assert self.left(world) == Hints()
