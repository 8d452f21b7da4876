from __future__ import annotations

import pytest

from plugin.commands.undoing import undo_run
from plugin.review.workflow import WorkflowChange
from plugin.review.writer import CREATED_BY_US
from plugin.stash.errors import StashUnavailable
from plugin.store.policies import PolicyRow
from plugin.store.suggestions import Draft, Suggestion
from tests.plugin.world import WatchedContext, World, suggest, write
from tests.standin.library.things import Tag

CAT = Draft("tag", "cat", 3.0)
DOG = Draft("tag", "dog", 3.0)
MARKER = Draft("marker", "cat", 3.0, 10.0, 20.5)


def states(context: WatchedContext, media_id: int = 1) -> list[tuple[str, str, str]]:
    return [(one.type, one.label, one.state) for one in context.store.suggestions.of_medium("scene", media_id)]


def journal(context: WatchedContext) -> list[tuple[str, str, str]]:
    rows = context.store.db.rows("SELECT action, tag_name, state FROM journal ORDER BY id")
    return [(action, name, state) for action, name, state in rows]


def test_what_was_accepted_is_written_and_nothing_else(world: World) -> None:
    world.stash.add_tag("dog")
    scene = world.stash.add_scene_without_media("/1.mp4", "One", tags=["mine"])
    world.stash.add_marker(scene, "mine", 3.0, 4.0, "by hand")
    other = world.stash.add_scene_without_media("/2.mp4", "Two", tags=["mine"])
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        suggest(context, run_id, scene.id, CAT, DOG, MARKER)
        suggest(context, run_id, other.id, CAT, accept=False)
        (written,) = write(context, run_id, [scene.id])
        assert (written.tags, written.markers, written.there_already, written.failed) == (2, 1, 0, ())
        assert states(context) == [("tag", "cat", "applied"), ("tag", "dog", "applied"), ("marker", "cat", "applied")]
        assert states(context, other.id) == [("tag", "cat", "pending")]
        (ours,) = [entry for entry in context.store.journal.ours("scene", scene.id) if entry.action == "create_marker"]
    assert world.stash.tags_of(scene) == ["cat", "dog", "mine"]
    assert world.stash.markers_of(scene) == [("mine", 3.0, 4.0), ("cat", 10.0, 20.5)]
    assert world.stash.tags_of(other) == ["mine"]
    marker = world.stash.library.markers_of(scene.id)[1]
    assert (marker.id, marker.title, marker.tag_ids) == (ours.marker_id, "cat", ())
    made = world.stash.tag("cat")
    assert (made.description, made.ignore_auto_tag, made.aliases) == (CREATED_BY_US, True, ())


def test_writing_again_writes_nothing(world: World) -> None:
    scene = world.stash.add_scene_without_media("/1.mp4", "One")
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        suggest(context, run_id, scene.id, CAT, MARKER)
        write(context, run_id, [scene.id])
        before, journal_before = world.library(), journal(context)
        context.store.db.run("UPDATE suggestion SET state = 'accepted'")
        (written,) = write(context, run_id, [scene.id])
        assert (written.tags, written.markers, written.there_already) == (0, 0, 2)
        assert [state for *_, state in states(context)] == ["applied", "applied"]
        assert (world.library(), journal(context)) == (before, journal_before)


def test_what_was_there_already_is_not_ours(world: World) -> None:
    scene = world.stash.add_scene_without_media("/1.mp4", "One", tags=["Feline"])
    world.stash.add_marker(scene, "Feline", 10.0, 20.5, "by hand")
    before = world.library()
    world.set_up(PolicyRow("cat", stash_tag="Feline"))
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        suggest(context, run_id, scene.id, CAT, MARKER)
        (written,) = write(context, run_id, [scene.id])
        assert written.there_already == 2 and journal(context) == []
        assert [state for *_, state in states(context)] == ["applied", "applied"]
        undo_run(context, run_id)
    assert world.library() == before


def test_labels_that_mean_one_tag_write_it_once(world: World) -> None:
    scene = world.stash.add_scene_without_media("/1.mp4", "One")
    world.set_up(PolicyRow("kitty", stash_tag="cat"))
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        suggest(context, run_id, scene.id, CAT, Draft("tag", "kitty", 3.0))
        (written,) = write(context, run_id, [scene.id])
        assert (written.tags, written.there_already) == (1, 1)
        assert journal(context) == [("create_tag", "cat", "done"), ("add_tag", "cat", "done")]


def test_two_plans_of_one_medium_write_nothing_twice(world: World) -> None:
    """A group may hold the analysis of a scene and the writing of what was accepted for it before."""
    scene = world.stash.add_scene_without_media("/1.mp4", "One", tags=["AI_TagMe"])
    before = world.library()
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        suggest(context, run_id, scene.id, CAT, MARKER)
        change = WorkflowChange(("AI_Tagged",), ("AI_TagMe",))
        write(context, run_id, [scene.id, scene.id], workflow=change)
        assert world.stash.markers_of(scene) == [("cat", 10.0, 20.5)]
        assert sorted(action for action, *_ in journal(context)) == [
            "add_tag",
            "add_tag",
            "create_marker",
            "create_tag",
            "create_tag",
            "remove_tag",
        ]
        assert [state for *_, state in states(context)] == ["applied", "applied"]
        assert undo_run(context, run_id).left == 0
    assert world.library() == before


@pytest.mark.parametrize("kind", ["image", "gallery"])
def test_images_and_galleries(world: World, kind: str) -> None:
    from tests.standin.samples import write_picture

    image = world.stash.add_image(write_picture(world.stash.library_dir / "1.png"), tags=["mine"])
    thing = image if kind == "image" else world.stash.add_gallery("A gallery", [image], tags=["mine"])
    before = world.library()
    with world.process() as context:
        run_id = context.store.runs.begin("Analyse new", "task")
        suggest(context, run_id, thing.id, CAT, kind=kind)  # type: ignore[arg-type]
        write(context, run_id, [thing.id], kind=kind)  # type: ignore[arg-type]
        assert world.stash.tags_of(thing) == ["cat", "mine"]
        undo_run(context, run_id)
    assert world.library() == before


class TestTags:
    def test_existing_tags_are_found_by_name_then_by_alias(self, world: World) -> None:
        world.stash.add_tag("Feline", aliases=["CAT"])
        world.stash.add_tag("DOG")
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            suggest(context, run_id, scene.id, CAT, DOG)
            write(context, run_id, [scene.id])
        assert world.stash.tags_of(scene) == ["DOG", "Feline"]
        assert world.stash.tag_names() == ["DOG", "Feline"]

    def test_new_ones_have_the_suffix_and_the_parent(self, world: World) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        world.set_up(tag_suffix=" (AI)", parent_tag="Found by AI")
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            suggest(context, run_id, scene.id, CAT, DOG)
            write(context, run_id, [scene.id], workflow=WorkflowChange(("AI_Tagged",)))
            assert world.stash.tags_of(scene) == ["AI_Tagged", "cat (AI)", "dog (AI)"]
            parent = world.stash.tag("Found by AI")
            assert world.stash.tag("cat (AI)").parent_ids == (parent.id,)
            assert world.stash.tag("AI_Tagged").parent_ids == ()
            assert context.transport.documents.count("SenseCreateTag") == 4
            undo_run(context, run_id)
        assert world.stash.tag_names() == []

    def test_one_that_somebody_made_meanwhile_is_used_and_is_not_ours(self, world: World) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            suggest(context, run_id, scene.id, CAT, DOG)
            assert context.writer.tags.find("cat") is None
            world.stash.add_tag("Cat")
            world.stash.add_tag("Canine", aliases=["dog"])
            before = world.library()
            (written,) = write(context, run_id, [scene.id])
            assert written.tags == 2 and written.failed == ()
            assert world.stash.tags_of(scene) == ["Canine", "Cat"]
            assert journal(context) == [
                ("create_tag", "cat", "void"),
                ("add_tag", "cat", "done"),
                ("add_tag", "dog", "done"),
            ]
            undo_run(context, run_id)
        assert world.library() == before

    def test_one_that_cannot_be_made_is_said_once_per_medium_and_tried_once(self, world: World) -> None:
        """To Stash, names are LIKE patterns: % and _ are any letters."""
        world.stash.add_tag("100 percent")
        scenes = [world.stash.add_scene_without_media(f"/{number}.mp4", "A scene") for number in (1, 2)]
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            for scene in scenes:
                suggest(context, run_id, scene.id, Draft("tag", "100%", 3.0), Draft("marker", "100%", 3.0, 1, 9), CAT)
            written = write(context, run_id, [scene.id for scene in scenes])
            assert [one.tags for one in written] == [1, 1]
            assert all("'100%' could not be made" in one.failed[0] and len(one.failed) == 1 for one in written)
            assert context.transport.documents.count("SenseCreateTag") == 2
            assert ("tag", "100%", "accepted") in states(context)

    def test_the_index_follows_stash_after_it_refused_something(self, world: World) -> None:
        """A drain runs for hours; its owner merges tags meanwhile."""
        cat = world.stash.add_tag("cat")
        scenes = [world.stash.add_scene_without_media(f"/{number}.mp4", "A scene") for number in (1, 2)]
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            for scene in scenes:
                suggest(context, run_id, scene.id, CAT)
            index = context.writer.tags
            with world.stash.library.transaction():
                world.stash.library.remove(Tag, cat.id)
            world.stash.add_tag("Feline", aliases=["cat"])
            (written,) = write(context, run_id, [scenes[0].id])
            assert written.tags == 0 and "scene 1: Stash answered:" in written.failed[0]
            assert [one.tags for one in write(context, run_id, [scene.id for scene in scenes])] == [1, 1]
            assert context.writer.tags is index, "whoever decides by it sees what Stash has now"
        assert world.stash.tags_of(scenes[0]) == ["Feline"]

    def test_wish_tags_are_made_where_they_are_not(self, world: World) -> None:
        world.stash.add_tag("AI_TagMe")
        with world.process() as context:
            run_id = context.store.runs.begin("Set up", "task")
            assert context.writer.ensure_tags(run_id, ["ai_tagme", "AI_Reprocess"]) == []
        assert world.stash.tag_names() == ["AI_Reprocess", "AI_TagMe"]


class TestWorkflow:
    def test_tags_come_and_go_and_come_back(self, world: World) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One", tags=["AI_TagMe", "mine"])
        before = world.library()
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            change = WorkflowChange(("AI_Tagged",), ("AI_TagMe", "AI_Errored"))
            (written,) = write(context, run_id, [scene.id], workflow=change)
            assert (written.tags, written.markers) == (0, 0)
            assert world.stash.tags_of(scene) == ["AI_Tagged", "mine"]
            write(context, run_id, [scene.id], workflow=change)
            assert [action for action, *_ in journal(context)] == ["create_tag", "add_tag", "remove_tag"]
            undo_run(context, run_id)
        assert world.library() == before


class TestRequests:
    def test_a_group_of_twenty_is_two_requests_besides_new_tags(self, world: World) -> None:
        scenes = [world.stash.add_scene_without_media(f"/{number}.mp4", "A scene") for number in range(20)]
        world.stash.add_tag("dog")
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            for number, scene in enumerate(scenes):
                suggest(context, run_id, scene.id, CAT, MARKER, *([DOG] if number % 2 else []))
            write(context, run_id, [scene.id for scene in scenes], workflow=WorkflowChange(("AI_Tagged",)))
            assert context.transport.documents == [
                "SenseScenes",
                "SenseTags",
                "SenseCreateTag",
                "SenseCreateTag",
                "SenseChanges",
            ]
            context.transport.documents.clear()
            for scene in scenes:
                suggest(context, run_id, scene.id, Draft("marker", "dog", 3.0, 30, 40))
            write(context, run_id, [scene.id for scene in scenes])
            assert context.transport.documents == ["SenseScenes", "SenseChanges"], "a tenth of a request per scene"
            (changes,) = world.stash.requests.all(operation="SenseChanges")[1:]
            assert changes.fields == ("sceneMarkerCreate",) * 20
        first = world.stash.requests.all(operation="SenseChanges")[0]
        assert first.fields == ("bulkSceneUpdate",) * 2 + ("sceneMarkerCreate",) * 20

    def test_nothing_to_write_asks_nothing(self, world: World) -> None:
        scene = world.stash.add_scene_without_media("/1.mp4", "One")
        with world.process() as context:
            write(context, context.store.runs.begin("x", "task"), [scene.id])
            assert context.transport.documents == ["SenseScenes"]


class TestTrouble:
    @pytest.fixture
    def three(self, world: World) -> list[int]:
        world.stash.add_tag("cat")
        return [world.stash.add_scene_without_media(f"/{number}.mp4", "A scene").id for number in (1, 2, 3)]

    @pytest.mark.parametrize("gone", [0, 1, 2])
    def test_one_that_is_gone_harms_no_neighbour(self, world: World, three: list[int], gone: int) -> None:
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            for media_id in three:
                suggest(context, run_id, media_id, CAT, MARKER)
            with context.writer.turn():
                media = context.stash.media("scene", three)
                from plugin.review.writer import MediumPlan

                accepted = {one: context.store.suggestions.of_medium("scene", one, ("accepted",)) for one in three}
                world.stash.graphql("mutation($id: ID!) { sceneDestroy(input: {id: $id}) }", {"id": three[gone]})
                written = context.writer.write([MediumPlan(run_id, media[one], accepted[one]) for one in three])
            for number, (media_id, one) in enumerate(zip(three, written, strict=True)):
                if number == gone:
                    assert (one.tags, one.markers) == (0, 0) and "Stash answered" in one.failed[0]
                    assert context.store.journal.ours("scene", media_id) == []
                else:
                    assert (one.tags, one.markers, one.failed) == (1, 1, ())
                    assert world.stash.tags_of(media_id) == ["cat"]
                    assert world.stash.markers_of(media_id) == [("cat", 10.0, 20.5)]
                    assert [state for *_, state in states(context, media_id)] == ["applied", "applied"]
            assert context.store.journal.unsettled() == []

    def test_a_fault_half_way_leaves_what_was_done_ours(self, world: World, three: list[int]) -> None:
        """Tags are set, then a marker is refused: its end lies before its start."""
        before = world.library()
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            suggest(context, run_id, three[0], CAT, Draft("marker", "cat", 3.0, 20.0, 10.0))
            (written,) = write(context, run_id, [three[0]])
            assert (written.tags, written.markers) == (1, 0) and len(written.failed) == 1
            assert states(context) == [("tag", "cat", "applied"), ("marker", "cat", "accepted")]
            assert journal(context) == [("add_tag", "cat", "done"), ("create_marker", "cat", "void")]
            undo_run(context, run_id)
        assert world.library() == before

    @pytest.mark.parametrize("fault", ["drop_before", "drop_after", "drop_midway", "status"])
    def test_an_answer_that_does_not_come_is_repaired_at_the_next_turn(
        self, world: World, three: list[int], fault: str
    ) -> None:
        before = world.library()
        with world.process() as context:
            run_id = context.store.runs.begin("Analyse new", "task")
            for media_id in three:
                suggest(context, run_id, media_id, CAT, MARKER)
            world.stash.faults.add(fault, field="bulkSceneUpdate")
            with pytest.raises(StashUnavailable):
                write(context, run_id, three)
            assert len(context.store.journal.unsettled()) == 6
            assert len(world.stash.requests.all(operation="SenseChanges")) <= 1, "never twice"
        with world.process() as context:
            write(context, run_id, three)
            assert context.store.journal.unsettled() == []
            for media_id in three:
                assert world.stash.tags_of(media_id) == ["cat"]
                assert world.stash.markers_of(media_id) == [("cat", 10.0, 20.5)]
                assert [state for *_, state in states(context, media_id)] == ["applied", "applied"]
            undo_run(context, run_id)
        assert world.library() == before

    def test_a_run_that_was_undone_while_it_was_in_work_writes_nothing_more(
        self, world: World, three: list[int]
    ) -> None:
        with world.process() as context, world.process() as other:
            run_id = context.store.runs.begin("Analyse new", "task")
            for media_id in three[:2]:
                suggest(context, run_id, media_id, Draft("tag", "cat", 3.0, accept=True), accept=False)
            write(context, run_id, three[:1])
            undo_run(other, run_id)
            assert [one.tags for one in write(context, run_id, three[:2])] == [0, 0]
            found: list[Suggestion] = context.store.suggestions.find()
            assert [(one.state, one.held) for one in found] == [("pending", True)] * 2
        assert [world.stash.tags_of(media_id) for media_id in three] == [[], [], []]
