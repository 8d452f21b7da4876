"""Lets one process at a time change an environment, or start a sidecar."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from plugin.installation.failures import SetupError
from plugin.installation.say import Say

RETRY_S = 0.5


@contextmanager
def exclusive(path: str, say: Say, children_too: bool = True) -> Iterator[None]:
    """Hold the lock file at `path`, waiting (and saying so) while another process holds it.

    children_too: the system gives the lock back when its holder and the holder's children have ended, however they
    end, so that an installer that outlives a killed setup still keeps the next one waiting. Otherwise it is given back
    with the holder's own end. Raises SetupError if the file cannot be made.
    """
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise SetupError(
            f"{os.path.dirname(path)} cannot be written ({error.strerror}), so nothing can be set up there. "
            "Run it as the owner of that folder, or choose a folder of your own."
        ) from error
    os.set_inheritable(file, children_too)
    try:
        if not _try_lock(file):
            say("waiting for another run that is setting up ...")
            while not _try_lock(file):
                time.sleep(RETRY_S)
        yield
    finally:
        os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import errno
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # Some network file systems know no locks; working without one beats not working.
            return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
        return True
