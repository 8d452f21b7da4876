"""Waiting beside a page that is alive meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.plugin.road import installed

if TYPE_CHECKING:
    from playwright.sync_api import Page

LEAST_S = 30
"""Busy machines are slow, not wrong."""

OPEN: list[Page] = []
"""Pages of the test that runs. What a test answers in their server's place is answered only while it waits by them: a
test that slept would hold up the very request that it waits for.
"""


def until(condition: Callable[[], Any], timeout_s: float = LEAST_S, what: str = "") -> Any:
    """Wait for a true value and return it, LEAST_S at least."""
    return installed.until(condition, max(timeout_s, LEAST_S), what, _pause)


def _pause(seconds: float) -> None:
    if OPEN:
        OPEN[-1].wait_for_timeout(1000 * seconds)
    else:
        time.sleep(seconds)
