"""The data folder full or read-only: a sentence for people, nothing damaged, and all works again when there is room."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.conftest import put
from tests.plugin.road.disturbing import automatic, outcome, when_asked, writes
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin
from tests.standin import GraphQLFailed

BULK = "mutation Bulk($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }"
FILLER = "filler"


@pytest.fixture
def auto(tmp_path: Path, library: Path, sidecar: SidecarProcess, cat_and_rocket: Path) -> Iterator[InstalledPlugin]:
    """The plugin's data folder is a file system of its own, of 8 MB; one scene waits."""
    folder = tmp_path / "config" / PLUGIN_ID
    folder.mkdir(parents=True)
    answer = mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder))
    if answer.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {answer.stderr.strip()}")
    try:
        with automatic(tmp_path, library, sidecar.address) as plugin:
            plugin.stash.add_scene(put(cat_and_rocket, library), "Scene")
            plugin.stash.tag("AI_TagMe"), plugin.stash.tag("AI_Reprocess")
            plugin.ask("status.check")
            yield plugin
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)


def fill(plugin: InstalledPlugin) -> None:
    with contextlib.suppress(OSError), (plugin.data_dir / FILLER).open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def make_room(plugin: InstalledPlugin) -> None:
    (plugin.data_dir / FILLER).unlink()


def set_mode(plugin: InstalledPlugin, mode: str) -> None:
    """ "ro" or "rw"."""
    answer = mount("-o", f"remount,{mode}", str(plugin.data_dir))
    assert answer.returncode == 0, answer.stderr


def errors(plugin: InstalledPlugin) -> str:
    return "\n".join(line.message for line in plugin.stash.log.lines("error"))


def mark(plugin: InstalledPlugin, scene_id: int) -> None:
    """Must succeed, whatever our hook makes of it."""
    tags = {"ids": [plugin.stash.tag("AI_TagMe").id], "mode": "ADD"}
    plugin.stash.graphql(BULK, {"input": {"ids": [scene_id], "tag_ids": tags}})
    assert "AI_TagMe" in plugin.stash.tags_of(scene_id)


def check_it_works(plugin: InstalledPlugin) -> None:
    """All that was asked for is done, exactly once."""
    plugin.task("Maintenance")
    plugin.task("Analyse tagged AI_TagMe")
    plugin.task("Analyse new")
    found = outcome(plugin)
    assert found["tags"] == {"Scene": ["AI_Tagged", "cat", "rocket"]}
    assert [marker[0] for marker in found["markers"]["Scene"]] == ["cat", "rocket"]
    assert found["unfinished"] == []
    assert plugin.store("PRAGMA integrity_check") == [("ok",)]
    assert plugin.store("SELECT count(*) FROM journal WHERE state = 'intent'") == [(0,)]


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_nothing_can_be_written(auto: InstalledPlugin, trouble: str) -> None:
    said = "no room on the disk" if trouble == "full" else "may not be written"
    if trouble == "full":
        fill(auto)
    else:
        set_mode(auto, "ro")
    auto.task("Analyse new")
    assert said in errors(auto)
    with pytest.raises(GraphQLFailed, match=said):
        auto.ask("settings.set", values={"interval_s": 3.0})
    mark(auto, 1)
    assert "could not note that scene 1 is to be looked at" in errors(auto)
    assert writes(auto) == []
    assert "unexpectedly" not in errors(auto)
    if trouble == "full":
        make_room(auto)
    else:
        set_mode(auto, "rw")
    check_it_works(auto)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_disk_becomes_full_while_stash_does_what_we_asked_for(auto: InstalledPlugin, moment: str) -> None:
    with when_asked(auto, "bulkSceneUpdate", moment, lambda: fill(auto)):
        auto.task("Analyse new")
    assert "no room on the disk" in errors(auto)
    assert "unexpectedly" not in errors(auto)
    make_room(auto)
    check_it_works(auto)
