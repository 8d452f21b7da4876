"""Tastes in the plugin: what the sidecar is asked, what is kept of its answer, and what stays where it is away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.context import Context
from plugin.installation import SetupError
from plugin.library.building import refresh_catalogue
from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import settle_watched
from plugin.library.stored_taste import NEVER_COMPARED, StoreTaste
from plugin.library.taste import MOST_SPANS, TASTE_LOCK, recompute, wishes
from plugin.locks import exclusive
from plugin.recommend.config import defaults
from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.taste import TOO_LITTLE, LooksLike
from plugin.recommend.values import History, Question, Ranking, Visit, WatchedScene
from plugin.review.policy import PolicyBook
from plugin.settings import OwnerSettings
from plugin.sidecar_values import SidecarError
from plugin.store.store import Store
from plugin.telemetry.privacy import erase
from sidecar.values import ContentKey
from tests.plugin.library.samples import known_scene, watched
from tests.plugin.sidecars import connected
from tests.plugin.store.samples import analysis
from tests.plugin.taste_server import Room, taste_sidecar
from tests.plugin.world import World

NOW_S = 1_000_000.0
DAY_S = 86_400.0


def seen(ordinal: int, days_ago: float = 0.0, share: float = 1.0, **more: object) -> WatchedScene:
    at_s = NOW_S - days_ago * DAY_S
    scene = WatchedScene(ordinal, at_s, (Visit(at_s, 60.0 * share),), 60.0 * share, share)
    return replace(scene, **more)  # type: ignore[arg-type]


def asked(
    history: History, spans: dict[int, list[tuple[float, float]]] | None = None
) -> dict[int, list[tuple[float, ...]]]:
    """What was watched of each scene, as the sidecar is told."""
    catalogue = MemoryCatalogue.build([CatalogueScene(n, duration_s=60.0) for n in (1, 2, 3, 4)], ())
    analysed = [(n, f"key {n}", "whole", 60.0) for n in (1, 2, 3, 4, 99)]
    found = wishes(catalogue, history, analysed, lambda scene_id: (spans or {}).get(scene_id, []))
    return {scene.scene_id: [tuple(span) for span in scene.watched] for scene in found}


def test_every_analysed_scene_that_is_there_is_compared() -> None:
    assert asked(History(NOW_S)) == {1: [], 2: [], 3: [], 4: []}


def test_what_was_watched_weighs_by_its_length_and_all_of_a_scene_as_much_as_it_is_liked() -> None:
    found = asked(History(NOW_S, (seen(0), seen(1, days_ago=60))), {1: [(0.0, 30.0), (40.0, 50.0)]})
    assert [span[:2] for span in found[1]] == [(0.0, 30.0), (40.0, 50.0)]
    assert found[1][0][2] == pytest.approx(3 * found[1][1][2])
    assert sum(span[2] for span in found[1]) == pytest.approx(1.0)
    ((start_s, end_s, weight),) = found[2]
    assert (start_s, end_s) == (0.0, 60.0), "only Stash knows: all of it"
    assert weight == pytest.approx(0.5), "worth half after 60 days"


def test_what_was_not_liked_or_is_long_ago_weighs_nothing() -> None:
    history = (seen(0, skipped=True), seen(1, days_ago=3000), seen(2))
    found = asked(History(NOW_S, history, {2: "less", 3: "more"}))
    assert (found[1], found[2], found[3]) == ([], [], [])
    ((start_s, end_s, weight),) = found[4]
    assert (start_s, end_s) == (0.0, 60.0)
    assert weight == pytest.approx(1.5), "more like this, though it was never watched"


def test_of_very_many_stretches_the_longest_are_told() -> None:
    spans = [(2.0 * n, 2.0 * n + (1.5 if n % 2 else 0.5)) for n in range(2 * MOST_SPANS)]
    found = asked(History(NOW_S, (seen(0),)), {1: spans})[1]
    assert len(found) == MOST_SPANS
    assert all(end_s - start_s == 1.5 for start_s, end_s, _ in found)
    assert sum(span[2] for span in found) == pytest.approx(1.0)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[str, Room]]:
    with taste_sidecar(tmp_path / "sidecar") as found:
        yield found


@pytest.fixture
def context(world: World, room: tuple[str, Room]) -> Iterator[Context]:
    """Scenes 1 to 24, of three things in turn, all analysed; 3, 6 and 9 were watched, and 1 by its end only."""
    with world.process() as process:
        store = process.store
        store.library.save([known_scene(n) for n in range(1, 25)])
        run_id = store.runs.begin("Analyse new", "task")
        for n in range(1, 25):
            key = room[1].show(n, [n % 3] * 30 if n != 1 else [0] * 15 + [2] * 15)
            store.analyses.save(analysis(run_id, media_id=n, content_key=key))
        for n in (3, 6, 9):
            watched(store, n, [(0.0, 55.0)], at_s=process.clock() - 3600)
        watched(store, 1, [(32.0, 58.0)], at_s=process.clock() - 7200)
        bring_up_to_date(store)
        with connected(process, room[0]) as there:
            yield there


def bring_up_to_date(store: Store) -> None:
    refresh_catalogue(store, OwnerSettings(), PolicyBook())
    settle_watched(store, 1000)


def taste_of(store: Store) -> tuple[StoreCatalogue, StoreTaste]:
    catalogue = StoreCatalogue(store)
    return catalogue, StoreTaste(store, catalogue)


def titles(context: Context, ranking: Ranking) -> list[int]:
    catalogue = StoreCatalogue(context.store)
    return [catalogue.scene_ids[ordinal] for ordinal, _ in ranking.scored]


def question(context: Context, place: str = "global_feed", seeds: tuple[int, ...] = ()) -> Question:
    catalogue, taste = taste_of(context.store)
    config = {**defaults(LooksLike.spec), "watched": "keep"}
    return Question(catalogue, History(NOW_S), taste, place, config, seeds)


def test_what_was_watched_is_found_again_in_what_is_recommended(context: Context, room: tuple[str, Room]) -> None:
    told: list[float] = []
    outcome = recompute(context, told.append)
    assert (outcome.done, outcome.sentence) == (
        True,
        "the looks of 24 scenes were compared; 2 tastes in 4 scenes that you watched",
    )
    assert told[-1] == 1.0
    catalogue, taste = taste_of(context.store)
    first, second = taste.centres()
    assert first.share > 0.7
    assert sorted(catalogue.scene_ids[n] for n in first.because) == [3, 6, 9]
    assert [catalogue.scene_ids[n] for n in second.because] == [1], (
        "only its end was watched, which shows another thing"
    )
    best = [catalogue.scene_ids[ordinal] for ordinal in first.scores][:8]
    assert {n % 3 for n in best} == {0}
    assert {n % 3 for n in [catalogue.scene_ids[ordinal] for ordinal in second.scores][:8] if n != 1} == {2}
    assert list(first.scores.values()) == sorted(first.scores.values(), reverse=True)
    twelve = catalogue.ordinal(12)
    assert twelve is not None
    assert catalogue.scene_ids[first.nearest[twelve]] in (3, 6, 9)
    assert first.likeness[twelve] > 0.5
    assert {catalogue.scene_ids[other] % 3 for other, _ in taste.neighbours(twelve)[:5]} == {0}
    assert taste.note() == ""


def test_recommendations_come_from_the_store_alone(context: Context) -> None:
    recompute(context)
    context.connect_sidecar = None  # type: ignore[assignment,method-assign]
    asked_of = question(context)
    ranking = LooksLike().rank(asked_of)
    assert {n % 3 for n in titles(context, ranking)[:5]} <= {0, 2}
    why = LooksLike().explain(asked_of, ranking, ranking.scored[0][0])
    assert "which you watched" in why.sentence
    catalogue = asked_of.catalogue
    seed = catalogue.ordinal(7)
    assert seed is not None
    similar = LooksLike().rank(question(context, "similar_scene", (seed,)))
    assert {n % 3 for n in titles(context, similar)[:5]} == {1}


def test_where_the_sidecar_is_away_the_old_result_stays(context: Context) -> None:
    recompute(context)
    before = context.store.tastes.summary()

    def away(may_restart: bool = False) -> object:
        raise SidecarError("the sidecar cannot be reached", passes=True)

    context.connect_sidecar = away  # type: ignore[assignment,method-assign]
    outcome = recompute(context)
    assert (outcome.done, outcome.sentence) == (
        False,
        "the looks of scenes were not compared: the sidecar cannot be reached; what was computed before stays",
    )
    assert context.store.tastes.summary() == before
    assert len(taste_of(context.store)[1].centres()) == 2

    def not_set_up(may_restart: bool = False) -> object:
        raise SetupError("run the task *Set up*")

    context.connect_sidecar = not_set_up  # type: ignore[assignment,method-assign]
    assert "run the task *Set up*" in recompute(context).sentence


@pytest.mark.parametrize("after", [0, 1, 4, 6])
def test_an_answer_that_breaks_off_changes_nothing(context: Context, room: tuple[str, Room], after: int) -> None:
    recompute(context)
    before = context.store.tastes.summary()
    room[1].stop_after = after
    outcome = recompute(context)
    assert not outcome.done
    assert "cut off" in outcome.sentence
    assert context.store.tastes.summary() == before
    assert context.store.db.number("SELECT count(*) FROM taste") == 1
    assert len(taste_of(context.store)[1].centres()) == 2


def test_what_is_erased_while_the_sidecar_computes_is_not_kept(context: Context) -> None:
    assert recompute(context).done
    before = context.store.tastes.summary()

    def forget(share: float) -> None:
        erase(context.store)

    outcome = recompute(context, forget)
    assert not outcome.done and "forgotten meanwhile" in outcome.sentence
    assert context.store.tastes.centres() == [] and context.store.tastes.summary() == before
    assert context.store.db.rows("SELECT 1 FROM taste_centre") == []


def test_another_model_that_has_seen_nothing_yet_takes_nothing_away(context: Context, room: tuple[str, Room]) -> None:
    recompute(context)
    for n in range(1, 25):
        room[1].store.forget(ContentKey("oshash", f"{n:016x}", 1000 + n))
    outcome = recompute(context)
    assert (outcome.done, outcome.sentence) == (
        False,
        "the looks of scenes were not compared: the sidecar has nothing by the model lite of any of them; what was"
        " computed before stays",
    )
    _, taste = taste_of(context.store)
    assert (len(taste.centres()), taste.why_not("global_feed"), taste.why_not("similar_scene")) == (2, "", "")


def test_without_anything_watched_scenes_still_look_alike(context: Context) -> None:
    recompute(context)
    erase(context.store)
    _, taste = taste_of(context.store)
    assert (taste.why_not("global_feed"), taste.why_not("similar_scene")) == (TOO_LITTLE, "")
    recompute(context)
    assert taste_of(context.store)[1].neighbours(3)


def test_a_scene_that_is_gone_is_in_no_taste(context: Context) -> None:
    recompute(context)
    context.store.library.forget([6, 9])
    bring_up_to_date(context.store)
    assert not {6, 9} & set(titles(context, LooksLike().rank(question(context))))
    context.store.db.run("DELETE FROM library_scene WHERE scene_id > 20")
    bring_up_to_date(context.store)
    recompute(context)
    assert context.store.tastes.summary() is not None
    assert context.store.db.number("SELECT count(*) FROM neighbour") == 18


def test_what_was_left_out_is_said(context: Context, room: tuple[str, Room]) -> None:
    for n in (2, 4, 5):
        context.store.analyses.forget("scene", n)
    context.store.analyses.save(analysis(1, media_id=7, content_key="oshash-0000000000000bad-1"))
    outcome = recompute(context)
    assert outcome.sentence == (
        "the looks of 20 scenes were compared; 2 tastes in 4 scenes that you watched; 1 could not be, since nothing is"
        " known of their pictures"
    )
    _, taste = taste_of(context.store)
    assert taste.note() == "What 4 of 24 scenes look like is not known: analyse them to see them here."


def test_nothing_to_compare_has_a_sentence(world: World) -> None:
    with world.process() as process:
        taste = StoreTaste(process.store, StoreCatalogue(process.store))
        assert taste.note() == taste.why_not("similar_scene") == NEVER_COMPARED
        assert "no scene was analysed yet" in recompute(process).sentence
        run_id = process.store.runs.begin("Analyse new", "task")
        process.store.analyses.save(analysis(run_id))
        assert "in the library as it was last read" in recompute(process).sentence


def test_two_do_not_compute_at_once(context: Context) -> None:
    with exclusive(f"{context.store.data_dir}/{TASTE_LOCK}"):
        outcome = recompute(context)
    assert (outcome.done, "the comparing of scenes" in outcome.sentence) == (False, True)
