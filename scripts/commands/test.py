"""Run every check, then every test, two at a time. The last line is pytest's own summary.

Arguments are pytest's: `scripts/test tests/media -k seek`; `-n 0` runs one test after the other. Exit status: 0 if all
is well, 1 if a check or a test failed, else pytest's own.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from scripts import chromium, ui
from scripts.commands.check import run_steps

ROOT = Path(__file__).resolve().parent.parent.parent
TOGETHER = ["-n", "3", "--dist", "loadfile"]
"""Most tests wait for processes: three at a time on two cores take less than two do. Those of a file share much."""


class Summary:
    """Says, just before pytest's closing line, what that line does not: the checks' outcome and the whole time."""

    def __init__(self, failed_checks: list[str], began: float) -> None:
        self._failed_checks = failed_checks
        self._began = began

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        checks = "FAILED: " + ", ".join(self._failed_checks) if self._failed_checks else "ok"
        terminalreporter.write_line(f"checks: {checks}; checks and tests took {time.monotonic() - self._began:.0f} s")


def main(arguments: list[str]) -> int:
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    began = time.monotonic()
    failed = run_steps(ROOT)
    chromium.ensure(_say)
    try:
        ui.build_plugin(ROOT)
        ui.build_page(ROOT)
        os.environ[ui.BUILT] = "1"
    except ui.UiError as error:
        _say(str(error))
        failed.append("build")
    # pytest looks for its settings where the person stands; they lie in the root, and so do the tests.
    settings = ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "-p", "scripts.must_be_there", *TOGETHER]
    chosen = arguments if any(_names_a_test(argument) for argument in arguments) else [*arguments, str(ROOT / "tests")]
    status = int(pytest.main([*settings, *chosen], plugins=[Summary(failed, began)]))
    return status or (1 if failed else 0)


def _say(text: str) -> None:
    print(text, flush=True)


def _names_a_test(argument: str) -> bool:
    return not argument.startswith("-") and Path(argument.partition("::")[0]).exists()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
