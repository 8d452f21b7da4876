"""What the plugin itself needs (pyproject.toml's extra `plugin`), in the data folder, for exactly this Python.

`<data>/deps/<abi>-<digest>/` is filled by task Set up and never changed afterwards: a new Python (an image update) has
another abi, other requirements have another digest, and a process that still runs keeps the folder it began with.
Standard library only. What every call of the plugin uses (is_installed, activate) costs less than 2 ms.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plugin.installation.installers import Installer
    from plugin.installation.say import Say

READY = ".ready"
KEPT_S = 24 * 3600.0
SIZE = "about 60 MB are needed"
NEEDS_NO_SIDECAR = "Recommendations, watch tracking, the inbox, settings and undo work without it."

_SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_STAGING = ".staging-"
_REPLACED = ".replaced-"
_PIP = ".pip-"
_IMPORTS = (
    "import sys; sys.path.insert(0, sys.argv[1]); import google.protobuf, peewee, stashapi.log\n"
    "if sys.argv[2] == 'grpc': import grpc"
)


def deps_dir(data_dir: str) -> str:
    """The folder that holds, or will hold, the packages for this Python and these requirements."""
    return os.path.join(data_dir, "deps", f"{abi_tag()}-{zlib.crc32(_requirements_text().encode()):08x}")


def is_installed(data_dir: str) -> bool:
    """True if Set up has finished for this Python and these requirements."""
    return os.path.exists(os.path.join(deps_dir(data_dir), READY))


def activate(data_dir: str) -> None:
    """Let imports find the packages, before everything but the plugin's own code."""
    folder = deps_dir(data_dir)
    if folder not in sys.path:
        sys.path.insert(1, folder)


def can_call_sidecar(data_dir: str) -> bool:
    """False where there is no grpcio for this machine (musl on 32-bit ARM): everything but analysis works there."""
    return os.path.isdir(os.path.join(deps_dir(data_dir), "grpc"))


def missing_instruction(data_dir: str | None = None) -> str:
    """One sentence that says what to do when is_installed() is False, and with data_dir also why it is so."""
    what_to_do = (
        "Run the task Set up (Settings > Tasks > Plugin Tasks > Stash Sense Native > Set up); it takes a minute."
    )
    installed = _installed(data_dir) if data_dir else []
    if any(name.startswith(abi_tag() + "-") for name in installed):
        return f"This version of the plugin needs newer Python packages than are installed. {what_to_do}"
    if installed:
        return f"Stash's Python has changed, as after an update of its container image. {what_to_do}"
    return f"The Python packages that Stash Sense Native needs are not installed yet. {what_to_do}"


def no_grpc_instruction() -> str:
    """Why analysis is impossible here although Set up worked, and what works all the same."""
    return (
        f"There is no ready-made grpcio for this Python ({abi_tag()}), so the sidecar cannot be called and nothing can "
        f"be analysed from here. {NEEDS_NO_SIDECAR} For analysis run Stash in a 64-bit image (amd64 or arm64)."
    )


def abi_tag() -> str:
    """Implementation, version, libc, platform and machine: what compiled packages fit.

    Taken from the name that this Python wants its extension modules to have, such as cpython-312-x86_64-linux-musl.
    """
    tag = importlib.machinery.EXTENSION_SUFFIXES[0].split(".")[1]
    if sys.platform == "win32":
        return tag
    machine = os.uname().machine
    return tag if machine in tag else f"{tag}-{machine}"


def is_musl() -> bool:
    """True on Alpine and its kind, for which neither torch nor ONNX Runtime is built."""
    return "musl" in abi_tag()


def install(data_dir: str, plugin_dir: str, say: Say) -> None:
    """Install what is missing or damaged, with pip, beside the system's packages and untouched by PEP 668.

    May be killed at any moment, and pip may outlive us: it fills a folder of its own, which gets its name only when
    everything in it can be imported. Raises SetupError with a sentence for people.
    """
    from plugin.installation.failures import SetupError
    from plugin.installation.lock import exclusive
    from plugin.setup.surroundings import tidy

    parent = os.path.join(data_dir, "deps")
    try:
        os.makedirs(data_dir, mode=0o700, exist_ok=True)
        os.makedirs(parent, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"{parent} cannot be made ({error.strerror}). Let Stash's user write to {data_dir}."
        ) from error
    with exclusive(os.path.join(parent, "setup.lock"), say), tidy(parent, plugin_dir):
        target = deps_dir(data_dir)
        if is_installed(data_dir) and can_call_sidecar(data_dir) and _import_failure(target, True) == "":
            say("The plugin's Python packages are installed already.")
            return
        _replace(target, _filled(parent, say))
    if not can_call_sidecar(data_dir):
        say(no_grpc_instruction())


def prune(data_dir: str) -> list[str]:
    """Remove packages for other Pythons or requirements, and what killed setups left, once it is a day old.

    For Maintenance. Returns the names of the folders that were removed.
    """
    import shutil
    import time

    parent, current = os.path.join(data_dir, "deps"), os.path.basename(deps_dir(data_dir))
    removed = []
    for name in sorted(os.listdir(parent)) if os.path.isdir(parent) else []:
        path = os.path.join(parent, name)
        if name == current or not os.path.isdir(path) or time.time() - os.stat(path).st_mtime < KEPT_S:
            continue
        shutil.rmtree(path, ignore_errors=True)
        removed.append(name)
    return removed


def _requirements_text() -> str:
    """The extra `plugin` as it stands in pyproject.toml: reading it as TOML would cost ten times as much."""
    with open(os.path.join(_SOURCES, "pyproject.toml"), encoding="utf-8") as file:
        return file.read().partition("\nplugin = [")[2].partition("]")[0]


def _installed(data_dir: str) -> list[str]:
    parent = os.path.join(data_dir, "deps")
    names = sorted(os.listdir(parent)) if os.path.isdir(parent) else []
    return [name for name in names if not name.startswith(".") and os.path.exists(os.path.join(parent, name, READY))]


def _filled(parent: str, say: Say) -> str:
    """A new folder with everything that can be had in it. Raises SetupError."""
    import tempfile

    from plugin.installation.failures import NO_NETWORK, SetupError, explain
    from plugin.installation.requirements import read_requirements

    lines = read_requirements(_SOURCES)["plugin"]
    pip = _pip(parent, say)
    staging = tempfile.mkdtemp(prefix=_STAGING, dir=parent)
    say(f"installing what the plugin needs ({', '.join(lines)}) ...")
    status, output = pip.install([*_flags(staging), *lines])
    has_grpc = True
    said = "\n".join(output)
    if status != 0 and "No matching distribution found for grpcio" in said and not NO_NETWORK.search(said):
        has_grpc = False
        say("there is no ready-made grpcio for this machine; installing the rest ...")
        status, output = pip.install([*_flags(staging), *(line for line in lines if not line.startswith("grpcio"))])
    if status != 0:
        raise SetupError(explain("what the plugin needs", "pip", output, SIZE))
    wrong = _import_failure(staging, has_grpc)
    if wrong:
        raise SetupError(f"the installed packages do not work with this Python ({abi_tag()}):\n{wrong}")
    with open(os.path.join(staging, READY), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return staging


def _flags(staging: str) -> list[str]:
    # grpcio takes half an hour to compile, and fails without a compiler.
    return ["--target", staging, "--upgrade", "--only-binary", "grpcio"]


def _pip(parent: str, say: Say) -> Installer:
    """A pip that runs on this Python: its own, else one in a small environment of ours. Raises SetupError."""
    import subprocess
    import tempfile

    from plugin.installation.failures import SetupError
    from plugin.installation.installers import PIP_ENVIRONMENT, Installer

    surroundings = {**PIP_ENVIRONMENT, "PIP_PREFIX": "", "PIP_REQUIRE_VIRTUALENV": "0"}
    own = [sys.executable, "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0:
        return Installer("pip", [*own, "install"], surroundings, say)
    # ensurepip alone would write to the system's packages; in an environment it writes to ours.
    home = tempfile.mkdtemp(prefix=_PIP, dir=parent)
    answer = subprocess.run([sys.executable, "-m", "venv", home], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        said = (answer.stderr or answer.stdout).strip()
        raise SetupError(
            f"this Python ({sys.executable}) has no pip, and none can be made. In Stash's Alpine image: "
            "`apk add py3-pip`; on Debian or Ubuntu: `apt install python3-pip`; elsewhere: `python3 -m ensurepip`. "
            f"Then run Set up again. It said:\n    {said}"
        )
    inside = os.path.join(home, "Scripts", "python.exe") if os.name == "nt" else os.path.join(home, "bin", "python")
    return Installer("pip", [inside, "-m", "pip", "install"], surroundings, say)


def _import_failure(folder: str, has_grpc: bool) -> str:
    """Import everything from the folder in a Python that is started as Stash starts ours; "" if that works."""
    import subprocess

    command = [sys.executable, "-X", "utf8", "-I", "-S", "-c", _IMPORTS, folder, "grpc" if has_grpc else "no grpc"]
    answer = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    return "" if answer.returncode == 0 else answer.stderr.strip() or f"exit status {answer.returncode}"


def _replace(target: str, staging: str) -> None:
    """Give the staged folder its name; a kill leaves nothing under that name, or all of it."""
    import shutil
    import tempfile

    parent = os.path.dirname(target)
    if os.path.isdir(target):  # Damaged, or without grpcio.
        os.rename(target, os.path.join(tempfile.mkdtemp(prefix=_REPLACED, dir=parent), "old"))
    os.chmod(staging, 0o755)  # noqa: S103 (mkdtemp's 0700; the packages are public)
    os.rename(staging, target)
    for name in os.listdir(parent):
        path = os.path.join(parent, name)
        if name.startswith((_STAGING, _REPLACED, _PIP)):
            shutil.rmtree(path, ignore_errors=True)
        elif path != target and os.path.isdir(path):
            os.utime(path)  # Whoever still runs with it keeps it for a day from now: see prune().
