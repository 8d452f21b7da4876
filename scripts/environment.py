"""Gives every launcher in scripts/ its virtual environment, then runs the launcher's command in it.

Standard library only. This file and the launchers keep to syntax that Python 3.5 can parse, so that an old Python
answers with a sentence (or with a newer Python that it finds) instead of a SyntaxError.
"""

import contextlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 10)
NEWEST_TRIED = 15
SETUP_FAILED = 3
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# sys.path[0] is replaced before anything else is imported: with `-m` it would be the folder that the person stands in,
# and a `json.py` lying among somebody's videos would be run.
START = (
    "import sys; root, module = sys.argv[1:3]; del sys.argv[1:3]; sys.path[0] = root; "
    "import runpy; runpy.run_module(module, run_name='__main__', alter_sys=True)"
)


def run(command: str, extras: "tuple[str, ...]") -> None:
    """Make sure that `.venv` holds the extras, then become `scripts.commands.<command>` with the same arguments.

    extras: names from pyproject.toml's optional dependencies, and "embedded" for embedded-models.txt.
    Never returns: on POSIX the process is replaced (so signals and the exit status are the command's own), on Windows
    a child runs and its status is passed on. Exits with 3, after a sentence on stderr, if no environment can be made.
    """
    python = ensure(extras)
    arguments = [python, "-c", START, ROOT, "scripts.commands." + command] + sys.argv[1:]  # noqa: RUF005
    surroundings = dict(os.environ)
    surroundings.pop("PYTHONHOME", None)
    # Else the command, and each process that it starts, compiles all its packages anew: half a second of a sidecar.
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    others = surroundings.get("PYTHONPATH")
    surroundings["PYTHONPATH"] = ROOT + os.pathsep + others if others else ROOT
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        sys.exit(_wait(arguments, surroundings))
    os.execve(python, arguments, surroundings)  # noqa: S606


def setup() -> None:
    """Install the extras that the command line names (see `scripts/setup --help`), then return."""
    _require_python()
    from plugin.installation import SetupError
    from scripts.setup_arguments import extras_asked_for

    try:
        extras = extras_asked_for(ROOT, sys.argv[1:])
    except SetupError as failure:
        print("setup failed: " + str(failure), file=sys.stderr)
        sys.exit(SETUP_FAILED)
    print(ensure(extras) + " has " + ", ".join(extras))


def ensure(extras: "tuple[str, ...]") -> str:
    """Return the path of `.venv`'s Python once it holds the extras, installing what is missing. See run()."""
    _require_python()
    from plugin.installation import SetupError, ensure_extras

    try:
        return ensure_extras(ROOT, extras)
    except SetupError as failure:
        print("setup failed: " + str(failure), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nsetup was interrupted; the next run continues where it stopped.", file=sys.stderr)
        sys.exit(130)
    sys.exit(SETUP_FAILED)


def _require_python() -> None:
    if sys.version_info >= OLDEST:
        return
    newer = _find_newer()
    if newer is None:
        sys.exit(
            "Python {0}.{1} or newer is needed; this is {2}.{3} ({4}) and no newer one is on PATH. "
            "Install one and run: python{0}.{1} {5}".format(
                OLDEST[0], OLDEST[1], sys.version_info[0], sys.version_info[1], sys.executable, " ".join(sys.argv)
            )
        )
    os.execv(newer, [newer] + sys.argv)  # noqa: RUF005, S606


def _find_newer() -> "str | None":
    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        found = shutil.which("python3." + str(minor))
        # A version manager puts names on PATH that only print an error: ask.
        if found and subprocess.call([found, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def _wait(arguments: "list[str]", surroundings: "dict[str, str]") -> int:
    child = subprocess.Popen(arguments, env=surroundings)
    while child.returncode is None:
        # The console sends Ctrl-C to the child as well: let it end by itself.
        with contextlib.suppress(KeyboardInterrupt):
            child.wait()
    return child.returncode
