"""Stash's library in the store: what has changed is read, whatever tells of it; a process that dies loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugin.library import sync
from plugin.library.sync import UNFINISHED, SyncResult, sync_library
from plugin.store.library import SYNCED, LibraryRow
from plugin.telemetry.privacy import MANY, looks_lost
from tests.plugin.library.samples import watched
from tests.plugin.world import Doom, Killed, World
from tests.standin import Standin

DAY_S = 86_400.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One library for the whole file: every test looks at scenes of its own."""
    folder: Path = tmp_path_factory.mktemp("library")
    with Standin(folder / "config", folder / "library") as stash:
        yield World(stash)


def read(world: World, doom: Doom | None = None, **how: Any) -> SyncResult:
    with world.process(doom) as context:
        return sync_library(context.store, context.stash, **how)


def row(world: World, scene_id: int) -> LibraryRow:
    with world.process() as context:
        return context.store.library.rows([scene_id])[scene_id]


def known(world: World) -> dict[int, LibraryRow]:
    with world.process() as context:
        return context.store.library.rows(context.store.library.ids())


def test_everything_of_a_scene_is_read(world: World) -> None:
    stash = world.stash
    ann, acme = stash.add_performer("Ann", favorite=True), stash.add_studio("Acme")
    stash.add_tag("dog", aliases=["hound"], parents=["animal"])
    scene = stash.add_scene_without_media(
        "/v/beach.mp4",
        duration=90.5,
        size=3_000_000,
        tags=["dog"],
        performer_ids=(ann.id,),
        studio_id=acme.id,
        rating100=80,
        date="2024-05-01",
        play_duration=33.5,
        play_history_s=(1_700_000_500.0, 1_700_000_000.0),
        o_history_s=(1_700_000_600.0,),
    )
    stash.add_marker(scene, "run", 10.0, 20.0)
    stash.add_marker(scene, "jump", 30.0)
    result = read(world)
    found = row(world, scene.id)
    assert result.changed == result.scenes > 0
    assert (found.title, found.duration_s, found.size_bytes, found.date) == ("beach.mp4", 90.5, 3_000_000, "2024-05-01")
    assert (found.studio_id, found.performers, found.tags) == (acme.id, (ann.id,), (stash.tag("dog").id,))
    assert found.markers == ((stash.tag("run").id, 10.0, 20.0), (stash.tag("jump").id, 30.0, None))
    assert (found.rating100, found.o_count, found.play_count, found.play_duration_s) == (80, 1, 2, 33.5)
    assert found.plays == (1_700_000_500.0, 1_700_000_000.0)
    assert (found.last_played_s, found.base_play_s) == (1_700_000_600.0, 33.5)
    with world.process() as context:
        names = {
            (one.kind, one.name): one for kind in ("tag", "performer", "studio") for one in names_of(context, kind)
        }
    assert names["tag", "dog"].aliases == ("hound",) and names["tag", "dog"].parents == (stash.tag("animal").id,)
    assert names["performer", "Ann"].favorite and not names["studio", "Acme"].favorite


def later(world: World) -> None:
    """Something else changes, and is read: what changed before is behind the last reading."""
    world.stash.clock.advance(10)
    world.stash.add_scene_without_media(f"/v/later{world.stash.clock.now_s()}.mp4", "Later")
    read(world)


def names_of(context: Any, kind: str) -> Any:
    return context.store.library.names(kind)


def test_then_only_what_has_changed_is_read(world: World) -> None:
    scenes = [world.stash.add_scene_without_media(f"/v/many{n}.mp4", f"Many {n}") for n in range(3)]
    read(world)
    before = known(world)
    assert read(world).changed == 0
    world.stash.clock.advance(10)
    world.stash.change(scenes[1], title="Another")
    assert read(world).changed == 1
    after = known(world)
    assert {key for key in after if after[key] != before[key]} == {scenes[1].id}
    assert after[scenes[1].id].version == before[scenes[1].id].version, "its terms are the same"
    world.stash.clock.advance(10)
    world.stash.change(scenes[1], tag_ids=(world.stash.tag("dog").id,))
    read(world)
    assert row(world, scenes[1].id).version == before[scenes[1].id].version + 1


def test_watching_is_read_though_stash_does_not_call_it_a_change(world: World) -> None:
    scene = world.stash.add_scene_without_media("/v/played.mp4", "Played")
    read(world)
    assert row(world, scene.id).last_played_s is None
    later(world)
    world.stash.graphql(f'mutation {{ sceneSaveActivity(id: "{scene.id}", playDuration: 42, resume_time: 40) }}')
    world.stash.graphql(f'mutation {{ sceneAddPlay(id: "{scene.id}", times: ["2024-05-01T10:00:00Z"]) {{ count }} }}')
    read(world, activity=False)
    assert row(world, scene.id).play_count == 0
    read(world)
    found = row(world, scene.id)
    assert (found.play_count, found.play_duration_s, found.resume_s) == (1, 42.0, 40.0)
    assert (found.plays, found.last_played_s) == ((1_714_557_600.0,), 1_714_557_600.0)
    world.stash.graphql(f'mutation {{ sceneResetPlayCount(id: "{scene.id}") }}')
    world.stash.graphql(
        f'mutation {{ sceneResetActivity(id: "{scene.id}", reset_resume: true, reset_duration: true) }}'
    )
    read(world)
    found = row(world, scene.id)
    assert (found.play_count, found.play_duration_s, found.plays, found.last_played_s) == (0, 0.0, (), None)


def test_markers_that_come_change_and_go_are_noticed(world: World) -> None:
    scene = world.stash.add_scene_without_media("/v/marked.mp4", "Marked")
    read(world)
    world.stash.clock.advance(10)
    marker = world.stash.add_marker(scene, "run", 1.0, 5.0)
    read(world)
    assert row(world, scene.id).markers == ((world.stash.tag("run").id, 1.0, 5.0),)
    later(world)
    world.stash.graphql(f'mutation {{ sceneMarkerDestroy(id: "{marker.id}") }}')
    read(world)
    assert row(world, scene.id).markers == ()


def test_a_tag_that_is_gone_is_gone_from_its_scenes(world: World) -> None:
    scene = world.stash.add_scene_without_media("/v/tagged.mp4", "Tagged", tags=["doomed", "staying"])
    later(world)
    world.stash.graphql(f'mutation {{ tagDestroy(input: {{ id: "{world.stash.tag("doomed").id}" }}) }}')
    read(world)
    assert row(world, scene.id).tags == (world.stash.tag("staying").id,)


def test_a_scene_that_is_gone_is_forgotten(world: World) -> None:
    scene = world.stash.add_scene_without_media("/v/gone.mp4", "Gone")
    read(world)
    world.stash.graphql(f'mutation {{ sceneDestroy(input: {{ id: "{scene.id}" }}) }}')
    result = read(world)
    assert result.gone == 1 and scene.id not in known(world)


def test_a_library_that_is_lost_takes_no_history_with_it(tmp_path: Path) -> None:
    """A database that is not the right one, or a disk that was away: the scenes go, what was watched of them stays."""
    with Standin(tmp_path / "config", tmp_path / "library") as stash:
        _lose_all(World(stash))


def _lose_all(world: World) -> None:
    ids = [world.stash.add_scene_without_media(f"/v/lost-{n}.mp4", f"Lost {n}").id for n in range(MANY + 5)]
    read(world)
    with world.process() as context:
        watched(context.store, ids[0], [(0.0, 30.0)])
        watched(context.store, ids[1], [(0.0, 30.0)])
    world.stash.graphql(f"mutation {{ scenesDestroy(input: {{ ids: {json.dumps([str(one) for one in ids])} }}) }}")
    assert read(world).gone == len(ids)
    with world.process() as context:
        assert context.store.library.count() == 0
        assert [one.played_s for one in context.store.watches.of_scene(ids[0])] == [30.0]


def test_how_many_are_too_many() -> None:
    assert not looks_lost(MANY, MANY)
    assert looks_lost(MANY + 1, MANY + 1)
    assert not looks_lost(500, 1000)
    assert looks_lost(501, 1000)


def test_what_stash_counted_before_we_saw_anything_is_kept_aside(world: World) -> None:
    """50 s that Stash knew, then 30 s that both saw."""
    scene = world.stash.add_scene_without_media("/v/base.mp4", "Base", play_duration=50.0)
    read(world)
    with world.process() as context:
        watched(context.store, scene.id, [(0.0, 30.0)])
    world.stash.graphql(f'mutation {{ sceneSaveActivity(id: "{scene.id}", playDuration: 30) }}')
    read(world)
    found = row(world, scene.id)
    assert (found.play_duration_s, found.base_play_s) == (80.0, 50.0)


def test_after_a_month_everything_is_read_again(world: World) -> None:
    scene = world.stash.add_scene_without_media("/v/month.mp4", "Month")
    later(world)
    # Behind the back of every time stamp, as a library that was put back from a copy.
    with world.stash.library.transaction():
        world.stash.library.put(replace(world.stash.scene(scene.id), title="Month, again"))
    assert read(world).changed == 0 and row(world, scene.id).title == "Month"
    with world.process() as context:
        told = context.store.meta.get(SYNCED)
        context.store.meta.set(SYNCED, {**told, "full_s": told["full_s"] - 31 * DAY_S})
    assert read(world).changed == 1 and row(world, scene.id).title == "Month, again"


def test_killed_at_any_moment_the_next_reading_ends_where_it_would_have(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "PAGE", 3)
    for number in range(8):
        world.stash.add_scene_without_media(f"/v/kill{number}.mp4", f"Kill {number}", tags=["dog"], play_duration=5.0)

    def forget() -> None:
        with world.process() as context:
            context.store.db.run("DELETE FROM library_scene")
            context.store.db.run("DELETE FROM library_name")
            context.store.meta.set(SYNCED, None)
            context.store.meta.set(UNFINISHED, None)

    forget()
    doom = Doom()
    read(world, doom)
    whole = known(world)
    for moment in range(0, doom.count, 4):
        forget()
        with pytest.raises(Killed):
            read(world, Doom(moment))
        read(world)
        assert known(world) == whole, doom.log[moment]
