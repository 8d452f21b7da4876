from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from plugin.store.errors import StoreError
from plugin.store.journal import Entry, Intent
from plugin.store.store import Store
from plugin.store.suggestions import Draft
from tests.plugin.clock import Hands
from tests.plugin.store.samples import add_tag_intent, suggest

MARKER = Intent("suggestion", "create_marker", "scene", 1, 7, "cat", title="cat", start_s=1.0, end_s=5.0)


@pytest.fixture
def run_id(store: Store) -> int:
    return store.runs.begin("Analyse new", "task")


def intend(store: Store, run_id: int, *intents: Intent) -> list[Entry]:
    return store.journal.intend(run_id, intents)


def opposite(entry: Entry, purpose: str = "undo") -> Intent:
    action = {"add_tag": "remove_tag", "create_marker": "destroy_marker", "destroy_marker": "create_marker"}.get(
        entry.action, "add_tag"
    )
    return Intent(
        purpose,  # type: ignore[arg-type]
        action,  # type: ignore[arg-type]
        entry.kind,
        entry.media_id,
        entry.tag_id,
        entry.tag_name,
        entry.suggestion_id,
        undoes=entry.id,
        marker_id=entry.marker_id,
        title=entry.title,
        start_s=entry.start_s,
        end_s=entry.end_s,
    )


def test_an_intent_is_durable_before_it_is_done(store: Store, store_dir: Path, run_id: int, clock: Hands) -> None:
    (tag,) = suggest(store, run_id, Draft("tag", "cat", 3.0))
    entries = intend(store, run_id, add_tag_intent(tag.id), MARKER)
    other = sqlite3.connect(store_dir / "store.db")
    found = other.execute("SELECT action, state, intent_s, settled_s FROM journal").fetchall()
    other.close()
    assert found == [("add_tag", "intent", clock.now_s, None), ("create_marker", "intent", clock.now_s, None)]
    assert store.journal.unsettled() == entries
    assert store.journal.get(entries[1].id) == entries[1]
    assert store.journal.get(99) is None


def test_intents_are_all_or_none(store: Store, run_id: int) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        intend(store, run_id, MARKER, add_tag_intent(suggestion_id=99))
    assert store.journal.unsettled() == []


def test_what_is_done_is_ours_until_it_is_taken_back(store: Store, run_id: int, clock: Hands) -> None:
    tag, marker = intend(store, run_id, add_tag_intent(None), MARKER)
    clock.now_s += 1
    store.journal.settle(tag.id, "done")
    store.journal.settle(marker.id, "done", marker_id=55)
    ours = store.journal.ours("scene", 1)
    assert [(one.id, one.marker_id, one.settled_s) for one in ours] == [
        (tag.id, None, clock.now_s),
        (marker.id, 55, clock.now_s),
    ]
    assert [one.id for one in store.journal.of_run(run_id)] == [marker.id, tag.id]
    assert store.journal.marker_ids(1) == {55} and store.journal.marker_ids(2) == set()

    undo_run = store.runs.begin("Undo", "undo")
    (taken,) = intend(store, undo_run, opposite(ours[1]))
    store.journal.settle(taken.id, "done")
    assert [one.id for one in store.journal.ours("scene", 1)] == [tag.id]
    assert store.journal.get(marker.id).state == "undone"  # type: ignore[union-attr]
    assert store.journal.of_run(undo_run) == [], "an undo is no write of its own"
    assert store.journal.marker_ids(1) == {55}


@pytest.mark.parametrize("state", ["void", "theirs", "undone"])
def test_what_did_not_happen_or_is_theirs_is_not_ours(store: Store, run_id: int, state: str) -> None:
    (entry,) = intend(store, run_id, add_tag_intent(None))
    store.journal.settle(entry.id, state, "because")  # type: ignore[arg-type]
    assert store.journal.ours("scene", 1) == [] and store.journal.of_run(run_id) == []
    assert store.journal.get(entry.id).note == "because"  # type: ignore[union-attr]


def test_an_undo_that_was_refused_takes_nothing_back(store: Store, run_id: int) -> None:
    (entry,) = intend(store, run_id, add_tag_intent(None))
    store.journal.settle(entry.id, "done")
    (undo,) = intend(store, run_id, opposite(entry))
    store.journal.settle(undo.id, "void", "Stash refused it")
    assert [one.id for one in store.journal.ours("scene", 1)] == [entry.id]


def test_undoing_a_withdrawal_makes_the_write_ours_again_under_its_new_id(store: Store, run_id: int) -> None:
    (made,) = intend(store, run_id, MARKER)
    store.journal.settle(made.id, "done", marker_id=55)
    later = store.runs.begin("Re-tag", "task")
    (withdrawn,) = intend(store, later, opposite(store.journal.ours("scene", 1)[0], "withdrawal"))
    store.journal.settle(withdrawn.id, "done")
    assert [one.id for one in store.journal.ours("scene", 1)] == [withdrawn.id]

    (again,) = intend(store, store.runs.begin("Undo", "undo"), opposite(withdrawn))
    store.journal.settle(again.id, "done", marker_id=56)
    (ours,) = store.journal.ours("scene", 1)
    assert (ours.id, ours.marker_id, ours.state) == (made.id, 56, "done")
    assert store.journal.get(withdrawn.id).state == "undone"  # type: ignore[union-attr]
    assert [one.id for one in store.journal.of_run(run_id)] == [made.id]


def test_what_was_written_for_suggestions(store: Store, run_id: int) -> None:
    tag, marker = suggest(store, run_id, Draft("tag", "cat", 3.0), Draft("marker", "cat", 3.0, 1, 5))
    one, two = intend(store, run_id, add_tag_intent(tag.id), add_tag_intent(marker.id, tag_id=8))
    store.journal.settle(one.id, "done")
    assert [entry.id for entry in store.journal.of_suggestions([tag.id, marker.id])] == [one.id]
    store.journal.settle(two.id, "done")
    assert [entry.id for entry in store.journal.of_suggestions(range(40_000))] == [two.id, one.id]


def test_a_tags_id_is_noted_when_stash_has_given_it(store: Store, run_id: int) -> None:
    (entry,) = intend(store, run_id, Intent("workflow", "create_tag", "tag", 0, tag_name="cat"))
    store.journal.name_tag(entry.id, 12)
    assert store.journal.get(entry.id).tag_id == 12  # type: ignore[union-attr]
