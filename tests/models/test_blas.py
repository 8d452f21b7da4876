"""Products on one thread each, whichever thread asked for it first."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import threading
import numpy as np
from threadpoolctl import threadpool_info
from sidecar.blas import use_one_blas_thread

def threads():
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}

first = threading.Thread(target=use_one_blas_thread)
first.start()
first.join()
assert threads() == {1}, threads()
use_one_blas_thread()
assert threads() == {1}, threads()
assert (np.ones((300, 300)) @ np.ones((300, 300)) == 300).all()
"""


def test_it_is_for_the_whole_process() -> None:
    finished = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
