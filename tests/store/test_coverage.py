from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.store import Coverage, covers, normalise

stretches = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6), st.sampled_from([0.0, 0.5, 4.0, 8.0])).map(
        lambda t: Coverage(float(t[0]), float(t[0] + t[1]), t[2])
    ),
    max_size=8,
)


def closest_gap_s(coverage: list[Coverage] | tuple[Coverage, ...], at_s: float) -> float:
    return min((c.max_gap_s for c in coverage if c.start_s <= at_s < c.end_s), default=float("inf"))


@given(stretches)
def test_normalising_promises_the_same_at_every_moment(coverage: list[Coverage]) -> None:
    moments = [quarter / 4 for quarter in range(80)]
    normal = normalise(coverage)
    assert [closest_gap_s(normal, at_s) for at_s in moments] == [closest_gap_s(coverage, at_s) for at_s in moments]


@given(stretches)
def test_normalising_twice_changes_nothing_and_never_adds_stretches(coverage: list[Coverage]) -> None:
    normal = normalise(coverage)
    assert normalise(normal) == normal
    assert len(normal) <= len(coverage)


@given(stretches, st.integers(0, 18), st.integers(1, 6), st.sampled_from([0.0, 0.5, 4.0, 8.0]))
def test_a_range_is_covered_if_each_of_its_moments_is(
    coverage: list[Coverage], start: int, length: int, gap_s: float
) -> None:
    moments = [start + quarter / 4 for quarter in range(length * 4)]
    expected = all(closest_gap_s(coverage, at_s) <= gap_s for at_s in moments)
    assert covers(coverage, start, start + length, gap_s) == expected


def test_a_closer_stretch_within_a_coarse_one_is_kept_beside_it() -> None:
    coarse, fine = Coverage(0, 100, 4), Coverage(10, 20, 0.5)
    assert normalise([coarse, fine]) == (coarse, fine)
    assert covers([coarse, fine], 11, 19, 0.5)
    assert not covers([coarse, fine], 5, 15, 0.5)


def test_batches_that_touch_become_one_stretch_despite_rounding() -> None:
    batches = [Coverage(0.1 * n, 0.1 * (n + 1), 0.1) for n in range(30)]
    assert len(normalise(batches)) == 1


def test_an_empty_range_is_covered_by_nothing() -> None:
    assert covers([], 3, 3, 0)
    assert not covers([], 3, 4, 100)


@pytest.mark.parametrize("bad", [(2, 1, 1), (0, 1, -1), (0, float("nan"), 1), (0, float("inf"), 1)])
def test_impossible_coverage_is_refused(bad: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"coverage|max_gap_s"):
        Coverage(*bad)
