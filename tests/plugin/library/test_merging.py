"""Two records of one watching: what Stash counted and what we saw are never counted twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.library.merging import (
    base_play_s,
    is_skipped,
    plays_alone,
    stash_alone_s,
    visits_alone,
    watched_s,
)
from plugin.recommend.values import Visit

SECONDS = st.floats(0, 100_000)


class TestSeconds:
    @pytest.mark.parametrize(
        ("base", "stash", "ours", "together"),
        [
            (100.0, 100.0, 0.0, 100.0),
            (100.0, 160.0, 60.0, 160.0),  # both saw the same minute
            (100.0, 100.0, 60.0, 160.0),  # Stash's tracking is off
            (100.0, 160.0, 20.0, 160.0),  # ours was paused meanwhile
            (0.0, 0.0, 45.0, 45.0),
        ],
    )
    def test_the_larger_of_the_two_counts(self, base: float, stash: float, ours: float, together: float) -> None:
        assert watched_s(base, stash, ours) == together

    @given(SECONDS, SECONDS, SECONDS)
    def test_neither_is_lost_and_none_counted_twice(self, base: float, later: float, ours: float) -> None:
        stash = base + later
        together = watched_s(base, stash, ours)
        assert together >= max(stash, ours) - 1e-6
        assert together <= stash + ours + 1e-6
        assert together == pytest.approx(base + max(later, ours))
        assert together == pytest.approx(ours + stash_alone_s(base, stash, ours))

    @given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0, 500), st.booleans()), max_size=20))
    def test_what_really_was_watched_comes_out(self, story: list[tuple[bool, bool, float, bool]]) -> None:
        """Sittings that Stash, we, or both noted, with readings of Stash in between: at any time the answer is no more
        than what was watched, and no less than what either of them alone knows.
        """
        truth = stash = ours = 0.0
        base = base_play_s(None, 0.0, 0.0)
        for by_stash, by_us, seconds, read in story:
            truth += seconds if by_stash or by_us else 0.0
            stash += seconds if by_stash else 0.0
            ours += seconds if by_us else 0.0
            if read:
                base = base_play_s(base, stash, ours)
            together = watched_s(base, stash, ours)
            assert max(stash, ours) - 1e-6 <= together <= truth + 1e-6

    def test_the_base_follows_stash_until_we_see_something(self) -> None:
        assert base_play_s(None, 70.0, 0.0) == 70.0
        assert base_play_s(70.0, 90.0, 0.0) == 90.0
        assert base_play_s(90.0, 120.0, 30.0) == 90.0

    def test_a_scene_that_we_saw_before_stash_was_read_is_not_counted_twice(self) -> None:
        base = base_play_s(None, 120.0, 30.0)
        assert base == 90.0 and watched_s(base, 120.0, 30.0) == 120.0

    def test_what_the_owner_reset_is_gone(self) -> None:
        assert base_play_s(90.0, 0.0, 30.0) == 0.0


class TestVisits:
    def test_a_play_that_stash_noted_during_a_visit_of_ours_is_that_visit(self) -> None:
        assert plays_alone([5000.0, 1100.0], [(1000.0, 1300.0)]) == [5000.0]

    def test_one_visit_stands_for_one_play(self) -> None:
        assert plays_alone([1200.0, 1100.0], [(1000.0, 1300.0)]) == [1100.0]

    @given(st.lists(SECONDS, max_size=8), SECONDS)
    def test_seconds_are_shared_out_wholly(self, plays: list[float], seconds: float) -> None:
        assert sum(visit.seconds for visit in visits_alone(plays, seconds, 7.0)) == pytest.approx(seconds)

    def test_what_stash_measured_longer_of_plays_that_we_saw_is_no_visit(self) -> None:
        assert visits_alone((), 0.4, 7.0, is_ours=True) == ()
        assert visits_alone((), 0.4, 7.0) == (Visit(7.0, 0.4),)
        assert visits_alone((3.0,), 60.0, 7.0, is_ours=True) == (Visit(3.0, 60.0),)


class TestSkipped:
    def test_a_glance_is_one_and_a_liked_glance_is_none(self) -> None:
        glance = [Visit(1.0, 8.0), Visit(2.0, 5.0)]
        assert is_skipped(glance, 600.0, 0, None)
        assert not is_skipped(glance, 600.0, 1, None)
        assert not is_skipped(glance, 600.0, 0, 80)
        assert is_skipped(glance, 600.0, 0, 20)

    def test_a_clip_that_was_seen_is_not_skipped(self) -> None:
        assert not is_skipped([Visit(1.0, 8.0)], 10.0, 0, None)
        assert not is_skipped([Visit(1.0, 8.0), Visit(2.0, 300.0)], 600.0, 0, None)
        assert not is_skipped([], 600.0, 0, None)
