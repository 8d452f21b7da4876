"""The browser for the tests of the interface: found, or installed where that needs nobody's hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

OVERRIDE = "STASH_SENSE_CHROMIUM"
"""Environment variable that names the program to use."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    f"Install Chromium (Debian: apt install chromium), or name one in {OVERRIDE}; "
    "without it the tests of the interface cannot run."
)


def find() -> str | None:
    """Path of a Chromium: the one that the environment names, one on PATH, or playwright's own."""
    named = os.environ.get(OVERRIDE)
    if named:
        return named if Path(named).is_file() else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _playwrights_own()


def ensure(say: Callable[[str], None]) -> str | None:
    """find(), and where there is none: Debian's if we are root there, else playwright's. None, after a sentence, if
    neither can be had. Takes up to some minutes.
    """
    found = find()
    if found or os.environ.get(OVERRIDE):
        return found
    for name, commands in _ways():
        say(f"installing Chromium {name} ...")
        if all(_runs(command, say) for command in commands):
            found = find()
            if found:
                return found
    say(HOW)
    return None


def _ways() -> list[tuple[str, list[list[str]]]]:
    ways = []
    if shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0:
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        # The lists of a fresh container are empty; those of a machine that works need no second look.
        ways.append(("from the system's packages", [install]))
        ways.append(("from the system's packages, looked up anew", [["apt-get", "update", "-q"], install]))
    ways.append(("with playwright", [[sys.executable, "-m", "playwright", "install", "chromium"]]))
    return ways


def _runs(command: list[str], say: Callable[[str], None]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        answer = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"    {error}")
        return False
    if answer.returncode:
        said = (answer.stdout + answer.stderr).strip().splitlines()
        say("    " + (said[-1] if said else f"exit status {answer.returncode}"))
    return answer.returncode == 0


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None
