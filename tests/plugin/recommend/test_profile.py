from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.liking import TOLD, faded, liked_scenes, liking
from plugin.recommend.profile import Profile, make_profile, new_at, surprise
from plugin.recommend.values import History, Visit, WatchedScene
from tests.plugin.recommend.samples import (
    BEACH,
    CATALOGUE,
    CONCERTS,
    DAY_S,
    GUITAR,
    HISTORY,
    NOW_S,
    ROOM,
    SAND,
    said,
    watched,
)

WATCHED = WatchedScene(0, NOW_S, (Visit(NOW_S, 600.0),), 600.0, 0.6)


def of(history: History) -> Profile:
    return make_profile(CATALOGUE, liked_scenes(CATALOGUE, history, 60), NOW_S)


def weights(profile: Profile) -> dict[int, float]:
    return {wish.id: wish.weight for wish in profile.terms}


def test_finishing_a_scene_today_counts_one() -> None:
    assert liking(WATCHED, NOW_S, 60) == pytest.approx(1.0)


def test_liking_halves_with_each_half_life() -> None:
    assert liking(WATCHED, NOW_S + 60 * DAY_S, 60) == pytest.approx(0.5)
    assert faded(-5.0, 60) == 1.0
    assert new_at(14 * DAY_S) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "more",
    [
        {"o_count": 1},
        {"rating100": 100},
        {"visits": (Visit(NOW_S, 600.0), Visit(NOW_S - DAY_S, 600.0))},
        {"share": 1.0, "watched_s": 6000.0, "rating100": 80},
    ],
)
def test_what_says_that_it_was_liked_strengthens(more: dict[str, object]) -> None:
    assert liking(replace(WATCHED, **more), NOW_S, 60) > liking(WATCHED, NOW_S, 60)  # type: ignore[arg-type]


def test_what_says_that_it_was_not_liked_weakens() -> None:
    assert liking(replace(WATCHED, share=0.1, watched_s=20.0), NOW_S, 60) < 0.5
    assert liking(replace(WATCHED, rating100=20), NOW_S, 60) < liking(WATCHED, NOW_S, 60)
    assert liking(replace(WATCHED, skipped=True), NOW_S, 60) < 0


def test_what_was_said_fades_more_slowly_than_what_was_watched() -> None:
    later_s = NOW_S + 120 * DAY_S
    plain, liked = liking(WATCHED, later_s, 60), liking(replace(WATCHED, o_count=1), later_s, 60)
    assert liked - plain > 0.5 * (liking(replace(WATCHED, o_count=1), NOW_S, 60) - 1)


def test_feedback_counts_without_watching() -> None:
    found = {
        one.ordinal: one.liking for one in liked_scenes(CATALOGUE, said(HISTORY, _1="less", _2="more", _4="hide"), 60)
    }
    assert found[2] == TOLD
    assert found[1] < 0
    assert 4 not in found


def test_a_tag_counts_by_how_much_more_it_is_watched_than_shown() -> None:
    found = weights(of(HISTORY))
    assert found[GUITAR] == 1.0
    assert abs(found.get(ROOM, 0.0)) < 0.3  # everything shows rooms
    assert found.get(BEACH, 0.0) <= 0 and found.get(SAND, 0.0) <= 0


def test_what_is_skipped_weighs_against() -> None:
    beaches = watched(CATALOGUE, range(0, 20, 2), share=0.01)
    found = weights(of(replace(HISTORY, scenes=HISTORY.scenes + beaches)))
    assert found[BEACH] < 0 < found[GUITAR]
    assert weights(of(History(NOW_S, beaches)))[BEACH] < 0


def test_recent_watching_weighs_more() -> None:
    beaches = tuple(
        replace(one, last_s=NOW_S - 300 * DAY_S, visits=(Visit(NOW_S - 300 * DAY_S, 500.0),))
        for one in watched(CATALOGUE, range(0, 24, 2))
    )
    found = weights(of(replace(HISTORY, scenes=HISTORY.scenes + beaches)))
    assert found[GUITAR] > 2 * found.get(BEACH, 0.0)


def test_people_count_beyond_chance() -> None:
    with_two = [o for o in range(60) if 2 in CATALOGUE.performers_of(o)][:10]
    people = {wish.id: wish for wish in of(History(NOW_S, watched(CATALOGUE, with_two))).performers}
    assert people[2].scenes == len(with_two)
    assert people[2].weight == max(wish.weight for wish in people.values())
    assert 0 < people[2].weight < 1


def test_what_was_only_rated_was_not_watched() -> None:
    with_two = [o for o in range(60) if 2 in CATALOGUE.performers_of(o)][:10]
    scenes = watched(CATALOGUE, with_two)
    rated = tuple(replace(one, visits=(), watched_s=0.0, share=0.0, rating100=100) for one in scenes[3:])
    people = {wish.id: wish for wish in of(History(NOW_S, scenes[:3] + rated)).performers}
    assert people[2].weight > 0
    assert people[2].scenes == 3


def test_who_watches_what_is_new_is_known_for_it() -> None:
    def at(age_days: float) -> History:
        return History(
            NOW_S,
            tuple(
                replace(one, visits=(Visit(CATALOGUE.created_s[one.ordinal] + age_days * DAY_S, 100.0),))
                for one in watched(CATALOGUE, CONCERTS)
            ),
        )

    eager, patient = of(at(0.5)), of(at(200))
    assert eager.newness > 0.3
    assert patient.newness == 0


def test_nothing_is_known_of_nobody() -> None:
    assert of(History(NOW_S)) == Profile()
    assert of(History(NOW_S, feedback={1: "hide"})) == Profile()


def test_a_profile_comes_back_as_it_was() -> None:
    profile = of(HISTORY)
    assert Profile.from_json(profile.as_json()) == profile


@given(st.floats(0, 1), st.floats(0.001, 1))
def test_surprise_has_the_sign_of_the_difference(shown: float, usual: float) -> None:
    found = surprise(shown, usual)
    assert math.isfinite(found)
    assert found == 0 or (found > 0) == (shown > usual)
