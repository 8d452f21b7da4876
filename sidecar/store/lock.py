"""One process owns a data folder. The operating system's lock says so and dies with its process."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from sidecar.store.errors import StoreError, StoreLocked

LOCK_NAME = "sidecar.lock"
OWNER_NAME = "sidecar.owner"
PATIENCE_S = 0.5
"""How long taking the lock waits: longer than owner_of holds it to see whether it is free."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a data folder. since_s: Unix time.

    address: where it serves, version: of the program, launch_id: what its launcher called it; "" if it did not say.
    """

    pid: int
    address: str
    since_s: float
    version: str = ""
    launch_id: str = ""


class StoreLock:
    """Exclusive ownership of a data folder, until release or the death of the process."""

    def __init__(self, data_dir: Path, address: str = "") -> None:
        """Take the lock and write who holds it beside it. Raises StoreLocked, naming the owner."""
        self._owner_path = data_dir / OWNER_NAME
        self._lock = FileLock(data_dir / LOCK_NAME, timeout=PATIENCE_S, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise StoreLocked(_locked_sentence(data_dir)) from None
        except OSError as error:
            raise StoreError(f"cannot lock the data folder {data_dir}: {error}. Is it writable?") from error
        self.announce(address)

    def announce(self, address: str, version: str = "", launch_id: str = "") -> None:
        """Write who the owner is, for those who find the folder locked: five lines, see _read_owner.

        What they say holds only as long as the lock is held: after a kill the file stays, and its pid may be another's.
        """
        owner = f"{os.getpid()}\n{time.time()}\n{address}\n{version}\n{launch_id}\n"
        beside = self._owner_path.with_suffix(".new")
        # The file only informs: a full disk must not keep the store from serving what it holds.
        with contextlib.suppress(OSError):
            beside.write_text(owner, encoding="utf-8")
            beside.replace(self._owner_path)

    def release(self) -> None:
        """Give the folder up. Safe to call twice."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._owner_path.unlink(missing_ok=True)
            self._lock.release()


def owner_of(data_dir: Path) -> Owner | None:
    """Who owns this data folder now; None if nobody does, or if the owner's note cannot be read."""
    probe = FileLock(data_dir / LOCK_NAME, timeout=0, thread_local=False)
    if not (data_dir / LOCK_NAME).exists():
        return None
    try:
        with probe:
            return None
    except Timeout:
        return _read_owner(data_dir / OWNER_NAME)
    except OSError:
        return None


def _read_owner(path: Path) -> Owner | None:
    try:
        pid, since_s, address, *more = path.read_text(encoding="utf-8").split("\n")
        version, launch_id = (*more, "", "")[:2]
        return Owner(int(pid), address, float(since_s), version, launch_id)
    except (OSError, ValueError):
        return None


def _locked_sentence(data_dir: Path) -> str:
    owner = _read_owner(data_dir / OWNER_NAME)
    who = "another process" if owner is None else f"process {owner.pid}"
    where = f", which serves at {owner.address}" if owner and owner.address else ""
    return f"the data folder {data_dir} is in use by {who}{where}. Use that one, stop it, or name another folder."
