"""Products of small matrices on one thread each. Knows no room. This file alone imports threadpoolctl."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_changing = threading.Lock()
_limits: list[Any] = []
_users = 0


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Within it numpy's matrix products use one thread each, in the whole process; any number of threads may enter.

    OpenBLAS splits each product of some hundred rows over all cores and waits for the slowest: where another process
    is busy on one of them, that took 10 to 40 times as long as not splitting it (64 queries, 100 000 x 512: 70 against
    5 ms each), and on an idle machine it gained less than half.
    """
    global _users
    with _changing:
        # Not each for itself: who leaves would give the threads back while others still work, or take them for ever.
        if _users == 0:
            _limits.append(_controller().limit(limits=1, user_api="blas"))
        _users += 1
    try:
        yield
    finally:
        with _changing:
            _users -= 1
            if _users == 0:
                _limits.pop().restore_original_limits()


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController()
