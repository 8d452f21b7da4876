from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.review.ranges import covers, joined, overlap, same_time
from plugin.stash.values import Marker
from plugin.store.analyses import Span


def span(start_s: float, end_s: float, score: float = 1.0, peak: float = 1.0) -> Span:
    return Span("cat", "", start_s, end_s, score, start_s, peak, 0.1, 0.2)


spans = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 20)).map(lambda pair: span(pair[0], pair[0] + pair[1])), max_size=12
)


def test_near_ranges_become_one() -> None:
    (one, two) = joined([span(20, 25), span(0, 5, 2.0, 3.0), span(8, 10, 1.0, 9.0)], 3.0)
    assert (one.start_s, one.end_s, one.spans, one.length_s) == (0, 10, 2, 10)
    assert one.score == round((2.0 * 5 + 1.0 * 2) / 7, 4)
    assert (one.peak_s, one.peak_score, one.uncertainty_s) == (8, 9.0, 0.2)
    assert (two.start_s, two.end_s, two.spans) == (20, 25, 1)


def test_a_range_inside_another_ends_nothing() -> None:
    (one,) = joined([span(0, 50), span(10, 12), span(52, 60)], 3.0)
    assert (one.start_s, one.end_s) == (0, 60)


def test_ranges_without_length_have_a_score() -> None:
    (one,) = joined([span(5, 5, 2.0)], 0.0)
    assert one.score == 2.0


@given(spans, st.integers(0, 10))
def test_joined_ranges_hold_all_spans_and_lie_further_apart_than_the_gap(found: list[Span], gap_s: int) -> None:
    ranges = joined(found, gap_s)
    assert sum(one.spans for one in ranges) == len(found)
    assert all(any(one.start_s <= s.start_s and s.end_s <= one.end_s for one in ranges) for s in found)
    assert all(later.start_s - one.end_s > gap_s for one, later in itertools.pairwise(ranges))


@given(*[st.floats(0, 100)] * 4)
def test_overlap_is_a_share_and_the_same_from_both_sides(a: float, b: float, c: float, d: float) -> None:
    one, other = sorted((a, b)), sorted((c, d))
    shared = overlap(*one, *other)
    assert 0.0 <= shared <= 1.0 and shared == overlap(*other, *one)
    if one[0] < one[1]:
        assert overlap(*one, *one) == 1.0


@pytest.mark.parametrize(
    ("start_s", "end_s", "is_covered"),
    [
        (10.0, 20.0, True),
        (12.0, 24.0, True),
        (18.0, 40.0, False),
        (9.5, None, True),  # points in time are set by hand, a little early
        (8.0, None, False),
        (15.0, None, True),
        (20.0, None, False),
        (15.0, 15.0, True),
    ],
)
def test_what_a_marker_covers(start_s: float, end_s: float | None, is_covered: bool) -> None:
    assert covers(Marker(1, "", start_s, end_s, 7), 10.0, 20.0) == is_covered


def test_times_are_the_same_within_a_hundredth() -> None:
    assert same_time(1.0, 1.009) and not same_time(1.0, 1.02)
    assert same_time(None, None) and not same_time(None, 0.0) and not same_time(0.0, None)
