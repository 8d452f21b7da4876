"""What was watched, of two sources or one: nothing counted twice, nothing left of what was erased or is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.library.building import refresh_catalogue
from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import read_history, seconds_by_term, settle_watched, watched_spans
from plugin.recommend.values import History, Visit, WatchedScene
from plugin.review.policy import PolicyBook
from plugin.settings import OwnerSettings
from plugin.store.library import NameRow
from plugin.store.store import Store
from tests.plugin.library.samples import analysed, known_scene, watched

NOW_S = 1_000_000.0


@pytest.fixture
def library(store: Store) -> Store:
    """Four scenes; where things are seen in the first is known."""
    store.library.replace_names([NameRow("tag", 1, "kissing"), NameRow("tag", 2, "dancing")])
    store.library.save(
        [
            known_scene(1, duration_s=100.0),
            known_scene(
                2,
                tags=(1, 2),
                duration_s=200.0,
                play_count=2,
                play_duration_s=80.0,
                plays=(900_000.0, 800_000.0),
                last_played_s=900_000.0,
                base_play_s=80.0,
                o_count=1,
            ),
            known_scene(3, rating100=20, last_played_s=500.0),
            known_scene(4),
        ]
    )
    analysed(store, 1, {"kissing": [(0.0, 20.0)], "dancing": [(50.0, 100.0)]}, duration_s=100.0)
    refresh_catalogue(store, OwnerSettings(), PolicyBook())
    return store


def history(store: Store, source: str = "plugin+stash", **how: float) -> History:
    return read_history(store, StoreCatalogue(store), NOW_S, source, **how)  # type: ignore[arg-type]


def of_scene(store: Store, scene_id: int, source: str = "plugin+stash") -> WatchedScene:
    catalogue = StoreCatalogue(store)
    ordinal = catalogue.ordinal(scene_id)
    assert ordinal is not None
    return read_history(store, catalogue, NOW_S, source).by_ordinal()[ordinal]


def ids(found: History, store: Store) -> list[int]:
    catalogue = StoreCatalogue(store)
    return [catalogue.scene_ids[scene.ordinal] for scene in found.scenes]


def named(terms: tuple[tuple[int, float], ...], store: Store) -> dict[str, float]:
    catalogue = StoreCatalogue(store)
    return {catalogue.name("term", term): seconds for term, seconds in terms}


def test_our_watches_are_summed_up(library: Store) -> None:
    """30 s, then 20 s of which 10 s were seen before: 40 % of the scene, and of its terms what was on screen."""
    watched(library, 1, [(0.0, 30.0)], at_s=1000.0, duration_s=100.0)
    watched(library, 1, [(20.0, 40.0)], at_s=5000.0, duration_s=100.0)
    found = of_scene(library, 1)
    assert found.visits == (Visit(5000.0, 20.0), Visit(1000.0, 30.0))
    assert (found.watched_s, found.share, found.rewatched_s, found.plays) == (50.0, 0.4, 10.0, 2)
    assert found.last_s == 5020.0 and not found.skipped
    assert named(found.terms, library) == {"kissing": 20.0}
    assert watched_spans(library, 1) == ((0.0, 40.0),)


def test_of_what_only_stash_knows_everything_was_seen_alike(library: Store) -> None:
    found = of_scene(library, 2)
    assert found.visits == (Visit(900_000.0, 40.0), Visit(800_000.0, 40.0))
    assert (found.watched_s, found.share, found.plays, found.o_count) == (80.0, 0.4, 2, 1)
    assert named(found.terms, library) == {"kissing": 24.0, "dancing": 24.0}


def test_together_nothing_is_counted_twice(library: Store) -> None:
    """80 s that only Stash knows, and 50 s that both saw, in a visit that Stash noted as a play."""
    watched(library, 2, [(0.0, 50.0)], at_s=950_000.0, duration_s=200.0)
    row = library.library.rows([2])[2]
    plays = (950_010.0, *row.plays)
    library.library.save([replace(row, play_duration_s=130.0, play_count=3, plays=plays, last_played_s=950_010.0)])
    found = of_scene(library, 2)
    assert found.visits == (Visit(950_000.0, 50.0), Visit(900_000.0, 40.0), Visit(800_000.0, 40.0))
    assert (found.watched_s, found.plays, found.share) == (130.0, 3, 0.4)
    assert of_scene(library, 2, "plugin").watched_s == 50.0
    assert of_scene(library, 2, "plugin").o_count == 0
    assert of_scene(library, 2, "stash").watched_s == 130.0


def test_the_last_watched_comes_first_and_the_oldest_is_left_out(library: Store) -> None:
    watched(library, 1, [(0.0, 30.0)], at_s=850_000.0)
    assert ids(history(library), library) == [2, 1, 3]
    assert ids(history(library, most=1), library) == [2]
    assert ids(history(library, since_days=1.5), library) == [2]
    assert ids(history(library, "plugin"), library) == [1]
    assert ids(history(library, "stash"), library) == [2, 3], "a rating is known, too"


def test_a_glance_is_skipped(library: Store) -> None:
    watched(library, 4, [(0.0, 2.0)], at_s=850_000.0)
    assert of_scene(library, 4).skipped


def test_what_is_gone_from_stash_is_no_history(library: Store) -> None:
    watched(library, 1, [(0.0, 30.0)])
    library.library.forget([1, 2])
    refresh_catalogue(library, OwnerSettings(), PolicyBook())
    assert ids(history(library), library) == [3]


def test_what_is_erased_leaves_nothing(library: Store) -> None:
    watched(library, 1, [(0.0, 30.0)], watch="one")
    watched(library, 1, [(50.0, 70.0)], watch="two")
    assert of_scene(library, 1).watched_s == 50.0
    library.watches.forget("two")
    assert library.db.number("SELECT count(*) FROM watched_scene") == 0, "in the same transaction"
    found = of_scene(library, 1)
    assert (found.watched_s, named(found.terms, library)) == (30.0, {"kissing": 20.0})
    library.watches.forget("one")
    assert ids(history(library, "plugin"), library) == []


def test_what_the_owner_said_comes_along(library: Store) -> None:
    library.recommendations.tell(4, "hide")
    library.recommendations.tell(999, "less")
    assert history(library).feedback == {3: "hide"}


def test_what_is_seen_now_in_what_was_watched_then(library: Store) -> None:
    watched(library, 4, [(0.0, 30.0)], at_s=850_000.0)
    assert of_scene(library, 4).terms == ()
    analysed(library, 4, {"dancing": [(25.0, 60.0)]})
    refresh_catalogue(library, OwnerSettings(), PolicyBook())
    assert named(of_scene(library, 4).terms, library) == {"dancing": 5.0}


def test_many_are_summed_up_a_few_at_a_time_the_newest_first(library: Store) -> None:
    for scene_id in (1, 2, 3, 4):
        watched(library, scene_id, [(0.0, 30.0)], at_s=1000.0 * scene_id)
    assert settle_watched(library, 3) == 3
    assert [row.scene_id for row in library.watched.newest(9)] == [4, 3, 2]
    assert [settle_watched(library, 3), settle_watched(library, 3)] == [1, 0]


def test_time_spent_with_terms(library: Store) -> None:
    """Of our 40 s with the first, 20 s showed kissing: an hour with it is half an hour; what only Stash knows counts by
    the whole scene.
    """
    watched(library, 1, [(0.0, 40.0)], duration_s=100.0)
    settle_watched(library, 9)
    catalogue = StoreCatalogue(library)
    found = seconds_by_term(library, catalogue, {1: 3600.0, 2: 200.0, 77: 5.0})
    assert named(tuple(found), library) == {"kissing": 1860.0, "dancing": 60.0}
