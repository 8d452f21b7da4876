"""Stash killed in the middle of a run: its orphan ends, nobody works beside it, and what was begun is finished."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.conftest import put
from tests.plugin.road.disturbing import (
    automatic,
    is_gone,
    outcome,
    standing_still,
    state_of,
    states,
    stopwatch,
    write_long_video,
    writes,
)
from tests.plugin.road.installed import ROOT, InstalledPlugin, until


@pytest.fixture
def auto(
    tmp_path: Path,
    library: Path,
    sidecar: SidecarProcess,
    cat_and_rocket: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[InstalledPlugin]:
    """A long scene and a short one."""
    long_video = write_long_video(tmp_path_factory.getbasetemp() / "three times.mp4", repeats=3)
    with automatic(tmp_path, library, sidecar.address) as plugin:
        plugin.set_settings(interval_s=0.25, refine="none")
        plugin.stash.add_scene(put(long_video, library, "long.mp4"), "Long")
        plugin.stash.add_scene(put(cat_and_rocket, library, "short.mp4"), "Short")
        yield plugin


class OutsideStash:
    """The stand-in as a process of its own, over the same folders and at the same address."""

    def __init__(self, plugin: InstalledPlugin) -> None:
        plugin.stash.stop()
        places = [f"--config={plugin.config_dir}", f"--library={plugin.library_dir}", f"--port={plugin.stash.port}"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.standin", *places], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert json.loads(self._process.stdout.readline())["url"] == plugin.stash.url

    def plugin_pid(self) -> int:
        """The one process of the plugin that runs in it."""
        (found,) = [one.pid for one in psutil.Process(self._process.pid).children() if "main.py" in one.cmdline()[-1]]
        return int(found)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def check_all_is_done(plugin: InstalledPlugin) -> None:
    plugin.stash.wait_for_jobs(60)
    assert states(plugin) == {"completed": 2}
    found = outcome(plugin)
    assert found["tags"] == {"Long": ["AI_Tagged", "cat", "coffee", "rocket"], "Short": ["AI_Tagged", "cat", "rocket"]}
    assert len(found["markers"]["Short"]) == len(set(found["markers"]["Short"])) == 2
    assert found["unfinished"] == []
    assert plugin.store("SELECT count(*) FROM journal WHERE state IN ('intent', 'void')") == [(0,)]


def test_an_orphan_ends_by_itself_and_the_next_stash_goes_on(auto: InstalledPlugin) -> None:
    stash = auto.stash
    outside = OutsideStash(auto)
    auto.start("Analyse new")
    until(lambda: state_of(auto, 1) == "running", 30, "the long one is in work")
    orphan = outside.plugin_pid()
    outside.kill()
    since_s = stopwatch()
    stash.start()
    until(lambda: is_gone(orphan), 10, "the orphan has ended")
    assert since_s() < 10
    assert writes(auto) == [], "it writes nothing more"
    assert states(auto) in ({"pending": 2}, {"pending": 1, "completed": 1})
    drain = auto.ask("status")["drain"]
    assert drain["state"] != "paused"
    check_all_is_done(auto)
    assert auto.drains() == 1


def test_while_an_orphan_lives_nobody_works_beside_it(auto: InstalledPlugin) -> None:
    stash = auto.stash
    outside = OutsideStash(auto)
    auto.start("Analyse new")
    until(lambda: state_of(auto, 1) == "running", 30, "the long one is in work")
    orphan = outside.plugin_pid()
    with standing_still(orphan):
        outside.kill()
        stash.start()
        before = states(auto)
        auto.start("Analyse new")
        until(lambda: stash.runs("task"), 10, "a second one has started")
        time.sleep(1.5)
        assert [job.status for job in stash.app.jobs.queue()] == ["RUNNING"], "it waits"
        assert states(auto) == before
        assert writes(auto) == []
    until(lambda: is_gone(orphan), 10, "the orphan has ended")
    gone_s = time.time()
    check_all_is_done(auto)
    assert all(one.time_s > gone_s - 0.2 for one in writes(auto))
    assert auto.drains() == 0, "the second one went on by itself"


def test_a_moment_without_stash_is_waited_for(auto: InstalledPlugin) -> None:
    """Between two media, so that one is to be written and another to be read."""
    auto.set_settings(media_at_once=1)
    auto.start("Analyse new")
    until(lambda: state_of(auto, 1) == "running", 30, "the long one is in work")
    run = auto.stash.runs("task")[-1]
    with auto.stash.refusing():
        until(lambda: auto.stash.log.has("trying again"), 30, "it has noticed")
        time.sleep(0.5)
    check_all_is_done(auto)
    assert auto.stash.runs("task")[-1] is run
