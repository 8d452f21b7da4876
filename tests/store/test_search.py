from __future__ import annotations

import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from sidecar.halves import widen
from sidecar.store import FeatureStore, Moment, search_moments
from sidecar.store import search as search_module
from sidecar.values import Cancelled, Vectors
from tests.store.samples import MODEL, content, steps, times

DIM = 16
N_MEDIA = 6
N_ROWS = 300


def random_vectors(seed: int, n: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@pytest.fixture
def filled(store: FeatureStore) -> FeatureStore:
    """Every other medium was appended out of order, so that both ways of reading are searched."""
    for number in range(N_MEDIA):
        pts_s = steps(0, N_ROWS, 0.5)
        vectors = random_vectors(number, N_ROWS)
        halves = [slice(0, 150), slice(150, 300)]
        for half in halves if number % 2 else reversed(halves):
            store.append(content(number), MODEL, DIM, pts_s[half], None, vectors[half])
        store.remember_media(content(number), "video", f"/{number}.mp4")
    return store


def exhaustive(query: NDArray[np.float32], limit: int, min_gap_s: float) -> list[tuple[int, float]]:
    """The same by its definition: everything by score, each moment kept unless too near to a better one."""
    scored = []
    for number in range(N_MEDIA):
        dots = random_vectors(number, N_ROWS).astype(np.float16).astype(np.float64) @ query.astype(np.float64)
        scored += [(-dot, number, row * 0.5) for row, dot in enumerate(dots)]
    kept: list[tuple[int, float]] = []
    for _, number, pts_s in sorted(scored):
        if all(other != number or abs(at_s - pts_s) >= min_gap_s for other, at_s in kept):
            kept.append((number, pts_s))
    return kept[:limit]


@pytest.mark.parametrize(("limit", "min_gap_s"), [(1, 10.0), (20, 10.0), (50, 0.0), (25, 1.0), (500, 7.3)])
@pytest.mark.parametrize("block_bytes", [1 << 19, 7 * 4 * DIM])
def test_search_finds_what_an_exhaustive_search_finds(
    filled: FeatureStore, limit: int, min_gap_s: float, block_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "BLOCK_BYTES", block_bytes)
    query = random_vectors(99, 1)[0]
    found = search_moments(filled, [MODEL], query, limit, min_gap_s)
    numbers = [int(moment.content_key.digest, 16) for moment in found]
    assert list(zip(numbers, [moment.pts_s for moment in found], strict=True)) == exhaustive(query, limit, min_gap_s)
    assert [moment.path for moment in found] == [f"/{number}.mp4" for number in numbers]


def test_the_moment_whose_vector_is_asked_for_comes_first_with_its_dot_product(filled: FeatureStore) -> None:
    vectors = random_vectors(4, N_ROWS)
    (best,) = search_moments(filled, [MODEL], vectors[123], limit=1)
    assert (best.content_key, best.pts_s) == (content(4), 61.5)
    assert best.score == pytest.approx(1.0, abs=2e-3)  # float16 keeps three digits


def test_equal_scores_come_in_the_order_of_content_and_time(store: FeatureStore) -> None:
    vectors = np.full((3, DIM), 0.25, np.float32)
    for number in (3, 1, 2):
        store.append(content(number), MODEL, DIM, times(0, 20, 40), None, vectors)
    found = search_moments(store, [MODEL], np.ones(DIM, np.float32), limit=4)
    assert found == [
        Moment(content(1), None, 0.0, 4.0, MODEL),
        Moment(content(1), None, 20.0, 4.0, MODEL),
        Moment(content(1), None, 40.0, 4.0, MODEL),
        Moment(content(2), None, 0.0, 4.0, MODEL),
    ]


def test_sets_of_one_medium_under_two_keys_are_searched_as_one(store: FeatureStore) -> None:
    """Of moments near to each other the best stays, whichever key it is under; each says which that is."""
    query = random_vectors(99, 1)[0]
    scored = []
    for number, key in ((1, MODEL), (1, "other"), (2, "other"), (3, MODEL)):
        vectors = random_vectors(10 * number + len(key), 100)
        store.append(content(number), key, DIM, steps(0, 100, 0.5), None, vectors)
        dots = vectors.astype(np.float16).astype(np.float32) @ query
        scored += [(-float(dot), number, row * 0.5, key) for row, dot in enumerate(dots)]
    kept: list[tuple[int, float, str]] = []
    for _, number, pts_s, key in sorted(scored):
        if all(other != number or abs(at_s - pts_s) >= 3.0 for other, at_s, _ in kept):
            kept.append((number, pts_s, key))
    found = search_moments(store, [MODEL, "other"], query, 30, 3.0)
    assert [(int(m.content_key.digest, 16), m.pts_s, m.model_key) for m in found] == kept[:30]
    assert {m.model_key for m in search_moments(store, ["other"], query, 30, 3.0)} == {"other"}
    assert (store.count_rows(MODEL, "other"), store.count_rows("other")) == ((400, 3), (200, 2))


def test_an_empty_store_has_no_moments(store: FeatureStore) -> None:
    assert search_moments(store, [MODEL], np.ones(DIM, np.float32)) == []


@pytest.mark.parametrize(
    ("query", "limit", "min_gap_s", "why"),
    [
        (np.ones(DIM + 1, np.float32), 5, 1.0, "have dim 16, the query has 17"),
        (np.ones((1, DIM), np.float32), 5, 1.0, "one finite query vector"),
        (np.full(DIM, np.nan, np.float32), 5, 1.0, "one finite query vector"),
        (np.ones(DIM, np.float32), 0, 1.0, "limit must be 1 or more"),
        (np.ones(DIM, np.float32), 5, float("nan"), "min_gap_s 0 or more"),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    filled: FeatureStore, query: NDArray[np.float32], limit: int, min_gap_s: float, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        search_moments(filled, [MODEL], query, limit, min_gap_s)


def test_a_search_that_nobody_waits_for_stops(filled: FeatureStore) -> None:
    gone = threading.Event()
    gone.set()
    with pytest.raises(Cancelled):
        search_moments(filled, [MODEL], np.ones(DIM, np.float32), is_cancelled=gone.is_set)


def test_widening_is_exact_for_every_finite_half() -> None:
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)].reshape(-1, 2)
    wide = np.empty(halves.shape, np.float32)
    widen(halves, wide)
    assert np.array_equal(wide, halves.astype(np.float32))
    assert np.array_equal(np.signbit(wide), np.signbit(halves))
