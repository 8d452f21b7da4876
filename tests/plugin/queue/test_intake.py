from __future__ import annotations

from pathlib import Path

import pytest

from plugin.hooks.inbox import leave_event
from plugin.people.changed import changed, forget_changed
from plugin.queue.intake import TITLE, take_in
from plugin.store.jobs import PRIORITIES
from plugin.store.store import Store


def queue(store: Store) -> list[tuple[str | None, int | None, int, dict[str, object]]]:
    return [(job.kind, job.media_id, job.priority, dict(job.options)) for job in store.jobs.next_media(100)]


def leave(store_dir: Path, *events: tuple[str, int, str]) -> None:
    for kind, media_id, wish in events:
        leave_event(str(store_dir), kind, media_id, wish)


def test_what_a_person_marked_comes_before_what_a_scan_found(store: Store, store_dir: Path) -> None:
    leave(store_dir, ("scene", 1, "new"), ("image", 2, "new"), ("scene", 3, "tag_me"), ("gallery", 4, "reprocess"))
    assert take_in(store) == 4
    assert queue(store) == [
        ("gallery", 4, PRIORITIES["normal"], {"fresh": True}),
        ("scene", 3, PRIORITIES["normal"], {}),
        ("scene", 1, PRIORITIES["low"], {"if_due": True}),
        ("image", 2, PRIORITIES["low"], {"if_due": True}),
    ]
    assert store.events.count() == 0 and take_in(store) == 0
    assert {(run.run.title, run.run.origin) for run in store.runs.summaries(9)} == {(TITLE, "hook")}


def test_one_that_a_scan_found_and_a_person_then_marked(store: Store, store_dir: Path) -> None:
    leave(store_dir, ("scene", 1, "new"))
    take_in(store)
    leave(store_dir, ("scene", 1, "tag_me"))
    assert take_in(store) == 0, "it waits already"
    assert queue(store) == [("scene", 1, PRIORITIES["normal"], {})]
    leave(store_dir, ("scene", 1, "reprocess"))
    take_in(store)
    assert queue(store) == [("scene", 1, PRIORITIES["normal"], {"fresh": True})]


def test_a_scene_that_is_told_of_often_is_done_once(store: Store, store_dir: Path) -> None:
    leave(store_dir, *[("scene", 1, "new"), ("scene", 1, "tag_me")] * 20)
    assert take_in(store) == 1 and len(queue(store)) == 1


def test_the_spool_is_taken_in_too(store: Store, store_dir: Path) -> None:
    with store.transaction():
        leave(store_dir, ("scene", 1, "new"))
    assert take_in(store) == 1 and not list((store_dir / "spool").iterdir())


def test_more_events_than_are_read_at_once(store: Store) -> None:
    store.db.run_many(
        "INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (0, 'scene', ?, 'new')",
        [(number,) for number in range(1, 5202)],
    )
    assert take_in(store) == 5201
    assert store.events.count() == 0 and store.jobs.counts() == {"pending": 5201}


def test_an_event_is_forgotten_only_with_its_medium_in_the_queue(
    store: Store, store_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(store_dir, ("scene", 1, "new"))

    def killed(event_id: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.events, "forget_up_to", killed)
    with pytest.raises(KeyboardInterrupt):
        take_in(store)
    assert queue(store) == [] and store.events.count() == 1
    monkeypatch.undo()
    assert take_in(store) == 1


def test_performers_wait_beside_the_queue(store: Store, store_dir: Path) -> None:
    leave(store_dir, ("performer", 5, "person"), ("scene", 1, "new"), ("performer", 3, "person"))
    assert take_in(store) == 3 and len(queue(store)) == 1
    leave(store_dir, ("performer", 5, "person"))
    assert take_in(store) == 0 and changed(store) == [5, 3]
    forget_changed(store, [5])
    assert changed(store) == [3] and store.events.count() == 0
    assert len(store.runs.summaries(9)) == 1, "nobody needs a run for performers"
