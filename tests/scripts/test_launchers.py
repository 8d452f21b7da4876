"""Launchers in scripts/: each command has one that can be run, on the oldest Python that says something sensible."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_command_has_a_launcher_that_can_be_run() -> None:
    commands = {path.stem for path in (ROOT / "scripts" / "commands").glob("*.py")}
    for launcher in (path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix):
        text = launcher.read_text()
        assert text.startswith("#!/usr/bin/env python3\n")
        assert os.name == "nt" or os.access(launcher, os.X_OK)
        if launcher.name != "setup":
            assert f'environment.run("{launcher.name}"' in text
            assert launcher.name in commands


def test_a_module_lying_where_the_person_stands_is_not_run(tmp_path: Path) -> None:
    from scripts import environment

    (tmp_path / "json.py").write_text("raise SystemExit('a stranger was run')")
    command = [sys.executable, "-c", environment.START, str(ROOT), "scripts.commands.check", "--help"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("usage: scripts/check")
