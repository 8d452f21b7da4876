"""Seconds of a tag as a weight: more is more, but less and less so; a long scene is no better for its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.weights import FREQUENT, average_length_s, inverse_document_frequency, weigh

SECONDS = st.dictionaries(st.integers(1, 50), st.floats(0, 40_000), max_size=12)


def test_a_tag_of_an_average_scene() -> None:
    """(1.2 + 1) · 6 / (6 + 1.2 · (0.4 + 0.6 · 60/60)), by hand."""
    ((term, weight, seconds),) = weigh({7: 60.0}, average_s=60.0)
    assert (term, seconds) == (7, 60.0)
    assert weight == pytest.approx(2.2 * 6 / 7.2)


def test_ten_times_as_long_says_less_than_twice_as_much() -> None:
    ((_, short, _),) = weigh({1: 30.0}, average_s=300.0)
    ((_, long, _),) = weigh({1: 300.0}, average_s=300.0)
    assert short < long < 2 * short


def test_the_same_minute_says_less_in_a_scene_that_shows_everything() -> None:
    alone = {term: weight for term, weight, _ in weigh({1: 60.0}, average_s=300.0)}
    crowded = {term: weight for term, weight, _ in weigh({1: 60.0, 2: 900.0, 3: 900.0}, average_s=300.0)}
    assert crowded[1] < alone[1]


@given(SECONDS, st.floats(1, 10_000))
def test_weights_are_bounded_and_grow_with_time(terms: dict[int, float], average_s: float) -> None:
    weighed = weigh(terms, average_s)
    assert [term for term, _, _ in weighed] == sorted(term for term, seconds in terms.items() if seconds > 0)
    assert all(0 <= weight <= FREQUENT for _, weight, _ in weighed)
    by_time = sorted(weighed, key=lambda each: each[2])
    assert [weight for _, weight, _ in by_time] == pytest.approx(sorted(weight for _, weight, _ in weighed))


def test_what_is_rare_says_more_than_what_every_scene_has() -> None:
    rare, common, everywhere = (inverse_document_frequency(1000, df) for df in (3, 300, 1000))
    assert rare > common > everywhere > 0


def test_scenes_without_terms_do_not_shorten_the_average() -> None:
    assert average_length_s([0.0, 100.0, 300.0]) == 200.0
    assert average_length_s([]) > 0
