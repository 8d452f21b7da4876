"""People found by words, and references asked for: with a real stash-box's stand-in behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from plugin.commands.people import ERASE
from plugin.context import FACES_IN_USE, Context
from plugin.locks import LockHeld
from plugin.operations import people, people_sources
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from plugin.people.asking import DESCRIPTION, TITLE, is_update, others_wait
from plugin.people.box_states import box_states, change_box
from plugin.people.changed import changed, note_changed
from plugin.people.forgetting import alone
from plugin.queue.asking import is_drain, other_waits
from plugin.stash.values import StashJob
from plugin.store.face_references import Bootstrap
from tests.plugin.fake_faces import faces_of, fake_faces
from tests.plugin.world import World
from tests.standin.samples import manifest, picture, program
from tests.standin.stashbox import StashBox, keys_sent


def find(context: Context, **args: Any) -> dict[str, Any]:
    return people_sources.find(context, parse_arguments(OPERATIONS["people.find"], args))


def sync(context: Context, **args: Any) -> Mapping[str, Any]:
    return people_sources.sync(context, parse_arguments(OPERATIONS["people.sync"], args))


def waiting(world: World) -> list[tuple[str, Mapping[str, Any]]]:
    return [
        (one.variables["description"], one.variables["args"])
        for one in world.stash.requests.all(operation="SenseRunTask")
    ]


def test_found_in_stash_without_asking_anybody_else(world: World) -> None:
    with StashBox() as box, world.process() as context:
        world.stash.add_stash_box(box.endpoint, box.api_key, "A box")
        world.stash.add_performer("Ada", image=picture(1), alias_list=("Countess",))
        world.stash.add_performer("Tom")
        found = find(context, words="countess")
        assert [one["name"] for one in found["performers"]] == ["Ada"] and found["boxes"] == []
        assert found["performers"][0]["picture"].startswith("performer/1/image?t=")
        assert find(context, words="tom")["performers"][0]["picture"] == ""
        assert box.asked == []


def test_found_in_stash_boxes_each_for_itself(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with StashBox() as box, StashBox("another key") as other, world.process() as context:
        world.stash.add_stash_box(box.endpoint, box.api_key, "A box")
        world.stash.add_stash_box(other.endpoint, "a wrong key", "Other")
        ada = box.add_performer("Ada", [picture(1)])
        found = find(context, words="ada", boxes=True)
        assert found["boxes"] == [
            {
                "endpoint": box.endpoint,
                "box": "A box",
                "id": ada.id,
                "name": "Ada",
                "disambiguation": "",
                "picture_url": "",
            }
        ]
        assert len(found["problems"]) == 1 and "Other does not accept the API key" in found["problems"][0]
        assert box.api_key not in str(found) and box.fetched() == []
        assert len(keys_sent([box], box.api_key)) == 1 and keys_sent([other], box.api_key) == []
    assert "key" not in capsys.readouterr().err.lower()


def test_a_whole_box_is_asked_for_and_given_back(world: World) -> None:
    world.stash.add_plugin("stash-sense-native", manifest(tasks={"T": None}), {"main.py": program("answer()")})
    endpoint = "https://box.example/graphql"
    world.stash.add_stash_box(endpoint, "k", "A box")
    with world.process() as context:
        assert sync(context, endpoint=endpoint, whole=True)["job_id"]
        wished = box_states(context.store.meta)[endpoint]
        assert (wished.whole, wished.page) == (True, 1)
        world.stash.wait_for_jobs()
        sync(context, endpoint=endpoint)
        assert not box_states(context.store.meta)[endpoint].whole
        assert waiting(world) == [(DESCRIPTION, {"mode": "update_references"})] * 2
        change_box(context.store.meta, endpoint, known=7, wanted=9, synced_s=5.0, problem="away")
        assert people_sources.boxes(context) == [
            {
                "endpoint": endpoint,
                "name": "A box",
                "synced_s": 5.0,
                "known": 7,
                "wanted": 9,
                "whole": False,
                "problem": "away",
            }
        ]
        with pytest.raises(ArgumentError, match=f"it has: {re.escape(endpoint)}"):
            sync(context, endpoint="https://other/graphql", whole=True)
        with pytest.raises(ArgumentError, match="needs an endpoint"):
            sync(context, whole=True)


def test_an_update_is_asked_for_once(world: World) -> None:
    body = "time.sleep(0.5); answer()"
    world.stash.add_plugin("stash-sense-native", manifest(tasks={"T": None}), {"main.py": program(body)})
    with world.process() as context:
        first = sync(context)["job_id"]
        second = sync(context)["job_id"]
        assert first and (second is None or sync(context)["job_id"] is None)


def test_who_steps_aside_for_whom() -> None:
    def job(description: str) -> StashJob:
        return StashJob(1, "READY", description)

    assert is_update(job(DESCRIPTION)) and is_update(job(TITLE)) and not is_update(job("Stash Sense"))
    assert is_drain(job("Stash Sense")) and not is_drain(job(DESCRIPTION))
    # What the plugin asked for itself waits until all is analysed; what the owner asks for does not.
    assert not other_waits([job(DESCRIPTION)]) and other_waits([job(TITLE)])
    assert others_wait([job("Stash Sense")]) and others_wait([job("Scanning...")]) and not others_wait([job(TITLE)])


def test_erasing_takes_all_that_is_known_of_references(world: World) -> None:
    faces = fake_faces()
    endpoint = "https://box.example/graphql"
    with world.process() as context, faces_of(context, faces):
        store = context.store
        store.face_references.save("stash:1", "stash", {"a": "sha256:x"})
        store.face_references.save_bootstraps([Bootstrap("c", "t", "scene", 1, "stash:1")])
        change_box(store.meta, endpoint, known=1)
        note_changed(store, [5])
        store.meta.set(FACES_IN_USE, 1.0)
        with alone(store, 0.0), pytest.raises(LockHeld), alone(store, 0.0):
            pass
        people.erase(context, {"confirmation": ERASE})
        assert store.face_references.get("stash:1") is None and store.face_references.bootstraps() == []
        assert box_states(store.meta) == {} and changed(store) == [] and store.meta.get(FACES_IN_USE) is None
