from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from plugin.store.errors import StoreReadOnly
from plugin.store.events import HookEvent
from plugin.store.store import Store


def put(store: Store, kind: str, media_id: int, wish: str) -> None:
    store.db.run("INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (1, ?, ?, ?)", kind, media_id, wish)


def spool(store_dir: Path, name: str, *lines: str) -> Path:
    (store_dir / "spool").mkdir(exist_ok=True)
    path = store_dir / "spool" / name
    path.write_text("".join(lines), "utf-8", newline="")
    return path


def line(media_id: object = 1, kind: object = "scene", wish: object = "new", at_s: object = 5.0) -> str:
    return json.dumps({"at_s": at_s, "kind": kind, "media_id": media_id, "wish": wish}) + "\n"


def test_events_come_once_each_in_the_order_of_their_arrival(store: Store) -> None:
    for event in (("scene", 2, "new"), ("image", 1, "new"), ("scene", 2, "new"), ("scene", 2, "tag_me")):
        put(store, *event)
    found, last_id = store.events.pending()
    assert found == [HookEvent("scene", 2, "new"), HookEvent("image", 1, "new"), HookEvent("scene", 2, "tag_me")]
    put(store, "scene", 3, "new")
    store.events.forget_up_to(last_id)
    assert store.events.pending()[0] == [HookEvent("scene", 3, "new")]
    assert store.events.count() == 1


def test_no_more_at_once_than_asked_for(store: Store) -> None:
    for media_id in range(1, 6):
        put(store, "scene", media_id, "new")
    found, last_id = store.events.pending(limit=2)
    assert len(found) == 2
    store.events.forget_up_to(last_id)
    assert len(store.events.pending()[0]) == 3
    store.events.forget_up_to(store.events.pending()[1])
    assert store.events.pending() == ([], 0)


def test_what_was_spooled_is_taken_in_once(store: Store, store_dir: Path) -> None:
    assert store.events.take_in_spool() == 0
    spool(store_dir, "2-1.jsonl", line(2))
    spool(store_dir, "1-9.jsonl", line(1), line(3))
    assert store.events.count() == 2, "files that wait count"
    assert store.events.take_in_spool() == 3
    assert [event.media_id for event in store.events.pending()[0]] == [1, 3, 2]
    assert store.events.take_in_spool() == 0 and list((store_dir / "spool").iterdir()) == []
    assert store.events.count() == 3


def test_a_line_that_was_cut_off_harms_no_other(store: Store, store_dir: Path) -> None:
    spool(store_dir, "1.jsonl", line(1), line(2)[:20])
    spool(store_dir, "2.jsonl", "")
    spool(store_dir, "3.jsonl", line(3).rstrip())
    assert store.events.take_in_spool() == 2
    assert [event.media_id for event in store.events.pending()[0]] == [1, 3]


@pytest.mark.parametrize(
    "bad",
    [
        "[]\n",
        "7\n",
        "null\n",
        '"text"\n',
        "\x00\xff\n",
        line(0),
        line(-4),
        line(1 << 63),
        line("many"),
        line([1]),
        line(float("nan")),
        line(1, at_s=float("nan")),
        line(1, at_s=float("inf")),
        line(1, kind="performer"),
        line(1, kind=["scene"]),
        line(1, wish="everything"),
        line(1, wish={}),
        '{"kind": "scene"}\n',
    ],
)
def test_what_the_queue_could_not_hold_is_dropped(store: Store, store_dir: Path, bad: str) -> None:
    spool(store_dir, "1.jsonl", bad, line(8))
    assert store.events.take_in_spool() == 1
    assert store.events.pending()[0] == [HookEvent("scene", 8, "new")]
    assert list((store_dir / "spool").iterdir()) == []


def test_a_file_that_is_being_written_is_left_until_its_writer_must_be_dead(store: Store, store_dir: Path) -> None:
    path = spool(store_dir, "1.jsonl.new", line(1))
    assert store.events.take_in_spool() == 0 and store.events.count() == 0
    os.utime(path, (time.time() - 100, time.time() - 100))
    assert store.events.count() == 1 and store.events.take_in_spool() == 1
    assert store.events.pending()[0] == [HookEvent("scene", 1, "new")]


def test_a_file_that_cannot_be_removed_is_said(store: Store, store_dir: Path) -> None:
    spool(store_dir, "other", "")
    (store_dir / "spool" / "1.jsonl").mkdir()
    with pytest.raises(StoreReadOnly, match=r"1\.jsonl cannot be removed"):
        store.events.take_in_spool()
