"""Finds a program that installs packages (uv if it can be had, else pip) and runs it with lines a person can read."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

from plugin.installation import pip_settings
from plugin.installation.failures import SetupError
from plugin.installation.say import Say, to_stderr

CHOICE = "STASH_SENSE_INSTALLER"
CHOICES = ("auto", "uv", "pip")
UV_REQUIREMENT = "uv>=0.5"
OLDEST_UV = (0, 5)
OLDEST_PIP_FOR_ANOTHER_PYTHON = (22, 3)
# PIP_USER or PIP_TARGET of the person's own would send the packages elsewhere.
PIP_ENVIRONMENT = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_USER": "0", "PIP_TARGET": ""}
HEARTBEAT_S = 15.0
SHOWN_MB = 5.0
SIZE = re.compile(r"\((\d+(?:\.\d+)?) ?(MiB|MB|GiB|GB)\)")
MILESTONE = re.compile(r"^(Resolved|Prepared|Installed|Uninstalled) \d+ package|^Building |^warning: .*cache", re.I)


@dataclass(frozen=True)
class Installer:
    """A command line that installs packages into one environment."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    say: Say = to_stderr

    def install(self, arguments: list[str]) -> tuple[int, list[str]]:
        """Run it; say the telling lines of its output. Returns exit status and the last 60 lines."""
        return _run([*self.command, *arguments], self.environment, lambda text: self.say("  " + text))


def chosen() -> str:
    """The person's choice of installer. Raises SetupError if it is not one of CHOICES."""
    choice = os.environ.get(CHOICE, "auto").strip().lower() or "auto"
    if choice not in CHOICES:
        raise SetupError(f"{CHOICE} is {choice!r}. Choose from: {', '.join(CHOICES)}.")
    return choice


def find_uv(python: str, say: Say) -> Installer | None:
    """uv from PATH, else from the environment, else installed there by pip (about 20 MB). None if it cannot be had."""
    inside = os.path.join(os.path.dirname(python), "uv.exe" if os.name == "nt" else "uv")
    uv = next((path for path in (shutil.which("uv"), inside) if path and _is_new_enough(path)), None)
    pip = _working_pip(python)
    if uv is None and pip is not None:
        say("  getting uv ...")
        _pip_installer(pip, python, say).install([UV_REQUIREMENT])
        uv = inside if _is_new_enough(inside) else None
    if uv is None:
        return None
    settings = pip_settings.to_uv(pip_settings.ask_pip(pip) if pip else {}, os.environ)
    command = [uv, "pip", "install", "--python", python, *settings.flags]
    return Installer("uv", command, settings.environment, say)


def find_pip(python: str, say: Say) -> Installer | None:
    """The environment's pip, else the running Python's, else one made by ensurepip. None if there is none, as on a
    Debian without python3-venv and python3-pip.
    """
    pip = _working_pip(python)
    return _pip_installer(pip, python, say) if pip is not None else None


def _working_pip(python: str) -> list[str] | None:
    own = [python, "-m", "pip"]
    if _pip_version(own) is not None:
        return own
    # Started from inside an environment without pip, the Python beneath it may still have one.
    for other in dict.fromkeys((sys.executable, getattr(sys, "_base_executable", sys.executable))):
        version = _pip_version([other, "-m", "pip"])
        if version is not None and version >= OLDEST_PIP_FOR_ANOTHER_PYTHON:
            return [other, "-m", "pip"]
    _quietly([python, "-m", "ensurepip", "--default-pip"])
    return own if _pip_version(own) is not None else None


def _pip_installer(pip: list[str], python: str, say: Say) -> Installer:
    command = [*pip, "--python", python, "install"] if pip[0] != python else [*pip, "install"]
    return Installer("pip", command, PIP_ENVIRONMENT, say)


def no_installer() -> SetupError:
    """What to do where neither uv nor pip can be had."""
    return SetupError(
        "this Python has no pip, and uv is not on PATH either. On Debian or Ubuntu: `apt install python3-venv`; "
        "on Alpine: `apk add py3-pip`; elsewhere: `python3 -m ensurepip`, or put uv on PATH. Then run it again."
    )


def _pip_version(pip: list[str]) -> tuple[int, int] | None:
    """Major and minor version; the answer must come from a pip that works, so it is run."""
    found = re.match(r"pip (\d+)\.(\d+)", _quietly([*pip, "--version"]) or "")
    return (int(found[1]), int(found[2])) if found else None


def _is_new_enough(uv: str) -> bool:
    found = re.match(r"uv (\d+)\.(\d+)", _quietly([uv, "--version"]) or "")
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_UV


def _quietly(command: list[str]) -> str | None:
    """Standard output of a short command, None if it cannot be run or fails."""
    try:
        answer = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None


def _run(command: list[str], environment: Mapping[str, str], say: Say) -> tuple[int, list[str]]:
    child = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        close_fds=False,  # Keeps the lock (see lock.py) for as long as the installer runs.
    )
    assert child.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_pump, args=(child.stdout, lines), daemon=True).start()
    last: deque[str] = deque(maxlen=60)
    began = time.monotonic()
    try:
        while True:
            try:
                line = lines.get(timeout=HEARTBEAT_S)
            except queue.Empty:
                say(f"... still working, {time.monotonic() - began:.0f} s")
                continue
            if line is None:
                return child.wait(), list(last)
            if line.strip():
                last.append(line)
                _show(line, say)
    except BaseException:
        child.terminate()
        child.wait()
        raise


def _pump(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in stream:
        lines.put(line.rstrip())
    lines.put(None)


def _show(line: str, say: Say) -> None:
    """Forward what tells a person how far it is: large downloads and totals, not each of a hundred packages."""
    text = line.strip()
    size = SIZE.search(text)
    if text.startswith("Downloading") and size:
        if float(size[1]) * (1024 if size[2].startswith("G") else 1) >= SHOWN_MB:
            say(text)
    elif text.startswith("Installing collected packages:"):
        say(f"installing {text.count(',') + 1} packages ...")
    elif MILESTONE.match(text):
        say(text[0].lower() + text[1:])
