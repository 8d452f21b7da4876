from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.config import defaults
from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.memory_taste import MemoryTaste
from plugin.recommend.segments import NO_SEEDS
from plugin.recommend.taste import NEVER_SEEN, TOO_LITTLE, LooksLike, alike, in_turn, shares
from plugin.recommend.values import Centre, History, Question, Ranking, Term, Visit, WatchedScene

CATS, CARS = range(20), range(20, 40)
"""Ordinals: of each ten, those divisible by 10 were watched."""
LIKE = LooksLike()


def catalogue() -> MemoryCatalogue:
    scenes = [
        CatalogueScene(
            100 + n,
            f"{'Cat' if n < 20 else 'Car'} {n}",
            60.0,
            terms={7: 30.0} if n % 2 else {},
            performers=(n % 7 + 1,),
            studio=n % 5 + 1,
        )
        for n in range(40)
    ]
    return MemoryCatalogue.build(scenes, [Term(7, "odd", 7)])


def centre(number: int, share: float, scenes: Sequence[int], others: Sequence[int]) -> Centre:
    """All of scenes are alike, the first the most; others are not. The first was watched."""
    scores = {n: 0.9 - 0.01 * place for place, n in enumerate(scenes)}
    scores.update(dict.fromkeys(others, -0.2))
    nearest = dict.fromkeys(scenes[1:], scenes[0])
    return Centre(number, share, (scenes[0],), scores, nearest, {n: scores[n] for n in nearest})


TASTE = MemoryTaste(
    (centre(0, 0.75, CATS, CARS), centre(1, 0.25, CARS, CATS)),
    {
        **{n: [(other, 0.8 - 0.01 * abs(n - other)) for other in CATS if other != n] for n in CATS},
        **{n: [(other, 0.5) for other in CARS if other != n] for n in CARS},
    },
)


def question(taste: MemoryTaste = TASTE, context: str = "global_feed", **more: Any) -> Question:
    config = {**defaults(LIKE.spec), "evenness": 0.0, "diversity": 0.0, **more.pop("config", {})}
    watched = tuple(WatchedScene(n, 5000.0, (Visit(5000.0, 60.0),), 60.0, 1.0) for n in (0, 20))
    history = more.pop("history", History(6000.0, watched, more.pop("feedback", {})))
    return Question(catalogue(), history, taste, context, config, **more)


def places(ranking: Ranking) -> list[int]:
    return [ordinal for ordinal, _ in ranking.scored]


def test_tastes_come_in_turn_by_their_shares() -> None:
    ranking = LIKE.rank(question())
    first = places(ranking)[:16]
    assert [n for n in first if n in CATS] == list(range(1, 13))  # three of four, best first, without what was watched
    assert [n for n in first if n in CARS] == [21, 22, 23, 24]
    assert all(any(n in CARS for n in first[at : at + 5]) for at in range(12)), "no taste waits long for its turn"
    scores = [score for _, score in ranking.scored]
    assert scores == sorted(scores, reverse=True)
    assert (max(scores) <= 1.0, min(scores) > 0) == (True, True)
    assert sorted(places(ranking)) == [n for n in range(40) if n not in (0, 20)]


def test_small_tastes_can_come_as_often_as_large_ones() -> None:
    first = places(LIKE.rank(question(config={"evenness": 1.0})))[:10]
    assert sum(n in CARS for n in first) == 5


def test_what_may_not_come_does_not() -> None:
    feedback = {1: "hide", 2: "less"}
    ranking = LIKE.rank(question(exclude=frozenset([3]), feedback=feedback))
    assert not {0, 1, 2, 3, 20} & set(places(ranking))
    kept = LIKE.rank(question(config={"watched": "keep"}))
    assert {0, 20} <= set(places(kept))
    odd = [{"tag_id": 7, "presence": "require", "min_share": None, "max_share": None, "importance": 1.0}]
    assert all(n % 2 for n in places(LIKE.rank(question(config={"tags": odd}))))


def test_what_is_preferred_comes_before_what_looks_a_little_more_alike() -> None:
    odd = [{"tag_id": 7, "presence": "prefer", "min_share": None, "max_share": None, "importance": 2.0}]
    cats = [n for n in places(LIKE.rank(question(config={"tags": odd}))) if n in CATS]
    assert cats[:10] == [n for n in CATS if n % 2]


def test_what_looks_like_something_less_is_wanted_of_comes_later() -> None:
    alike_to_10 = {10: [(1, 0.9), (2, 0.9)], 30: []}
    taste = replace(TASTE, alike=alike_to_10)
    cats = [n for n in places(LIKE.rank(question(taste, feedback={10: "less"}))) if n in CATS]
    assert (cats[0], cats[-2:]) == (3, [1, 2])
    more = [n for n in places(LIKE.rank(question(taste, feedback={10: "more"}))) if n in CATS]
    assert more[:2] == [1, 2]


def test_variety_keeps_the_same_faces_from_coming_at_once() -> None:
    plain, varied = LIKE.rank(question()), LIKE.rank(question(config={"diversity": 0.9}))
    assert len({n % 7 for n in places(plain)[:7]}) < 7
    assert len({n % 7 for n in places(varied)[:7]}) == 7
    assert sorted(places(varied)) == sorted(places(plain))


def test_a_scene_says_because_of_what_it_comes() -> None:
    asked = question()
    ranking = LIKE.rank(asked)
    told = Ranking((), "", json.loads(json.dumps(ranking.detail)))  # as it is kept for later pages
    why = LIKE.explain(asked, told, 5)
    assert why.sentence == (
        "Looks much like Cat 0, which you watched, and belongs to a taste that is most of what you watch."
    )
    assert [(one.ordinal, one.title, one.how) for one in why.scenes] == [(0, "Cat 0", "looks")]
    assert why.scenes[0].similarity == pytest.approx(0.85)
    assert sum(why.parts.values()) == pytest.approx(dict(ranking.scored)[5])
    assert (why.debug["taste"], why.debug["cosine"]) == (0, pytest.approx(0.85))
    assert LIKE.explain(asked, told, 25).sentence.startswith("Looks much like Car 20, which you watched")


def test_with_variety_the_parts_still_sum_up_to_the_score() -> None:
    asked = question(config={"diversity": 0.6})
    ranking = LIKE.rank(asked)
    for ordinal, score in ranking.scored[:30]:
        assert sum(LIKE.explain(asked, ranking, ordinal).parts.values()) == pytest.approx(score)


def test_a_taste_that_was_computed_anew_since_still_explains() -> None:
    ranking = LIKE.rank(question())
    assert LIKE.explain(question(MemoryTaste()), ranking, 5).sentence == "Looks like what you watch."


def test_alone_a_taste_says_nothing_of_shares() -> None:
    taste = MemoryTaste((centre(0, 1.0, CATS, CARS),))
    asked = question(taste)
    assert LIKE.explain(asked, LIKE.rank(asked), 3).sentence == "Looks much like Cat 0, which you watched."


def test_similar_scenes_look_like_the_one_that_is_shown() -> None:
    asked = question(context="similar_scene", seeds=(10,), config={"watched": "keep"})
    ranking = LIKE.rank(asked)
    assert places(ranking)[:4] == [9, 11, 8, 12]
    assert 10 not in places(ranking)
    why = LIKE.explain(asked, ranking, 9)
    assert (why.sentence, why.scenes[0].how) == ("Looks much like this scene.", "seed")
    assert sum(why.parts.values()) == pytest.approx(ranking.scored[0][1])


def test_several_seeds_are_met_in_the_middle() -> None:
    ranking = LIKE.rank(question(context="similar_scene", seeds=(5, 15), config={"watched": "keep"}))
    assert set(places(ranking)[:3]) <= set(range(5, 16))
    assert alike(TASTE, (5, 25))[6] == pytest.approx(0.79 / 2)


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        (question(MemoryTaste()), TOO_LITTLE),
        (question(MemoryTaste(said="Never compared.")), "Never compared."),
        (question(context="similar_scene"), NO_SEEDS),
        (question(MemoryTaste(), context="similar_scene", seeds=(3,)), NEVER_SEEN),
        (question(replace(TASTE, said="Half is missing.")), "Half is missing."),
    ],
)
def test_less_than_one_would_expect_has_a_sentence(asked: Question, note: str) -> None:
    assert LIKE.rank(asked).note == note


def test_everything_filtered_out_has_a_sentence() -> None:
    ranking = LIKE.rank(question(config={"min_minutes": 60}))
    assert (ranking.scored, "filtered out" in ranking.note) == ((), True)


@given(
    sizes=st.lists(st.tuples(st.integers(0, 30), st.floats(0.01, 1)), min_size=1, max_size=8),
    evenness=st.floats(0, 1),
    overlap=st.integers(0, 5),
)
def test_taking_turns_leaves_nobody_out_and_nothing_comes_twice(
    sizes: Sequence[tuple[int, float]], evenness: float, overlap: int
) -> None:
    centres = [Centre(n, share, (), {}, {}) for n, (_, share) in enumerate(sizes)]
    lists: Mapping[int, Sequence[int]] = {
        n: [*range(overlap), *range(100 * (n + 1), 100 * (n + 1) + size)] for n, (size, _) in enumerate(sizes)
    }
    share_of = shares(centres, evenness)
    assert sum(share_of.values()) == pytest.approx(1)
    found = list(in_turn(lists, share_of))
    assert sorted(scene for scene, _, _ in found) == sorted({scene for scenes in lists.values() for scene in scenes})
    at = [place for _, _, place in found]
    assert at == sorted(at) and at[:1] >= [0 - 1e-9][: len(at)]
    for n, scenes in lists.items():
        own = [scene for scene, by, _ in found if by == n]
        assert own == [scene for scene in scenes if scene in own], "best first"
