from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from plugin.hooks import inbox
from plugin.hooks.inbox import drain_works, leave_event
from plugin.locks import DRAIN_LOCK, exclusive
from plugin.store.events import SPOOL, HookEvent
from plugin.store.jobs import PRIORITIES, NewMedium
from plugin.store.journal import Intent
from plugin.store.store import STORE_NAME, Store, open_store


def spooled(folder: Path) -> list[dict[str, object]]:
    files = sorted((folder / SPOOL).iterdir()) if (folder / SPOOL).exists() else []
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def events(store: Store) -> list[HookEvent]:
    return store.events.pending()[0]


def wait(store: Store, priority: str, media_id: int = 5) -> None:
    run_id = store.runs.begin("x", "task")
    batch = store.jobs.get(store.jobs.add_batch(run_id, "x", PRIORITIES[priority], {}))
    assert batch is not None
    store.jobs.add_media(batch, "analyse", [NewMedium("scene", media_id)])


def test_names_are_those_of_the_store() -> None:
    """Importing them would cost a hook more than all of its work."""
    assert (STORE_NAME, SPOOL, PRIORITIES["normal"]) == (inbox.STORE, inbox.SPOOL, inbox.NORMAL)


def test_an_event_is_left_in_the_store(store: Store, store_dir: Path) -> None:
    assert leave_event(str(store_dir), "scene", 5, "new")
    assert leave_event(str(store_dir), "image", 6, "reprocess", 8)
    assert events(store) == [HookEvent("scene", 5, "new"), HookEvent("image", 6, "reprocess")]
    assert spooled(store_dir) == []


@pytest.mark.parametrize("name", ["a folder", "100%", "what?", "a#b", "ü & co", "a%20b"])
def test_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    store = open_store(str(tmp_path / name))
    assert leave_event(str(tmp_path / name), "scene", 5, "new")
    assert events(store) == [HookEvent("scene", 5, "new")]
    assert not drain_works(str(tmp_path / name))
    store.close()


class TestOurOwnWrites:
    def test_the_tag_that_we_are_about_to_add_is_nobodys_wish(self, store: Store, store_dir: Path) -> None:
        run_id = store.runs.begin("Undo", "undo")
        (entry,) = store.journal.intend(run_id, [Intent("undo", "add_tag", "scene", 5, 7)])
        assert not leave_event(str(store_dir), "scene", 5, "tag_me", 7)
        store.journal.settle(entry.id, "done")
        assert leave_event(str(store_dir), "scene", 5, "tag_me", 7)

    @pytest.mark.parametrize(
        "intent",
        [
            Intent("suggestion", "add_tag", "scene", 5, 9),
            Intent("workflow", "remove_tag", "scene", 5, 7),
            Intent("undo", "add_tag", "scene", 6, 7),
            Intent("undo", "add_tag", "image", 5, 7),
        ],
    )
    def test_another_write_of_ours_hides_no_wish(self, store: Store, store_dir: Path, intent: Intent) -> None:
        store.journal.intend(store.runs.begin("x", "task"), [intent])
        assert leave_event(str(store_dir), "scene", 5, "tag_me", 7)


class TestWhatWaitsAlready:
    @pytest.mark.parametrize(
        ("priority", "wish", "is_new"),
        [
            ("low", "new", False),
            ("high", "new", False),
            ("normal", "tag_me", False),
            ("high", "tag_me", False),
            ("low", "tag_me", True),  # what a person marks is more urgent than what a scan found
            ("high", "reprocess", True),  # must be done afresh
        ],
    )
    def test_by_urgency(self, store: Store, store_dir: Path, priority: str, wish: str, is_new: bool) -> None:
        wait(store, priority)
        assert leave_event(str(store_dir), "scene", 5, wish, 7) == is_new
        assert len(events(store)) == int(is_new)
        assert leave_event(str(store_dir), "scene", 6, wish, 7)

    def test_what_is_in_work_may_have_begun_too_early(self, store: Store, store_dir: Path) -> None:
        wait(store, "normal")
        store.jobs.start(store.jobs.next_media(1)[0].id)
        assert leave_event(str(store_dir), "scene", 5, "tag_me", 7)


class TestWithoutTheStore:
    def test_a_busy_store_keeps_nobody_waiting(self, store: Store, store_dir: Path) -> None:
        with store.transaction():
            store.meta.set("x", 1)
            began = time.monotonic()
            assert leave_event(str(store_dir), "scene", 5, "tag_me", 7)
            assert time.monotonic() - began < 0.5
        (line,) = spooled(store_dir)
        assert (line["kind"], line["media_id"], line["wish"]) == ("scene", 5, "tag_me")
        assert abs(float(str(line["at_s"])) - time.time()) < 5
        assert store.events.take_in_spool() == 1 and events(store) == [HookEvent("scene", 5, "tag_me")]

    def test_a_store_that_is_busy_for_a_moment_is_waited_for(self, store: Store, store_dir: Path) -> None:
        other = sqlite3.connect(store_dir / "store.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.05, lambda: other.execute("COMMIT"))
        timer.start()
        assert leave_event(str(store_dir), "scene", 5, "new")
        timer.join()
        other.close()
        assert events(store) == [HookEvent("scene", 5, "new")] and spooled(store_dir) == []

    def test_no_store_and_one_of_something_else(self, tmp_path: Path) -> None:
        assert leave_event(str(tmp_path), "scene", 5, "new")
        assert not (tmp_path / "store.db").exists(), "a store is made by tasks, never here"
        (tmp_path / "store.db").write_bytes(b"not a database" * 100)
        assert leave_event(str(tmp_path), "scene", 6, "new")
        assert [line["media_id"] for line in spooled(tmp_path)] == [5, 6]
        assert all(entry.suffix == ".jsonl" for entry in (tmp_path / SPOOL).iterdir())

    def test_neither_store_nor_spool(self, tmp_path: Path) -> None:
        (tmp_path / SPOOL).touch()
        with pytest.raises(OSError, match="spool"):
            leave_event(str(tmp_path), "scene", 5, "new")


class TestWhetherADrainWorks:
    def test_by_its_lock(self, store: Store, store_dir: Path) -> None:
        folder = str(store_dir)
        assert not drain_works(folder)
        store.drains.begin(12)
        assert not drain_works(folder), "it was killed"
        with exclusive(str(store_dir / DRAIN_LOCK)):
            assert drain_works(folder)
            store.drains.end("done")
            assert not drain_works(folder), "it has looked for the last time"

    def test_nobody_is_asked_while_the_owner_wants_none(self, store: Store, store_dir: Path) -> None:
        store.drains.pause("paused by the owner")
        assert drain_works(str(store_dir))

    def test_without_a_store(self, tmp_path: Path) -> None:
        assert not drain_works(str(tmp_path))


def test_a_performer_that_we_made_ourselves_is_noted_too(store: Store, store_dir: Path) -> None:
    assert leave_event(str(store_dir), "performer", 5, "person")
    assert leave_event(str(store_dir), "performer", 5, "person")
    assert events(store) == [HookEvent("performer", 5, "person")]


def test_a_spooled_line_must_fit_its_kind(store: Store, store_dir: Path) -> None:
    (store_dir / "spool").mkdir()
    rows = [("performer", "person"), ("performer", "new"), ("scene", "person"), ("studio", "person")]
    lines = [json.dumps({"at_s": 1.0, "kind": kind, "media_id": 5, "wish": wish}) for kind, wish in rows]
    (store_dir / "spool" / "1.jsonl").write_text("\n".join(lines))
    store.events.take_in_spool()
    assert events(store) == [HookEvent("performer", 5, "person")]
