from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.people.constraints import conflict, kept_apart, on_screen_together
from sidecar.people.group_edits import CannotEditGroups, merge, split, unmerge
from sidecar.people.groups import Decision, Group, GroupTrack, Merge, assign, likeness, new_group_id, regroup
from sidecar.values import Cancelled
from tests.people.faces import RULES, people, unit, views
from tests.people.library import library, names, track

seeds = st.integers(0, 100_000)
few = settings(max_examples=15, deadline=None)


def sets(groups: tuple[Group, ...]) -> set[tuple[str, ...]]:
    return {group.track_ids for group in groups}


def of(groups: tuple[Group, ...], track_id: str) -> Group:
    return next(group for group in groups if track_id in group.track_ids)


def truth(who: dict[str, int]) -> set[tuple[str, ...]]:
    return {tuple(sorted(name for name, at in who.items() if at == person)) for person in set(who.values())}


def check(groups: tuple[Group, ...], tracks: list[GroupTrack], decisions: list[Decision]) -> None:
    """What always holds."""
    apart = kept_apart(tracks, decisions)
    present = {at.id for at in tracks}
    placed = [track_id for group in groups for track_id in group.track_ids]
    assert len(placed) == len(set(placed))
    assert set(placed) <= present
    assert len({group.id for group in groups}) == len(groups)
    for group in groups:
        assert group.track_ids == tuple(sorted(group.track_ids))
        assert not any(apart.get(track_id, set()) & set(group.track_ids) for track_id in group.track_ids)


@few
@given(seeds)
def test_well_separated_people_are_found_by_either_way(seed: int) -> None:
    tracks, who = library(seed, 8, 24, seen=3)
    anew = regroup(tracks, (), [], RULES)
    assert sets(anew) == truth(who)
    groups: tuple[Group, ...] = ()
    for medium in sorted({at.content for at in tracks}):
        known = {track_id for group in groups for track_id in group.track_ids}
        groups = assign([at for at in tracks if at.id in known or at.content <= medium], groups, [], RULES)
    assert sets(groups) == sets(anew)
    check(groups, tracks, [])


@few
@given(seeds, st.floats(0.4, 0.8))
def test_the_order_of_tracks_does_not_matter(seed: int, mate: float) -> None:
    tracks, _ = library(seed, 6, 20, mate=mate, poor=0.3, dim=16)
    shuffled = [tracks[at] for at in np.random.default_rng(seed).permutation(len(tracks))]
    groups = regroup(tracks, (), [], RULES, names())
    assert regroup(shuffled, (), [], RULES, names()) == groups
    assert assign(shuffled, (), [], RULES, names()) == assign(tracks, (), [], RULES, names())
    check(groups, tracks, [])


@few
@given(seeds)
def test_more_scenes_leave_ids_alone(seed: int) -> None:
    early, _ = library(seed, 8, 12, poor=0.2)
    late, _ = library(seed, 8, 14, poor=0.2, first=12)
    before = regroup(early, (), [], RULES)
    after = regroup(early + late, before, [], RULES)
    for group in before:
        assert set(group.track_ids) <= set(of(after, group.track_ids[0]).track_ids)
        assert of(after, group.track_ids[0]).id == group.id


def test_ids_go_where_most_tracks_go_and_each_goes_once() -> None:
    tracks, who = library(3, 4, 20)
    anew = regroup(tracks, (), [], RULES)
    first, second, *_ = sorted(anew, key=lambda group: -len(group.track_ids))
    joined = Group("both", tuple(sorted(first.track_ids + second.track_ids[:2])))
    after = regroup(tracks, (joined,), [], RULES, names())
    assert sets(after) == sets(anew) == truth(who)
    assert of(after, first.track_ids[0]).id == "both"
    assert of(after, second.track_ids[0]).id.startswith("new")
    halves = (Group("b", first.track_ids[:2]), Group("a", first.track_ids[2:4]))
    assert of(regroup(tracks, halves, [], RULES), first.track_ids[0]).id == "a"


@few
@given(seeds)
def test_a_merge_taken_back_is_as_if_it_had_never_been(seed: int) -> None:
    tracks, _ = library(seed, 7, 16, seen=1, poor=0.2)
    before = regroup(tracks, (), [], RULES, names())
    one, other = np.random.default_rng(seed).choice(len(before), size=2, replace=False).tolist()
    before = tuple(replace(group, ignored=at == other) for at, group in enumerate(before))
    groups, decision = merge(before, [before[one].id, before[other].id], tracks, [], "m")
    merged = of(groups, before[one].track_ids[0])
    assert set(merged.track_ids) == {*before[one].track_ids, *before[other].track_ids}
    assert merged.id == decision.group_id and not merged.ignored
    assert unmerge(groups, decision, tracks, [], RULES) == before
    again = regroup(tracks, groups, [decision], RULES)
    assert again == groups
    assert unmerge(again, decision, tracks, [], RULES) == before
    assert regroup(tracks, unmerge(again, decision, tracks, [], RULES), [], RULES) == before


def test_tracks_that_came_after_a_merge_go_to_whom_they_are_like() -> None:
    tracks, who = library(5, 4, 16, seen=1)
    before = regroup(tracks, (), [], RULES)
    groups, decision = merge(before, [before[0].id, before[1].id], tracks, [], "m")
    more, more_who = library(5, 4, 8, seen=1, first=16)
    groups = assign(tracks + more, groups, [decision], RULES)
    back = unmerge(groups, decision, tracks + more, [], RULES)
    assert sets(back) == truth({**who, **more_who})
    assert {group.id for group in back} == {group.id for group in before}


@pytest.mark.parametrize("first_back", [0, 1])
def test_merges_on_top_of_each_other_are_taken_back_one_by_one(first_back: int) -> None:
    tracks, _ = library(6, 4, 20, seen=1)
    before = regroup(tracks, (), [], RULES)
    a, b, c, _ = (group.id for group in sorted(before, key=lambda group: (-len(group.track_ids), group.id)))
    groups, first = merge(before, [a, b], tracks, [], "first")
    groups, second = merge(groups, [a, c], tracks, [first], "second")
    assert len(groups) == 2
    assert regroup(tracks, groups, [first, second], RULES) == groups
    merges: list[Decision] = [first, second]
    taken_back = (first, second)[first_back]
    merges.remove(taken_back)
    groups = unmerge(groups, taken_back, tracks, merges, RULES)
    stays = next(group for group in before if group.id == (b if first_back == 0 else c))
    assert stays in groups
    assert len(groups) == 3
    assert regroup(tracks, groups, merges, RULES) == groups
    last = (second, first)[first_back]
    assert unmerge(groups, last, tracks, [], RULES) == before


@few
@given(seeds)
def test_a_split_never_comes_back(seed: int) -> None:
    tracks, _ = library(seed, 3, 15, seen=1, poor=0.2)
    before = regroup(tracks, (), [], RULES)
    group = max(before, key=lambda group: len(group.track_ids))
    leaving = group.track_ids[:2]
    groups, made, decision = split(before, group.id, leaving, "s")
    assert made.track_ids == leaving
    assert of(groups, group.track_ids[-1]) == replace(group, track_ids=group.track_ids[2:])
    more, _ = library(seed, 3, 10, seen=1, first=15)
    for later in (
        regroup(tracks, groups, [decision], RULES),
        regroup(tracks, (), [decision], RULES),
        assign(tracks + more, groups, [decision], RULES),
        regroup(tracks + more, groups, [decision], RULES),
    ):
        assert set(leaving) <= set(of(later, leaving[0]).track_ids)
        assert not set(of(later, leaving[0]).track_ids) & decision.right
        check(later, tracks + more, [decision])
    assert of(regroup(tracks, groups, [decision], RULES), leaving[0]).id == made.id


def test_the_later_word_of_the_owner_holds() -> None:
    tracks, _ = library(8, 3, 15, seen=1)
    before = regroup(tracks, (), [], RULES)
    group = max(before, key=lambda group: len(group.track_ids))
    groups, made, parted = split(before, group.id, group.track_ids[:1], "s")
    groups, joined = merge(groups, [made.id, group.id], tracks, [parted], "m")
    assert groups == before
    assert regroup(tracks, groups, [parted, joined], RULES) == before
    assert sets(unmerge(groups, joined, tracks, [parted], RULES)) == sets(before) - {group.track_ids} | {
        group.track_ids[:1],
        group.track_ids[1:],
    }
    groups, _, parted_again = split(groups, group.id, group.track_ids[:2], "t")
    anew = regroup(tracks, groups, [parted, joined, parted_again], RULES)
    assert of(anew, group.track_ids[0]).track_ids == group.track_ids[:2]


@few
@given(seeds)
def test_ignored_stays_ignored(seed: int) -> None:
    tracks, _ = library(seed, 6, 18, poor=0.2)
    before = regroup(tracks, (), [], RULES)
    before = (replace(before[0], ignored=True), *before[1:])
    more, _ = library(seed, 6, 18, first=18)
    for later in (regroup(tracks + more, before, [], RULES), assign(tracks + more, before, [], RULES)):
        assert [group.id for group in later if group.ignored] == [before[0].id]


@few
@given(seeds, st.data())
def test_whatever_is_decided_who_is_apart_stays_apart(seed: int, data: st.DataObject) -> None:
    tracks, _ = library(seed, 4, 10, seen=2, mate=0.6, poor=0.3, dim=12)
    groups = assign(tracks, (), [], RULES)
    decisions: list[Decision] = []
    for step in range(data.draw(st.integers(1, 6))):
        kind = data.draw(st.sampled_from(["merge", "split", "unmerge", "more", "regroup"]))
        ids = [group.id for group in groups]
        if kind == "merge" and len(ids) > 1:
            chosen = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True))
            try:
                groups, decision = merge(groups, chosen, tracks, decisions, f"m{step}")
            except CannotEditGroups:
                assert conflict([group for group in groups if group.id in chosen], tracks)
            else:
                decisions.append(decision)
        elif kind == "split" and any(len(group.track_ids) > 1 for group in groups):
            group = data.draw(st.sampled_from([group for group in groups if len(group.track_ids) > 1]))
            groups, _, parted = split(groups, group.id, group.track_ids[:1], f"s{step}")
            decisions.append(parted)
        elif kind == "unmerge":
            merges = [decision for decision in decisions if isinstance(decision, Merge)]
            if merges:
                decisions.remove(merges[0])
                groups = unmerge(groups, merges[0], tracks, decisions, RULES)
        elif kind == "more":
            tracks += library(seed, 4, 3, mate=0.6, dim=12, first=10 + 3 * step)[0]
            groups = assign(tracks, groups, decisions, RULES)
        else:
            groups = regroup(tracks, groups, decisions, RULES)
        check(groups, tracks, decisions)
        assert assign(tracks, groups, decisions, RULES) == groups or kind in ("split", "merge", "unmerge", "regroup")


def test_people_of_one_moment_are_never_one_however_alike() -> None:
    rng = np.random.default_rng(11)
    twin = people(rng, 1)
    faces = views(rng, np.repeat(twin, 4, axis=0), 0.95)
    tracks = [
        track("a", faces[0], "scene", [(0, 5), (9, 12)]),
        track("b", faces[1], "scene", [(4.9, 6)]),
        track("c", faces[2], "scene", [(5, 9)]),
        track("d", faces[3], "image", [(0, 0)]),
    ]
    assert on_screen_together(tracks) == {("a", "b"), ("b", "c")}
    groups = regroup(tracks, (), [], RULES)
    check(groups, tracks, [])
    assert of(groups, "a").id != of(groups, "b").id
    both_in_an_image = [replace(tracks[0], content="image", intervals=((0, 0),)), tracks[3]]
    assert len(regroup(both_in_an_image, (), [], RULES)) == 2
    pair = conflict([Group("x", ("a", "c")), Group("y", ("b", "d"))], tracks)
    assert pair == ("a", "b")
    assert conflict([Group("x", ("a",)), Group("y", ("c", "d"))], tracks) is None
    with pytest.raises(CannotEditGroups, match="not one person: they are on screen at the same time"):
        merge((Group("x", ("a", "c")), Group("y", ("b", "d"))), ["x", "y"], tracks, [], "m")


def test_a_track_that_turns_out_to_be_seen_with_its_group_leaves_it() -> None:
    rng = np.random.default_rng(12)
    faces = views(rng, np.repeat(people(rng, 1), 3, axis=0), 0.9)
    tracks = [
        track("a", faces[0], "scene", [(0, 5)]),
        track("b", faces[1], "scene", [(5, 9)], views=3),
        track("c", faces[2]),
    ]
    groups = assign(tracks, (), [], RULES, names())
    assert sets(groups) == {("a", "b", "c")}
    tracks[1] = replace(tracks[1], intervals=((4, 9),))
    assert sets(assign(tracks, groups, [], RULES)) == {("a", "c"), ("b",)}
    assert of(assign(tracks, groups, [], RULES), "a").id == groups[0].id


def test_one_lucky_frame_founds_nothing_but_two_images_do() -> None:
    rng = np.random.default_rng(13)
    faces = views(rng, np.repeat(people(rng, 2), [3, 1], axis=0), 0.9)
    first, second = track("a", faces[0], views=1), track("b", faces[1], views=1)
    assert assign([first], (), [], RULES) == regroup([first], (), [], RULES) == ()
    assert sets(assign([first, second], (), [], RULES)) == {("a", "b")}
    assert sets(regroup([first, second, track("z", faces[3], views=1)], (), [], RULES)) == {("a", "b")}
    poor = track("c", faces[2], views=0, good=False)
    assert sets(regroup([first, poor], (), [], RULES)) == set()
    assert sets(regroup([first, second, poor], (), [], RULES)) == {("a", "b", "c")}
    assert sets(assign([first, second, poor], (Group("x", ("a", "b")),), [], RULES)) == {("a", "b", "c")}


def test_a_crowd_does_not_become_one_group_and_neither_do_two_groups_by_themselves() -> None:
    rng = np.random.default_rng(14)
    who = np.repeat(np.arange(26), 6)
    centroids = views(rng, people(rng, 26, 256, alike=0.5)[who], 0.68)
    tracks = [track(f"{at:03d}", centroid) for at, centroid in enumerate(centroids)]
    cosines = centroids @ centroids.T
    assert (cosines[who[:, None] != who[None, :]] > RULES.same_group).mean() > 0.005
    assert len(regroup(tracks, (), [], RULES)) == 26
    between = unit(centroids[0] + centroids[6])
    assert min(float(between @ centroids[0]), float(between @ centroids[6])) > RULES.same_group
    groups = assign(tracks, (), [], RULES)
    after = assign([*tracks, track("x", between)], groups, [], RULES)
    assert len(after) == len(groups) == 26


def test_who_is_gone_leaves_and_an_empty_group_goes() -> None:
    tracks, _ = library(15, 3, 12)
    groups = regroup(tracks, (), [], RULES)
    gone = set(groups[0].track_ids) | {groups[1].track_ids[0]}
    left = [at for at in tracks if at.id not in gone]
    for later in (assign(left, groups, [], RULES), regroup(left, groups, [], RULES)):
        assert [group.id for group in later] == [group.id for group in groups[1:]]
        assert of(later, groups[1].track_ids[1]).track_ids == groups[1].track_ids[1:]
    assert assign([], groups, [], RULES) == regroup([], groups, [], RULES) == ()


def test_edits_that_make_no_sense_are_refused_in_words() -> None:
    group = Group("x", ("a", "b"))
    with pytest.raises(CannotEditGroups, match="no group nobody"):
        merge((group,), ["x", "nobody"], [], [], "m")
    with pytest.raises(CannotEditGroups, match="at least two groups, not 1"):
        merge((group,), ["x", "x"], [], [], "m")
    for chosen in (["a", "b"], ["c"], []):
        with pytest.raises(CannotEditGroups, match="a split takes at least one and leaves at least one"):
            split((group,), "x", chosen, "s")


def test_progress_is_told_and_grouping_stops_when_nobody_wants_it() -> None:
    tracks, _ = library(16, 5, 20)
    told: list[float] = []
    regroup(tracks, (), [], RULES, on_progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0
    with pytest.raises(Cancelled):
        regroup(tracks, (), [], RULES, is_cancelled=lambda: True)


def test_likeness_is_to_the_rest() -> None:
    vectors = unit(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    assert likeness(vectors) == pytest.approx([0.5, 0.5, 0.0])
    assert likeness(vectors[:1]) == pytest.approx([1.0])


def test_ids_are_sixteen_hex_digits() -> None:
    made = {new_group_id() for _ in range(20)}
    assert len(made) == 20
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in made)
