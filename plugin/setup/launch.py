"""Starts a sidecar on this machine when it is needed, and stops it when asked.

One at a time starts it, by an OS lock. It runs on by itself: in a session of its own, none of its streams ours, from a
copy of its sources. It is found again by the lock on its data folder (see owner.py); its launch id says from what
sources and with what arguments it was started.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plugin.installation.failures import SetupError
from plugin.installation.lock import exclusive
from plugin.installation.say import Say
from plugin.setup import sources
from plugin.setup.address import default_address, is_local, make_token, read_token, token_file_of
from plugin.setup.owner import OURS, Owner, is_owned, log_file_of, owner_of

LARGEST_LOG_BYTES = 5_000_000
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 60.0
"""Longer than the sidecar's --drain, in which media in work may finish."""

_TAIL_LINES = 8
SPAWNED_NAME = "launch.pid"

Health = Callable[[str, str], bool]
"""(address, token or "") -> whether a sidecar answers there and serves. Never raises."""

__all__ = [
    "Health",
    "LaunchError",
    "LaunchPlan",
    "Running",
    "current",
    "ensure_running",
    "is_local",
    "log_file_of",
    "stop",
]


class LaunchError(SetupError):
    """The sidecar could not be started or stopped. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """How a sidecar on this machine is started.

    python: of the sidecar's environment. sources: folder that holds sidecar/ and protos/. data_dir: the sidecar's own
    (`<data>/sidecar`). address: "" for the default (see address.py), else a local one. media_roots: absolute folders.
    allowed_origins: scheme://host[:port]. token_file: for TCP; "" for the one in data_dir. extra_args: further options.
    """

    python: str
    sources: str
    data_dir: str
    address: str = ""
    media_roots: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    token_file: str = ""
    extra_args: tuple[str, ...] = ()

    @property
    def launch_id(self) -> str:
        """Changes with whatever would make another sidecar of it."""
        asked = [self.python, self.data_dir, self.address, self.token_file, *self.extra_args]
        text = "\0".join([*asked, "roots", *sorted(self.media_roots), "origins", *sorted(self.allowed_origins)])
        arguments = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
        return f"{OURS}{sources.digest_of(self.sources)}-{arguments}"


@dataclass(frozen=True, slots=True)
class Running:
    """A sidecar that serves. pid: 0 if it is not ours to stop. token: "" for a socket. started: by this very call."""

    address: str
    pid: int
    started: bool
    token: str = ""
    version: str = ""


def current(data_dir: str, token_file: str = "") -> Running | None:
    """The sidecar that runs on this data folder and has said where it serves; not asked whether it is well.

    Costs about a millisecond.
    """
    owner = owner_of(data_dir)
    if owner is None or not owner.address:
        return None
    return Running(owner.address, owner.pid, False, _token_for(owner.address, data_dir, token_file), owner.version)


def ensure_running(
    plan: LaunchPlan,
    is_healthy: Health,
    say: Say,
    restart_if_different: bool = False,
    timeout_s: float = START_TIMEOUT_S,
) -> Running:
    """The healthy sidecar of the plan's data folder or address, started if there is none.

    restart_if_different: one that the plugin started from other sources or with other arguments is stopped first (its
    media in work may finish); one that a person started is always left alone. Raises LaunchError (a SetupError).
    """
    deadline = time.monotonic() + timeout_s
    launch_id = plan.launch_id
    running = _healthy(plan, is_healthy)
    if running is not None and not (restart_if_different and _differs(plan, launch_id)):
        return running
    if plan.address and not is_local(plan.address):
        raise LaunchError(f"{plan.address} is another machine: start the sidecar there, or check the address.")
    try:
        os.makedirs(plan.data_dir, exist_ok=True)
    except OSError as error:
        raise LaunchError(
            f"{plan.data_dir} cannot be made ({error.strerror}). Let Stash's user write there."
        ) from error
    with exclusive(os.path.join(plan.data_dir, "launch.lock"), say, children_too=False):
        if restart_if_different and _differs(plan, launch_id):
            say("The sidecar runs with other settings or of another version: restarting it ...")
            stop(plan.data_dir)
        while is_owned(plan.data_dir):
            running = _healthy(plan, is_healthy)
            if running is not None:
                return running
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"a sidecar runs on {plan.data_dir} but does not answer; its log ends with:\n"
                    f"{_tail(plan.data_dir)}\nEnd its process, then run this again."
                )
            time.sleep(0.2)
        running = _healthy(plan, is_healthy)
        return running if running is not None else _start(plan, launch_id, is_healthy, say, deadline)


def stop(data_dir: str, timeout_s: float = STOP_TIMEOUT_S) -> bool:
    """Ask the sidecar of this data folder to finish what it does and end, and wait for it. False if none runs.

    Raises LaunchError if it is no process of this machine, or does not end in time.
    """
    owner = owner_of(data_dir) or _just_spawned(data_dir)
    if owner is None:
        return False
    if not _is_sidecar(owner.pid):
        if not is_owned(data_dir):  # It has just ended.
            return False
        raise LaunchError(
            f"a sidecar of another container or machine uses {data_dir}. Stop it there, or name its address in the "
            "plugin's settings."
        )
    try:
        os.kill(owner.pid, signal.SIGTERM)
    except ProcessLookupError:
        return False
    except OSError as error:
        raise LaunchError(
            f"process {owner.pid} cannot be stopped ({error.strerror}); another user started it."
        ) from error
    deadline = time.monotonic() + timeout_s
    # It gives the folder up first; a model that is just being compiled may keep the process for some seconds more.
    while is_owned(data_dir) or _is_running(owner.pid):
        if time.monotonic() > deadline:
            raise LaunchError(
                f"the sidecar (process {owner.pid}) did not end within {timeout_s:.0f} s; end it by hand."
            )
        time.sleep(0.05)
    return True


def _healthy(plan: LaunchPlan, is_healthy: Health) -> Running | None:
    running = current(plan.data_dir, plan.token_file)
    if running is not None:
        return running if is_healthy(running.address, running.token) else None
    if not plan.address or plan.address.endswith(":0"):
        return None
    # Started by hand on a data folder of its own.
    token = _token_for(plan.address, plan.data_dir, plan.token_file)
    return Running(plan.address, 0, False, token) if is_healthy(plan.address, token) else None


def _differs(plan: LaunchPlan, launch_id: str) -> bool:
    owner = owner_of(plan.data_dir)
    return owner is not None and owner.is_ours and owner.launch_id != launch_id


def _token_for(address: str, data_dir: str, token_file: str) -> str:
    return "" if address.startswith("unix:") else read_token(token_file or token_file_of(data_dir))


def _start(plan: LaunchPlan, launch_id: str, is_healthy: Health, say: Say, deadline: float) -> Running:
    address = plan.address or default_address(plan.data_dir)
    try:
        folder = sources.copy(plan.sources, plan.data_dir)
        sources.prune(plan.data_dir, folder)
        command = [plan.python, "-X", "utf8", "-m", "sidecar", *_arguments(plan, address, launch_id)]
        say("starting the sidecar ...")
        child = _spawn(command, folder, _open_log(plan.data_dir))
        _note_spawned(plan.data_dir, child.pid)
    except OSError as error:
        raise LaunchError(f"the sidecar cannot be started: {error}. Run the task Set up again.") from error
    owner: Owner | None = None
    while child.poll() is None:
        owner = owner_of(plan.data_dir)
        if owner is not None and owner.launch_id == launch_id and owner.address:
            token = _token_for(owner.address, plan.data_dir, plan.token_file)
            if is_healthy(owner.address, token):
                return Running(owner.address, owner.pid, True, token, owner.version)
        if time.monotonic() > deadline:
            child.terminate()
            raise LaunchError(f"the sidecar did not become ready in time; its log ends with:\n{_tail(plan.data_dir)}")
        time.sleep(0.1)
    raise LaunchError(
        f"the sidecar did not start (exit status {child.returncode}); its log ends with:\n{_tail(plan.data_dir)}\n"
        "Run the task Set up again, which mends its environment."
    )


def _arguments(plan: LaunchPlan, address: str, launch_id: str) -> list[str]:
    token_file = "" if address.startswith("unix:") else plan.token_file or make_token(plan.data_dir)
    return [
        f"--data={plan.data_dir}",
        f"--listen={address}",
        f"--launch-id={launch_id}",
        *(f"--media-root={root}" for root in plan.media_roots),
        *(f"--allow-origin={origin}" for origin in plan.allowed_origins),
        *([f"--token-file={token_file}"] if token_file else []),
        *plan.extra_args,
    ]


def _spawn(command: list[str], folder: str, log: int) -> subprocess.Popen[bytes]:
    """A process that shares nothing with us: Stash waits until every holder of our standard output has ended."""
    # Stash's PYTHONPATH leads to neighbours among the plugins; and packages are to be compiled once, not at each start.
    dropped = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            close_fds=True,
            **apart,
        )
    finally:
        os.close(log)


def _open_log(data_dir: str) -> int:
    path = log_file_of(data_dir)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path) and os.path.getsize(path) > LARGEST_LOG_BYTES:
        os.replace(path, path + ".1")
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _tail(data_dir: str) -> str:
    try:
        with open(log_file_of(data_dir), "rb") as file:
            file.seek(max(0, os.path.getsize(file.name) - 10_000))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return "\n".join("    " + line for line in lines[-_TAIL_LINES:]) or "    (nothing)"


def _note_spawned(data_dir: str, pid: int) -> None:
    """For a stop() that comes before the sidecar has taken its folder, when we are dead by then."""
    with open(os.path.join(data_dir, SPAWNED_NAME), "w", encoding="ascii") as file:
        file.write(f"{pid}\n")


def _just_spawned(data_dir: str) -> Owner | None:
    try:
        with open(os.path.join(data_dir, SPAWNED_NAME), encoding="ascii") as file:
            pid = int(file.readline())
    except (OSError, ValueError):
        return None
    # The note outlives its process, whose number another sidecar may have by now.
    return Owner(pid) if f"--data={data_dir}".encode() in _words_of(pid) else None


def _is_running(pid: int) -> bool:
    # On Windows a process is ended at once, and asking for it by number would end another.
    return sys.platform != "win32" and _is_sidecar(pid)


def _is_sidecar(pid: int) -> bool:
    """Whether the process with this number is a sidecar. The folder's lock may be held from another container, where
    numbers mean other processes.
    """
    return pid > 0 and (sys.platform == "win32" or b"sidecar" in _words_of(pid))


def _words_of(pid: int) -> list[bytes]:
    """The command line of a process; empty if there is none, or it cannot be told."""
    if sys.platform == "win32":
        return []
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().split(b"\0")
    except FileNotFoundError:
        if os.path.isdir("/proc/self"):
            return []
        answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
        return answer.stdout.split()
    except OSError:
        return []
