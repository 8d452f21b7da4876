"""A pytest plugin: with CI=true no test passes by being skipped for want of an embedded model or a browser."""

from __future__ import annotations

import os
import re
from collections.abc import Generator

import pytest

# What every machine that checks a change has: there, a test that is skipped for want of it has not been run.
MUST_BE_THERE = re.compile(r"embedded|browser|chromium", re.I)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    reason = str(call.excinfo.value) if call.excinfo else ""
    if os.environ.get("CI", "").lower() == "true" and report.skipped and MUST_BE_THERE.search(reason):
        report.outcome = "failed"
        report.longrepr = f"skipped although CI=true: {reason}"
    return report
