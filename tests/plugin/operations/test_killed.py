"""Operations whose process dies at any step, as with a page that is closed: who tries again gets what they wanted, and
what the store says is what Stash has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugin.operations import runs, suggestions
from plugin.operations.arguments import parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.store.suggestions import Draft
from tests.plugin.world import Doom, Killed, World, suggest, write
from tests.standin import Standin

CAT, DOG = Draft("tag", "cat", 3.0), Draft("tag", "dog", 3.0)
RANGE = Draft("marker", "cat", 3.0, 5.0, 15.0, 10.0)
HANDLERS: dict[str, Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
    "suggestions.accept": suggestions.accept,
    "suggestions.reject": suggestions.reject,
    "suggestions.undo": suggestions.undo,
    "media.undo": runs.undo_media,
}


class Story:
    """Two scenes: a dog of ours in each, and a cat with a range that waits."""

    def __init__(self, folder: Path) -> None:
        self._stash = Standin(folder / "config", folder / "library")
        self._stash.start()
        self.world = World(self._stash)
        self.media = [self._stash.add_scene_without_media(f"/{n}.mp4", f"{n}", tags=["mine"]).id for n in (1, 2)]
        with self.world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            for media_id in self.media:
                suggest(context, run_id, media_id, DOG)
            write(context, run_id, self.media)
            for media_id in self.media:
                suggest(context, run_id, media_id, CAT, RANGE, accept=False)
            self.all = [one.id for one in context.store.suggestions.find((), limit=50)]

    def close(self) -> None:
        self._stash.stop()

    def act(self, name: str, doom: Doom | None = None) -> bool:
        """False: the process was killed."""
        args = {"kind": "scene", "ids": self.media} if name == "media.undo" else {"ids": self.all}
        with self.world.process(doom) as context:
            try:
                HANDLERS[name](context, parse_arguments(OPERATIONS[name], args))
            except Killed:
                return False
        return True

    def outcome(self) -> tuple[Any, ...]:
        with self.world.process() as context:
            with context.writer.turn():
                pass
            found = context.store.suggestions.find((), limit=50)
            states = sorted((one.media_id, one.type, one.label, one.state, one.held) for one in found)
            assert context.store.journal.unsettled() == []
            there = [
                sorted(("tag", tag) for tag in self._stash.tags_of(media_id) if tag != "mine")
                + [("marker", "cat") for _ in context.stash.media("scene", [media_id])[media_id].markers]
                for media_id in self.media
            ]
            said = [
                sorted((one.type, one.label) for one in found if (one.media_id, one.state) == (media_id, "applied"))
                for media_id in self.media
            ]
            assert [sorted(one) for one in there] == said, "the store says what Stash has"
            refused = [len(context.store.suggestions.refusals("scene", media_id)) for media_id in self.media]
        return (*states, *refused)


@pytest.mark.parametrize("name", HANDLERS)
def test_killed_anywhere_and_tried_again(tmp_path: Path, name: str) -> None:
    story = Story(tmp_path / "undisturbed")
    counting = Doom()
    assert story.act(name, counting)
    expected = story.outcome()
    story.close()
    assert counting.count > 4
    for at in range(counting.count):
        story = Story(tmp_path / str(at))
        try:
            assert not story.act(name, Doom(at)), at
            assert story.act(name)
            assert story.outcome() == expected, (at, counting.log[at])
        finally:
            story.close()


def test_what_stash_refused_is_written_by_who_tries_again(world: World) -> None:
    scene = world.stash.add_scene_without_media("/a.mp4", "a").id
    with world.process() as context:
        (one,) = suggest(context, context.store.runs.begin("Analyse new", "task"), scene, CAT, accept=False)
    args = parse_arguments(OPERATIONS["suggestions.accept"], {"ids": [one.id]})
    with world.process(Doom()) as context:
        world.stash.faults.add("status", times=100)
        with pytest.raises(Exception, match="500"):
            suggestions.accept(context, args)
        world.stash.faults.clear()
    with world.process() as context:
        answer = suggestions.accept(context, args)
    assert (answer["accepted"], answer["ids"]) == (1, [one.id])
    assert world.stash.tags_of(scene) == ["cat"]
