"""Who owns the sidecar's data folder: the running sidecar, by an OS lock that dies with it, says where it serves.

What sidecar/store/lock.py writes, read by the other side: the two never import each other.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from plugin.locks import is_held

LOCK_NAME = "sidecar.lock"
OWNER_NAME = "sidecar.owner"
OURS = "plugin-"
"""How the launch id of a sidecar begins that the plugin started."""


@dataclass(frozen=True, slots=True)
class Owner:
    """address: where it serves; version: of the sidecar; launch_id: see launch.py; each "" if it did not say (yet)."""

    pid: int
    address: str = ""
    version: str = ""
    launch_id: str = ""

    @property
    def is_ours(self) -> bool:
        """The plugin started it."""
        return self.launch_id.startswith(OURS)


def owner_of(data_dir: str) -> Owner | None:
    """The sidecar that runs on this folder now, or None. pid is 0 if it holds the lock and has not said more yet."""
    if not is_owned(data_dir):
        return None
    try:
        with open(os.path.join(data_dir, OWNER_NAME), encoding="utf-8", errors="replace") as file:
            pid, _, address, version, launch_id = (*file.read().split("\n"), "", "", "", "", "")[:5]
        return Owner(int(pid), address, version, launch_id)
    except (OSError, ValueError):
        return Owner(0)


def is_owned(data_dir: str) -> bool:
    """True while a sidecar holds the folder's lock. What its note says is true only then."""
    return is_held(os.path.join(data_dir, LOCK_NAME))


def log_file_of(data_dir: str) -> str:
    """Where a sidecar that the plugin started writes its log. At each start, one beyond 5 MB becomes sidecar.log.1."""
    return os.path.join(data_dir, "logs", "sidecar.log")
