"""A process that is killed at any step of writing or undoing: the next one finds out what Stash has, and goes on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from plugin.commands.undoing import undo_run
from plugin.review.workflow import WorkflowChange
from plugin.review.writer import MediumPlan
from plugin.store.policies import PolicyRow
from plugin.store.suggestions import Draft
from tests.plugin.world import Doom, Killed, WatchedContext, World, suggest, write
from tests.standin import Standin

ANALYSED = WorkflowChange(("AI_Tagged",), ("AI_TagMe",))


class Story:
    """Two scenes with things of their owner's. An earlier run's policy wrote a bird, which is not seen any more."""

    def __init__(self, folder: Path) -> None:
        self._stash = Standin(folder / "config", folder / "library")
        self._stash.start()
        self.world = World(self._stash)
        self._stash.add_tag("dog")
        self.ids = [
            self._stash.add_scene_without_media(f"/{number}.mp4", "A scene", tags=["mine", "AI_TagMe"]).id
            for number in (1, 2)
        ]
        self._stash.add_marker(self.ids[0], "mine", 3.0, 4.0, "by hand")
        self.world.set_up(PolicyRow("bird", mode="auto"), parent_tag="Found by AI")
        self.at_first = self.world.library()
        with self.world.process() as context:
            self.first_run = context.store.runs.begin("Analyse new", "task")
            birds = (Draft("tag", "bird", 3.0, accept=True), Draft("marker", "bird", 3.0, 40.0, 50.0, accept=True))
            suggest(context, self.first_run, self.ids[0], *birds, accept=False)
            write(context, self.first_run, self.ids[:1])
            self.before = self.world.library()
            self.run_id = context.store.runs.begin("Analyse new", "task")
            for media_id in self.ids:
                drafts = (Draft("tag", "cat", 3.0), Draft("tag", "dog", 3.0), Draft("marker", "cat", 3.0, 10.0, 20.0))
                suggest(context, self.run_id, media_id, *drafts)

    def write(self, context: WatchedContext) -> None:
        """What a drain does with a finished group, and does again if it was killed."""
        store = context.store
        with context.writer.turn():
            media = context.stash.media("scene", self.ids)
            unseen = {one.id for one in store.suggestions.find(("applied",), label="bird")}
            plans = [
                MediumPlan(
                    self.run_id,
                    media[media_id],
                    store.suggestions.of_medium("scene", media_id, ("accepted",)),
                    [entry for entry in store.journal.ours("scene", media_id) if entry.suggestion_id in unseen],
                    ANALYSED,
                )
                for media_id in self.ids
            ]
            context.writer.write(plans)

    def undo(self, context: WatchedContext) -> None:
        undo_run(context, self.run_id)

    def states(self) -> list[tuple[int, str, str, str, bool]]:
        with self.world.process() as context:
            found = context.store.suggestions.find(())
            assert context.store.journal.unsettled() == []
            return sorted((one.media_id, one.type, one.label, one.state, one.held) for one in found)

    def ours(self) -> list[tuple[str, int, str]]:
        """What the journal takes for ours: exactly what Stash has more than before."""
        with self.world.process() as context:
            rows = context.store.db.rows(
                "SELECT action, media_id, tag_name FROM journal WHERE state = 'done' AND purpose != 'undo'"
            )
            return sorted((action, media_id, name) for action, media_id, name in rows)

    def killed(self, doom: Doom, work: Callable[[WatchedContext], None]) -> bool:
        context = WatchedContext(self.world.server, doom)
        try:
            work(context)
        except Killed:
            return True
        finally:
            context.close()
        return False

    def close(self) -> None:
        self._stash.stop()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """How it is to end."""
    story = Story(tmp_path_factory.mktemp("undisturbed"))
    doom = Doom()
    assert not story.killed(doom, story.write)
    end: dict[str, object] = {"library": story.world.library(), "states": story.states(), "ours": story.ours()}
    steps = list(doom.log)
    undoing = Doom()
    assert not story.killed(undoing, story.undo)
    assert story.world.library() == story.before
    end |= {"steps": steps, "undone": story.states(), "ours after undo": story.ours(), "undo steps": undoing.log}
    story.close()
    return end


def test_the_steps_are_those_that_matter(undisturbed: dict[str, object]) -> None:
    steps = undisturbed["steps"]
    assert isinstance(steps, list)
    calls = [step for step in steps if step.startswith("before Sense")]
    assert [call.split()[1] for call in calls] == [
        "SenseScenes",
        "SenseTags",
        "SenseCreateTag",
        "SenseCreateTag",
        "SenseChanges",
    ]
    at = steps.index("before SenseChanges")
    assert steps[at - 1] == "after a commit" and steps[at + 1 : at + 3] == ["after SenseChanges", "before a commit"]
    assert len(steps) > 20


@pytest.mark.parametrize("part", range(4))
def test_killed_while_writing(tmp_path: Path, undisturbed: dict[str, object], part: int) -> None:
    steps = len(undisturbed["steps"])  # type: ignore[arg-type]
    for at in range(part, steps, 4):
        story = Story(tmp_path / str(at))
        assert story.killed(Doom(at), story.write), at
        where = f"killed at step {at}, {undisturbed['steps'][at]}"  # type: ignore[index]
        with story.world.process() as context:
            story.write(context)
        assert story.world.library() == undisturbed["library"], where
        assert story.states() == undisturbed["states"], where
        assert story.ours() == undisturbed["ours"], where
        with story.world.process() as context:
            undo_run(context, story.run_id)
        assert story.world.library() == story.before, where
        with story.world.process() as context:
            undo_run(context, story.first_run)
        assert story.world.library() == story.at_first, where
        story.close()


@pytest.mark.parametrize("part", range(4))
def test_killed_while_writing_and_undone_by_the_next_process(
    tmp_path: Path, undisturbed: dict[str, object], part: int
) -> None:
    """What the killed process had written, and nobody has confirmed, is undone as well."""
    steps = len(undisturbed["steps"])  # type: ignore[arg-type]
    for at in range(part, steps, 4):
        story = Story(tmp_path / str(at))
        assert story.killed(Doom(at), story.write)
        with story.world.process() as context:
            undo_run(context, story.run_id)
        assert story.world.library() == story.before, f"killed at step {at}, {undisturbed['steps'][at]}"  # type: ignore[index]
        story.close()


@pytest.mark.parametrize("part", range(4))
def test_killed_while_undoing(tmp_path: Path, undisturbed: dict[str, object], part: int) -> None:
    steps = len(undisturbed["undo steps"])  # type: ignore[arg-type]
    for at in range(part, steps, 4):
        story = Story(tmp_path / str(at))
        with story.world.process() as context:
            story.write(context)
        assert story.killed(Doom(at), story.undo)
        where = f"killed at step {at}, {undisturbed['undo steps'][at]}"  # type: ignore[index]
        with story.world.process() as context:
            story.undo(context)
            assert context.store.runs.get(story.run_id).undone_s is not None  # type: ignore[union-attr]
        assert story.world.library() == story.before, where
        assert story.states() == undisturbed["undone"], where
        assert story.ours() == undisturbed["ours after undo"], where
        story.close()


def test_killed_again_and_again(tmp_path: Path, undisturbed: dict[str, object]) -> None:
    """Each life ends a step later than the one before; the work is done all the same."""
    story = Story(tmp_path)
    for at in itertools.count():
        if not story.killed(Doom(at), story.write):
            break
    assert story.world.library() == undisturbed["library"] and story.ours() == undisturbed["ours"]
    for at in itertools.count():
        if not story.killed(Doom(at), story.undo):
            break
    assert story.world.library() == story.before
    story.close()


@pytest.mark.parametrize("moment", ["before SenseCreateTag", "after SenseCreateTag"])
def test_killed_while_a_tag_is_made_that_somebody_else_makes(tmp_path: Path, moment: str) -> None:
    """Only the tag that we made ourselves is ours to take back."""
    story = Story(tmp_path)
    steps: list[str] = []
    doom = Doom()
    story.killed(doom, story.write)
    steps = doom.log
    story.close()

    story = Story(tmp_path / "again")
    assert story.killed(Doom(steps.index(moment)), story.write)
    if moment.startswith("before"):
        story.world.stash.add_tag("Found by AI", description="mine, and the name is chance")
    else:
        story.world.stash.tag("Found by AI")
    with story.world.process() as context:
        story.write(context)
        undo_run(context, story.run_id)
        undo_run(context, story.first_run)
    names = story.world.stash.tag_names()
    assert ("Found by AI" in names) == moment.startswith("before")
    story.close()


def test_a_marker_that_somebody_set_between_the_kill_and_the_repair_is_theirs(tmp_path: Path) -> None:
    story = Story(tmp_path)
    doom = Doom()
    story.killed(doom, story.write)
    at = doom.log.index("after SenseChanges")
    story.close()
    story = Story(tmp_path / "again")
    assert story.killed(Doom(at), story.write)
    stash = story.world.stash
    stash.add_marker(story.ids[0], "cat", 10.0, 30.0, "mine too")
    with story.world.process() as context:
        story.write(context)
        undo_run(context, story.run_id)
    assert ("cat", 10.0, 30.0) in stash.markers_of(story.ids[0])
    assert stash.tags_of(story.ids[0]) == ["AI_TagMe", "bird", "mine"]
    story.close()
