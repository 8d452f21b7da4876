"""One BLAS thread each while anybody asks for it, and as many as before afterwards."""

from __future__ import annotations

import threading

import numpy as np
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

from sidecar.blas import one_blas_thread


def threads() -> set[int]:
    np.ones((2, 2)) @ np.ones((2, 2))
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_whoever_leaves_first_takes_nothing_from_the_others() -> None:
    before = threads()
    entered, leave = threading.Barrier(2), threading.Event()

    def other() -> None:
        with one_blas_thread():
            entered.wait()
            leave.wait()

    thread = threading.Thread(target=other)
    with one_blas_thread():
        thread.start()
        entered.wait()
    assert threads() == {1}, "the other is still in it"
    leave.set()
    thread.join()
    assert threads() == before
    with one_blas_thread(), one_blas_thread():
        assert threads() == {1}
    assert threads() == before
