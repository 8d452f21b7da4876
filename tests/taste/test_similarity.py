from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.taste import similarity
from sidecar.taste.similarity import nearest_watched, neighbours
from sidecar.taste.space import unit
from sidecar.values import Cancelled, Vectors
from tests.taste.clusters import scenes_of, things


def random_scenes(n: int, seed: int = 1) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(n, 6)).astype(np.float32))


def test_neighbours_are_scenes_of_the_same_thing() -> None:
    of = [n % 3 for n in range(60)]
    found = [one for block in neighbours(scenes_of(things(3), of), 10, 2) for one in block]
    assert len(found) == 60
    for at, one in enumerate(found):
        assert {of[place] for place in one.places} == {of[at]}
        assert at not in one.places


@given(n=st.integers(1, 40), most=st.integers(1, 50), rows=st.integers(1, 12), threads=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_blocks_and_threads_change_nothing(n: int, most: int, rows: int, threads: int) -> None:
    scenes = random_scenes(n)
    cosines = scenes @ scenes.T
    np.fill_diagonal(cosines, -np.inf)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "BLOCK_BYTES", rows * 4 * n)
        found = [one for block in neighbours(scenes, most, threads) for one in block]
    for row, one in zip(cosines, found, strict=True):
        wanted = [float(score) for score in sorted(row, reverse=True)[:most] if score > 0]
        assert one.scores.tolist() == pytest.approx(wanted, abs=1e-6)
        assert row[one.places] == pytest.approx(one.scores, abs=1e-6)


def test_a_cancelled_comparison_stops_at_the_next_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "BLOCK_BYTES", 4 * 40)
    asked = iter([False, False, True])
    blocks = neighbours(random_scenes(40), 5, 1, lambda: next(asked))
    next(blocks), next(blocks)
    with pytest.raises(Cancelled):
        next(blocks)


def test_the_nearest_watched_scene_is_of_the_same_taste_and_never_the_scene_itself() -> None:
    of = [0, 0, 0, 1, 1, 1]
    scenes = scenes_of(things(2), of)
    place = np.array([0, 1, 3])
    found = nearest_watched(scenes, scenes[place], place, np.array([0, 0, 1]), 2)
    assert found.places[:, 0].tolist()[:3] == [1, 0, found.places[2, 0]]
    assert set(found.places[2:, 0].tolist()) <= {0, 1}
    assert found.places[:, 1].tolist() == [3, 3, 3, -1, 3, 3]  # scene 3 is the only one of its taste
    assert found.scores[3, 1] == 0
    assert found.scores[4, 1] == pytest.approx(float(scenes[4] @ scenes[3]), abs=1e-6)
