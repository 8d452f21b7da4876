"""Processes that write at once take turns: none fails, and none repairs what another is just doing."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugin.locks import LockHeld, exclusive
from plugin.review import writer
from plugin.store.suggestions import Draft
from tests.plugin.world import World, suggest, write

ROOT = Path(__file__).parents[3]

WRITER = """
import json, sys
sys.path.insert(0, sys.argv[1])
from plugin.context import Context
from plugin.interface.input import parse_input
from plugin.store.suggestions import Draft
from tests.plugin.world import suggest, write
context = Context(parse_input({"server_connection": json.loads(sys.argv[2]), "args": {}}, "/plugin").server, False)
label, ids = sys.argv[3], json.loads(sys.argv[4])
run_id = context.store.runs.begin(label, "task")
for media_id in ids:
    suggest(context, run_id, media_id, Draft("tag", label, 3.0), Draft("marker", label, 3.0, 1.0, 9.0), accept=False)
    mine = [one.id for one in context.store.suggestions.of_medium("scene", media_id) if one.label == label]
    context.store.suggestions.accept(mine)
    write(context, run_id, [media_id])
context.close()
"""


def test_two_that_write_to_the_same_scenes(world: World) -> None:
    scenes = [world.stash.add_scene_without_media(f"/{number}.mp4", "A scene", tags=["mine"]) for number in range(10)]
    world.set_up()
    ids = json.dumps([scene.id for scene in scenes])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(ROOT), json.dumps(world.stash.connection()), label, ids],
            stderr=subprocess.PIPE,
            text=True,
        )
        for label in ("cat", "dog")
    ]
    assert [process.communicate(timeout=60)[1] for process in processes] == ["", ""]
    for scene in scenes:
        assert world.stash.tags_of(scene) == ["cat", "dog", "mine"]
        assert sorted(world.stash.markers_of(scene)) == [("cat", 1.0, 9.0), ("dog", 1.0, 9.0)]
    with world.process() as context:
        assert context.store.journal.unsettled() == []
        states = context.store.db.rows("SELECT DISTINCT state FROM journal WHERE action != 'create_tag'")
        assert states == [("done",)]
        assert len(context.store.suggestions.find(("applied",), limit=100)) == 40
    changes = sorted((one.time_s, one.time_s + one.took_s) for one in world.stash.requests.mutations())
    assert all(ended <= began + 0.001 for (_, ended), (began, _) in itertools.pairwise(changes))


def test_a_turn_that_does_not_come_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "PATIENCE_S", 0.2)
    scene = world.stash.add_scene_without_media("/1.mp4", "A scene")
    with world.process() as context:
        run_id = context.store.runs.begin("x", "task")
        suggest(context, run_id, scene.id, Draft("tag", "cat", 3.0))
        with exclusive(str(world.data_dir / writer.LOCK_NAME)):
            began = time.monotonic()
            with pytest.raises(LockHeld, match="does writing to Stash already"):
                write(context, run_id, [scene.id])
            assert time.monotonic() - began < 2
        assert context.transport.documents == []
        write(context, run_id, [scene.id])
    assert world.stash.tags_of(scene) == ["cat"]
