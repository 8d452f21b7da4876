"""Runs one piece of work in a process of its own and reads what it cost: wall, CPU, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Work: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Cost:
    """wall_s and cpu_s of the work alone (imports and start-up excluded); peak_bytes of the whole process.

    result: what the work returned. error: why it could not be done here, else "".
    """

    wall_s: float
    cpu_s: float
    peak_bytes: int
    result: Mapping[str, Any]
    error: str = ""


def in_own_process(module: str, work: str, arguments: Mapping[str, Any], timeout_s: float = 1800) -> Cost:
    """Run `module.work(arguments)` in a new Python. The module calls `serve(WORKS)` under `__main__`."""
    command = [sys.executable, "-m", module, work, json.dumps(arguments)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False)
    if finished.returncode != 0:
        last = (finished.stderr.strip().splitlines() or [f"exit status {finished.returncode}"])[-1]
        return Cost(0.0, 0.0, 0, {}, last)
    answer = json.loads(finished.stdout.strip().splitlines()[-1])
    return Cost(answer["wall_s"], answer["cpu_s"], answer["peak_bytes"], answer["result"])


def serve(works: Mapping[str, Work]) -> None:
    """The other side: do what the command line names and print its cost as one line of JSON."""
    work, arguments = works[sys.argv[1]], json.loads(sys.argv[2])
    result = dict(work(arguments))
    wall_s, cpu_s = result.pop("wall_s"), result.pop("cpu_s")
    print(json.dumps({"wall_s": wall_s, "cpu_s": cpu_s, "peak_bytes": peak_bytes(), "result": result}))


class Stopwatch:
    """Wall and CPU seconds (all threads and finished children) since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), _cpu_s()

    def read(self) -> dict[str, float]:
        return {"wall_s": time.perf_counter() - self._wall, "cpu_s": _cpu_s() - self._cpu}


def peak_bytes(pid: int | None = None) -> int:
    """Largest resident memory of a process so far (default: this one); 0 where the system does not tell."""
    # Not getrusage: its maximum outlives exec, so a child would report what its parent held.
    status = Path(f"/proc/{pid or 'self'}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
