"""The task as Stash runs it, and the drain that follows what hooks told of."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.context import FACES_IN_USE
from plugin.hooks.hook import handle
from plugin.interface.input import HookContext
from plugin.people import asking
from plugin.people.box_states import box_states
from plugin.people.changed import changed
from plugin.people.keeper import image_id_of
from plugin.queue.drain import Drain
from plugin.sidecar_values import SidecarError
from plugin.tasks import references
from plugin.tasks.references import update_references
from tests.plugin.fake_faces import FakeFaces, faces_of, fake_faces
from tests.plugin.world import World
from tests.standin.samples import manifest, picture, program
from tests.standin.stashbox import StashBox


@pytest.fixture
def faces() -> FakeFaces:
    return fake_faces()


def run(world: World, faces: FakeFaces, **args: Any) -> str:
    with world.process() as context, faces_of(context, faces):
        return update_references(context, args)


def drain(world: World, faces: FakeFaces) -> str:
    """Whoever sleeps in it sleeps in no time."""
    now = [0.0]
    with world.process() as context, faces_of(context, faces) as sidecar:
        return Drain(
            context, lambda: sidecar, lambda seconds: now.__setitem__(0, now[0] + seconds), lambda: now[0]
        ).run()


def test_the_task_says_what_it_did(world: World, faces: FakeFaces, capsys: pytest.CaptureFixture[str]) -> None:
    world.stash.add_performer("Ada", image=picture(1))
    assert run(world, faces) == "1 performers of Stash are up to date; 1 pictures were fetched"
    assert "\x01p\x021.0" in capsys.readouterr().err


def test_a_whole_box_by_the_tasks_argument(world: World, faces: FakeFaces) -> None:
    with StashBox() as box:
        world.stash.add_stash_box(box.endpoint, box.api_key, "A box", 6000)
        box.add_performer("Ada", [picture(1)])
        assert "1 of stash-boxes" in run(world, faces, endpoint=box.endpoint)
        with world.process() as context:
            assert box_states(context.store.meta)[box.endpoint].whole_s


def test_it_steps_aside_for_another_task_and_goes_on_behind_it(
    world: World, faces: FakeFaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "LOOK_S", 0.0)
    for number in range(5):
        world.stash.add_performer(f"P{number}", image=picture(number))
    body = "time.sleep(float(args.get('seconds', 0))); answer()"
    world.stash.add_plugin(
        "other", manifest(tasks={"Busy": {"seconds": "1"}, "Waits": None}), {"main.py": program(body)}
    )
    world.stash.add_plugin("stash-sense-native", manifest(tasks={"T": None}), {"main.py": program("answer()")})
    queue = 'mutation($t: String) { runPluginTask(plugin_id: "other", task_name: $t) }'
    for task in ("Busy", "Waits"):
        world.stash.graphql(queue, {"t": task})
    assert run(world, faces).startswith("another task waits, so the rest goes on behind it; so far 1 performers")
    assert list(faces.people) == ["stash:1"]
    (asked,) = world.stash.requests.all(operation="SenseRunTask")
    assert (asked.variables["description"], asked.variables["args"]) == (asking.DESCRIPTION, {"mode": asking.MODE})
    world.stash.wait_for_jobs()
    run(world, faces)
    assert len(faces.people) == 5


def test_a_hook_leads_to_the_picture_being_known(world: World, faces: FakeFaces) -> None:
    world.stash.add_plugin("stash-sense-native", manifest(tasks={"T": None}), {"main.py": program("answer()")})
    world.stash.add_performer("Ada", image=picture(1))
    run(world, faces)
    with world.process() as context:
        assert context.config  # as every task does: hooks learn that faces are in use
    tom = world.stash.add_performer("Tom", image=picture(2))
    handle(world.server, HookContext(tom.id, "Performer.Create.Post", {"name": "Tom"}, ()))
    world.stash.wait_for_jobs()
    assert [one.variables["args"] for one in world.stash.requests.all(operation="SenseRunTask")] == [{"mode": "drain"}]
    drain(world, faces)
    assert faces.image_ids("stash:2", "stash") == [image_id_of(picture(2))]
    with world.process() as context:
        assert changed(context.store) == [] and context.store.events.count() == 0


def test_a_bulk_edit_is_followed_in_one_drain(world: World, faces: FakeFaces) -> None:
    performers = [world.stash.add_performer(f"P{number}", image=picture(number)) for number in range(60)]
    with world.process() as context:
        for one in performers:
            context.store.db.run(
                "INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (1, 'performer', ?, 'person')", one.id
            )
    drain(world, faces)
    assert len(faces.people) == 60


def test_a_sidecar_without_faces_keeps_nobody_from_analysing(
    world: World, faces: FakeFaces, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(request: Any) -> str | None:
        raise SidecarError("no faces here")

    faces.on_enrol = refuse
    ada = world.stash.add_performer("Ada", image=picture(1))
    with world.process() as context:
        context.store.db.run(
            "INSERT INTO hook_event (at_s, kind, media_id, wish) VALUES (1, 'performer', ?, 'person')", ada.id
        )
    assert drain(world, faces) == "done: 0 media"
    assert "performers that changed are looked at later" in capsys.readouterr().err
    with world.process() as context:
        assert changed(context.store) == [ada.id] and context.store.meta.get(FACES_IN_USE) is None
    faces.on_enrol = lambda request: None
    run(world, faces)
    with world.process() as context:
        assert changed(context.store) == []
