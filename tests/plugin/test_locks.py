from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugin.locks import LockHeld, exclusive, is_held

ROOT = Path(__file__).parents[2]

HOLDER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from plugin.locks import exclusive
with exclusive(sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(ROOT), str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "drain.lock"
    assert not is_held(str(path))
    with hold(path) as other:
        assert is_held(str(path))
        with (
            pytest.raises(LockHeld, match=r"does working already \(drain\.lock\)"),
            exclusive(str(path), what="working"),
        ):
            pytest.fail("two hold it")
        other.kill()
        other.wait()
    assert not is_held(str(path)), "it dies with its process, however that ends"
    with exclusive(str(path)):
        pass


def test_it_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "drain.lock"
    with hold(path) as other:
        waits = []

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                other.kill()
                other.wait()
            time.sleep(seconds)

        with exclusive(str(path), 10.0, sleep=sleep):
            assert len(waits) >= 3


def test_it_is_let_go_after_an_error(tmp_path: Path) -> None:
    path = str(tmp_path / "drain.lock")
    with pytest.raises(ZeroDivisionError), exclusive(path):
        assert is_held(path)
        raise ZeroDivisionError
    assert not is_held(path)


def test_a_child_does_not_inherit_it(tmp_path: Path) -> None:
    path = str(tmp_path / "drain.lock")
    with exclusive(path):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"], close_fds=False)
    try:
        deadline = time.monotonic() + 5
        while is_held(path) and time.monotonic() < deadline:
            time.sleep(0.01)  # a new process lets go of it only a moment after it has begun
        assert not is_held(path)
    finally:
        child.kill()
        child.wait()
