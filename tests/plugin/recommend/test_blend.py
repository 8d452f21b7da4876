from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.blend import DEFAULT_WEIGHTS, FLOOR, Blend, floored, mix, worth
from plugin.recommend.registry import recommenders
from plugin.recommend.values import Ranking
from tests.plugin.recommend.samples import ALL, asked

WEIGHTS = st.dictionaries(st.sampled_from("abcde"), st.floats(-1, 100), min_size=1)


def ranking(*ordinals: int) -> Ranking:
    return Ranking(tuple((ordinal, 1.0 / (place + 1)) for place, ordinal in enumerate(ordinals)))


@given(WEIGHTS)
def test_no_source_vanishes(weights: dict[str, float]) -> None:
    found = floored(weights)
    assert sum(found.values()) == pytest.approx(1.0)
    assert min(found.values()) >= FLOOR - 1e-9
    heaviest = max(weights, key=lambda name: weights[name])
    assert found[heaviest] == pytest.approx(max(found.values()))


def test_without_weights_all_are_alike() -> None:
    assert floored({"a": 0.0, "b": -1.0}) == {"a": 0.5, "b": 0.5}
    assert floored({}) == {}


def test_the_first_of_all_is_first() -> None:
    found = mix({"a": ranking(3, 1, 2), "b": ranking(3, 2, 1)}, {"a": 0.5, "b": 0.5})
    assert [ordinal for ordinal, _ in found] == [3, 1, 2]
    assert found[0][1] == pytest.approx(1.0)


def test_scores_do_not_matter_places_do() -> None:
    loud = Ranking(((1, 1e9), (2, 1.0)))
    assert mix({"a": loud, "b": ranking(2, 1)}, {"a": 0.4, "b": 0.6})[0][0] == 2


def test_a_source_that_has_nothing_leaves_its_weight_to_the_others() -> None:
    alone = mix({"a": ranking(1, 2)}, {"a": 1.0})
    assert mix({"a": ranking(1, 2), "b": ranking()}, {"a": 0.1, "b": 0.9}) == alone
    assert mix({"b": ranking()}, {"b": 1.0}) == []


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=3))
def test_a_mix_is_between_its_sources(orders: list[list[int]]) -> None:
    rankings = {str(number): ranking(*order) for number, order in enumerate(orders)}
    for ordinal, score in mix(rankings, dict.fromkeys(rankings, 1.0)):
        worths = [worth(order.index(ordinal)) for order in orders]
        assert min(worths) - 1e-9 <= score <= max(worths) + 1e-9


def test_it_weighs_as_was_learned() -> None:
    learned = {"personalized_tfidf": 0.0, "performer_tag_hybrid": 0.0, "taste": 0.0, "fresh": 1.0}
    one = recommenders({"global_feed": learned})["blend"]
    usual = recommenders()["blend"]
    assert isinstance(one, Blend) and isinstance(usual, Blend)
    assert one.weights("global_feed")["fresh"] == pytest.approx(1 - 3 * FLOOR)
    assert one.weights("similar_scene") == usual.weights("similar_scene")
    assert usual.weights("global_feed")["personalized_tfidf"] == max(usual.weights("global_feed").values())
    for context, weights in DEFAULT_WEIGHTS.items():
        assert sum(weights.values()) == pytest.approx(1.0)
        assert all(context in ALL[name].spec.contexts for name in weights)


def test_it_says_what_the_leading_source_says() -> None:
    question = asked("blend", "global_feed")
    found = ALL["blend"].rank(question)
    why = ALL["blend"].explain(question, found, found.scored[0][0])
    assert set(why.parts) <= {*DEFAULT_WEIGHTS["global_feed"], "variety"}
    assert why.debug["led_by"] in why.parts
    assert why.debug["places"][why.debug["led_by"]] < 10
