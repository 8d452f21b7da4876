"""What a call of the plugin costs: one process each time, run as Stash runs it, against a stand-in for Stash."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plugin.interface.input import PLUGIN_ID
from scripts.benchmark.installed import PYTHON, installed_standin
from scripts.demonstration.stash_api import StashApi

FLAGS = ("-X", "utf8", "-I", "-S")

_EDIT = {"id": 1, "type": "Scene.Update.Post"}
CALLS: Mapping[str, Mapping[str, Any]] = {
    "hook, a field that does not matter": {
        "hookContext": {**_EDIT, "input": {"id": "1", "title": "x"}, "inputFields": ["id", "title"]}
    },
    "hook, tags that ask for nothing": {
        "hookContext": {**_EDIT, "input": {"id": "1", "tag_ids": ["1"]}, "inputFields": ["id", "tag_ids"]}
    },
    "hook, a new scene": {"hookContext": {"id": 1, "type": "Scene.Create.Post", "input": None}},
    "operation, store only: status": {"operation": "status"},
    "operation, store only: suggestions.list": {"operation": "suggestions.list"},
    "operation, store only: scene.analysis": {"operation": "scene.analysis", "id": 1},
    "operation that calls the sidecar: models.list": {"operation": "models.list"},
}
"""What is measured -> args of the call."""


@dataclass(frozen=True, slots=True)
class Start:
    """Medians over all runs. above_s: CPU seconds above those of a bare interpreter."""

    wall_s: float
    cpu_s: float
    above_s: float
    error: str = ""


def measure(runs: int) -> Iterator[tuple[str, Start]]:
    """A bare interpreter, then each of CALLS. Installs the package into a stand-in of its own first (half a minute)."""
    with installed_standin() as (stash, config_dir):
        yield from _measured(stash, config_dir, runs)


def _measured(stash: StashApi, config_dir: Path, runs: int) -> Iterator[tuple[str, Start]]:
    plugin_dir = config_dir / "plugins" / PLUGIN_ID
    connection = {
        "Scheme": "http",
        "Host": "127.0.0.1",
        "Port": urlsplit(stash.url).port,
        "SessionCookie": None,
        "Dir": str(config_dir),
        "PluginDir": str(plugin_dir),
    }
    bare = _run_many([PYTHON, *FLAGS, "-c", "pass"], "", runs, 0.0)
    yield "bare interpreter", bare
    for name, args in CALLS.items():
        document = json.dumps({"server_connection": connection, "args": args})
        yield name, _run_many([PYTHON, *FLAGS, str(plugin_dir / "plugin" / "main.py")], document, runs, bare.cpu_s)


def _run_many(command: Sequence[str], document: str, runs: int, bare_s: float) -> Start:
    _run(command, document)  # Byte code is compiled, files are in memory.
    costs = [_run(command, document) for _ in range(runs)]
    cpu_s = statistics.median(cost.cpu_s for cost in costs)
    above_s = cpu_s - bare_s if bare_s else 0.0
    return Start(statistics.median(cost.wall_s for cost in costs), cpu_s, above_s, costs[-1].error)


def _run(command: Sequence[str], document: str) -> Start:
    """One process. error: what the plugin answered in place of a result."""
    began, before = time.perf_counter(), os.times()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin as stdin, contextlib.suppress(BrokenPipeError):
            stdin.write(document.encode())
        answer = process.stdout.read()
        if sys.platform == "win32":
            process.wait()
            after = os.times()
            cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
        else:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            cpu_s = used.ru_utime + used.ru_stime  # os.times() counts in hundredths.
    error = (json.loads(answer) if answer else {}).get("error") or ""
    return Start(time.perf_counter() - began, cpu_s, 0.0, str(error))
