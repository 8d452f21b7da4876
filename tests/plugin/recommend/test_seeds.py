from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.seeds import overlap_s, seed_performers, seed_terms
from plugin.recommend.weights import norm
from plugin.telemetry.coverage import union
from tests.plugin.recommend.samples import BEACH, CATALOGUE, GUITAR, ROOM, SAND, STAGE, asked

BOTH = next(o for o in range(60) if {SAND, BEACH} <= {one.term for one in CATALOGUE.terms_of(o)})
STRETCHES = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=6).map(
    lambda found: union([(float(start), float(start + length)) for start, length in found])
)


def weights(part: str, **more: Any) -> dict[int, float]:
    return {wish.id: wish.weight for wish in seed_terms(asked("segment_similarity", seeds=(BOTH,), **more), part)}


def test_what_was_not_seen_of_a_seed_does_not_count() -> None:
    spans = {BEACH: ((0.0, 100.0),), SAND: ((200.0, 250.0),)}
    seen = weights("watched", segments=lambda _: ((0.0, 100.0),), spans=lambda _: spans)
    assert seen[BEACH] == 1.0 and seen[SAND] == 0.0
    whole = weights("whole", segments=lambda _: ((0.0, 100.0),), spans=lambda _: spans)
    assert whole[SAND] > 0
    assert seen[ROOM] > 0  # it is not known where


def test_a_seed_that_was_not_watched_is_compared_wholly() -> None:
    spans = {BEACH: ((0.0, 100.0),)}
    assert weights("watched", spans=lambda _: spans) == weights("whole")
    elsewhere = weights(
        "watched", segments=lambda _: ((900.0, 901.0),), spans=lambda _: dict.fromkeys((BEACH, SAND), ((0.0, 1.0),))
    )
    assert elsewhere[ROOM] == 1.0


def test_rare_people_tell_more_than_frequent_ones() -> None:
    seeds = tuple(o for o in range(60) if len(CATALOGUE.performers_of(o)) == 2)[:1]
    wishes = seed_performers(asked("performer_tag_hybrid", "similar_scene", seeds=seeds))
    assert sum(wish.weight for wish in wishes) == pytest.approx(1.0)
    counts = [len(CATALOGUE.scenes_of_performer(wish.id)) for wish in wishes]
    assert counts == sorted(counts)


def test_several_seeds_are_one_wish() -> None:
    concert = next(o for o in range(60) if STAGE in {one.term for one in CATALOGUE.terms_of(o)})
    found = {wish.id for wish in seed_terms(asked("segment_similarity", seeds=(BOTH, concert)), "whole")}
    assert {BEACH, GUITAR} <= found


@given(STRETCHES, STRETCHES)
def test_overlap_is_what_both_have(
    one: tuple[tuple[float, float], ...], other: tuple[tuple[float, float], ...]
) -> None:
    seconds = {second for start, end in one for second in range(int(start), int(end))}
    both = {second for start, end in other for second in range(int(start), int(end))} & seconds
    assert overlap_s(one, other) == overlap_s(other, one) == len(both)


def test_norm() -> None:
    assert norm([3.0, 4.0]) == 5.0
