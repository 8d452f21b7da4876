from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sidecar.store import Coverage, FeatureStore, search_moments
from tests.store.samples import DIM, MODEL, content, is_true_to_its_times, steps, times, vectors_at

N_BATCHES = 25
BATCH_ROWS = 4


def append_all(store: FeatureStore, number: int, first_row: int) -> int:
    added = 0
    for batch in range(N_BATCHES):
        pts_s = steps(first_row + batch * BATCH_ROWS, first_row + (batch + 1) * BATCH_ROWS)
        coverage = [Coverage(max(0.0, pts_s[0] - 1), pts_s[-1], 1)]
        added += store.append(content(number), MODEL, DIM, pts_s, None, vectors_at(pts_s), coverage)
    return added


def test_threads_append_to_different_media_while_others_read(store: FeatureStore) -> None:
    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(append_all, store, number, 0) for number in (1, 2)]
        readers = [pool.submit(read_until_done, store, number) for number in (1, 2)]
        searcher = pool.submit(search_often, store)
        assert [writer.result() for writer in writers] == [N_BATCHES * BATCH_ROWS] * 2
        assert all(reader.result() for reader in readers)
        assert searcher.result()


def test_threads_that_append_overlapping_rows_of_one_medium_store_each_once(store: FeatureStore) -> None:
    with ThreadPoolExecutor(2) as pool:
        added = list(pool.map(lambda first_row: append_all(store, 1, first_row), (0, 10)))
    features = store.features(content(1), MODEL)
    assert features is not None
    assert features.pts_s.tolist() == list(range(N_BATCHES * BATCH_ROWS + 10))
    assert sum(added) == len(features.pts_s)
    assert features.coverage == (Coverage(0, features.pts_s[-1], 1),)
    assert is_true_to_its_times(features)


def read_until_done(store: FeatureStore, number: int) -> bool:
    """Whether every state that a reader saw was whole: rows from the first on, covered to the last."""
    n_rows = 0
    while n_rows < N_BATCHES * BATCH_ROWS:
        features = store.features(content(number), MODEL)
        if features is None:
            continue
        if len(features.pts_s) < n_rows or features.coverage != (Coverage(0, features.pts_s[-1], 1),):
            return False
        if not is_true_to_its_times(features):
            return False
        n_rows = len(features.pts_s)
    return True


def search_often(store: FeatureStore) -> bool:
    query = vectors_at(times(2))[0]
    found = [search_moments(store, [MODEL], query, limit=1) for _ in range(20)]
    return all(moments[0].pts_s == 2 for moments in found if moments)
