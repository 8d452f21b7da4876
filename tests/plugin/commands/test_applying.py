from __future__ import annotations

from plugin.commands.applying import write_now
from plugin.store.suggestions import Draft
from tests.plugin.store.samples import analysis
from tests.plugin.world import World, suggest
from tests.standin.samples import write_picture

CAT = Draft("tag", "cat", 3.0)
MARKER = Draft("marker", "cat", 3.0, 1.0, 9.0)


def test_what_was_just_accepted_is_written_for_media_of_any_kind(world: World) -> None:
    scene = world.stash.add_scene_without_media("/1.mp4", "One")
    tagged = world.stash.add_scene_without_media("/2.mp4", "Two", tags=["cat"])
    image = world.stash.add_image(write_picture(world.stash.library_dir / "1.png"))
    with world.process() as context:
        run_id = context.store.runs.begin("x", "operation")
        context.store.analyses.save(analysis(run_id, 99))
        suggest(context, run_id, scene.id, CAT, MARKER)
        suggest(context, run_id, tagged.id, CAT)
        suggest(context, run_id, image.id, CAT, kind="image")
        suggest(context, run_id, 99, CAT)
        keys = [("scene", scene.id), ("scene", tagged.id), ("image", image.id), ("scene", 99)]
        answer = write_now(context, run_id, keys)
        assert answer == {"tags": 2, "markers": 1, "performers": 0, "there_already": 1, "gone": 1, "failed": []}
        assert context.store.analyses.get("scene", 99) is None
        assert context.store.suggestions.of_medium("scene", 99) == []
        assert context.transport.documents.count("SenseChanges") == 1
    assert world.stash.tags_of(scene) == ["cat"] and world.stash.tags_of(image) == ["cat"]
    assert world.stash.markers_of(scene) == [("cat", 1.0, 9.0)]


def test_nothing_to_write(world: World) -> None:
    with world.process() as context:
        answer = write_now(context, context.store.runs.begin("x", "operation"), [])
        assert answer == {"tags": 0, "markers": 0, "performers": 0, "there_already": 0, "gone": 0, "failed": []}
        assert context.transport.documents == []
