"""The sidecar killed, gone, or killed by what it looks at: media complete, wait, or are given up with a reason."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.setup.owner import owner_of
from plugin.setup.sidecar_environment import OVERRIDE_NAME
from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.conftest import put
from tests.plugin.road.disturbing import automatic, is_decoding, kill, state_of, states, write_long_video
from tests.plugin.road.installed import InstalledPlugin, until


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_long_video(tmp_path_factory.getbasetemp() / "long.mp4")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[InstalledPlugin]:
    """A plugin that starts its sidecar itself, from a data folder of its own."""
    folder = tmp_path_factory.mktemp("dying")
    with automatic(folder, folder / "library", model_cache=model_cache) as plugin:
        plugin.set_settings(interval_s=0.25, refine="none")
        yield plugin


@pytest.fixture
def alone(shared: InstalledPlugin) -> Iterator[InstalledPlugin]:
    """Nothing of the test before is left to do."""
    yield shared
    shared.ask("queue.cancel_all")
    shared.stash.wait_for_jobs()
    shared.store("DELETE FROM job")


def sidecar_pid(plugin: InstalledPlugin) -> int:
    owner = owner_of(str(plugin.sidecar_dir))
    return owner.pid if owner else 0


def test_killed_in_the_middle_it_is_started_again_and_the_media_complete(
    alone: InstalledPlugin, cat_and_rocket: Path, long_video: Path
) -> None:
    stash, library = alone.stash, alone.library_dir
    long = stash.add_scene(put(long_video, library, "long.mp4"), "Long")
    short = stash.add_scene(put(cat_and_rocket, library, "short.mp4"), "Short")
    alone.start("Analyse new")
    until(lambda: is_decoding(alone) and state_of(alone, long.id) == "running", 60, "it decodes")
    first = sidecar_pid(alone)
    kill(first)
    stash.wait_for_jobs(90)
    assert states(alone) == {"completed": 2}
    assert sidecar_pid(alone) not in (0, first)
    assert stash.tags_of(long) == ["AI_Tagged", "cat", "coffee", "rocket"]
    assert stash.tags_of(short) == ["AI_Tagged", "cat", "rocket"]
    assert alone.store("SELECT attempts FROM job WHERE media_id = ? AND kind = 'scene'", long.id) == [(1,)]
    assert stash.log.has("the sidecar's answers broke off")


def test_what_kills_the_sidecar_three_times_is_given_up_and_others_complete(
    alone: InstalledPlugin, cat_and_rocket: Path, long_video: Path
) -> None:
    stash, library = alone.stash, alone.library_dir
    before = stash.add_scene(put(cat_and_rocket, library, "before.mp4"), "Before")
    poison_path = put(long_video, library, "poison.mp4")
    poison = stash.add_scene(poison_path, "Poison")
    after = [stash.add_scene(put(cat_and_rocket, library, f"after{n}.mp4"), f"After {n}") for n in range(2)]
    with killed_by(alone, poison_path) as kills:
        alone.task("Analyse new", timeout_s=120)
    assert len(kills) == 3
    assert stash.tags_of(poison) == ["AI_Errored"]
    for scene in (before, *after):
        assert stash.tags_of(scene) == ["AI_Tagged", "cat", "rocket"]
    failure = alone.ask("scene.analysis", id=poison.id)["failure"]
    assert failure["code"] == "sidecar_died"
    assert "3 times" in failure["message"]
    assert states(alone) == {"completed": 3, "failed": 1}
    alone.task("Analyse new")
    assert states(alone) == {"completed": 3, "failed": 1}, "it is left alone until somebody asks for it"


@contextlib.contextmanager
def killed_by(plugin: InstalledPlugin, path: Path) -> Iterator[list[int]]:
    """Whatever sidecar opens the file is killed on the spot; yields who was."""
    killed: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            pid = sidecar_pid(plugin)
            if pid and pid not in killed and has_open(pid, path):
                killed.append(pid)
                kill(pid)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield killed
    finally:
        done.set()
        thread.join()


def has_open(pid: int, path: Path) -> bool:
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if descriptor.readlink() == path:
                    return True
    return False


def test_one_that_is_asked_to_stop_costs_nobody_anything(
    alone: InstalledPlugin, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """More in work than the sidecar works on at once: what it has not begun it gives back."""
    stash = alone.stash
    video = write_long_video(tmp_path_factory.getbasetemp() / "three times.mp4", repeats=3)
    alone.set_settings(media_at_once=3)
    scenes = [stash.add_scene(put(video, alone.library_dir, f"stop{n}.mp4"), f"Stop {n}") for n in range(3)]
    alone.start("Analyse new")
    until(lambda: is_decoding(alone) and states(alone).get("running") == 3, 60, "it decodes")
    os.kill(sidecar_pid(alone), signal.SIGTERM)
    stash.wait_for_jobs(90)
    assert states(alone) == {"completed": 3}
    assert all(stash.tags_of(scene) == ["AI_Tagged", "cat", "coffee", "rocket"] for scene in scenes)
    assert alone.store("SELECT sum(deaths), sum(attempts) FROM job") == [(0, 0)]
    alone.set_settings(media_at_once=2)


def test_one_that_cannot_be_started_any_more_leaves_its_media_waiting(alone: InstalledPlugin, long_video: Path) -> None:
    stash = alone.stash
    scenes = [stash.add_scene(put(long_video, alone.library_dir, f"waits{n}.mp4"), f"Waits {n}") for n in range(2)]
    override = alone.sidecar_dir / OVERRIDE_NAME
    python = override.read_text()
    alone.start("Analyse new")
    until(lambda: is_decoding(alone) and state_of(alone, scenes[0].id) == "running", 60, "it decodes")
    override.write_text("/nowhere/python\n")
    kill(sidecar_pid(alone))
    stash.wait_for_jobs(60)
    assert states(alone) == {"pending": 2}
    assert all(stash.tags_of(scene) == [] for scene in scenes), "neither success nor failure"
    status = alone.ask("status")
    assert "/nowhere/python" in status["sidecar"]["message"]
    assert "wait for the sidecar" in status["drain"]["sentence"]
    override.write_text(python)
    alone.ask("status.check")
    stash.wait_for_jobs(90)
    assert states(alone) == {"completed": 2}


def test_unreachable_from_the_start_nothing_is_called_a_failure_and_all_goes_on_when_it_is_back(
    tmp_path: Path, library: Path, media_dir: Path, model_cache: Path, cat_and_rocket: Path
) -> None:
    """0.0.0.0 is no local address by its name, so nobody starts a sidecar there; yet it leads to this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = tmp_path / "data"
    data.mkdir()
    (data / "cache").symlink_to(model_cache)
    with automatic(tmp_path / "stash", library, f"0.0.0.0:{port}") as plugin:
        stash = plugin.stash
        scene = stash.add_scene(put(cat_and_rocket, library), "Scene")
        plugin.start("Analyse new")
        until(lambda: plugin.store("SELECT ok FROM service") == [(0,)], 30, "the failure is remembered")
        until(lambda: states(plugin) == {"pending": 1}, 30, "the medium waits")
        status = plugin.ask("status")
        assert not status["sidecar"]["ok"]
        assert f"0.0.0.0:{port} cannot be reached" in status["sidecar"]["message"]
        assert 40 < status["sidecar"]["next_try_s"] - time.time() < 80
        until(lambda: "wait for the sidecar" in plugin.ask("status")["drain"]["sentence"], 10, "and says why")
        assert stash.tags_of(scene) == []
        assert plugin.ask("queue.list", roots=False)["jobs"][0]["attempts"] == 0
        extra = [f"--listen=127.0.0.1:{port}"]
        with SidecarProcess(data, [media_dir], extra):
            assert plugin.ask("status.check")["sidecar"]["ok"]
            stash.wait_for_jobs(60)
            assert states(plugin) == {"completed": 1}
        assert stash.tags_of(scene) == ["AI_Tagged", "cat", "rocket"]
