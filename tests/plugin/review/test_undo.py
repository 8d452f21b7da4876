from __future__ import annotations

import pytest

from plugin.commands.undoing import undo_media, undo_run, undo_suggestions
from plugin.review.workflow import WorkflowChange
from plugin.store.policies import PolicyRow
from plugin.store.suggestions import Draft, Refusal
from tests.plugin.world import WatchedContext, World, suggest, write
from tests.standin.library.things import Scene

CAT = Draft("tag", "cat", 3.0)
DOG = Draft("tag", "dog", 3.0)
MARKER = Draft("marker", "cat", 3.0, 10.0, 20.0)
FAILED = WorkflowChange(("AI_Errored",), ("AI_TagMe",))
ANALYSED = WorkflowChange(("AI_Tagged",), ("AI_TagMe", "AI_Errored"))


@pytest.fixture
def scene(world: World) -> Scene:
    found: Scene = world.stash.add_scene_without_media("/1.mp4", "One", tags=["mine", "AI_TagMe"])
    world.stash.add_marker(found, "mine", 3.0, 4.0, "by hand")
    return found


def begin(context: WatchedContext, title: str = "Analyse new") -> int:
    return context.store.runs.begin(title, "task")


def states(context: WatchedContext, media_id: int = 1) -> dict[str, tuple[str, bool]]:
    found = context.store.suggestions.of_medium("scene", media_id)
    return {f"{one.type} {one.label}": (one.state, one.held) for one in found}


def retracting(context: WatchedContext, run_id: int, media_id: int) -> None:
    """A later analysis does not support what a policy wrote."""
    write(context, run_id, [media_id], retract={media_id: context.store.journal.ours("scene", media_id)})


def test_a_run_is_undone_to_exactly_what_was_before(world: World, scene: Scene) -> None:
    world.stash.add_tag("dog")
    before = world.library()
    with world.process() as context:
        run_id = begin(context)
        suggest(context, run_id, scene.id, CAT, DOG, MARKER)
        write(context, run_id, [scene.id], workflow=ANALYSED)
        assert world.library() != before
        undone = undo_run(context, run_id)
        assert (undone.taken_back, undone.left, undone.failed) == (7, 0, ())
        assert world.library() == before
        assert set(states(context).values()) == {("pending", True)}
        assert context.store.runs.get(run_id).undone_s is not None  # type: ignore[union-attr]
        assert context.store.runs.last_with_writes() is None
        again = undo_run(context, run_id)
        assert (again.taken_back, again.left) == (0, 0) and world.library() == before


def test_many_media_are_undone_in_few_requests(world: World) -> None:
    scenes = [world.stash.add_scene_without_media(f"/{number}.mp4", "A scene") for number in range(60)]
    world.stash.add_tag("cat")
    before = world.library()
    with world.process() as context:
        run_id = begin(context)
        for one in scenes:
            suggest(context, run_id, one.id, CAT, MARKER)
        write(context, run_id, [one.id for one in scenes])
        context.transport.documents.clear()
        assert undo_run(context, run_id).taken_back == 120
        assert context.transport.documents == ["SenseScenes", "SenseChanges"] * 2
    assert world.library() == before


class TestWhatTheOwnerDid:
    def test_a_marker_that_was_edited_is_left_and_stays_decided(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            run_id = begin(context)
            suggest(context, run_id, scene.id, MARKER)
            write(context, run_id, [scene.id])
            ours = world.stash.library.markers_of(scene.id)[1]
            world.stash.change(ours, end_seconds=25.0)
            undone = undo_run(context, run_id)
            assert undone.left == 1 and states(context) == {"marker cat": ("applied", False)}
            assert context.store.journal.ours("scene", scene.id) == []
        assert ("cat", 10.0, 25.0) in world.stash.markers_of(scene)
        assert "cat" in world.stash.tag_names(), "the owner's marker needs it"

    def test_a_tag_that_was_removed_is_a_rejection(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            run_id = begin(context)
            suggest(context, run_id, scene.id, CAT, MARKER)
            write(context, run_id, [scene.id])
            world.stash.change(scene, tag_ids=scene.tag_ids)
            world.stash.graphql("mutation { sceneMarkerDestroy(id: 2) }")
            undone = undo_run(context, run_id)
            assert (undone.taken_back, undone.left) == (1, 2), "the tag itself is ours still"
            assert states(context) == {"tag cat": ("rejected", False), "marker cat": ("rejected", False)}
            refusals = context.store.suggestions.refusals("scene", scene.id)
            assert set(refusals) == {Refusal("tag", "cat"), Refusal("marker", "cat", 10.0, 20.0)}

    def test_a_medium_that_is_gone(self, world: World, scene: Scene) -> None:
        other = world.stash.add_scene_without_media("/2.mp4", "Two")
        with world.process() as context:
            run_id = begin(context)
            for media_id in (scene.id, other.id):
                suggest(context, run_id, media_id, CAT)
            write(context, run_id, [scene.id, other.id])
            world.stash.graphql('mutation { sceneDestroy(input: {id: "1"}) }')
            undone = undo_run(context, run_id)
            assert (undone.taken_back, undone.left, undone.failed) == (2, 1, ())
            assert world.stash.tags_of(other) == [] and "cat" not in world.stash.tag_names()

    @pytest.mark.parametrize(
        "change",
        [
            {"description": "all my cats"},
            {"name": "Cats"},
            {"aliases": ("kitty",)},
        ],
    )
    def test_a_tag_that_somebody_made_their_own_stays(
        self, world: World, scene: Scene, change: dict[str, object]
    ) -> None:
        with world.process() as context:
            run_id = begin(context)
            suggest(context, run_id, scene.id, CAT)
            write(context, run_id, [scene.id])
            world.stash.change(world.stash.tag("cat"), **change)
            undo_run(context, run_id)
        assert change.get("name", "cat") in world.stash.tag_names()
        assert world.stash.tags_of(scene) == ["AI_TagMe", "mine"]

    def test_a_tag_that_is_used_elsewhere_stays(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            run_id = begin(context)
            suggest(context, run_id, scene.id, CAT, DOG)
            write(context, run_id, [scene.id])
            world.stash.add_performer("Somebody", tag_ids=(world.stash.tag("cat").id,))
            world.stash.add_tag("puppy", parents=["dog"])
            undo_run(context, run_id)
        assert world.stash.tag_names() == ["AI_TagMe", "cat", "dog", "mine", "puppy"]

    def test_a_tag_that_was_destroyed_by_its_owner(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            run_id = begin(context)
            suggest(context, run_id, scene.id, CAT, DOG)
            write(context, run_id, [scene.id])
            cat = world.stash.tag("cat")
            world.stash.graphql("mutation($id: ID!) { tagDestroy(input: {id: $id}) }", {"id": cat.id})
            undone = undo_run(context, run_id)
            assert undone.failed == () and undone.left == 1
        assert world.stash.tag_names() == ["AI_TagMe", "mine"]

    def test_a_wish_that_was_made_again_is_not_made_twice(self, world: World, scene: Scene) -> None:
        before = world.library()
        with world.process() as context:
            run_id = begin(context)
            write(context, run_id, [scene.id], workflow=ANALYSED)
            current = world.stash.scene(scene.id)
            world.stash.change(scene, tag_ids=(*current.tag_ids, world.stash.tag("AI_TagMe").id))
            assert undo_run(context, run_id).left == 1
        assert world.library() == before


class TestSeveralSteps:
    def test_a_run_in_which_a_medium_failed_and_then_succeeded(self, world: World, scene: Scene) -> None:
        before = world.library()
        with world.process() as context:
            run_id = begin(context)
            write(context, run_id, [scene.id], workflow=FAILED)
            write(context, run_id, [scene.id], workflow=ANALYSED)
            assert world.stash.tags_of(scene) == ["AI_Tagged", "mine"]
            undone = undo_run(context, run_id)
            assert (undone.left, undone.failed) == (0, ())
            assert world.library() == before
            assert context.store.journal.ours("scene", scene.id) == []

    def test_only_the_later_of_two_runs(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            first, second = begin(context), begin(context)
            write(context, first, [scene.id], workflow=FAILED)
            between = world.library()
            write(context, second, [scene.id], workflow=ANALYSED)
            undo_run(context, second)
            assert world.library() == between
            undo_run(context, first)
            assert world.stash.tags_of(scene) == ["AI_TagMe", "mine"]

    def test_all_of_a_medium(self, world: World, scene: Scene) -> None:
        other = world.stash.add_scene_without_media("/2.mp4", "Two")
        with world.process() as context:
            for change in (FAILED, ANALYSED):
                run_id = begin(context)
                suggest(context, run_id, other.id, CAT)
                write(context, run_id, [scene.id, other.id], workflow=change)
            suggest(context, run_id, scene.id, CAT, MARKER)
            write(context, run_id, [scene.id])
            undone = undo_media(context, "scene", [scene.id])
            assert (undone.left, undone.failed) == (0, ())
            assert context.store.journal.ours("scene", scene.id) == []
        assert world.stash.tags_of(scene) == ["AI_TagMe", "mine"]
        assert world.stash.markers_of(scene) == [("mine", 3.0, 4.0)]
        assert world.stash.tags_of(other) == ["AI_Tagged", "cat"], "another medium keeps what it has"


class TestWithdrawals:
    @pytest.fixture
    def context(self, world: World, scene: Scene) -> WatchedContext:
        world.set_up(PolicyRow("cat", mode="auto"))
        found = WatchedContext(world.server)
        run_id = begin(found)
        drafts = (Draft("tag", "cat", 3.0, accept=True), Draft("marker", "cat", 3.0, 10.0, 20.0, accept=True))
        suggest(found, run_id, scene.id, *drafts, accept=False)
        write(found, run_id, [scene.id])
        return found

    def test_undoing_one_brings_back_what_was_written(
        self, world: World, scene: Scene, context: WatchedContext
    ) -> None:
        written = world.library()
        later = begin(context, "Re-tag")
        retracting(context, later, scene.id)
        assert world.stash.tags_of(scene) == ["AI_TagMe", "mine"]
        assert set(states(context).values()) == {("withdrawn", False)}
        undo_run(context, later)
        assert world.library() == written
        assert set(states(context).values()) == {("applied", False)}
        ours = context.store.journal.ours("scene", scene.id)
        assert [entry.action for entry in ours] == ["add_tag", "create_marker"]
        assert ours[1].marker_id == world.stash.library.markers_of(scene.id)[1].id
        undo_media(context, "scene", [scene.id])
        assert world.stash.markers_of(scene) == [("mine", 3.0, 4.0)]
        assert world.stash.tags_of(scene) == ["AI_TagMe", "mine"]
        context.close()

    def test_undoing_a_medium_leaves_away_what_was_withdrawn(
        self, world: World, scene: Scene, context: WatchedContext
    ) -> None:
        retracting(context, begin(context, "Re-tag"), scene.id)
        undo_media(context, "scene", [scene.id])
        assert world.stash.tags_of(scene) == ["AI_TagMe", "mine"]
        assert world.stash.markers_of(scene) == [("mine", 3.0, 4.0)]
        context.close()

    def test_undoing_the_run_whose_writes_were_withdrawn_leaves_them_away(
        self, world: World, scene: Scene, context: WatchedContext
    ) -> None:
        (first,) = [row.run.id for row in context.store.runs.summaries(9)]
        retracting(context, begin(context, "Re-tag"), scene.id)
        undo_run(context, first)
        assert world.stash.tags_of(scene) == ["AI_TagMe", "mine"]
        context.close()


class TestDecisions:
    def test_single_decisions(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            run_id = begin(context)
            tag, _, marker = suggest(context, run_id, scene.id, CAT, DOG, MARKER)
            write(context, run_id, [scene.id])
            undone = undo_suggestions(context, [tag.id, marker.id])
            assert undone.taken_back == 2
            assert states(context) == {
                "tag cat": ("pending", True),
                "tag dog": ("applied", False),
                "marker cat": ("pending", True),
            }
        assert world.stash.tags_of(scene) == ["AI_TagMe", "dog", "mine"]
        assert world.stash.markers_of(scene) == [("mine", 3.0, 4.0)]
        assert "cat" in world.stash.tag_names(), "the tag was the run's and not the decision's"

    def test_decisions_that_were_not_written(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            run_id = begin(context)
            tag, dog, marker = suggest(context, run_id, scene.id, CAT, DOG, MARKER)
            context.store.suggestions.reject([dog.id])
            undo_suggestions(context, [tag.id, dog.id])
            assert states(context) == {
                "tag cat": ("pending", True),
                "tag dog": ("pending", True),
                "marker cat": ("accepted", False),
            }
            assert context.store.suggestions.refusals("scene", scene.id) == []
        assert marker.id


def test_what_is_not_written_yet_is_held_by_the_undoing_of_its_run(world: World, scene: Scene) -> None:
    with world.process() as context:
        run_id = begin(context)
        suggest(context, run_id, scene.id, Draft("tag", "cat", 3.0, accept=True), accept=False)
        undo_run(context, run_id)
        assert states(context) == {"tag cat": ("pending", True)}


def test_a_run_whose_undoing_was_refused_is_not_undone(world: World, scene: Scene) -> None:
    """The wish tag is gone from Stash, so it cannot be given back."""
    with world.process() as context:
        run_id = begin(context)
        write(context, run_id, [scene.id], workflow=ANALYSED)
        tag_me = world.stash.tag("AI_TagMe")
        world.stash.graphql("mutation($id: ID!) { tagDestroy(input: {id: $id}) }", {"id": tag_me.id})
        undone = undo_run(context, run_id)
        assert len(undone.failed) == 1 and undone.taken_back == 2
        assert context.store.runs.get(run_id).undone_s is None  # type: ignore[union-attr]
    assert world.stash.tags_of(scene) == ["mine"]
