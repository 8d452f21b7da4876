"""Going through a history once more: nothing that came later is known, and nothing that was known is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.replay import (
    LEAST_KNOWN,
    RELEVANT,
    SITTING_GAP_S,
    CatalogueAt,
    NeighbourTaste,
    World,
    cases_of,
    history_at,
    moment_of,
)
from plugin.recommend.values import Centre, History, Visit, WatchedScene

SCENES = 40
DURATION_S = 600.0


def catalogue(plays: int = 50) -> MemoryCatalogue:
    return MemoryCatalogue.build(
        CatalogueScene(
            10 + number,
            duration_s=DURATION_S,
            created_s=100.0 * number,
            terms={number % 5: 60.0},
            rating100=80,
            o_count=2,
            play_count=plays,
        )
        for number in range(SCENES)
    )


def watched(ordinal: int, *visits: tuple[float, float], **more: object) -> WatchedScene:
    """visits: (at_s, seconds), newest first."""
    seconds = sum(each for _, each in visits)
    brief = all(each < 20 for _, each in visits)
    told = {"skipped": brief, "plays": len(visits), "terms": ((ordinal % 5, seconds),), **more}
    return WatchedScene(
        ordinal,
        visits[0][0],
        tuple(Visit(*each) for each in visits),
        seconds,
        min(1.0, seconds / DURATION_S),
        **told,  # type: ignore[arg-type]
    )


class NothingAlike:
    def centres(self) -> tuple[Centre, ...]:
        return ()

    def neighbours(self, ordinal: int) -> tuple[tuple[int, float], ...]:
        return ((ordinal + 1, 0.9),)

    def note(self) -> str:
        return "a note"


def world(history: History) -> World:
    return World(catalogue(), history, lambda _, known: NeighbourTaste(NothingAlike(), known))


VISITS = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from([5.0, 60.0, 300.0])), min_size=1, max_size=4)
HISTORIES = st.dictionaries(st.integers(0, SCENES - 1), VISITS, min_size=1, max_size=SCENES)


def history_of(visits: dict[int, list[tuple[int, float]]]) -> History:
    scenes = [
        watched(ordinal, *((float(at_s), seconds) for at_s, seconds in sorted(each, reverse=True)))
        for ordinal, each in visits.items()
    ]
    return History(20_000.0, tuple(sorted(scenes, key=lambda scene: -scene.last_s)))


@given(HISTORIES, HISTORIES, st.integers(0, 10_000))
def test_what_comes_later_changes_nothing_that_is_known(
    visits: dict[int, list[tuple[int, float]]], later: dict[int, list[tuple[int, float]]], moment_s: int
) -> None:
    """Two owners who did the same until a moment, and then watched other scenes, are the same at that moment."""
    before = {ordinal: [one for one in each if one[0] < moment_s] for ordinal, each in visits.items()}
    before = {ordinal: each for ordinal, each in before.items() if each} or {SCENES - 1: [(-1, 60.0)]}
    new = {
        ordinal: [(moment_s + at_s, seconds) for at_s, seconds in each]
        for ordinal, each in later.items()
        if ordinal not in before
    }
    one, other = history_of(before), history_of({**before, **new})
    assert history_at(other, catalogue(), moment_s).scenes == history_at(one, catalogue(), moment_s).scenes


@given(HISTORIES, st.integers(0, 10_000))
def test_a_history_at_a_moment_has_only_visits_before_it(
    visits: dict[int, list[tuple[int, float]]], moment_s: int
) -> None:
    whole = history_of(visits)
    known = history_at(whole, catalogue(), moment_s)
    assert known.now_s == moment_s
    expected = {ordinal: sorted((a for a, _ in each if a < moment_s), reverse=True) for ordinal, each in visits.items()}
    assert {scene.ordinal: [visit.at_s for visit in scene.visits] for scene in known.scenes} == {
        ordinal: times for ordinal, times in expected.items() if times
    }
    assert [scene.last_s for scene in known.scenes] == sorted((s.last_s for s in known.scenes), reverse=True)
    for scene in known.scenes:
        original = whole.by_ordinal()[scene.ordinal]
        assert scene.watched_s == pytest.approx(sum(visit.seconds for visit in scene.visits))
        assert scene.watched_s <= original.watched_s and scene.share <= original.share and scene.plays <= original.plays


@given(HISTORIES, st.sampled_from(["global_feed", "similar_scene"]))
def test_questions_ask_for_first_visits_that_lie_ahead(
    visits: dict[int, list[tuple[int, float]]], context: str
) -> None:
    history = history_of(visits)
    cases = cases_of(history, context, most=100)
    first = {scene.ordinal: scene.visits[-1].at_s for scene in history.scenes}
    asked: list[int] = []
    for case in cases:
        asked += case.relevant
        assert case.relevant and not set(case.seeds) & case.relevant
        assert all(first[ordinal] >= case.moment_s for ordinal in case.relevant)
        moment = moment_of(world(history), case)
        assert not moment.seen & case.relevant
        assert sum(at_s <= case.moment_s for at_s in first.values()) > LEAST_KNOWN
    assert len(asked) == len(set(asked)), "no discovery is asked for twice"
    assert [case.moment_s for case in cases] == sorted(case.moment_s for case in cases)


def test_the_feed_is_asked_before_every_few_discoveries() -> None:
    """Twenty known, then twelve more, of which one was left at once and one is rated low."""
    scenes = [watched(number, (1000.0 * number, 60.0)) for number in range(32)]
    scenes[25] = watched(25, (25_000.0, 5.0))
    scenes[26] = replace(scenes[26], rating100=20)
    cases = cases_of(History(99_000.0, tuple(reversed(scenes))), "global_feed", most=60)
    assert [case.moment_s for case in cases] == [16_000.0, 21_000.0, 28_000.0]
    assert [sorted(case.relevant) for case in cases] == [
        [16, 17, 18, 19, 20], [21, 22, 23, 24, 27], [28, 29, 30, 31],
    ]  # fmt: skip
    assert all(len(case.relevant) <= RELEVANT for case in cases)
    feedback = History(99_000.0, tuple(reversed(scenes)), {31: "less", 30: "more"})
    assert 31 not in cases_of(feedback, "global_feed", most=60)[-1].relevant
    assert [case.moment_s for case in cases_of(feedback, "global_feed", most=2)] == [16_000.0, 21_000.0]


def test_a_sitting_is_asked_about_its_first_liked_scene() -> None:
    known = [watched(number, (10_000.0 * number, 60.0)) for number in range(12)]
    start = 200_000.0
    sitting = [
        watched(20, (start, 5.0)),  # left at once
        watched(21, (start + 60, 300.0)),  # liked: the seed
        watched(22, (start + 400, 300.0)),
        watched(23, (start + 800, 5.0)),  # left at once: not asked for
        watched(24, (start + 900, 60.0)),
        watched(25, (start + 1000 + SITTING_GAP_S, 60.0)),  # another evening, alone
    ]
    more = [watched(number, (100_000.0 + 10_000 * number, 60.0)) for number in range(4)]
    history = History(900_000.0, tuple(sorted([*known[4:], *more, *sitting], key=lambda scene: -scene.last_s)))
    (case,) = cases_of(history, "similar_scene", most=60)
    assert (case.seeds, set(case.relevant), case.moment_s) == ((21,), {22, 24}, start + 400)


def test_too_little_says_nothing() -> None:
    few = History(9_000.0, tuple(watched(number, (100.0 * number, 60.0)) for number in range(LEAST_KNOWN)))
    assert cases_of(few, "global_feed", 60) == cases_of(few, "similar_scene", 60) == ()
    assert cases_of(History(0.0), "global_feed", 60) == ()


def test_the_catalogue_does_not_know_what_came_later() -> None:
    history = history_of({1: [(500, 60.0)], 2: [(500, 60.0), (2500, 60.0), (2600, 60.0)], 3: [(2500, 60.0)]})
    then = CatalogueAt(catalogue(), history, 2000.0)
    assert list(then.alive) == [1] * 21 + [0] * 19
    assert list(then.play_count[:5]) == [50, 50, 48, 49, 50]
    assert list(then.rating100[1:4]) == [80, 80, -1]
    assert list(then.o_count[1:4]) == [2, 2, 0]
    assert then.terms_of(3) == catalogue().terms_of(3)
    assert list(CatalogueAt(catalogue(plays=0), history, 2000.0).play_count[:5]) == [0] * 5


def test_tastes_at_a_moment_are_the_latest_scenes_that_were_liked() -> None:
    history = history_of({number: [(100 * number, 60.0 if number else 5.0)] for number in range(12)})
    taste = NeighbourTaste(NothingAlike(), history)
    centres = taste.centres()
    assert [list(centre.because) for centre in centres] == [[11], [10], [9], [8], [7], [6], [5], [4]]
    assert centres[0].scores == {12: 0.9} and centres[0].nearest == {12: 11}
    assert sum(centre.share for centre in centres) == pytest.approx(1.0)
    assert NeighbourTaste(NothingAlike(), History(0.0)).centres() == []
