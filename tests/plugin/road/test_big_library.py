"""5 000 scenes: selected, drained and written with bounded memory and few requests."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugin.context import Context
from plugin.interface.input import parse_input
from plugin.queue.drain import Drain
from plugin.queue.requests import request_batch
from plugin.sidecar_values import CancelWish, Event, Found, MediumWish, Question, Wish
from plugin.store.analyses import Span, Total
from tests.plugin.road.conftest import NO_FACES
from tests.standin import Standin

SCENES = 5_000


class FakeSidecar:
    """Answers every medium at once with one span."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def analyze(self, wishes: Iterator[Wish], question: Question) -> FakeCall:
        return FakeCall(self, wishes)

    def close(self) -> None:
        pass

    def answer(self, wish: MediumWish) -> Event:
        self.asked.append(wish.path)
        return Found(
            media_id=wish.media_id,
            content_key=f"oshash-{len(self.asked):016x}-1000",
            duration_s=60.0,
            samples=30,
            decoder="fake",
            plan="",
            model="lite",
            from_cache=False,
            total_s=0.01,
            spans=(Span("cat", "animals", 10.0, 40.0, 3.0, 20.0, 4.0),),
            totals=(Total("cat", "animals", 30.0, 0.5, 3.0),),
            warnings=(),
        )


class FakeCall:
    def __init__(self, sidecar: FakeSidecar, wishes: Iterator[Wish]) -> None:
        self._sidecar, self._wishes = sidecar, wishes

    def __iter__(self) -> Iterator[Event]:
        for wish in self._wishes:
            if not isinstance(wish, CancelWish):
                yield self._sidecar.answer(wish)

    def cancel(self) -> None:
        pass


@pytest.fixture(scope="module")
def stash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    folder = tmp_path_factory.mktemp("big")
    with Standin(folder / "config", folder / "library") as found:
        with found.library.transaction():
            for n in range(SCENES):
                found.add_scene_without_media(f"D:\\films\\{n % 50}\\{n}.mp4", f"Scene {n}")
        yield found


def context_of(stash: Standin) -> Context:
    document = {"server_connection": stash.connection(), "args": {}}
    return Context(parse_input(document, str(stash.settings.config_dir)).server, is_task=False)


def drain(stash: Standin, sidecar: Any) -> str:
    context = context_of(stash)
    try:
        return Drain(context, connect=lambda: sidecar).run()
    finally:
        context.close()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_five_thousand_scenes(stash: Standin, tmp_path: Path) -> None:
    context = context_of(stash)
    context.store.meta.set("settings", NO_FACES)  # this sidecar has none
    request_batch(context.store, "Analyse new", "task", {"which": "new", "kinds": ["scene"]})
    context.close()
    before_mb, before = peak_mb(), len(stash.requests.all())
    sidecar = FakeSidecar()
    said = drain(stash, sidecar)
    assert said == f"done: {SCENES} media"
    assert len(sidecar.asked) == len(set(sidecar.asked)) == SCENES, "each once"
    assert sidecar.asked[0].startswith("D:\\films\\"), "paths of another system pass through as they are"
    requests = len(stash.requests.all()) - before
    assert requests < SCENES * 0.25, f"{requests / SCENES:.2f} requests per scene"
    assert peak_mb() - before_mb < 80
    context = context_of(stash)
    try:
        assert context.store.suggestions.count() == 2 * SCENES
        assert context.store.jobs.counts() == {"completed": SCENES}
        tagged = {"tags": {"value": [str(stash.tag("AI_Tagged").id)], "modifier": "INCLUDES"}}
        assert context.stash.rows("scene", tagged, 0, 1)[1] == SCENES
        request_batch(context.store, "Analyse new", "task", {"which": "new", "kinds": ["scene"]})
    finally:
        context.close()
    assert drain(stash, sidecar) == "done: 0 media", "all are up to date"
    assert len(sidecar.asked) == SCENES
