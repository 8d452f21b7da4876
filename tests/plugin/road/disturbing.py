"""What disturbs a run in tests; and all that a run leaves, to compare a disturbed one with an undisturbed one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from scripts.sample_video import Shot, VideoFormat, repeat_video, write_video
from tests.plugin.road.conftest import LABELS, NO_FACES
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed, until
from tests.standin import LoggedRequest

STOP_JOB = "mutation Stop($id: ID!) { stopJob(job_id: $id) }"
RUN_TASK = "mutation Run($p: ID!, $a: Map) { runPluginTask(plugin_id: $p, args_map: $a) }"


@contextlib.contextmanager
def automatic(
    folder: Path, library: Path, sidecar_address: str = "", model_cache: Path | None = None, **standin: Any
) -> Iterator[InstalledPlugin]:
    """The plugin with policies that write by themselves. sidecar_address: "" for a sidecar of its own."""
    with installed(folder, model_cache, library, **standin) as plugin:
        settings = {"sidecarAddress": sidecar_address} if sidecar_address else {}
        plugin.stash.configure_plugin(PLUGIN_ID, **settings)
        plugin.task("Maintenance")
        defaults = {"mode": "auto", "required_s": 3.0, "min_marker_s": 3.0}
        plugin.set_settings(vocabulary=False, defaults=defaults, **NO_FACES)
        plugin.ask("policy.set", rows=[{"label": label, "phrasings": list(words)} for label, words in LABELS.items()])
        yield plugin


def outcome(plugin: InstalledPlugin) -> dict[str, Any]:
    """All that work leaves, by names instead of ids: in Stash, and in the store."""
    stash = plugin.stash
    scenes = {scene["id"]: scene for scene in _scenes(plugin)}
    title = {int(scene_id): scene["title"] for scene_id, scene in scenes.items()}
    suggestions = plugin.store(
        "SELECT media_id, type, label.name, round(start_s, 2), round(end_s, 2), state, held"
        " FROM suggestion JOIN label ON label.id = label_id"
    )
    journal = plugin.store(
        "SELECT media_id, purpose, action, tag_name, round(start_s, 2), state FROM journal"
        " WHERE state NOT IN ('void', 'undone') AND purpose != 'undo'"
    )
    return {
        "tags": {scene["title"]: sorted(tag["name"] for tag in scene["tags"]) for scene in scenes.values()},
        "markers": {scene["title"]: _markers(scene) for scene in scenes.values()},
        "all tags": sorted(stash.tag_names()),
        "suggestions": _sorted([title[row[0]], *row[1:]] for row in suggestions),
        "journal": _sorted([title.get(row[0], "-"), *row[1:]] for row in journal),
        "analysed": sorted(title[row[0]] for row in plugin.store("SELECT media_id FROM analysis")),
        "unfinished": plugin.store("SELECT id, state FROM job WHERE state IN ('pending', 'running')"),
    }


def _scenes(plugin: InstalledPlugin) -> list[dict[str, Any]]:
    document = """query All { findScenes(filter: {per_page: -1}) { scenes {
      id title tags { name } scene_markers { title seconds end_seconds primary_tag { name } } } } }"""
    found: list[dict[str, Any]] = plugin.stash.graphql(document)["findScenes"]["scenes"]
    return found


def _markers(scene: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows = scene["scene_markers"]
    return _sorted([row["primary_tag"]["name"], row["title"], row["seconds"], row["end_seconds"]] for row in rows)


def _sorted(rows: Any) -> list[Any]:
    return sorted((tuple(row) for row in rows), key=lambda row: json.dumps(row))


def stop_job(plugin: InstalledPlugin, job_id: int) -> None:
    """As the owner does it in Stash: the plugin's process is killed."""
    pid = task_pid(plugin)
    plugin.stash.graphql(STOP_JOB, {"id": job_id})
    assert plugin.stash.app.jobs.wait_for(job_id, 10).status == "CANCELLED"
    until(lambda: is_gone(pid), 10, "the process has ended")


def press_stop(plugin: InstalledPlugin) -> None:
    """Stop, from inside Stash: on the job that runs."""
    (job,) = [job for job in plugin.stash.app.jobs.queue() if job.status == "RUNNING"]
    plugin.stash.app.jobs.stop(job.id)


def crash(plugin: InstalledPlugin) -> None:
    """What nobody wanted: the process of the task that was started last is killed."""
    kill(task_pid(plugin))


@contextlib.contextmanager
def when_asked(plugin: InstalledPlugin, field: str, moment: str, happens: Callable[[], None]) -> Iterator[None]:
    """Something happens once, when the plugin asks Stash for a root field. Fails where it never does.

    moment: "before" Stash does it, "inside", when it runs the first hook of it, or "after" it, before it answers.
    """
    stash = plugin.stash
    runner, take, add = stash.app.runner, stash.faults.take, stash.requests.add
    run_hooks = runner.run_hooks
    is_inside = has_happened = False

    def now(reached: str) -> None:
        nonlocal has_happened
        if moment == reached and not has_happened:
            has_happened = True
            happens()

    def take_it(fields: tuple[str, ...]) -> Any:
        nonlocal is_inside
        is_inside = is_inside or field in fields
        if field in fields:
            now("before")
        return take(fields)

    def run_its_hooks(*args: Any) -> None:
        if is_inside:
            now("inside")
        run_hooks(*args)

    def add_it(request: Any) -> None:
        add(request)
        if field in request.fields:
            now("after")

    stash.faults.take, stash.requests.add = take_it, add_it  # type: ignore[method-assign]
    runner.run_hooks = run_its_hooks  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        stash.faults.take, stash.requests.add, runner.run_hooks = take, add, run_hooks  # type: ignore[method-assign]
    assert has_happened, f"nothing asked for {field}"


@contextlib.contextmanager
def ended_at(
    plugin: InstalledPlugin, field: str, moment: str, end: Callable[[InstalledPlugin], None] = press_stop
) -> Iterator[None]:
    """The task at work ends when it asks Stash for a root field; see when_asked."""

    def end_it() -> None:
        pid = task_pid(plugin)
        end(plugin)
        until(lambda: is_gone(pid), 10, "the process has ended")

    with when_asked(plugin, field, moment, end_it):
        yield


class Moment:
    """Stash's library and the plugin's store as they are now; go_back() makes them so again, in a new life of Stash."""

    def __init__(self, plugin: InstalledPlugin, folder: Path) -> None:
        self._plugin, self._folder = plugin, folder
        plugin.stash.stop()
        shutil.copytree(plugin.config_dir, folder, ignore=shutil.ignore_patterns("deps", "plugins", "sidecar"))
        plugin.stash.start()

    def go_back(self) -> None:
        self._plugin.stash.stop()
        for place in (self._plugin.config_dir, self._plugin.data_dir):
            for entry in place.iterdir():
                if entry.is_file():
                    entry.unlink()
        shutil.copytree(self._folder, self._plugin.config_dir, dirs_exist_ok=True)
        self._plugin.stash.start()


def run_mode(plugin: InstalledPlugin, mode: str, **args: Any) -> None:
    """What the plugin itself or its schedule asks Stash to run, to its end."""
    plugin.stash.graphql(RUN_TASK, {"p": PLUGIN_ID, "a": {"mode": mode, **args}})
    plugin.stash.wait_for_jobs(60)


def task_pid(plugin: InstalledPlugin) -> int:
    """The process of the task that was started last."""
    return plugin.stash.runs("task", PLUGIN_ID)[-1].pid


def is_gone(pid: int) -> bool:
    """Whether a process has ended, whoever has to reap it."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def kill(pid: int) -> None:
    """kill -9, and wait until nothing of it runs."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    until(lambda: is_gone(pid), 10, f"process {pid} has ended")


@contextlib.contextmanager
def standing_still(pid: int) -> Iterator[None]:
    """Inside the block the process does nothing, as on a machine that is very busy."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def states(plugin: InstalledPlugin) -> dict[str, int]:
    """State -> number of media in the queue."""
    rows = plugin.store("SELECT state, count(*) FROM job WHERE action != 'batch' GROUP BY state")
    return {str(state): int(count) for state, count in rows}


def state_of(plugin: InstalledPlugin, scene_id: int) -> str:
    """Of the newest job of a scene; "" where it has none."""
    rows = plugin.store(
        "SELECT state FROM job WHERE media_id = ? AND kind = 'scene' ORDER BY id DESC LIMIT 1", scene_id
    )
    return str(rows[0][0]) if rows else ""


def writes(plugin: InstalledPlugin) -> list[LoggedRequest]:
    """Requests of the plugin that were to change the library."""
    names = ("SenseChanges", "SenseCreateTag", "SenseDestroyTag")
    return [one for one in plugin.stash.requests.mutations() if one.operation in names]


def is_decoding(plugin: InstalledPlugin) -> bool:
    """Whether the sidecar tells how fast it is."""
    details = [json.loads(detail) for (detail,) in plugin.store("SELECT detail FROM drain")]
    return bool(details[0].get("frames_per_s"))


def stopwatch() -> Any:
    """Call it for the seconds since it was made."""
    began_s = time.monotonic()
    return lambda: time.monotonic() - began_s


def write_long_video(path: Path, repeats: int = 6) -> Path:
    """Large pictures and one keyframe in 6 s: some seconds of work at a fine interval. Made once where it is there."""
    if not path.exists():
        video = VideoFormat(
            width_px=1280, height_px=720, options={"preset": "ultrafast", "g": "100000", "sc_threshold": "0"}
        )
        short = write_video(
            path.with_name(f"short {path.name}"), (Shot("coffee", 2), Shot("chelsea", 2), Shot("rocket", 2)), video
        )
        repeat_video(short, path, repeats)
    return path
