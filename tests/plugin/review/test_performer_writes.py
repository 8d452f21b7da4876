"""Performers are written, found, made and taken back through the journal, whatever kills the process meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plugin.commands.undoing import undo_media, undo_run, undo_suggestions
from plugin.stash.values import MediaKind
from plugin.store.suggestions import Draft, Suggestion
from tests.plugin.world import Doom, Killed, WatchedContext, World, suggest, write
from tests.standin.library.things import Scene
from tests.standin.samples import write_picture

BOX = "https://box.example/graphql"


def person(name: str, *keys: str, accept: bool = False) -> Draft:
    return Draft(
        "performer", name, 0.75, reason={"track_ids": [], "decision": "match"}, person_keys=keys, accept=accept
    )


ADA = person("Ada", "stash:1", f"box:{BOX}|ada")
BO = person("Bo", f"box:{BOX}|bo")


@pytest.fixture
def scene(world: World) -> Scene:
    world.stash.add_performer("Ada", stash_ids=[(BOX, "ada")])
    world.stash.add_performer("Mine")
    found: Scene = world.stash.add_scene_without_media("/1.mp4", "One", tags=["mine"], performer_ids=(2,))
    return found


def begin(context: WatchedContext) -> int:
    return context.store.runs.begin("Identify performers", "task")


def on(world: World, scene: Scene) -> list[str]:
    return sorted(world.stash.performers_of(world.stash.scene(scene.id)))


def names(world: World) -> list[str]:
    return sorted(one.name for one in world.stash.library.all(type(world.stash.performer(1))))


def state_of(context: WatchedContext, found: Suggestion) -> str:
    (now,) = context.store.suggestions.get([found.id])
    return now.state


def test_a_performer_is_added_beside_the_owners_and_taken_back(world: World, scene: Scene) -> None:
    before = world.library()
    with world.process() as context:
        run_id = begin(context)
        suggest(context, run_id, scene.id, ADA)
        (written,) = write(context, run_id, [scene.id])
        assert (written.performers, written.tags, written.failed) == (1, 0, ())
        assert on(world, scene) == ["Ada", "Mine"]
        (row,) = [one for one in context.store.runs.summaries(10) if one.run.id == run_id]
        assert (row.written, row.undo_performers, row.undo_media) == (1, 1, 1)
        undone = undo_run(context, run_id)
        assert (undone.taken_back, undone.left) == (1, 0) and world.library() == before


@pytest.mark.parametrize("kind", ["image", "gallery"])
def test_images_and_galleries_get_them_too(world: World, scene: Scene, kind: MediaKind) -> None:
    image = world.stash.add_image(write_picture(world.stash.library_dir / "1.png"), "A picture")
    gallery = world.stash.add_gallery("Pictures", [image])
    thing = image if kind == "image" else gallery
    with world.process() as context:
        run_id = begin(context)
        suggest(context, run_id, thing.id, ADA, kind=kind)
        write(context, run_id, [thing.id], kind=kind)
        assert world.stash.performers_of(getattr(world.stash, kind)(thing.id)) == ["Ada"]
        assert undo_media(context, kind, [thing.id]).taken_back == 1
        assert world.stash.performers_of(getattr(world.stash, kind)(thing.id)) == []


def test_many_media_share_a_request_and_a_look_at_the_performer(world: World, scene: Scene) -> None:
    others = [world.stash.add_scene_without_media(f"/{n}.mp4", "Another").id for n in range(2, 12)]
    with world.process() as context:
        run_id = begin(context)
        for media_id in others:
            suggest(context, run_id, media_id, ADA)
        context.transport.documents.clear()
        assert sum(one.performers for one in write(context, run_id, others)) == 10
        assert context.transport.documents == ["SenseScenes", "SensePerformerDetail", "SenseChanges"]


class TestSomebodyWhoIsOnlyInAStashBox:
    def test_is_made_with_their_id_and_goes_with_the_run(self, world: World, scene: Scene) -> None:
        before = world.library()
        with world.process() as context:
            run_id = begin(context)
            suggest(context, run_id, scene.id, BO)
            write(context, run_id, [scene.id])
            assert on(world, scene) == ["Bo", "Mine"]
            made = world.stash.performer(3)
            assert [(one.endpoint, one.stash_id) for one in made.stash_ids] == [(BOX, "bo")]
            undone = undo_run(context, run_id)
            assert undone.taken_back == 2 and world.library() == before

    def test_is_found_by_that_id_whatever_they_are_called(self, world: World, scene: Scene) -> None:
        world.stash.add_performer("Robert", stash_ids=[(BOX, "bo")])
        with world.process() as context:
            suggest(context, run_id := begin(context), scene.id, BO)
            write(context, run_id, [scene.id])
        assert on(world, scene) == ["Mine", "Robert"] and "Bo" not in names(world)

    def test_is_never_found_by_name_and_the_owner_is_told_what_to_do(self, world: World, scene: Scene) -> None:
        world.stash.add_performer("Bo")
        before = world.library()
        with world.process() as context:
            suggest(context, run_id := begin(context), scene.id, BO)
            (written,) = write(context, run_id, [scene.id])
            (said,) = written.failed
            assert "Bo could not be made" in said and "already exists" in said and "give that one the id bo" in said
            (found,) = context.store.suggestions.of_medium("scene", scene.id)
            assert found.state == "accepted" and world.library() == before
            update = "mutation($i: PerformerUpdateInput!) { performerUpdate(input: $i) { id } }"
            world.stash.graphql(update, {"i": {"id": "3", "stash_ids": [{"endpoint": BOX, "stash_id": "bo"}]}})
            write(context, run_id, [scene.id])
            assert state_of(context, found) == "applied" and on(world, scene) == ["Bo", "Mine"]

    @pytest.mark.parametrize("change", [{"name": "Bobby"}, {"disambiguation": "the first"}, {"details": "a friend"}])
    def test_stays_once_somebody_made_them_their_own(
        self, world: World, scene: Scene, change: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with world.process() as context:
            suggest(context, run_id := begin(context), scene.id, BO)
            write(context, run_id, [scene.id])
            made = world.stash.performer(3)
            clock = world.stash.library
            with monkeypatch.context() as later:
                later.setattr(clock, "now_s", lambda: made.created_s + 60)
                world.stash.change(made, **change)
            assert undo_run(context, run_id).taken_back == 1
        assert on(world, scene) == ["Mine"] and len(names(world)) == 3

    def test_stays_while_others_use_them(self, world: World, scene: Scene) -> None:
        with world.process() as context:
            suggest(context, run_id := begin(context), scene.id, BO)
            write(context, run_id, [scene.id])
            world.stash.add_scene_without_media("/2.mp4", "Two", performer_ids=(3,))
            undo_run(context, run_id)
        assert "Bo" in names(world)


def test_a_performer_who_is_gone_is_found_by_their_stash_box(world: World, scene: Scene) -> None:
    world.stash.graphql('mutation { performerDestroy(input: {id: "1"}) }')
    world.stash.add_performer("Ada again", stash_ids=[(BOX, "ada")])
    with world.process() as context:
        suggest(context, run_id := begin(context), scene.id, ADA)
        write(context, run_id, [scene.id])
    assert on(world, scene) == ["Ada again", "Mine"]


def test_a_performer_who_is_gone_for_good_is_said_to_be(world: World, scene: Scene) -> None:
    with world.process() as context:
        suggest(context, run_id := begin(context), scene.id, person("Nobody", "stash:77"))
        (written,) = write(context, run_id, [scene.id])
    assert written.failed == ("Nobody is no performer of Stash any more",) and on(world, scene) == ["Mine"]


def test_who_is_there_already_is_applied_and_not_ours(world: World, scene: Scene) -> None:
    with world.process() as context:
        (found,) = suggest(context, run_id := begin(context), scene.id, person("Mine", "stash:2"))
        (written,) = write(context, run_id, [scene.id])
        assert written.there_already == 1 and state_of(context, found) == "applied"
        assert undo_run(context, run_id).taken_back == 0
    assert on(world, scene) == ["Mine"]


def test_who_the_owner_removed_is_refused_by_every_key(world: World, scene: Scene) -> None:
    with world.process() as context:
        (found,) = suggest(context, run_id := begin(context), scene.id, ADA)
        write(context, run_id, [scene.id])
        world.stash.change(world.stash.scene(scene.id), performer_ids=(2,))
        undone = undo_run(context, run_id)
        assert (undone.taken_back, undone.left) == (0, 1) and state_of(context, found) == "rejected"
        (refusal,) = context.store.suggestions.refusals("scene", scene.id)
        assert refusal.person_keys == ADA.person_keys
        context.store.suggestions.accept([found.id])
        assert context.store.suggestions.refusals("scene", scene.id) == []


def test_a_decision_is_taken_back_alone(world: World, scene: Scene) -> None:
    with world.process() as context:
        suggest(context, run_id := begin(context), scene.id, ADA, BO)
        write(context, run_id, [scene.id])
        ada = next(one for one in context.store.suggestions.of_medium("scene", scene.id) if one.label == "Ada")
        assert undo_suggestions(context, [ada.id]).taken_back == 1
        assert state_of(context, ada) == "pending"
    assert on(world, scene) == ["Bo", "Mine"]


class Story:
    """Scenes for which two persons are accepted: one of them is only in a stash-box."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scene: Scene = world.stash.add_scene_without_media("/1.mp4", "One")
        self.before, self.run_id = "", 0

    def begin(self) -> None:
        """Another scene, as if nothing had ever been."""
        self.scene = self.world.stash.add_scene_without_media(f"/{self.scene.id}.mp4", "Another")
        self.before = self.world.library()
        with self.world.process() as context:
            self.run_id = begin(context)
            suggest(context, self.run_id, self.scene.id, ADA, BO)

    def write(self, context: WatchedContext) -> None:
        write(context, self.run_id, [self.scene.id])

    def undo(self, context: WatchedContext) -> None:
        undo_run(context, self.run_id)

    def is_killed(self, doom: Doom, work: Callable[[WatchedContext], None]) -> bool:
        context = WatchedContext(self.world.server, doom)
        try:
            work(context)
        except Killed:
            return True
        finally:
            context.close()
        return False

    def end(self) -> tuple[list[str], list[str], list[str], int]:
        with self.world.process() as context:
            states = sorted(str(one.state) for one in context.store.suggestions.of_medium("scene", self.scene.id))
            assert context.store.journal.unsettled() == []
            ours = len(context.store.journal.of_run(self.run_id))
        return on(self.world, self.scene), names(self.world), states, ours


def test_a_process_that_is_killed_at_any_step_writes_and_undoes_once(world: World) -> None:
    """Every step is one at which the first process ends; the second finds out what Stash has, and goes on."""
    world.stash.add_performer("Ada", stash_ids=[(BOX, "ada")])
    story = Story(world)
    wanted = (["Ada", "Bo"], ["Ada", "Bo"], ["applied", "applied"], 3)
    writing, undoing = Doom(), Doom()
    story.begin()
    assert not story.is_killed(writing, story.write)
    assert story.end() == wanted
    assert not story.is_killed(undoing, story.undo)
    assert world.library() == story.before
    assert {"before SenseCreatePerformer", "after SenseCreatePerformer", "after SenseChanges"} <= set(writing.log)
    assert {"before SenseDestroyPerformer", "after SenseDestroyPerformer"} <= set(undoing.log)
    for step in range(max(writing.count, undoing.count)):
        story.begin()
        assert story.is_killed(Doom(step), story.write) or step >= writing.count
        assert not story.is_killed(Doom(), story.write)
        assert story.end() == wanted, writing.log[step]
        assert story.is_killed(Doom(step), story.undo) or step >= undoing.count
        assert not story.is_killed(Doom(), story.undo)
        assert world.library() == story.before, undoing.log[step]
