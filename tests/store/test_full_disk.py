from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.store import Coverage, FeatureStore, StoreFull
from sidecar.store.database import Database
from tests.store.samples import MODEL, content, is_true_to_its_times, steps, vectors_at

DIM = 4096
BATCH_ROWS = 100
BATCH_BYTES = BATCH_ROWS * 2 * DIM


def append_batch(store: FeatureStore, batch: int) -> int:
    pts_s = steps(batch * BATCH_ROWS, (batch + 1) * BATCH_ROWS)
    return store.append(content(1), MODEL, DIM, pts_s, None, vectors_at(pts_s, DIM), [Coverage(pts_s[0], pts_s[-1], 1)])


@contextlib.contextmanager
def files_limited_to(size_bytes: int) -> Iterator[None]:
    """As on a full disk, a write gets its first part through and then fails."""
    resource = pytest.importorskip("resource", reason="Windows has no limit on the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_for_vectors_is_said_and_costs_nothing(store: FeatureStore, data_dir: Path) -> None:
    append_batch(store, 0)
    with files_limited_to(int(1.5 * BATCH_BYTES)), pytest.raises(StoreFull, match="Free some space"):
        append_batch(store, 1)
    (file,) = data_dir.rglob("*.vec")
    assert file.stat().st_size < 1.1 * BATCH_BYTES
    kept = store.features(content(1), MODEL)
    assert kept is not None and len(kept.pts_s) == BATCH_ROWS and is_true_to_its_times(kept)

    assert append_batch(store, 1) == BATCH_ROWS
    whole = store.features(content(1), MODEL)
    assert whole is not None and len(whole.pts_s) == 2 * BATCH_ROWS and is_true_to_its_times(whole)


def test_no_room_for_a_first_append_leaves_a_clean_start(store: FeatureStore) -> None:
    with files_limited_to(BATCH_BYTES // 2), pytest.raises(StoreFull):
        append_batch(store, 0)
    assert store.features(content(1), MODEL) is None
    assert append_batch(store, 0) == BATCH_ROWS


def test_no_room_in_the_database_is_said_and_costs_nothing(store: FeatureStore) -> None:
    append_batch(store, 0)
    (pages,) = store._db.row("PRAGMA page_count") or (0,)
    store._db.row(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull, match=r"sidecar\.db"):
        for number in range(2000):
            store.remember_media(content(number), "video", f"/{number}" * 100)
    kept = store.features(content(1), MODEL)
    assert kept is not None and is_true_to_its_times(kept)

    store._db.row(f"PRAGMA max_page_count = {pages + 1000}")
    assert append_batch(store, 1) == BATCH_ROWS


def test_a_transaction_that_runs_out_of_room_is_undone_whole(tmp_path: Path) -> None:
    db = Database(tmp_path / "sidecar.db")
    (pages,) = db.row("PRAGMA page_count") or (0,)
    db.row(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreFull), db.transaction():
        for number in range(1000):
            db.run("INSERT INTO doomed_file VALUES (?)", f"{number}" * 100)
    assert db.rows("SELECT name FROM doomed_file") == []
    db.run("INSERT INTO doomed_file VALUES ('x')")
    assert db.rows("SELECT name FROM doomed_file") == [("x",)]
    db.close()
