"""Decisions about many media are taken back by the queue: the page has its answer at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from plugin.commands.applying import AT_ONCE
from plugin.commands.undoing import undo_suggestions
from plugin.context import Context
from plugin.operations import suggestions as suggestion_operations
from plugin.queue.drain import Drain
from plugin.sidecar_values import SidecarError
from plugin.store.jobs import PRIORITIES, TAKE_BACK, NewMedium
from plugin.store.suggestions import Draft
from tests.plugin.world import World, suggest, write

CAT, DOG = Draft("tag", "cat", 3.0), Draft("marker", "dog", 3.0, 5.0, 15.0, 10.0)
MANY = AT_ONCE + 2


def away() -> Any:
    raise SidecarError("the sidecar is away")


def work(context: Context) -> None:
    """Nothing needs a sidecar here."""
    assert "wait for the sidecar" in Drain(context, connect=away, sleep=lambda _: None).run()


@pytest.fixture
def ids(world: World) -> list[int]:
    """Suggestions of many scenes, all of them in Stash but for those of the last scene, which wait to be written."""
    scenes = [world.stash.add_scene_without_media(f"/{n}.mp4", f"{n}").id for n in range(1, MANY + 2)]
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        for scene_id in scenes:
            suggest(context, run_id, scene_id, CAT, DOG)
        write(context, run_id, scenes[:-1])
        return sorted(one.id for one in context.store.suggestions.find((), limit=500))


def states(context: Context, ids: Sequence[int]) -> set[tuple[str, bool]]:
    return {(one.state, one.held) for one in context.store.suggestions.get(ids)}


def tags(world: World) -> list[str]:
    return [tag for n in range(1, MANY + 2) for tag in world.stash.tags_of(n)]


def test_many_leave_stash_by_the_queue(world: World, ids: list[int]) -> None:
    with world.process() as context:
        answer = suggestion_operations.undo(context, {"ids": ids})
        assert answer == {"taken_back": 0, "left": 0, "failed": [], "queued": MANY}
        assert len(tags(world)) == MANY, "not yet"
        assert states(context, ids[:-2]) == {("applied", False)} and states(context, ids[-2:]) == {("pending", True)}
    with world.process() as context:
        work(context)
        assert (tags(world), world.stash.snapshot()["marker"]) == ([], {})
        assert states(context, ids) == {("pending", True)}
        assert context.store.jobs.counts() == {"completed": MANY}
        undo, first = context.store.runs.summaries(2)
        assert (undo.run.title, undo.run.origin, undo.run.ended_s is None) == ("Undo of decisions", "undo", False)
        assert (first.undo_tags, first.undo_markers) == (0, 0)


def test_a_few_leave_stash_at_once(world: World, ids: list[int]) -> None:
    with world.process() as context:
        undone = undo_suggestions(context, ids[:4])
        assert (undone.taken_back, undone.queued, len(tags(world))) == (4, 0, MANY - 2)


def test_what_stash_does_not_give_up_is_a_failed_job(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.process() as context:
        undo_suggestions(context, ids)
        carry_out = context.writer.carry_out

        def refuse_first(run_id: int, part: Any) -> Any:
            done, refused = carry_out(run_id, [one for one in part if one[0].id != 1])
            return done, [*refused, "scene 1: no"] if len(done) < 2 * len(part) else refused

        monkeypatch.setattr(context.writer, "carry_out", refuse_first)
        work(context)
        (failed,) = context.store.jobs.find(("failed",))
        assert (failed.media_id, failed.reason_code) == (1, "not_undone")
        assert "scene 1: no" in failed.reason
        assert states(context, ids[:2]) == {("applied", False)} and len(tags(world)) == 1
        context.store.jobs.retry(failed.id)
        monkeypatch.undo()
        work(context)
        assert tags(world) == [] and states(context, ids) == {("pending", True)}


def test_what_is_accepted_meanwhile_is_written_after_it(world: World, ids: list[int]) -> None:
    with world.process() as context:
        undo_suggestions(context, ids)
        bird = suggest(context, 1, 1, Draft("tag", "bird", 3.0), accept=False)
        context.store.suggestions.accept([one.id for one in bird if one.label == "bird"])
        suggestion_operations.apply(context, {})
        work(context)
        assert tags(world) == ["bird"]


def test_more_that_is_to_be_taken_back_joins_what_waits(world: World, ids: list[int]) -> None:
    with world.process() as context:
        jobs = context.store.jobs
        undo_suggestions(context, ids[0::2])
        undo_suggestions(context, ids[1::2])
        first = next(job for job in jobs.find(("pending",), limit=200) if job.media_id == 1)
        assert first.options == {TAKE_BACK: ids[:2]}
        assert jobs.counts() == {"pending": MANY}
        work(context)
        assert tags(world) == [] and states(context, ids) == {("pending", True)}


def test_what_was_accepted_while_its_medium_is_written_gets_a_job_of_its_own(world: World, ids: list[int]) -> None:
    with world.process() as context:
        jobs = context.store.jobs
        batch = jobs.get(jobs.add_batch(1, "Apply", PRIORITIES["high"], {"selected": True}))
        assert batch is not None
        assert jobs.add_media(batch, "apply", [NewMedium("scene", 1)]) == (1, 0)
        assert jobs.add_media(batch, "apply", [NewMedium("scene", 1)]) == (0, 1)
        (job,) = jobs.find(parent_id=batch.id)
        jobs.start(job.id)
        assert jobs.add_media(batch, "apply", [NewMedium("scene", 1)]) == (1, 0)
