"""One process of a plugin's raw interface: one JSON document in, one out."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.standin.log import Log
from tests.standin.plugins.manifest import Manifest, Task
from tests.standin.plugins.stderr_lines import StderrLines

POLL_S = 0.01
"""How soon a vanished client or a stopped job is noticed."""
EXACT_INT = 2**53


class CannotStart(Exception):
    """The process could not be started."""


@dataclass(frozen=True)
class Output:
    """What a process said in the end."""

    error: str | None
    output: Any


class PluginProcess:
    """A running process. Nobody but stop() ends it: there is no time limit anywhere in Stash."""

    def __init__(
        self,
        manifest: Manifest,
        task: Task | None,
        document: dict[str, Any],
        python_path: str,
        log: Log,
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        """Start it. Raises CannotStart."""
        self.manifest = manifest
        self._log = log
        self._done = threading.Event()
        self._output: Output | None = None
        command, env = command_of(manifest, task, python_path, log)
        self._popen = _start(command, env)
        assert self._popen.stderr is not None
        name = manifest.name
        self._lines = StderrLines(self._popen.stderr, name, manifest.err_log, log.say, on_progress)  # type: ignore[arg-type]
        log.debug(f"Plugin {name} started: {' '.join(command)}")
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        threading.Thread(target=self._write, args=(text,), daemon=True).start()
        self._listener = threading.Thread(target=self._lines.read_all, daemon=True)
        self._listener.start()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    def wait(self, is_cancelled: Callable[[], bool]) -> Output | None:
        """Its output, or None if it was cancelled: then it was killed, and nobody waits until it is dead.

        It has ended when its stdout has: a grandchild that inherited it keeps Stash waiting.
        """
        while not self._done.wait(POLL_S):
            if is_cancelled():
                self.stop()
                return None
        return self._output

    def stop(self) -> None:
        """SIGKILL to the process alone, not to its children."""
        with contextlib.suppress(ProcessLookupError):
            self._popen.kill()

    def _write(self, text: bytes) -> None:
        assert self._popen.stdin is not None
        try:
            with self._popen.stdin as stdin:
                stdin.write(text)
        except OSError as error:
            self._log.warning(f"error writing input to plugins stdin: {error}")

    def _read(self) -> None:
        assert self._popen.stdout is not None
        with self._popen.stdout as stdout:
            text = stdout.read()
        output = decode_output(text)
        code = self._popen.wait()
        self._lines.stop()
        self._listener.join(timeout=2)
        if code != 0 and output.error is None:
            output = Output(f"exit status {code}" if code > 0 else _signal_text(-code), output.output)
        self._log.debug(f"Plugin {self.manifest.name} finished")
        self._output = output
        self._done.set()


def command_of(
    manifest: Manifest, task: Task | None, python_path: str, log: Log
) -> tuple[list[str], dict[str, str] | None]:
    """The command line and its environment (None: ours). Raises CannotStart if exec is empty."""
    command = [*manifest.exec, *(task.exec_args if task else ())]
    if not command:
        raise CannotStart("empty exec value")
    program = command[0]
    command[1:] = [part.replace("{pluginDir}", str(manifest.folder)) for part in command[1:]]
    if program not in ("python", "python3"):
        if shutil.which(program) is None:
            command[0] = str(manifest.folder / program)
        return command, None
    found = _find_python(python_path, log)
    if found is None:
        return command, None
    command[0] = found
    siblings = str(manifest.folder.parent.absolute())
    own = os.environ.get("PYTHONPATH")
    return command, {**os.environ, "PYTHONPATH": siblings if own is None else own + os.pathsep + siblings}


def decode_output(raw: bytes) -> Output:
    """stdout as {"error", "output"}; whatever is not that becomes, as text, the output. Never raises.

    As Go decodes: key names match in either case, other keys are ignored, NaN is no JSON.
    """
    text = raw.decode("utf-8", "replace")
    try:
        found = json.loads(text, parse_constant=_refuse, parse_int=_as_float64)
    except (ValueError, RecursionError):
        return Output(None, text)
    if found is None:
        return Output(None, None)
    if not isinstance(found, dict):
        return Output(None, text)
    fields = {key.lower(): value for key, value in found.items()}
    error = fields.get("error")
    if error is not None and not isinstance(error, str):
        return Output(None, text)
    return Output(error, fields.get("output"))


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _as_float64(digits: str) -> int:
    number = int(digits)
    return number if abs(number) <= EXACT_INT else int(float(number))


def _find_python(configured: str, log: Log) -> str | None:
    if configured:
        if Path(configured).is_file():
            return configured
        log.warning(f"configured python path is not a file: {configured}")
    found = shutil.which("python3") or shutil.which("python")
    if found is None:
        log.warning("python executable not in PATH")
    return found


def _start(command: list[str], env: dict[str, str] | None) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=env)
    except (OSError, ValueError) as error:
        raise CannotStart(f"error running plugin: {error}") from error


def _signal_text(number: int) -> str:
    names = {9: "killed", 15: "terminated", 11: "segmentation fault", 6: "aborted", 2: "interrupt"}
    return f"signal: {names.get(number, number)}"
