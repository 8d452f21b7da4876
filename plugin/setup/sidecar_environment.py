"""The sidecar's Python environment in the data folder: installed by Set up where the platform allows and the owner
agreed, or one of the owner's own.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys

from plugin.installation import SetupError, ensure_extras, python_if_complete, stamp, virtualenv
from plugin.installation.say import Say
from plugin.setup import dependencies
from plugin.setup.surroundings import tidy

EXTRAS = ("sidecar", "embedded")
CPU_GB, CUDA_GB = 1.4, 5.2
"""What it takes on disk; downloads are about half."""

OVERRIDE_NAME = "python.path"
"""A file in the sidecar's data folder whose first line is the path of a Python that has the extras already (for
instance a checkout's `.venv/bin/python`): it is used as it is, and nothing is ever installed there."""

_CONTAINER_WAY = (
    "run it on a machine or in a container with glibc (`python -m sidecar --listen HOST:PORT --token-file FILE "
    "--media-root /data`, see README), then name it in the settings Sidecar address and Sidecar token file"
)


class ConsentNeeded(SetupError):
    """Nothing was downloaded: the owner has not agreed yet. The message says how much it is and how to agree."""


def sidecar_dir(data_dir: str) -> str:
    """The sidecar's own data folder, where its environment lies too."""
    return os.path.join(data_dir, "sidecar")


def environment_dir(data_dir: str) -> str:
    """Where the environment lies, whether it is there or not."""
    return os.path.join(sidecar_dir(data_dir), "env")


def refusal() -> str:
    """Why no sidecar can be installed on this machine, and the other way; "" where it can be."""
    if dependencies.is_musl():
        return (
            "the sidecar cannot run inside Stash's Alpine image: PyTorch and ONNX Runtime are not built for its C "
            f"library. Instead, {_CONTAINER_WAY}."
        )
    if sys.maxsize < 2**32:
        return f"the sidecar needs a 64-bit Python, and this one has 32 bits. Instead, {_CONTAINER_WAY}."
    return ""


def size_gb() -> float:
    """Disk space that the environment takes here: package registries serve Linux on x86-64 torch with CUDA."""
    return CUDA_GB if sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64") else CPU_GB


def python_of(data_dir: str, plugin_dir: str) -> str | None:
    """The Python to start the sidecar with: the owner's own, else the environment's if it is complete, else None.

    Raises SetupError if the owner's is not there.
    """
    override = os.path.join(sidecar_dir(data_dir), OVERRIDE_NAME)
    if os.path.exists(override):
        with open(override, encoding="utf-8") as file:
            named = file.readline().strip()
        if not os.path.isfile(named):
            raise SetupError(f"{override} names {named!r}, which is no file. Correct its first line, or remove it.")
        return named
    return python_if_complete(plugin_dir, EXTRAS, environment_dir(data_dir))


def offer(data_dir: str) -> str:
    """What would be installed, how large it is, and how to agree."""
    return (
        f"The sidecar, which analyses media, is not installed here. It takes {CPU_GB} GB of disk, or {CUDA_GB} GB with "
        f"CUDA (here probably {size_gb()} GB; {_free_gb(data_dir):.0f} GB are free in {data_dir}). To agree, switch on "
        f"'Install the sidecar' in the plugin's settings and run Set up again. Or {_CONTAINER_WAY}."
    )


def install(data_dir: str, plugin_dir: str, consent: bool, say: Say) -> str:
    """Return the path of a Python that can run the sidecar, installing it if the owner has agreed (`consent`).

    Mends an environment whose Python was replaced beneath it. Raises SetupError: the platform's refusal, too little
    space, no network; ConsentNeeded before anything is downloaded.
    """
    python = python_of(data_dir, plugin_dir)
    if python is not None and _can_import(python):
        return python
    override = os.path.join(sidecar_dir(data_dir), OVERRIDE_NAME)
    if os.path.exists(override):
        raise SetupError(
            f"{python}, which {override} names, cannot import what the sidecar needs. Install that there, or remove "
            "the file."
        )
    if refusal():
        raise SetupError(refusal())
    if not consent:
        raise ConsentNeeded(offer(data_dir))
    environment = environment_dir(data_dir)
    os.makedirs(sidecar_dir(data_dir), exist_ok=True)
    if python is not None:
        say("the sidecar's environment does not work any more, as after an update of Python: making it anew.")
        virtualenv.remove(environment)
    elif not stamp.read(environment) and _free_gb(data_dir) < size_gb() + 0.5:
        raise SetupError(
            f"{_free_gb(data_dir):.1f} GB are free in {data_dir}, and the sidecar takes {size_gb()} GB. "
            "Free some space, then run Set up again."
        )
    say(f"installing the sidecar's environment ({size_gb()} GB) in {environment} ...")
    with tidy(sidecar_dir(data_dir), plugin_dir):
        return ensure_extras(plugin_dir, EXTRAS, environment, say)


def remove(data_dir: str) -> None:
    """Remove the environment, not what the sidecar stored. Raises SetupError."""
    if os.path.lexists(environment_dir(data_dir)):
        virtualenv.remove(environment_dir(data_dir))


def _can_import(python: str) -> bool:
    """Packages for another Python than the one beneath are not found, so importing the light ones tells enough."""
    # Not where Stash stands: a file named like one of them must not be run.
    folder = os.path.dirname(os.path.abspath(__file__))
    code = "import sys; del sys.path[0]; import grpc, numpy, av, peewee, filelock, apscheduler"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, check=False, cwd=folder, env=_own_path())
    except OSError:
        return False
    return answer.returncode == 0


def _own_path() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def _free_gb(folder: str) -> float:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return shutil.disk_usage(folder).free / 1e9
