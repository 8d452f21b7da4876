"""Operating-system locks between processes of the plugin: they die with their process, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator

DRAIN_LOCK = "drain.lock"
"""Held by the drain that works on the queue."""


class LockHeld(Exception):
    """Another process holds the lock. The message says which and what that means."""


@contextlib.contextmanager
def exclusive(
    path: str, wait_s: float = 0.0, what: str = "this", sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the lock of this file inside the block. Raises LockHeld where another process keeps it for wait_s."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        deadline = time.monotonic() + wait_s
        while not _try(descriptor):
            if time.monotonic() >= deadline:
                raise LockHeld(f"another process of Stash Sense does {what} already ({os.path.basename(path)})")
            sleep(0.05)
        yield
    finally:
        os.close(descriptor)  # lets the lock go as well


def is_held(path: str) -> bool:
    """Whether any process holds the lock now. Those who ask at the same moment do not take each other for a holder,
    but on Windows, where a lock is never shared.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return False
    try:
        return not _try(descriptor, shared=True)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int, shared: bool = False) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import errno
    import fcntl

    def _try(descriptor: int, shared: bool = False) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            # Some network file systems know no locks; working without one beats not working.
            return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
        return True
