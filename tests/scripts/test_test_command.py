"""scripts/test: a skip for want of what must be there fails under CI, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

SKIPPING = """
import pytest

@pytest.mark.skipif(True, reason="the embedded model is not installed")
def test_of_a_model(): pass

@pytest.mark.skipif(True, reason="no GPU here")
def test_of_a_gpu(): pass
"""


RUN = """
import sys, time, pytest
from scripts.commands.test import Summary
arguments = ["-c", "pytest.ini", "-p", "scripts.must_be_there", *sys.argv[1:], "test_inner.py"]
sys.exit(pytest.main(arguments, plugins=[Summary([], time.monotonic())]))
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
@pytest.mark.parametrize(("is_ci", "summary"), [(True, "1 skipped, 1 error"), (False, "2 skipped")])
def test_skips_under_ci(tmp_path: Path, is_ci: bool, summary: str, workers: list[str]) -> None:
    (tmp_path / "test_inner.py").write_text(SKIPPING)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-c", RUN, *workers]
    answer = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CI": str(is_ci)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == (1 if is_ci else 0), answer.stdout + answer.stderr
    assert "checks: ok; checks and tests took" in answer.stdout
    assert summary in answer.stdout.splitlines()[-1]
