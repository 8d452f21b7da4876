from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugin.store.database import KEPT_BACKUPS, Database
from plugin.store.errors import StoreDamaged, StoreError, StoreTooNew
from plugin.store.migrations import APPLICATION_ID, MIGRATIONS, Migration
from plugin.store.store import open_store

OLD = Path(__file__).parent / "old_schemas"
ROOT = Path(__file__).parents[3]
NEXT = Migration(MIGRATIONS[-1].number + 1, "next", ("CREATE TABLE next (a)", "ALTER TABLE run ADD COLUMN note TEXT"))


@pytest.fixture
def path(store_dir: Path) -> Path:
    store_dir.mkdir()
    return store_dir / "store.db"


@pytest.fixture(params=sorted(OLD.glob("schema_*.sql")), ids=lambda file: file.stem)
def old_store(request: pytest.FixtureRequest, path: Path) -> Path:
    """A store as an earlier version, or this one, left it."""
    old = sqlite3.connect(path)
    old.executescript(request.param.read_text("utf-8"))
    old.close()
    return path


def schema_of(path: Path) -> dict[str, str]:
    db = sqlite3.connect(path)
    found = dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    db.close()
    return found


def numbers_of(path: Path) -> tuple[int, int]:
    db = sqlite3.connect(path)
    found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    db.close()
    return found[0], found[1]


def test_a_new_store_has_the_newest_schema_and_its_mark(path: Path) -> None:
    Database(str(path)).close()
    assert numbers_of(path) == (APPLICATION_ID, MIGRATIONS[-1].number)
    assert not (path.parent / "backups").exists()


def test_migrations_are_numbered_from_one_without_gaps() -> None:
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_there_is_an_old_store_for_every_schema() -> None:
    assert sorted(file.stem for file in OLD.iterdir()) == [f"schema_{migration.number}" for migration in MIGRATIONS]


def test_every_schema_reaches_the_newest_with_its_data(old_store: Path, tmp_path: Path) -> None:
    number = numbers_of(old_store)[1]
    store = open_store(str(old_store.parent))
    known = store.analyses.get("scene", 1)
    assert known is not None
    assert (known.name, known.model, known.duration_s) == ("One", "lite", 60.0)
    assert [(one.label, one.start_s, one.end_s) for one in known.spans] == [("cat", 5.0, 15.0)]
    assert [(one.label, one.seconds) for one in known.totals] == [("cat", 10.0)]
    assert [(one.label, one.type, one.state) for one in store.suggestions.of_medium("scene", 1)] == [
        ("cat", "tag", "applied"),
        ("cat", "marker", "rejected"),
    ]
    assert [(one.label, one.start_s) for one in store.suggestions.refusals("scene", 1)] == [("cat", 5.0)]
    assert [(entry.action, entry.tag_name) for entry in store.journal.ours("scene", 1)] == [("add_tag", "cat")]
    assert [job.state for job in store.jobs.find()] == ["pending", "running"]
    assert [row.label for row in store.policies.rows()] == ["cat"]
    assert store.meta.get("settings") == {"interval_s": 2.0}
    assert store.events.pending()[0] != []
    if number >= 4:
        assert [(one.scene_id, one.played_s) for one in store.watches.of_scene(1)] == [(1, 30.0)]
        assert [(one.scene_id, one.verdict) for one in store.recommendations.feedback()] == [(1, "more")]
    assert store.db.check() == "ok"
    store.close()
    Database(str(tmp_path / "new.db")).close()
    assert schema_of(old_store) == schema_of(tmp_path / "new.db")


def test_a_copy_is_made_before_a_migration(path: Path) -> None:
    db = Database(str(path))
    db.run("INSERT INTO meta VALUES ('before', '1')")
    db.close()
    before = schema_of(path)
    Database(str(path), migrations=(*MIGRATIONS, NEXT)).close()
    assert "next" in schema_of(path)
    (copy,) = (path.parent / "backups").iterdir()
    assert copy.name.endswith(f"-schema{MIGRATIONS[-1].number}.db")
    assert schema_of(copy) == before and numbers_of(copy) == (APPLICATION_ID, MIGRATIONS[-1].number)
    restored = Database(str(copy))
    assert restored.row("SELECT value FROM meta") == ("1",)
    restored.close()


def test_a_migration_that_fails_leaves_no_trace(path: Path) -> None:
    Database(str(path)).close()
    before = schema_of(path), numbers_of(path)
    bad = Migration(NEXT.number, "bad", ("CREATE TABLE half (a)", "CREATE TABLE this is no SQL"))
    with pytest.raises(StoreError, match="syntax error"):
        Database(str(path), migrations=(*MIGRATIONS, bad))
    assert (schema_of(path), numbers_of(path)) == before
    Database(str(path), migrations=(*MIGRATIONS, NEXT)).close()
    assert numbers_of(path)[1] == NEXT.number


def test_a_newer_store_is_refused_and_left_as_it_is(path: Path) -> None:
    Database(str(path), migrations=(*MIGRATIONS, NEXT)).close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=rf"has schema {NEXT.number}; .* up to {MIGRATIONS[-1].number}.*Update"):
        Database(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, MIGRATIONS[-1].number, 99])
def test_a_database_of_something_else_is_refused_and_left_as_it_is(path: Path, version: int) -> None:
    other = sqlite3.connect(path)
    other.executescript(f"CREATE TABLE recipes (name); PRAGMA user_version = {version}")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match=r"its tables are not ours.*left as it is.*backups"):
        Database(str(path))
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"dear diary, " * 1000)
    with pytest.raises(StoreDamaged, match="not a database"):
        Database(str(path))
    assert path.read_bytes() == b"dear diary, " * 1000


def test_a_damaged_store_is_not_migrated(path: Path) -> None:
    db = Database(str(path))
    with db.transaction():
        for number in range(2000):
            db.run("INSERT INTO meta VALUES (?, ?)", f"key {number}", "x" * 50)
    db.close()
    harmed = bytearray(path.read_bytes())
    harmed[-4096 * 12 : -4096] = b"\xee" * 4096 * 11
    path.write_bytes(harmed)
    with pytest.raises(StoreDamaged, match="It was left as it is"):
        Database(str(path), migrations=(*MIGRATIONS, NEXT))
    assert path.read_bytes() == harmed


def test_damage_that_shows_later_is_a_sentence_too(path: Path) -> None:
    db = Database(str(path))
    with db.transaction():
        for number in range(2000):
            db.run("INSERT INTO meta VALUES (?, ?)", f"key {number}", "x" * 50)
    db.close()
    harmed = bytearray(path.read_bytes())
    harmed[-4096 * 12 : -4096] = b"\xee" * 4096 * 11
    path.write_bytes(harmed)
    db = Database(str(path))
    with pytest.raises(StoreDamaged, match="backups"):
        db.rows("SELECT * FROM meta")
    assert db.check() != "ok"
    db.close()


def test_an_empty_file_is_a_start_that_was_interrupted(path: Path) -> None:
    path.touch()
    Database(str(path)).close()
    assert numbers_of(path) == (APPLICATION_ID, MIGRATIONS[-1].number)


OPENER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from plugin.store.database import Database
from plugin.store.migrations import MIGRATIONS, Migration
more = (Migration(len(MIGRATIONS) + 1, "next", ("CREATE TABLE next (a)",)),) if sys.argv[4] == "next" else ()
began = float(sys.argv[3])
for number in range(int(sys.argv[5])):
    while time.time() < began + 0.06 * number:
        pass
    db = Database(f"{sys.argv[2]}/{number}.db", migrations=(*MIGRATIONS, *more))
    db.run("INSERT INTO meta VALUES (?, '1')", sys.argv[6])
    db.close()
"""


def at_once(folder: Path, what: str, files: int, processes: int = 3) -> list[str]:
    """Processes that open the same files in the same moments; what they wrote to standard error."""
    began = f"{time.time() + 0.8}"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(ROOT), str(folder), began, what, str(files), f"process {number}"],
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    return [text for process in running if (text := process.communicate(timeout=60)[1])]


def test_processes_that_make_a_store_at_once_make_one(tmp_path: Path) -> None:
    assert at_once(tmp_path, "newest", 12) == []
    for number in range(12):
        db = Database(str(tmp_path / f"{number}.db"))
        assert db.number("SELECT count(*) FROM meta") == 3
        db.close()


def test_processes_that_migrate_at_once_migrate_once(tmp_path: Path) -> None:
    for number in range(6):
        Database(str(tmp_path / f"{number}.db")).close()
    assert at_once(tmp_path, "next", 6) == []
    for number in range(6):
        db = Database(str(tmp_path / f"{number}.db"), migrations=(*MIGRATIONS, NEXT))
        assert db.number("PRAGMA user_version") == NEXT.number
        assert db.number("SELECT count(*) FROM meta") == 3
        db.close()


def test_only_the_newest_copies_are_kept(path: Path) -> None:
    folder = path.parent / "backups"
    folder.mkdir()
    old = [f"store-2020010{day}-120000-maintenance.db" for day in range(1, 6)]
    for name in [*old, "notes of the owner.txt"]:
        (folder / name).touch()
    db = Database(str(path))
    made = Path(db.back_up("maintenance"))
    db.close()
    assert made.parent == folder and made.exists()
    assert sorted(entry.name for entry in folder.iterdir()) == ["notes of the owner.txt", *old[-2:], made.name]
    assert KEPT_BACKUPS == 3


def test_a_copy_is_whole_while_others_write(path: Path) -> None:
    db, other = Database(str(path)), Database(str(path))
    db.run("INSERT INTO meta VALUES ('a', '1')")
    with other.transaction():
        other.run("INSERT INTO meta VALUES ('b', '2')")
        copy = Database(db.back_up("maintenance"))
    assert copy.rows("SELECT key FROM meta") == [("a",)]
    assert copy.check() == "ok"
    for one in (db, other, copy):
        one.close()


@pytest.mark.parametrize("mode", ["WAL", "TRUNCATE"])
def test_the_journal_mode_is_the_one_that_set_up_chose(store_dir: Path, mode: str) -> None:
    store_dir.mkdir()
    (store_dir / "store.journal-mode").write_text(f"{mode}\n")
    store = open_store(str(store_dir))
    assert store.db.row("PRAGMA journal_mode") == (mode.lower(),)
    assert store.db.row("PRAGMA synchronous") == (2,) and store.db.row("PRAGMA foreign_keys") == (1,)
    store.close()
