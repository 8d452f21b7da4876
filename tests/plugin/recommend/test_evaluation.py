"""What an owner's history says of recommenders, and what the blend learns of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.blend import FLOOR, floored
from plugin.recommend.evaluation import CONTEXTS, Sample, evaluate_owner, learn_weights
from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.registry import recommenders
from plugin.recommend.replay import NeighbourTaste, World
from plugin.recommend.values import Centre, History, Ranking, Term, Visit, WatchedScene

DAY_S = 86_400.0
USUAL = {"knows": 0.2, "guesses": 0.8}


def sample(number: int, helpful: bool = True) -> Sample:
    """One source has what is relevant at its top, the other far below, or both have it nowhere."""
    relevant = 1000 + number
    knows = [relevant] if helpful else []
    knows += [(17 * number + step) % 900 for step in range(60)]
    guesses = [900 - (13 * number + step) % 900 for step in range(60)] + [relevant]
    scored = {
        name: Ranking(tuple((ordinal, 1.0 / place) for place, ordinal in enumerate(dict.fromkeys(ordinals), 1)))
        for name, ordinals in (("knows", knows), ("guesses", guesses))
    }
    return Sample(scored, frozenset({relevant}))


def test_what_foretells_gains_and_what_does_not_keeps_a_little() -> None:
    weights = learn_weights([sample(number) for number in range(40)], USUAL)
    assert weights["knows"] > 0.5 > weights["guesses"] >= FLOOR - 1e-9
    assert sum(weights.values()) == pytest.approx(1.0)


def test_little_data_changes_little_and_none_nothing() -> None:
    assert learn_weights([], USUAL) == pytest.approx(USUAL)
    few, many = (learn_weights([sample(number) for number in range(count)], USUAL) for count in (2, 40))
    assert USUAL["knows"] <= few["knows"] < many["knows"]


def test_where_nothing_is_foretold_nothing_is_learned() -> None:
    silent = Sample({name: Ranking(((1, 1.0),)) for name in USUAL}, frozenset({5}))
    assert learn_weights([silent] * 20, USUAL) == pytest.approx(USUAL)
    # One lucky case among many is chance.
    assert learn_weights([silent] * 20 + [sample(1)], USUAL) == pytest.approx(USUAL)


class NoTaste:
    def centres(self) -> tuple[Centre, ...]:
        return ()

    def neighbours(self, ordinal: int) -> tuple[tuple[int, float], ...]:
        return ()

    def note(self) -> str:
        return ""


def owner(scenes: int = 60, evenings: int = 16) -> World:
    """One who watches what shows the first tag: two such scenes an evening, and leaves another one at once."""
    catalogue = MemoryCatalogue.build(
        (
            CatalogueScene(
                1 + number, duration_s=1000.0, terms={1 if number < scenes // 2 else 2: 300.0, 3 + number % 3: 200.0}
            )
            for number in range(scenes)
        ),
        [Term(number, f"tag {number}", number) for number in range(1, 6)],
    )
    found = []
    for evening in range(evenings):
        at_s = 1_000_000.0 + evening * DAY_S
        visits = [
            (2 * evening, at_s, 400.0),
            (2 * evening + 1, at_s + 500, 300.0),
            (scenes - 1 - evening, at_s + 900, 4.0),
        ]
        for ordinal, start_s, seconds in visits:
            terms = tuple((each.term, each.seconds * seconds / 1000) for each in catalogue.terms_of(ordinal))
            visit, skipped = Visit(start_s, seconds), seconds < 20
            found.append(
                WatchedScene(ordinal, start_s, (visit,), seconds, seconds / 1000, 0.0, 1, 0, None, skipped, terms)
            )
    found.sort(key=lambda scene: -scene.last_s)
    history = History(found[0].last_s + DAY_S, tuple(found))
    return World(catalogue, history, lambda _, known: NeighbourTaste(NoTaste(), known))


def test_every_recommender_is_judged_where_enough_was_watched() -> None:
    found = evaluate_owner(owner())
    every = recommenders()
    assert {(one.context, one.recommender) for one in found} == {
        (context, name) for context in CONTEXTS for name, each in every.items() if context in each.spec.contexts
    }
    for context in CONTEXTS:
        weights = [one.weight for one in found if one.context == context]
        assert sum(weights) == pytest.approx(1.0)
    by_name = {one.recommender: one for one in found if one.context == "global_feed"}
    assert by_name["blend"].weight == 0.0
    told = by_name["personalized_tfidf"].metrics()
    assert set(told) == {"hit_rate", "ndcg", "coverage", "novelty", "cases"}
    assert told["cases"] == 4  # sixteen discoveries lie ahead
    value, low, high = told["ndcg"]
    assert 0.0 <= low <= value <= high <= 1.0
    assert by_name["personalized_tfidf"].quality.ndcg.value > 0.4, "chance would find half of that"


def test_nothing_is_said_of_little_and_time_that_is_up_is_up() -> None:
    assert evaluate_owner(owner(evenings=5)) == []
    seconds = iter(range(10_000))
    found = evaluate_owner(owner(), most_cpu_s=22.0, cpu_s=lambda: float(next(seconds)))
    assert {one.quality.cases for one in found if one.context == "similar_scene"} == {5}
    seconds = iter(range(10_000))
    assert evaluate_owner(owner(), most_cpu_s=2.0, cpu_s=lambda: float(next(seconds))) == []


@given(st.dictionaries(st.text(max_size=2), st.floats(-1, 10), max_size=30))
def test_what_is_raised_to_the_floor_is_raised_once(weights: dict[str, float]) -> None:
    """Else weights that are learned step by step would be pulled towards each other by every step."""
    kept = floored(weights)
    assert floored(kept) == pytest.approx(kept)
    ordered = sorted(weights, key=lambda name: weights[name])
    assert [kept[name] for name in ordered] == pytest.approx(sorted(kept.values()))
