"""Rows that were lost behind our back: what precedes them stays, the rest is dropped and can be stored again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from sidecar.store import Coverage, FeatureStore, PassState
from sidecar.store.vectorfile import HEADER_BYTES, VectorFile
from tests.store.samples import DIM, MODEL, content, is_true_to_its_times, steps, vectors_at

N_BATCHES = 3
BATCH_ROWS = 5
RECORD_BYTES = VectorFile.record_bytes(DIM)


def append_batch(store: FeatureStore, batch: int) -> int:
    pts_s = steps(batch * BATCH_ROWS, (batch + 1) * BATCH_ROWS)
    start_s = max(0.0, pts_s[0] - 1)
    return store.append(content(1), MODEL, DIM, pts_s, None, vectors_at(pts_s), [Coverage(start_s, pts_s[-1], 1)])


@pytest.fixture
def file(data_dir: Path) -> Path:
    with FeatureStore.open(data_dir) as store:
        for batch in range(N_BATCHES):
            append_batch(store, batch)
        store.set_pass_state(content(1), MODEL, PassState(1.0))
    (file,) = data_dir.rglob("*.vec")
    return file


def flip_a_bit(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 4
    file.write_bytes(data)


def cut(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])


@pytest.mark.parametrize(
    ("harm", "n_batches_kept", "finding"),
    [
        (lambda file: cut(file, HEADER_BYTES + 12 * RECORD_BYTES), 2, "the file ends within rows [10, 15)"),
        (lambda file: cut(file, HEADER_BYTES + 5 * RECORD_BYTES - 1), 0, "the file ends within rows [0, 5)"),
        (lambda file: flip_a_bit(file, HEADER_BYTES + 7 * RECORD_BYTES + 20), 1, "rows [5, 10) are not what was"),
        (lambda file: flip_a_bit(file, HEADER_BYTES + 2), 0, "rows [0, 5) are not what was written"),
        (lambda file: flip_a_bit(file, 3), 0, "the header is not that of this set"),
        (lambda file: flip_a_bit(file, 60), 0, "the header is not that of this set"),
        (lambda file: cut(file, 0), 0, "the header is not that of this set"),
        (Path.unlink, 0, "the file is missing"),
    ],
    ids=["cut", "cut in first", "bit", "first bit", "magic", "header", "empty", "missing"],
)
def test_damage_costs_what_lies_behind_it_and_is_rebuilt(
    harm: Callable[[Path], None],
    n_batches_kept: int,
    finding: str,
    file: Path,
    data_dir: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    harm(file)
    with FeatureStore.open(data_dir) as store, caplog.at_level(logging.WARNING):
        assert store.pass_state(content(1), MODEL) is None
        assert finding in caplog.text
        features = store.features(content(1), MODEL)
        if n_batches_kept == 0:
            assert features is None
        else:
            assert features is not None
            assert len(features.pts_s) == n_batches_kept * BATCH_ROWS
            assert features.coverage == (Coverage(0, n_batches_kept * BATCH_ROWS - 1, 1),)
            assert is_true_to_its_times(features)

        added = [append_batch(store, batch) for batch in range(N_BATCHES)]
        assert added == [0] * n_batches_kept + [BATCH_ROWS] * (N_BATCHES - n_batches_kept)
    assert len(caplog.records) == 1
    with FeatureStore.open(data_dir) as store:
        rebuilt = store.features(content(1), MODEL)
    assert rebuilt is not None
    assert rebuilt.coverage == (Coverage(0, N_BATCHES * BATCH_ROWS - 1, 1),)
    assert is_true_to_its_times(rebuilt)


def test_a_tail_that_never_counted_is_overwritten(file: Path, data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = file.stat().st_size
    with file.open("ab") as grown:
        grown.write(b"half an append" * 1000)
    with FeatureStore.open(data_dir) as store:
        features = store.features(content(1), MODEL)
        assert features is not None and len(features.pts_s) == N_BATCHES * BATCH_ROWS
        append_batch(store, N_BATCHES)
        features = store.features(content(1), MODEL)
    assert features is not None and is_true_to_its_times(features)
    assert file.stat().st_size == whole + BATCH_ROWS * RECORD_BYTES
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_damage_while_the_store_is_open_is_noticed_too(file: Path, data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        before = store.features(content(1), MODEL)
        cut(file, HEADER_BYTES + 6 * RECORD_BYTES)
        after = store.features(content(1), MODEL)
    assert before is not None and is_true_to_its_times(before)
    assert after is not None and len(after.pts_s) == BATCH_ROWS


def test_a_file_of_another_medium_in_its_place_is_not_believed(file: Path, data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        pts_s = steps(0, 5)
        store.append(content(2), MODEL, DIM, pts_s, None, vectors_at(pts_s))
    (other,) = (path for path in data_dir.rglob("*.vec") if path != file)
    file.write_bytes(other.read_bytes())
    with FeatureStore.open(data_dir) as store:
        assert store.features(content(1), MODEL) is None
        assert store.features(content(2), MODEL) is not None


def test_one_damaged_set_leaves_the_others_searchable(file: Path, data_dir: Path) -> None:
    pts_s = steps(0, 5)
    with FeatureStore.open(data_dir) as store:
        store.append(content(2), MODEL, DIM, pts_s, None, vectors_at(pts_s))
    file.unlink()
    with FeatureStore.open(data_dir) as store:
        assert [found.key for found in store.iter_feature_sets(MODEL)] == [content(2)]
