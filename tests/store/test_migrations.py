from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from sidecar.store import Coverage, FeatureStore, PassState, StoreDamaged, StoreTooNew
from sidecar.store.database import Database
from sidecar.store.errors import StoreError
from sidecar.store.migrations import MIGRATIONS, Migration
from tests.store.samples import MODEL, content, is_true_to_its_times, times, vectors_at

OLD = Path(__file__).parent / "old_schemas"


@pytest.fixture(params=sorted(folder.name for folder in OLD.iterdir()))
def old_data_dir(request: pytest.FixtureRequest, data_dir: Path) -> Path:
    """A data folder as an earlier schema left it: its database as SQL, its vector files as they were written."""
    shutil.copytree(OLD / request.param, data_dir)
    with sqlite3.connect(data_dir / "sidecar.db") as old:
        old.executescript((data_dir / "sidecar.sql").read_text())
    old.close()
    return data_dir


def schema_of(path: Path) -> set[tuple[str, str]]:
    db = sqlite3.connect(path)
    found = set(db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    db.close()
    return found


def test_every_old_schema_reaches_the_newest_with_its_data(old_data_dir: Path, tmp_path: Path) -> None:
    with FeatureStore.open(old_data_dir) as store:
        features, media = store.features(content(1), MODEL), store.media(content(1))
        assert features is not None and media is not None
        assert features.pts_s.tolist() == [0, 0.5, 4, 8]
        assert features.coverage == (Coverage(0, 0.5, 0.5), Coverage(0, 8, 4))
        assert features.flags.tolist() == [1, 4, 1, 1]
        assert is_true_to_its_times(features)
        assert (media.path, media.duration_s, media.first_seen_s) == ("/videos/one.mp4", 9.5, 1000.0)

        if old_data_dir.joinpath("sidecar.sql").read_text().count("pass_state"):
            state = store.pass_state(content(1), MODEL)
            assert state is not None
            assert (state.refine_level, [note.code for note in state.warnings]) == ("budget", ["truncated"])
            assert list(store.prompt_vectors(MODEL, ["a cat", "a dog"])) == ["a cat"]
        assert (store.schedule.target(), store.schedule.jobs()) == (None, [])
        store.set_pass_state(content(1), MODEL, PassState(4.0))
        assert store.append(content(1), MODEL, 24, times(4, 12), None, vectors_at(times(4, 12))) == 1
    FeatureStore.open(tmp_path / "new").close()
    assert schema_of(old_data_dir / "sidecar.db") == schema_of(tmp_path / "new" / "sidecar.db")


def test_there_is_an_old_folder_for_every_schema_before_the_newest() -> None:
    assert [f"schema_{m.number}" for m in MIGRATIONS[:-1]] == sorted(folder.name for folder in OLD.iterdir())


def test_a_migration_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "sidecar.db"
    Database(path).close()
    before = schema_of(path)
    bad = Migration(99, "bad", ("CREATE TABLE half (a)", "CREATE TABLE this is no SQL"))
    with pytest.raises(StoreError, match="syntax error"):
        Database(path, (*MIGRATIONS, bad))
    assert schema_of(path) == before
    good = Migration(99, "good", ("CREATE TABLE half (a)",))
    Database(path, (*MIGRATIONS, good)).close()
    assert ("half", "CREATE TABLE half (a)") in schema_of(path)


def test_a_newer_schema_is_refused_and_left_alone(data_dir: Path) -> None:
    FeatureStore.open(data_dir).close()
    path = data_dir / "sidecar.db"
    Database(path, (*MIGRATIONS, Migration(99, "from the future", ("CREATE TABLE future (a)",)))).close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="has schema 99, this version knows schemas up to"):
        FeatureStore.open(data_dir)
    assert path.read_bytes() == before


def test_a_damaged_database_is_refused_and_left_alone(data_dir: Path) -> None:
    with FeatureStore.open(data_dir) as store:
        for number in range(500):
            store.remember_media(content(number), "video", f"/{number}")
    path = data_dir / "sidecar.db"
    harmed = bytearray(path.read_bytes())
    harmed[4096 * 2 : 4096 * 12] = b"\xee" * 4096 * 10
    path.write_bytes(harmed)
    with pytest.raises(StoreDamaged, match="It was left as it is"):
        FeatureStore.open(data_dir)
    assert path.read_bytes() == harmed


def test_a_database_of_something_else_is_refused_and_left_alone(data_dir: Path) -> None:
    data_dir.mkdir()
    with sqlite3.connect(data_dir / "sidecar.db") as other:
        other.execute("CREATE TABLE recipes (name)")
    other.close()
    before = (data_dir / "sidecar.db").read_bytes()
    with pytest.raises(StoreDamaged, match="its tables are not ours"):
        FeatureStore.open(data_dir)
    assert (data_dir / "sidecar.db").read_bytes() == before


def test_an_empty_database_file_is_a_start_that_was_interrupted(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "sidecar.db").touch()
    FeatureStore.open(data_dir).close()


def test_a_mount_without_shared_memory_is_no_hindrance(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "sidecar.db-shm").mkdir()  # so nothing can be mapped there
    with FeatureStore.open(data_dir) as store:
        store.remember_media(content(1), "video", "/one.mp4")
    with FeatureStore.open(data_dir) as store:
        assert store.media(content(1)) is not None
