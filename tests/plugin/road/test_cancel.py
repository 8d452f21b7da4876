"""What its owner does not want any more ends at once, decoder and all; what is paused begins nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.conftest import put
from tests.plugin.road.disturbing import (
    automatic,
    is_decoding,
    standing_still,
    state_of,
    states,
    stopwatch,
    write_long_video,
)
from tests.plugin.road.installed import InstalledPlugin, until


@pytest.fixture
def auto(tmp_path: Path, library: Path, sidecar: SidecarProcess) -> Iterator[InstalledPlugin]:
    with automatic(tmp_path, library, sidecar.address) as plugin:
        plugin.set_settings(interval_s=0.25, refine="none")
        yield plugin


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_long_video(tmp_path_factory.getbasetemp() / "long.mp4")


@pytest.fixture(scope="module")
def brief_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of work; where that must not be over too soon, the sidecar stands still."""
    return write_long_video(tmp_path_factory.getbasetemp() / "three times.mp4", repeats=3)


def job_of(plugin: InstalledPlugin, scene_id: int) -> int:
    return int(plugin.ask("queue.medium", kind="scene", id=scene_id)["job"]["id"])


def test_a_scene_in_work_is_let_go_within_two_seconds_and_its_neighbours_finish(
    auto: InstalledPlugin, library: Path, sidecar: SidecarProcess, long_video: Path, cat_and_rocket: Path
) -> None:
    stash = auto.stash
    very_long = write_long_video(long_video.with_name("twenty times.mp4"), repeats=20)
    unwanted = stash.add_scene(put(very_long, library, "unwanted.mp4"), "Unwanted")
    neighbour = stash.add_scene(put(long_video, library, "neighbour.mp4"), "Neighbour")
    last = stash.add_scene(put(cat_and_rocket, library, "last.mp4"), "Last")
    auto.start("Analyse new")
    until(lambda: state_of(auto, unwanted.id) == "running" and is_decoding(auto), 30, "it is decoded")
    job_id, since_s = job_of(auto, unwanted.id), stopwatch()
    assert auto.ask("queue.cancel", id=job_id)["cancelled"] == 1
    until(lambda: state_of(auto, unwanted.id) == "cancelled", 10, "the sidecar has let it go")
    took_s = since_s()
    assert took_s < 2.0, took_s
    assert state_of(auto, neighbour.id) in ("running", "completed")
    stash.wait_for_jobs(60)
    assert (state_of(auto, neighbour.id), state_of(auto, last.id)) == ("completed", "completed")
    assert stash.tags_of(unwanted) == [], "neither done nor failed"
    assert sidecar.process is not None
    assert psutil.Process(sidecar.process.pid).cpu_percent(interval=0.5) < 30


def test_what_was_cancelled_and_is_wanted_again_is_done_by_the_same_drain(
    auto: InstalledPlugin, library: Path, sidecar: SidecarProcess, long_video: Path
) -> None:
    stash = auto.stash
    scenes = [stash.add_scene(put(long_video, library, f"{n}.mp4"), f"Scene {n}") for n in range(2)]
    auto.start("Analyse new")
    until(lambda: states(auto) == {"running": 2} and is_decoding(auto), 30, "both are in work")
    job_id = job_of(auto, scenes[0].id)
    auto.ask("queue.cancel", id=job_id)
    until(lambda: state_of(auto, scenes[0].id) == "cancelled", 10, "it has ended")
    assert auto.ask("queue.retry", id=job_id) == {"retried": 1, "state": "works"}
    stash.wait_for_jobs(60)
    assert states(auto) == {"completed": 2}
    assert auto.drains() == 0


def test_a_batch_of_which_a_hundred_media_wait(
    auto: InstalledPlugin, library: Path, sidecar: SidecarProcess, brief_video: Path
) -> None:
    stash = auto.stash
    for n in range(2):
        stash.add_scene(put(brief_video, library, f"{n}.mp4"), f"Long {n}")
    with stash.library.transaction():
        for n in range(100):
            stash.add_scene_without_media(str(library / f"waiting{n}.mp4"), f"Waiting {n}")
    auto.start("Analyse new")
    assert sidecar.process is not None
    until(lambda: states(auto) == {"running": 2, "pending": 100}, 30, "two are in work")
    with standing_still(sidecar.process.pid):
        (batch,) = auto.ask("queue.list", states=["running"])["jobs"]
        assert auto.ask("queue.cancel", id=batch["id"])["cancelled"] >= 102
        time.sleep(1.0)
        assert states(auto) == {"running": 2, "cancelled": 100}, "what waited ends at once"
    since_s = stopwatch()
    stash.wait_for_jobs(60)
    assert since_s() < 5
    assert states(auto) == {"cancelled": 102}
    (batch,) = auto.ask("queue.list")["jobs"]
    assert (batch["state"], batch["reason"]) == ("cancelled", "cancelled by the owner")
    assert not {"AI_Tagged", "AI_Errored"} & set(stash.tag_names())
    auto.task("Re-tag from stored features")
    assert states(auto) == {"cancelled": 102}


def test_a_pause_finishes_what_is_in_work_and_begins_nothing(
    auto: InstalledPlugin, library: Path, sidecar: SidecarProcess, brief_video: Path
) -> None:
    stash = auto.stash
    auto.set_settings(media_at_once=1)
    for n in range(3):
        stash.add_scene(put(brief_video, library, f"{n}.mp4"), f"Scene {n}")
    auto.start("Analyse new")
    assert sidecar.process is not None
    until(lambda: states(auto) == {"running": 1, "pending": 2}, 30, "one is in work")
    with standing_still(sidecar.process.pid):
        assert auto.ask("queue.pause") == {"state": "paused"}
        assert auto.ask("status")["drain"]["state"] in ("running", "paused")
    stash.wait_for_jobs(30)
    assert states(auto) == {"completed": 1, "pending": 2}
    drain = auto.ask("status")["drain"]
    assert drain["state"] == "paused"
    assert auto.drains() == 0
    assert auto.ask("queue.resume")["state"] == "asked"
    stash.wait_for_jobs(60)
    assert states(auto) == {"completed": 3}


def test_who_resumes_while_the_last_scene_is_in_work_needs_nobody_else(
    auto: InstalledPlugin, library: Path, sidecar: SidecarProcess, brief_video: Path
) -> None:
    stash = auto.stash
    auto.set_settings(media_at_once=1)
    for n in range(2):
        stash.add_scene(put(brief_video, library, f"{n}.mp4"), f"Scene {n}")
    auto.start("Analyse new")
    assert sidecar.process is not None
    until(lambda: states(auto) == {"running": 1, "pending": 1}, 30, "one is in work")
    with standing_still(sidecar.process.pid):
        auto.ask("queue.pause")
        time.sleep(1.0)
        assert auto.ask("queue.resume")["state"] == "works"
    stash.wait_for_jobs(60)
    assert states(auto) == {"completed": 2}
