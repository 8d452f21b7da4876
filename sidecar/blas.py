"""Products of matrices on one thread each. Knows no room. This file alone imports threadpoolctl."""

from __future__ import annotations

import threading

_setting = threading.Lock()
_is_set = threading.Event()


def use_one_blas_thread() -> None:
    """From now on each of numpy's matrix products uses one thread, in the whole process. Costs nothing when repeated.

    OpenBLAS splits each product of some hundred rows over all cores and waits for the slowest: where another process
    is busy on one of them, that took 10 to 40 times as long as not splitting it (64 queries, 100 000 x 512: 70 against
    5 ms each), and on an idle machine it gained less than half. For good, and not for a while: OpenBLAS has one setting
    for all threads, and threads that work at the same time would take it from each other.
    """
    if _is_set.is_set():
        return
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    with _setting:
        blas = ThreadpoolController().select(user_api="blas")
        blas.limit(limits=1)
        if all(library["num_threads"] == 1 for library in blas.info()):
            _is_set.set()
