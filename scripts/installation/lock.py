"""Lets one process at a time change the environment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.installation.failures import SetupError

RETRY_S = 0.5


@contextmanager
def exclusive(path: str) -> Iterator[None]:
    """Hold the lock file at `path`, waiting (with a line on stderr) while another process holds it.

    The system gives the lock back when its holder and the holder's children have ended, however they end: an installer
    that outlives a killed setup still keeps the next one waiting. Raises SetupError if the file cannot be made.
    """
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise SetupError(
            f"{os.path.dirname(path)} cannot be written ({error.strerror}), so no environment can be made there. "
            "Run it as the owner of that folder, or clone the repository to a folder of your own."
        ) from error
    os.set_inheritable(file, True)
    try:
        if not _try_lock(file):
            print("waiting for another run that is setting up ...", file=sys.stderr, flush=True)
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
