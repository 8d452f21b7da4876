"""Compiled graphs on disk: made once, in a process of their own, under a name that says what they were made from."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from sidecar.models.errors import CompileFailed

_ROOT = Path(__file__).resolve().parents[2]


def compiled_graph(cache_dir: Path, stem: str, module: str, arguments: Sequence[str], timeout_s: float = 900) -> Path:
    """Return cache_dir/<stem>.onnx, compiling it first where it does not exist.

    stem must contain the checksum of everything the graph depends on. module: what `python -m` runs, with arguments
    and `--out FILE`. Two processes that ask at once compile once; a kill at any moment leaves either no graph or a
    whole one. Raises CompileFailed with the compiler's last words.
    """
    final = cache_dir / f"{stem}.onnx"
    if final.is_file():
        return final
    cache_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(cache_dir / f"{stem}.lock"):
        if not final.is_file():
            unfinished = cache_dir / f"{stem}.unfinished"
            _run(module, [*arguments, "--out", str(unfinished)], timeout_s)
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.replace(final)
    return final


def _run(module: str, arguments: Sequence[str], timeout_s: float) -> None:
    search_path = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    try:
        finished = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env={**os.environ, "PYTHONPATH": search_path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CompileFailed(f"compiling with {module} took more than {timeout_s:.0f} s and was stopped") from error
    if finished.returncode != 0:
        words = finished.stderr.strip().splitlines()[-1:] or ["no message"]
        raise CompileFailed(f"compiling with {module} failed with status {finished.returncode}: {words[0]}")
