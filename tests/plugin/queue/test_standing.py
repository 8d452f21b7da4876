"""What pages see of the work: the media in it while it lasts, and nothing of it afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import grpc

from plugin.locks import DRAIN_LOCK, exclusive
from plugin.operations import analysis as analysis_operations
from plugin.operations import queue as queue_operations
from plugin.queue.drain import Drain
from plugin.queue.requests import request_batch
from plugin.queue.standing import standing
from plugin.sidecar_values import CancelWish, Event, Found, Progress, Question, Wish
from plugin.store.store import Store
from tests.plugin.world import World

AT_WORK = {"kind": "scene", "id": 1, "name": "One", "stage": "coarse", "position_s": 12.0, "duration_s": 60.0}
AT_WORK |= {"frames_per_s": 48.5, "seconds_left": None}


class Slow:
    """A sidecar that says how far it is, and ends each medium when it is let go on. Of faces it knows nothing."""

    address = "127.0.0.1:1"

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.channel = grpc.insecure_channel(self.address)

    def analyze(self, wishes: Iterator[Wish], _: Question) -> SlowCall:
        return SlowCall(wishes, self.go_on)

    def close(self) -> None:
        self.channel.close()


class SlowCall:
    def __init__(self, wishes: Iterator[Wish], go_on: threading.Event) -> None:
        self._wishes, self._go_on = wishes, go_on

    def __iter__(self) -> Iterator[Event]:
        for wish in self._wishes:
            if isinstance(wish, CancelWish):
                continue
            yield Progress(wish.media_id, "coarse", 12.0, 48.5, None)
            assert self._go_on.wait(30)
            yield Found(wish.media_id, "key", 60.0, 15, "fake", "", "lite", False, 0.1, (), (), ())

    def cancel(self) -> None: ...


def test_a_page_sees_a_medium_in_work(world: World) -> None:
    ids = [world.stash.add_scene_without_media(f"/{n}.mp4", n).id for n in ("One", "Two")]
    sidecar, seen = Slow(), []
    with world.process() as context, world.process() as page:
        report = context.store.drains.report

        def look(sentence: str, share: float, detail: Mapping[str, Any]) -> None:
            report(sentence, share, detail)
            answers = [queue_operations.of_medium(page, {"kind": "scene", "id": media_id}) for media_id in ids]
            if answers[0]["progress"] and answers[0]["progress"]["stage"]:
                seen.append((answers, analysis_operations.analysis(page, {"kind": "scene", "id": 1})))
                sidecar.go_on.set()

        context.store.drains.report = look  # type: ignore[method-assign]
        context.store.meta.set("settings", {"media_at_once": 1})
        request_batch(context.store, "Two", "task", {"which": "ids", "ids": {"scene": ids}})
        assert Drain(context, connect=lambda: sidecar).run() == "done: 2 media"  # type: ignore[arg-type, return-value]
        (one, two), analysis = seen[0]
        assert one["progress"] == analysis["progress"] == AT_WORK
        assert one["drain"] == {"state": "running", "sentence": "Medium 1 of 2 · 48 frames/s"}
        assert (one["job"]["state"], one["job"]["name"], one["job"]["run_title"]) == ("running", "One", "Two")
        assert (two["job"]["state"], two["progress"], two["ahead"]) == ("pending", None, 0)
        after = queue_operations.of_medium(page, {"kind": "scene", "id": 1})
        assert (after["progress"], after["drain"]) == (None, {"state": "idle", "sentence": "done: 2 media"})
        assert after["job"]["name"] == "One"


def test_what_a_killed_drain_left_is_no_work(store: Store) -> None:
    store.drains.begin(1)
    store.drains.report("Medium 1 of 2", 0.0, {"media": [AT_WORK]})
    found = standing(store)
    assert (found.state, found.sentence, found.of_medium("scene", 1)) == ("idle", "", None)
    with exclusive(f"{store.data_dir}/{DRAIN_LOCK}"):
        found = standing(store)
        assert (found.state, found.sentence, found.of_medium("scene", 1)) == ("running", "Medium 1 of 2", AT_WORK)
        assert found.of_medium("image", 1) is None
    store.drains.pause("paused by the owner")
    store.drains.report("Medium 2 of 2", 0.5, {})
    store.drains.end("done: 2 media")
    assert (standing(store).state, standing(store).sentence) == ("paused", "paused by the owner")


def test_what_an_older_version_reports_holds_no_media(store: Store) -> None:
    store.drains.report("Medium 1 of 2", 0.0, {"done": 0})
    with exclusive(f"{store.data_dir}/{DRAIN_LOCK}"):
        assert standing(store).media == ()
