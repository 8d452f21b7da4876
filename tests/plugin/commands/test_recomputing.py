"""What recommendations rest on follows Stash, analyses and watches, whoever asks for it."""

from __future__ import annotations

from unittest import mock

import pytest

from plugin.commands.recomputing import keep_up, read_library
from plugin.library.catalogue import StoreCatalogue
from plugin.store.store import Store
from plugin.tasks import analyse
from plugin.tasks.maintenance import maintain
from plugin.tasks.recommendations import recompute_recommendations
from tests.plugin.library.samples import analysed, watched
from tests.plugin.world import Doom, Killed, World


def names(store: Store, scene_id: int) -> list[str]:
    catalogue = StoreCatalogue(store)
    ordinal = catalogue.ordinal(scene_id)
    return [] if ordinal is None else [catalogue.name("term", each.term) for each in catalogue.terms_of(ordinal)]


def test_the_task_reads_describes_and_sums_up(world: World) -> None:
    scene = world.stash.add_scene_without_media("/v/a.mp4", "A", tags=["dog"])
    with world.process() as context:
        watched(context.store, scene.id, [(0.0, 30.0)], at_s=context.clock() - 60.0)
        shares: list[float] = []
        assert read_library(context, shares.append) == ("of 1 scenes 1 were new or changed; 1 were described anew")
        assert shares == sorted(shares) and shares[-1] == 1.0
        assert names(context.store, scene.id) == ["dog"]
        assert context.store.watched.newest(5)[0].played_s == 30.0
        again = recompute_recommendations(context, {})
    assert again.startswith(
        "of 1 scenes 0 were new or changed; none is to be described anew; no scene was analysed yet"
    )


def test_what_was_analysed_is_known_at_once_where_anybody_wanted_recommendations(world: World) -> None:
    first = world.stash.add_scene_without_media("/v/a.mp4", "A")
    with world.process() as context:
        analysed(context.store, first.id, {"cat": [(0.0, 9.0)]})
        keep_up(context)
        assert names(context.store, first.id) == [], "nobody asked for any yet"
        read_library(context, lambda share: None)
        second = world.stash.add_scene_without_media("/v/b.mp4", "B")
        analysed(context.store, second.id, {"dog": [(0.0, 9.0)]})
        keep_up(context)
        assert names(context.store, first.id) == ["cat"] and names(context.store, second.id) == ["dog"]
        with world.stash.refusing():
            keep_up(context)


@pytest.mark.parametrize(("worked", "known"), [(0, []), (3, ["cat"])])
def test_the_end_of_a_drain_that_looked_at_something_tells_of_it(world: World, worked: int, known: list[str]) -> None:
    scene = world.stash.add_scene_without_media("/v/a.mp4", "A")
    with (
        world.process() as context,
        mock.patch.multiple(analyse, keep_schedule=mock.DEFAULT, keep_hooks=mock.DEFAULT, Drain=mock.DEFAULT) as parts,
    ):
        read_library(context, lambda share: None)
        analysed(context.store, scene.id, {"cat": [(0.0, 9.0)]})
        parts["Drain"].return_value.worked = worked
        parts["Drain"].return_value.run.return_value = "done"
        assert analyse.drain(context, {}) == "done"
        assert names(context.store, scene.id) == known


def test_maintenance_keeps_the_library_up_where_anybody_wanted_recommendations(world: World) -> None:
    world.stash.add_scene_without_media("/v/a.mp4", "A")
    with (
        world.process() as context,
        mock.patch.multiple("plugin.tasks.maintenance", keep_schedule=mock.DEFAULT, keep_hooks=mock.DEFAULT),
    ):
        maintain(context, {})
        assert context.store.library.count() == 0
        read_library(context, lambda share: None)
        world.stash.add_scene_without_media("/v/b.mp4", "B")
        maintain(context, {})
        assert context.store.library.count() == 2


def test_killed_at_any_moment_the_next_time_ends_where_it_would_have(world: World) -> None:
    for number in range(3):
        scene = world.stash.add_scene_without_media(f"/v/{number}.mp4", f"S{number}", tags=["dog"], play_duration=9.0)
    at_s = 1_700_000_000.0

    def forget() -> None:
        with world.process() as context:
            for table in ("library_scene", "library_name", "watched_scene", "meta"):
                context.store.db.run(f"DELETE FROM {table}")
            context.store.catalogue.clear()
            context.store.watches.forget("one")
            watched(context.store, scene.id, [(0.0, 30.0)], at_s=at_s, watch="one")

    def known() -> list[object]:
        with world.process() as context:
            store = context.store
            return [names(store, key) for key in store.library.ids()] + [
                store.watched.newest(9),
                store.watched.stale(9),
            ]

    forget()
    doom = Doom()
    with world.process(doom) as context:
        read_library(context, lambda share: None)
    whole = known()
    assert doom.count > 15
    for moment in range(0, doom.count, 3):
        forget()
        with pytest.raises(Killed), world.process(Doom(moment)) as context:
            read_library(context, lambda share: None)
        with world.process() as context:
            read_library(context, lambda share: None)
        assert known() == whole, doom.log[moment]
