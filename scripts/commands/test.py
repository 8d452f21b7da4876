"""Run every check, then every test. The last line is pytest's own summary.

Arguments are pytest's: `scripts/test tests/media -k seek`. Exit status: 0 if all is well, 1 if a check or a test
failed, else pytest's own.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from scripts import chromium, ui
from scripts.commands.check import run_steps

# What every machine that checks a change has: there, a test that is skipped for want of it has not been run.
MUST_BE_THERE = re.compile(r"embedded|browser|chromium", re.I)
ROOT = Path(__file__).resolve().parent.parent.parent


class Supervisor:
    """Lets no test with CI=true pass by being skipped for want of an embedded model or a browser, and says, just before
    pytest's closing line, what that line does not: the checks' outcome and the whole time.
    """

    def __init__(self, failed_checks: list[str], began: float, is_ci: bool) -> None:
        self._failed_checks = failed_checks
        self._began = began
        self._is_ci = is_ci

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        reason = str(call.excinfo.value) if call.excinfo else ""
        if self._is_ci and report.skipped and MUST_BE_THERE.search(reason):
            report.outcome = "failed"
            report.longrepr = f"skipped although CI=true: {reason}"
        return report

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
    except ui.UiError as error:
        _say(str(error))
        failed.append("build")
    # pytest looks for its settings where the person stands; they lie in the root, and so do the tests.
    settings = ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
    chosen = arguments if any(_names_a_test(argument) for argument in arguments) else [*arguments, str(ROOT / "tests")]
    supervisor = Supervisor(failed, began, is_ci=os.environ.get("CI", "").lower() == "true")
    status = int(pytest.main([*settings, *chosen], plugins=[supervisor]))
    return status or (1 if failed else 0)


def _say(text: str) -> None:
    print(text, flush=True)


def _names_a_test(argument: str) -> bool:
    return not argument.startswith("-") and Path(argument.partition("::")[0]).exists()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
