"""Check style, types, arrows between rooms and generated code. Changes nothing; runs every step; prints what failed."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts import ui
from scripts.commands.generate_stubs import GenerationError, committed, differences, generate

ROOT = Path(__file__).resolve().parent.parent.parent
TOGETHER = 2
_INSTALLING = threading.Lock()
LINES = ["--quiet", "--output-format", "concise"]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True, slots=True)
class Step:
    """One check: run() returns what is wrong, as text for people, or an empty text."""

    name: str
    run: Callable[[], str]


def steps(root: Path) -> list[Step]:
    """Every check, the longest first: the others are done beside it."""
    python = [sys.executable, "-m"]
    sources = [".", *(f"scripts/{name}" for name in launchers(root))]
    return [
        Step("mypy", lambda: _said_on_failure([*python, "mypy", "--no-error-summary"], root)),
        Step("ruff check", lambda: _said_on_failure([*python, "ruff", "check", *LINES, *sources], root)),
        Step("ruff format", lambda: _said_on_failure([*python, "ruff", "format", "--check", *sources], root)),
        Step("stubs", lambda: _stale_stubs(root)),
        Step("import-linter", lambda: _said_on_failure([sys.executable, "-c", LINT_IMPORTS, "--no-cache"], root)),
        Step("ui lint", lambda: _in_ui(root, "node_modules/@biomejs/biome/bin/biome", "ci", ".", *_page(root))),
        Step("ui types", lambda: _in_ui(root, "node_modules/typescript/bin/tsc", "--noEmit", "-p", ".")),
        Step("page types", lambda: _in_ui(root, "node_modules/typescript/bin/tsc", "--noEmit", "-p", *_page(root))),
        Step(
            "ui tests", lambda: _in_ui(root, "--test", "--test-reporter=dot", "src/**/*.test.ts", "test/**/*.test.ts")
        ),
    ]


def launchers(root: Path) -> list[str]:
    """Names of the Python files in scripts/ that have no extension, which ruff would pass over."""
    candidates = [path for path in sorted((root / "scripts").iterdir()) if path.is_file() and not path.suffix]
    return [path.name for path in candidates if path.read_bytes().startswith(b"#!/usr/bin/env python3")]


def run_steps(root: Path) -> list[str]:
    """Run every step, two at a time, and print a line for each, with what it found. Returns the names of those that
    failed.
    """
    failed = []
    with ThreadPoolExecutor(TOGETHER) as pool:
        running = [(step, pool.submit(_timed, step)) for step in steps(root)]
        for step, outcome in running:
            wrong, took_s = outcome.result()
            print(f"{step.name:<14} {'FAILED' if wrong else 'ok':<6} {took_s:6.1f} s", flush=True)
            if wrong:
                failed.append(step.name)
                print("\n".join("    " + line for line in wrong.splitlines()), flush=True)
    return failed


def _timed(step: Step) -> tuple[str, float]:
    began = time.monotonic()
    return step.run(), time.monotonic() - began


def _said_on_failure(command: list[str], root: Path) -> str:
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if answer.returncode == 0:
        return ""
    return (answer.stdout + answer.stderr).strip() or f"exit status {answer.returncode}"


def _page(root: Path) -> list[str]:
    return [os.path.relpath(root / ui.PAGE_SOURCES, root / "ui")]


def _in_ui(root: Path, *arguments: str) -> str:
    """What Node finds wrong in ui/."""
    try:
        with _INSTALLING:
            ui.install_packages(root)
        ui.run(root, [ui.node()[0], *arguments], f"node {arguments[0]}")
    except ui.UiError as error:
        return str(error)
    return ""


def _stale_stubs(root: Path) -> str:
    try:
        stale = differences(generate(root), committed(root))
    except GenerationError as error:
        return str(error)
    listed = "\n".join(f"protos/{name}" for name in stale)
    return f"not what the .proto files give; run scripts/generate_stubs:\n{listed}" if stale else ""


def main() -> int:
    argparse.ArgumentParser("scripts/check", description=__doc__).parse_args()
    return 1 if run_steps(ROOT) else 0


if __name__ == "__main__":
    sys.exit(main())
