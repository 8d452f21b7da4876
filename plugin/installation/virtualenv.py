"""Makes the environment's folder, and mends what a killed install left in it."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys

from plugin.installation import stamp
from plugin.installation.failures import DISK_FULL, SetupError
from plugin.installation.say import Say

RIGHT_VERSION = "import sys; sys.exit(sys.version_info < (3, 10))"


def works(python: str) -> bool:
    """True if the environment's Python starts: its base may have been removed or upgraded away."""
    try:
        return subprocess.run([python, "-c", RIGHT_VERSION], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make(venv: str, say: Say) -> None:
    """Make a new, empty environment with the running Python, in place of whatever was there. Raises SetupError.

    Without pip: that takes a tenth of a second instead of three, works where the system's Python came without
    ensurepip, and uv needs none.
    """
    if os.path.lexists(venv):
        say(f"{venv} does not work any more: making it anew.")
        remove(venv)
    command = [sys.executable, "-m", "venv", "--without-pip", venv]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        stamp.write(venv, {"": stamp.version_tag()})
        return
    said = (answer.stderr or answer.stdout).strip()
    if DISK_FULL.search(said):
        raise SetupError(f"the disk is full, so {venv} could not be made. Free some space and run it again.")
    raise SetupError(
        f"{' '.join(command)} failed. On Debian or Ubuntu: `apt install python3-venv`. It said:\n    {said}"
    )


def remove(venv: str) -> None:
    """Remove the environment's folder. Raises SetupError if something in it cannot be removed."""
    try:
        if os.path.islink(venv) or not os.path.isdir(venv):
            os.unlink(venv)
        else:
            shutil.rmtree(venv)
    except OSError as error:
        raise SetupError(
            f"{error.filename} cannot be removed ({error.strerror}). Remove {venv} by hand, then run it again."
        ) from error


def mend(venv: str) -> list[str]:
    """Forget each package that is not whole, so that the installer installs it again. Returns their folder names.

    A killed installer leaves a package whose record is missing, or lists files that are not there or have another
    size. Without its .dist-info a package counts as not installed, and its files are overwritten.
    """
    forgotten = []
    for packages in _site_packages(venv):
        for entry in sorted(os.listdir(packages)):
            path = os.path.join(packages, entry)
            if entry.startswith("~"):  # pip's name for what it was about to replace.
                shutil.rmtree(path, ignore_errors=True)
            elif entry.endswith(".dist-info") and not _is_whole(packages, path):
                shutil.rmtree(path)
                forgotten.append(entry)
    return forgotten


def _site_packages(venv: str) -> list[str]:
    if os.name == "nt":
        candidates = [os.path.join(venv, "Lib", "site-packages")]
    else:
        libraries = os.path.join(venv, "lib")
        names = sorted(os.listdir(libraries)) if os.path.isdir(libraries) else []
        candidates = [os.path.join(libraries, name, "site-packages") for name in names]
    return [path for path in candidates if os.path.isdir(path)]


def _is_whole(packages: str, dist_info: str) -> bool:
    try:
        with open(os.path.join(dist_info, "RECORD"), encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        return bool(rows) and all(_is_there(packages, row) for row in rows if row)
    except (OSError, ValueError, csv.Error):
        return False


def _is_there(packages: str, row: list[str]) -> bool:
    # Byte code is made anew by Python itself, so a record is not broken by its absence.
    if row[0].endswith(".pyc"):
        return True
    size = os.stat(os.path.join(packages, row[0])).st_size
    return len(row) < 3 or not row[2] or size == int(row[2])
