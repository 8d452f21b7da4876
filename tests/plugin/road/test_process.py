"""The plugin's process, started as Stash starts it: one document in, one out, lines of the log on standard error."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugin.main import _is_idle_update
from scripts.commands.package import stage
from tests.plugin.road.installed import PLUGIN_ID, ROOT, link_packages
from tests.standin import Standin


class Process:
    """Runs the staged plugin on a document, without a stand-in's help."""

    def __init__(self, folder: Path, connection: dict[str, Any]) -> None:
        self.main, self.connection = folder / "plugin" / "main.py", connection

    def run(self, document: object, *flags: str) -> tuple[Any, str, int]:
        """(decoded output, standard error, exit status)."""
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        answer = subprocess.run(
            [sys.executable, "-X", "utf8", *(flags or ("-I", "-S")), str(self.main)],
            input=text,
            capture_output=True,
            timeout=60,
            check=False,
            cwd="/",
        )
        return json.loads(answer.stdout), answer.stderr.decode(), answer.returncode

    def ask(self, **args: Any) -> tuple[Any, str, int]:
        return self.run({"server_connection": self.connection, "args": args})


@pytest.fixture(scope="module")
def stash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    folder = tmp_path_factory.mktemp("process")
    with Standin(folder / "config", folder / "library") as found:
        yield found


@pytest.fixture(scope="module")
def process(stash: Standin) -> Process:
    folder = stash.settings.plugins_path / PLUGIN_ID
    stage(ROOT, folder)
    return Process(folder, {**stash.connection(), "PluginDir": str(folder)})


def test_without_its_packages_it_says_what_to_do(process: Process) -> None:
    output, _, status = process.ask(operation="status")
    assert status == 0
    assert output["output"]["ready"] is False
    assert "Set up" in output["output"]["instruction"]
    output, log, status = process.ask(mode="analyse_new")
    assert (output["output"], status) == (None, 1)
    assert "Set up" in output["error"]
    assert log.startswith("\x01e\x02")


def test_a_hook_before_set_up_is_silent_and_quick(process: Process) -> None:
    context = {"id": 1, "type": "Scene.Create.Post", "input": None}
    output, log, status = process.ask(hookContext=context)
    assert (output, log, status) == ({"output": None, "error": None}, "", 0)


@pytest.mark.parametrize("document", [b"", b"[]", b"nonsense", b'{"args": {}}', b'{"server_connection": {"Dir": 3}}'])
def test_what_stash_never_writes_is_refused_in_a_sentence(process: Process, document: bytes) -> None:
    output, _, status = process.run(document)
    assert status == 1
    assert "started by Stash" in output["error"]


@pytest.fixture(scope="module")
def ready(process: Process, stash: Standin) -> Process:
    link_packages(Path(stash.settings.config_dir) / PLUGIN_ID)
    return process


def test_status_needs_no_sidecar_and_not_even_stash(ready: Process) -> None:
    away = {**ready.connection, "Port": 9}
    output, _, status = ready.run({"server_connection": away, "args": {"operation": "status"}})
    assert status == 0, output
    assert output["output"]["ready"] is True
    assert output["output"]["sidecar"] is None


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"operation": "drop tables"}, "no operation is named"),
        ({"operation": ["status"]}, "no operation is named"),
        ({"operation": "status", "more": 1}, "knows no argument"),
        ({"operation": "queue.cancel"}, "needs the argument id"),
        ({"operation": "queue.cancel", "id": "1; DROP TABLE job"}, "whole number"),
        ({"operation": "queue.cancel", "id": 1e400}, "whole number"),
        ({"operation": "suggestions.list", "words": "x" * 10_000}, "at most 200"),
        ({"operation": "suggestions.accept", "ids": list(range(1, 30_000))}, "at most 20000"),
        ({"operation": "suggestions.edit", "id": 1, "start_s": 5, "end_s": 2}, "more than start_s"),
        ({"operation": "settings.set", "values": {"interval_s": -1}}, "interval_s"),
        ({"operation": "settings.set", "values": {"__class__": 1}}, "no setting is named"),
        ({"operation": "policy.set", "rows": [{"label": "x\x00y"}]}, "printable"),
        ({"operation": "policy.import", "csv": "a,b\n1,2\n"}, "must name label"),
        ({"operation": "queue.add", "which": "ids", "ids": {"scene": ["x"]}}, "ids.scene[0] is"),
        ({"operation": "queue.add", "filters": {"tag": {}}}, "filters must be"),
        ({"operation": "paths.probe", "rules": "no arrow"}, "is no path mapping"),
        ({"operation": "runs.undo", "id": 4711}, "there is no run 4711"),
        ({"mode": "explode"}, "no task has the mode"),
        ({}, "no task has the mode None"),
    ],
)
def test_hostile_arguments_get_a_sentence_and_change_nothing(ready: Process, args: dict[str, Any], said: str) -> None:
    output, log, status = ready.ask(**args)
    assert status == 1
    assert said in output["error"], output
    assert "Traceback" not in log


def test_search_takes_wildcards_as_letters(ready: Process) -> None:
    output, _, _ = ready.ask(operation="queue.list", words="%_'\"; --")
    assert output == {"output": {"count": 0, "jobs": []}, "error": None}


def test_neighbours_packages_cannot_shadow_ours(ready: Process, tmp_path: Path) -> None:
    """Stash puts the folder of all plugins on PYTHONPATH."""
    neighbour = ready.main.parents[2]
    (neighbour / "json.py").write_text("raise SystemExit('shadowed')")
    (neighbour / "peewee.py").write_text("raise SystemExit('shadowed')")
    try:
        answer = subprocess.run(
            [sys.executable, "-X", "utf8", "-I", "-S", str(ready.main)],
            input=json.dumps({"server_connection": ready.connection, "args": {"operation": "status"}}).encode(),
            capture_output=True,
            check=False,
            env={"PYTHONPATH": str(neighbour)},
            cwd=neighbour,
        )
    finally:
        (neighbour / "json.py").unlink()
        (neighbour / "peewee.py").unlink()
    assert json.loads(answer.stdout)["error"] is None


def test_it_also_works_where_somebody_leaves_the_flags_out(ready: Process) -> None:
    document = {"server_connection": ready.connection, "args": {"operation": "status"}}
    output, _, _ = ready.run(document, "-B")
    assert output["error"] is None


def test_an_update_that_names_no_tags_is_answered_from_its_bytes(ready: Process) -> None:
    """And a title that looks like one is not mistaken for it."""

    def hook(type_: str = "Scene.Update.Post", **hook_input: Any) -> bytes:
        context = {
            "id": 1,
            "type": type_,
            "input": hook_input,
            "inputFields": [name for name, value in hook_input.items() if value is not None],
        }
        document = {"server_connection": ready.connection, "args": {"hookContext": context}}
        return json.dumps(document, separators=(",", ":")).encode()

    assert _is_idle_update(hook(title="x"))
    assert _is_idle_update(hook(title="x", tag_ids=None))
    assert _is_idle_update(hook(title='"tag_ids":["1"]'))
    assert not _is_idle_update(hook(tag_ids=["1"]))
    assert not _is_idle_update(hook(tag_ids=[]))
    assert not _is_idle_update(hook("Performer.Update.Post", image="x", tag_ids=None))
    operation = {"operation": "policy.import", "csv": '"hookContext":{".Update.Post"'}
    assert not _is_idle_update(json.dumps({"args": operation}, separators=(",", ":")).encode())
    assert ready.run(hook(title="x")) == ({"output": None, "error": None}, "", 0)
