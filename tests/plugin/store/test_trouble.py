"""No room, no right to write, somebody else who writes for too long: a sentence each, and a store that still opens."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.store import database
from plugin.store.database import Database
from plugin.store.errors import StoreBusy, StoreError, StoreFull, StoreReadOnly
from plugin.store.store import Store, open_store

NOBODY = 65534


def fill(store: Store) -> int:
    """Write until an error comes; how many transactions of ten rows were committed."""
    done = 0
    with contextlib.suppress(StoreFull):
        while True:
            with store.transaction():
                for number in range(10):
                    store.meta.set(f"{done} {number}", "x" * 400)
            done += 1
    return done


def test_no_room_is_said_and_costs_only_the_transaction_at_hand(store: Store) -> None:
    pages = store.db.number("PRAGMA page_count")
    store.db.row(f"PRAGMA max_page_count = {pages + 20}")
    done = fill(store)
    assert done > 2
    with pytest.raises(StoreFull, match=r"no room on the disk for .*store\.db.*Free some space"), store.transaction():
        for number in range(200):
            store.meta.set(f"more {number}", "x" * 400)
    assert not store.db.in_transaction
    assert store.db.number("SELECT count(*) FROM meta") == 10 * done
    store.db.row(f"PRAGMA max_page_count = {pages + 1000}")
    store.meta.set("after", 1)
    assert store.db.check() == "ok"


@pytest.fixture(params=["WAL", "TRUNCATE"])
def tiny_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB of its own, with the journal mode noted on it."""
    place = tmp_path / "tiny"
    place.mkdir()
    if not shutil.which("mount"):
        pytest.skip("there is no mount here")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1024k", "tmpfs", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        (place / "store.journal-mode").write_text(request.param)
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_said_and_the_store_opens_again(tiny_disk: Path) -> None:
    (tiny_disk / "film.mp4").write_bytes(b"x" * 40_000)
    store = open_store(str(tiny_disk))
    done = fill(store)
    assert done > 2
    with pytest.raises(StoreFull, match="Free some space"):
        store.db.back_up("maintenance")
    assert list((tiny_disk / "backups").iterdir()) == []
    store.close()
    store = open_store(str(tiny_disk))
    assert store.db.check() == "ok" and store.db.number("SELECT count(*) FROM meta") == 10 * done
    (tiny_disk / "film.mp4").unlink()
    store.meta.set("after", 1)
    store.close()


def test_a_disk_too_small_for_a_new_store(tiny_disk: Path) -> None:
    (tiny_disk / "film.mp4").write_bytes(b"x" * 980_000)
    with pytest.raises(StoreFull):
        open_store(str(tiny_disk))
    (tiny_disk / "film.mp4").unlink()
    open_store(str(tiny_disk)).close()


@contextlib.contextmanager
def as_somebody_else() -> Iterator[None]:
    """The superuser may write everywhere."""
    if os.name == "nt" or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody can reach, unlike pytest's own."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    with contextlib.suppress(OSError):
        for folder in (place, *place.iterdir()):
            folder.chmod(0o755)
    shutil.rmtree(place)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in other ways")
@pytest.mark.parametrize("mode", ["WAL", "TRUNCATE"])
def test_a_store_that_may_not_be_written_is_said(open_place: Path, mode: str) -> None:
    store_dir = open_place / "data"
    store_dir.mkdir()
    (store_dir / "store.journal-mode").write_text(mode)
    open_store(str(store_dir)).close()
    (store_dir / "store.db").chmod(0o444)
    store_dir.chmod(0o555)
    with as_somebody_else():
        with pytest.raises(StoreReadOnly, match="Let the user that runs Stash write its folder"):
            open_store(str(store_dir)).runs.begin("x", "task")
        with pytest.raises(StoreReadOnly, match="cannot be made"):
            open_store(str(store_dir / "deeper"))


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in other ways")
def test_a_folder_where_no_store_can_be_made_is_said(open_place: Path) -> None:
    store_dir = open_place / "data"
    store_dir.mkdir()
    store_dir.chmod(0o555)
    with as_somebody_else(), pytest.raises(StoreReadOnly, match=r"store\.db may not be written"):
        open_store(str(store_dir))


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(str(tmp_path / "file"))


def test_one_that_writes_for_too_long_is_waited_for_and_then_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database.PRAGMAS, "busy_timeout", 50)
    one, other = Database(str(tmp_path / "store.db")), Database(str(tmp_path / "store.db"))
    with one.transaction():
        one.run("INSERT INTO meta VALUES ('a', '1')")
        with pytest.raises(StoreBusy, match="Try again"):
            other.run("INSERT INTO meta VALUES ('b', '1')")
        with pytest.raises(StoreBusy), other.transaction():
            pass
        assert not other.in_transaction
        assert other.rows("SELECT * FROM meta") == [], "who only reads is not kept waiting"
    other.run("INSERT INTO meta VALUES ('b', '1')")
    one.close()
    other.close()


class TestTransactions:
    def test_all_or_nothing(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.transaction():
            store.meta.set("a", 1)
            with store.transaction():
                store.meta.set("b", 1)
            raise ZeroDivisionError
        assert store.db.rows("SELECT * FROM meta") == [] and not store.db.in_transaction

    def test_an_error_inside_that_is_not_the_stores_stays_what_it_is(self, store: Store) -> None:
        with pytest.raises(FileNotFoundError), store.transaction(), Path("/no such file").open():
            pass

    def test_a_commit_that_fails_is_undone(self, store: Store) -> None:
        run_id = store.runs.begin("x", "task")
        with pytest.raises(StoreError, match="FOREIGN KEY"), store.transaction():
            store.db.run("PRAGMA defer_foreign_keys = 1")
            store.db.run("DELETE FROM run WHERE id = ?", run_id)
            store.db.run(
                "INSERT INTO job (run_id, action, priority, state, created_s) VALUES (99, 'batch', 1, 'pending', 0)"
            )
        assert not store.db.in_transaction
        with store.transaction():
            store.meta.set("after", 1)
        assert store.runs.get(run_id) is not None

    def test_the_writers_lock_is_taken_at_the_start(self, store: Store, store_dir: Path) -> None:
        """Two that read first and write later would deadlock, and SQLite would fail one of them at once."""
        import sqlite3

        other = sqlite3.connect(store_dir / "store.db", timeout=0, isolation_level=None)
        with store.transaction():
            assert store.db.in_transaction
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.close()
