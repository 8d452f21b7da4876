"""The packaged plugin and a real sidecar: performers suggested, accepted, written and undone; unknown people named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.demonstration.library import PEOPLE_FILMS, make_people, portrait
from tests.plugin.road.installed import InstalledPlugin, installed
from tests.standin.library.things import Scene


@pytest.fixture(scope="module")
def people_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("l")
    make_people(folder)
    return folder


@pytest.fixture(scope="module")
def alone(
    tmp_path_factory: pytest.TempPathFactory, people_library: Path, model_cache: Path
) -> Iterator[InstalledPlugin]:
    """With a sidecar of its own: who is known there changes here."""
    with installed(tmp_path_factory.mktemp("p"), model_cache, people_library) as plugin:
        for name in PEOPLE_FILMS:
            plugin.stash.add_scene(people_library / name, Path(name).stem)
        plugin.task("Set up", timeout_s=240)
        yield plugin


def scene(plugin: InstalledPlugin, title: str) -> Any:
    return next(one for one in plugin.stash.library.all(Scene) if one.title == title)


def who(plugin: InstalledPlugin, scene_id: int) -> dict[str, dict[str, Any]]:
    tracks = plugin.ask("people.medium", kind="scene", id=scene_id)["tracks"]
    return {track["who"]["name"]: track for track in tracks if track["who"]}


def test_from_a_portrait_to_the_performer_of_a_scene_and_back(alone: InstalledPlugin) -> None:
    stash = alone.stash
    hopper = stash.add_performer("Grace Hopper", image=portrait("Grace Hopper"))
    collins = stash.add_performer("Eileen Collins", image=portrait("Eileen Collins"))
    both = scene(alone, "two pioneers")
    assert alone.task("Update face references", timeout_s=240).status == "FINISHED"
    before = stash.snapshot(times=False)
    assert alone.task("Identify performers", timeout_s=240).status == "FINISHED"
    assert stash.performers_of(both) == [], "nothing is written before somebody says so"

    seen = who(alone, both.id)
    assert set(seen) == {"Grace Hopper", "Eileen Collins"}
    (start_s, end_s) = seen["Grace Hopper"]["spans"][0]
    assert start_s == 0.0
    assert abs(end_s - 4.2) <= 0.6
    assert abs(seen["Eileen Collins"]["spans"][0][0] - 6.6) <= 0.6
    suggestions = alone.ask("people.suggestions")["suggestions"]
    mine = {one["who"]["performer_id"]: one for one in suggestions if one["media_id"] == both.id}
    assert set(mine) == {hopper.id, collins.id}
    reason = mine[hopper.id]["reason"]
    assert reason["decision"] == "match"
    assert reason["views"] >= 2
    assert reason["seconds"] > 3

    accepted = alone.ask("suggestions.accept", ids=[mine[hopper.id]["id"]])
    assert stash.performers_of(both) == ["Grace Hopper"]
    alone.ask(
        "people.accept", kind="scene", id=both.id, track_id=seen["Eileen Collins"]["id"], key=f"stash:{collins.id}"
    )
    assert stash.performers_of(both) == ["Eileen Collins", "Grace Hopper"]

    alone.ask("runs.undo", id=accepted["run_id"])
    assert stash.performers_of(both) == ["Eileen Collins"]
    for run in alone.ask("runs.list")["runs"]:
        alone.ask("runs.undo", id=run["id"])
    assert stash.performers_of(both) == []
    assert {**stash.snapshot(times=False), "tag": {}} == {**before, "tag": {}}


def test_not_this_person_is_for_ever(alone: InstalledPlugin) -> None:
    six = scene(alone, "six friends")
    track = who(alone, six.id)["Eileen Collins"]
    alone.ask("people.reject", kind="scene", id=six.id, track_id=track["id"], key=track["who"]["key"])
    assert "Eileen Collins" not in who(alone, six.id)
    alone.ask("queue.add", which="faces", ids={"scene": [six.id]}, fresh=True)
    alone.stash.wait_for_jobs(240)
    assert "Eileen Collins" not in who(alone, six.id)
    waiting = alone.ask("people.suggestions")["suggestions"]
    assert six.id not in {one["media_id"] for one in waiting if one["who"]["name"] == "Eileen Collins"}


def test_an_unknown_person_is_named_and_found_in_other_scenes_at_once(alone: InstalledPlugin) -> None:
    alone.task("Group unknown people")
    again = scene(alone, "six friends again").id
    groups = [
        group["id"]
        for group in alone.ask("people.groups", min_media=2)["groups"]
        if again in {track["media_id"] for track in alone.ask("people.group", id=group["id"])["tracks"]}
    ]
    assert len(groups) == 6
    decoded = alone.store("SELECT sum(frames) FROM face_analysis")
    answer = alone.ask("people.name", id=groups[0], create={"name": "Somebody new"})
    alone.stash.wait_for_jobs(120)
    media = {one["id"] for one in answer["media"]}
    assert media == {scene(alone, "six friends").id, again}
    for scene_id in media:
        assert alone.stash.performers_of(scene_id) == ["Somebody new"]
        assert "Somebody new" in who(alone, scene_id)
    assert alone.store("SELECT sum(frames) FROM face_analysis") == decoded, "nothing was looked at again"
    assert groups[0] not in {group["id"] for group in alone.ask("people.groups")["groups"]}

    alone.ask("people.unname", naming_id=answer["naming_id"])
    alone.stash.wait_for_jobs(120)
    assert groups[0] in {group["id"] for group in alone.ask("people.groups")["groups"]}
    for scene_id in media:
        assert "Somebody new" not in who(alone, scene_id)


def test_all_of_it_is_exported_and_erased(alone: InstalledPlugin) -> None:
    alone.task("Export face data")
    exported = [path for path in alone.data_dir.rglob("*") if path.is_file() and "face" in path.name.lower()]
    assert exported
    alone.task("Erase face data")
    state = alone.ask("people.state")
    assert (state["people"], state["references"], state["faces"], state["groups"]) == (0, 0, 0, 0)
    assert alone.ask("people.medium", kind="scene", id=scene(alone, "two pioneers").id)["tracks"] == []
