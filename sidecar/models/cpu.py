"""The CPU that this process may use."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def cpu_count() -> int:
    """How many CPUs this process may run on (its affinity, not the machine's total)."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity call
        return os.cpu_count() or 1


def cpu_name() -> str:
    """The CPU's model name, for keys of things measured on it; the architecture where no name is found."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine() or "unknown CPU"
