"""The stand-in for Stash as a process of its own, over a folder that it keeps."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from scripts.demonstration.stash_api import DemonstrationError

ROOT = Path(__file__).resolve().parent.parent.parent


@contextlib.contextmanager
def standin(config_dir: Path, library: Path, port: int) -> Iterator[str]:
    """Its address, while it runs. port 0: any free one. Raises DemonstrationError if it does not start."""
    command = [
        sys.executable,
        "-m",
        "tests.standin",
        f"--config={config_dir}",
        f"--library={library}",
        f"--port={port}",
    ]
    log = config_dir / "standin.log"
    config_dir.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as errors, _start(command, errors) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                said = log.read_text(encoding="utf-8").strip()
                raise DemonstrationError(f"the stand-in for Stash did not start: {said[-2000:]}")
            yield str(json.loads(line)["url"])
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _start(command: list[str], errors: IO[str]) -> subprocess.Popen[str]:
    """Apart from our terminal: a Ctrl-C is ours to handle, which ends things in their order."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, creationflags=flags
        )
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True)
