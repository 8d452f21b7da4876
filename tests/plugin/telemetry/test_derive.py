"""What a player did, told by events that get lost, late and out of order: what is derived is what was watched."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.store.watch_values import WatchEvent
from plugin.telemetry.coverage import coverage, length_s, union
from plugin.telemetry.derive import BREAK_S, DerivedWatch, Progress, derive_on, derive_watch
from plugin.telemetry.events import parse_event
from tests.plugin.telemetry.browser import Player


def parsed(events: Sequence[dict[str, Any]]) -> list[WatchEvent]:
    found = [parse_event(event) for event in events]
    assert all(isinstance(one, WatchEvent) for one in found), found
    return [one for one in found if isinstance(one, WatchEvent)]


def derived(player: Player, *lost: str) -> DerivedWatch:
    """Of what the player told, but for events of these types, or "type:n" for the n-th of them."""
    counts: dict[str, int] = {}
    kept = []
    for event in player.events:
        counts[event["type"]] = number = counts.get(event["type"], 0) + 1
        if event["type"] not in lost and f"{event['type']}:{number}" not in lost:
            kept.append(event)
    found = derive_watch(parsed(kept))
    assert found is not None
    return found


def stretches(watch: DerivedWatch) -> list[tuple[float, float]]:
    return [(round(one.start_s, 3), round(one.end_s, 3)) for one in watch.segments]


@pytest.fixture
def player() -> Player:
    found = Player(at_s=1000.0)
    found.enter(7)
    return found


def test_a_scene_that_is_played_through_is_one_stretch(player: Player) -> None:
    player.wait(3)
    player.play(95)
    player.end()
    watch = derived(player)
    assert stretches(watch) == [(0, 95)]
    assert (watch.scene_id, watch.completed, watch.last_s, watch.duration_s) == (7, True, 95, 600)
    assert (watch.wall_s, watch.played_s, watch.unique_s) == pytest.approx((95, 95, 95))
    assert (watch.started_s, watch.ended_s) == (1000, 1098) and watch.segments[0].at_s == 1003


def test_a_pause_in_the_same_place_goes_on_and_a_long_one_begins_anew(player: Player) -> None:
    player.play(20)
    player.pause()
    player.wait(30)
    player.play(20)
    player.pause()
    player.wait(BREAK_S + 1)
    player.play(20)
    watch = derived(player)
    assert stretches(watch) == [(0, 40), (40, 60)]
    assert watch.segments[1].at_s == 1000 + 20 + 30 + 20 + BREAK_S + 1


def test_a_seek_is_not_watched_and_what_is_seen_twice_counts_twice(player: Player) -> None:
    player.play(30)
    player.seek(10)
    player.play(15)
    player.seek(200)
    player.play(5)
    player.pause()
    watch = derived(player)
    assert stretches(watch) == [(0, 30), (10, 25), (200, 205)]
    assert (watch.played_s, watch.unique_s) == pytest.approx((50, 35))
    spans = [(one.start_s, one.end_s) for one in watch.segments]
    assert coverage(spans) == ((0, 10, 1), (10, 25, 2), (25, 30, 1), (200, 205, 1))


def test_a_seek_between_two_reports_ends_where_it_left(player: Player) -> None:
    player.play(20)
    player.wait(4)
    player.seek(100)
    player.wait(3)
    player.pause()
    assert stretches(derived(player)) == [(0, 24), (100, 103)]


@pytest.mark.parametrize("to_s", [500, 100, 24, 1, 0])
def test_a_lost_seek_is_never_watched(player: Player, to_s: float) -> None:
    player.play(20)
    player.wait(4)
    player.seek(to_s)
    player.play(30)
    player.pause()
    watch = derived(player, "scene_seek")
    seen = [(0, 20), (0, 24), (to_s, to_s + 30)]
    assert length_s(union([*seen, *stretches(watch)])) == pytest.approx(length_s(union(seen)), abs=0.1)
    assert watch.played_s <= 54.001


def test_lost_reports_of_steady_playing_lose_nothing(player: Player) -> None:
    player.play(100)
    player.pause()
    assert stretches(derived(player, "scene_watch_progress")) == [(0, 100)]


def test_where_events_are_lost_and_the_time_is_not_filled_nothing_is_believed(player: Player) -> None:
    player.play(20)
    player.pause()
    player.wait(50)
    player.play(10)
    player.pause()
    watch = derived(player, "scene_watch_pause:1", "scene_watch_start:2")
    # From 20 s at one moment to 30 s a minute later: a pause, or a seek back. Only what is sure counts.
    assert stretches(watch) == [(0, 20)]


def test_a_suspended_machine_has_not_watched(player: Player) -> None:
    """Whether the tab's clock stood still meanwhile, or went on."""
    player.play(20)
    player.at_s += 8 * 3600
    player.play(10)
    player.at_s += 8 * 3600
    player.mono_s += 8 * 3600
    player.play(10)
    player.pause()
    watch = derived(player)
    assert watch.unique_s == pytest.approx(40) and watch.wall_s == pytest.approx(40)
    assert stretches(watch) == [(0, 30), (30, 40)]
    assert [one.at_s - 1000 for one in watch.segments] == [0, 8 * 3600 + 30]


def test_twice_as_fast_is_as_much_media_in_half_the_time(player: Player) -> None:
    player.play(20)
    player.set_rate(2.0)
    player.play(30)
    player.set_rate(0.5)
    player.play(10)
    player.pause()
    watch = derived(player)
    assert [(one.start_s, one.end_s, one.rate) for one in watch.segments] == [(0, 20, 1), (20, 80, 2), (80, 85, 0.5)]
    assert (watch.wall_s, watch.played_s) == pytest.approx((60, 85))


def test_a_loop_that_is_told_as_a_seek_counts_each_round(player: Player) -> None:
    player.duration_s = 30.0
    for _ in range(3):
        player.play(30)
        player.seek(0)
    player.pause()
    watch = derived(player)
    assert stretches(watch) == [(0, 30)] * 3 and (watch.played_s, watch.unique_s) == (90, 30)


def test_a_jump_back_that_nobody_told_of_is_no_watching(player: Player) -> None:
    player.play(30)
    player.position_s = 2.0
    player.play(20)
    player.pause()
    assert stretches(derived(player)) == [(0, 30), (12, 22)]


def test_scrubbing_leaves_almost_nothing(player: Player) -> None:
    player.play()
    for number in range(200):
        player.wait(0.05)
        player.seek((number * 37) % 600)
    player.pause()
    assert derived(player).unique_s < 0.2


def test_what_plays_in_a_hidden_tab_is_not_watched(player: Player) -> None:
    player.play(20)
    player.show(False)
    player.play(100)
    player.show(True)
    player.play(10)
    player.pause()
    assert stretches(derived(player)) == [(0, 20), (120, 130)]


def test_a_tab_that_dies_has_watched_what_it_told(player: Player) -> None:
    player.play(42)
    player.wait(7)
    assert stretches(derived(player)) == [(0, 42)]


def test_buffering_is_no_watching(player: Player) -> None:
    player.play(20)
    player.mono_s += 25
    player.at_s += 25
    player.play(10)
    watch = derived(player)
    assert stretches(watch) == [(0, 30)] and watch.wall_s == pytest.approx(30)


def test_a_tabs_clock_that_goes_back_credits_no_second_twice(player: Player) -> None:
    player.play()
    for _ in range(20):
        player.wait(10)
        player.state("scene_watch_progress")
        player.mono_s -= 10
    watch = derived(player)
    assert watch.played_s <= 10.001


def test_events_of_another_scene_under_the_same_watch_are_not_of_it(player: Player) -> None:
    player.play(20)
    player.scene_id = 8
    player.play(20)
    player.scene_id = 7
    player.pause()
    watch = derived(player)
    assert watch.scene_id == 7 and watch.unique_s == pytest.approx(40)  # 7 was told at 0, 20 and 40 s


def test_two_tabs_with_one_watch_are_told_apart() -> None:
    first, second = Player(1000.0, tab=1), Player(1000.0, tab=2)
    for player in (first, second):
        player.enter(7, number=5)
        player.play(30)
    second.seek(100)
    second.play(10)
    watch = derive_watch(parsed(first.events + second.events))
    assert watch and watch.progress is None
    assert sorted(stretches(watch)) == [(0, 30), (0, 30), (100, 110)] and watch.unique_s == pytest.approx(40)


def test_nothing_was_played() -> None:
    player = Player(1000.0)
    player.enter(7)
    player.leave()
    assert derive_watch(parsed(player.events)) is None and derive_watch([]) is None


# What a player may do, and whatever may become of what it tells.

steps = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.floats(0, 60)),
        st.tuples(st.just("wait"), st.floats(0, 30)),
        st.tuples(st.just("pause"), st.just(0.0)),
        st.tuples(st.just("seek"), st.floats(0, 600)),
        st.tuples(st.just("set_rate"), st.sampled_from([0.25, 0.5, 1.0, 1.5, 2.0, 4.0])),
        st.tuples(st.just("show"), st.sampled_from([0.0, 1.0])),
        st.tuples(st.just("jump"), st.floats(0, 600)),
        st.tuples(st.just("suspend"), st.floats(0, 10_000)),
        st.tuples(st.just("end"), st.just(0.0)),
    ),
    max_size=25,
)


class Witness:
    """Sees everything that a player does: stretches that were really seen, and time in which it really played."""

    def __init__(self) -> None:
        self.player = Player(1000.0)
        self.player.enter(7)
        self.seen: list[tuple[float, float]] = []
        self.budget_s = 0.0

    def run(self, done: Sequence[tuple[str, float]]) -> Witness:
        wait = self.player.wait

        def watched(seconds: float) -> None:
            before_s = self.player.position_s
            wait(seconds)
            if self.player.playing:
                self.budget_s += seconds * self.player.rate
                if self.player.visible:
                    self.seen.append((before_s, self.player.position_s))

        self.player.wait = watched  # type: ignore[method-assign]
        for what, value in done:
            if what == "jump":
                self.player.position_s = value
            elif what == "suspend":
                self.player.at_s += value
            elif what == "show":
                self.player.show(bool(value))
            elif what in ("pause", "end"):
                getattr(self.player, what)()
            else:
                getattr(self.player, what)(value)
        return self


@settings(max_examples=150, deadline=None)
@given(steps, st.randoms(use_true_random=False), st.floats(0, 0.6))
def test_never_more_than_the_time_allows_whatever_is_lost(
    done: list[tuple[str, float]], chance: random.Random, lost: float
) -> None:
    """The union of what was watched is at most the time in which it played, times the rate; and with any order of
    events, with some of them twice, it is the same to the last bit.
    """
    witness = Witness().run(done)
    events = [event for event in parsed(witness.player.events) if chance.random() >= lost]
    found = derive_watch(events)
    shuffled = events + chance.sample(events, len(events) // 2)
    chance.shuffle(shuffled)
    assert derive_watch(shuffled) == found
    if found is None:
        return
    clock_s = max(event.mono_s for event in events) - min(event.mono_s for event in events)
    fastest = max((event.body["rate"] for event in events if event.body), default=1.0)
    assert found.unique_s <= found.played_s + 1e-6
    assert found.wall_s <= clock_s + 1e-6 and found.played_s <= clock_s * fastest + 1e-6
    assert all(one.end_s > one.start_s >= 0 for one in found.segments)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_where_nothing_is_lost_all_that_was_seen_is_known_and_little_else(done: list[tuple[str, float]]) -> None:
    witness = Witness().run([step for step in done if step[0] not in ("jump", "suspend")])
    witness.player.state("scene_watch_progress")
    found = derive_watch(parsed(witness.player.events))
    assert found is not None
    seen = union(witness.seen)
    known = union((one.start_s, one.end_s) for one in found.segments)
    both = length_s(union([*seen, *known]))
    short_s = 0.1 * len(witness.player.events)  # what is shorter than that is left out
    assert both == pytest.approx(length_s(seen), abs=0.001)
    assert both - length_s(known) <= short_s


@settings(max_examples=100, deadline=None)
@given(steps, st.integers(1, 40))
def test_going_on_is_the_same_as_beginning_anew(done: list[tuple[str, float]], size: int) -> None:
    witness = Witness().run(done)
    events = parsed(witness.player.events)
    found = None
    for first in range(0, len(events), size):
        so_far = events[: first + size]
        if found is not None and found.progress is not None:
            kept = Progress.from_json(found.progress.as_json())
            found = derive_on(kept, found.segments[: len(found.progress.done)], events[first : first + size])
        else:
            found = derive_watch(so_far)
        assert found == derive_watch(so_far)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=30))
def test_coverage_and_union_agree(spans: list[tuple[float, float]]) -> None:
    covered, joined = coverage(spans), union(spans)
    assert length_s((start, end) for start, end, _ in covered) == pytest.approx(length_s(joined), abs=0.1)
    total = sum((end - start) * times for start, end, times in covered)
    assert total == pytest.approx(sum(max(0.0, end - start) for start, end in spans), abs=0.1)
    assert all(times >= 1 for *_, times in covered)
    assert list(joined) == sorted(joined) and all(one[1] < other[0] for one, other in itertools.pairwise(joined))
