"""How fast a server is asked: a bucket of tokens that fills evenly, and how long to wait after a failure."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable

PER_MINUTE = 240
"""Requests per minute where a stash-box has no limit of its own: Stash's default."""
BURST_S = 1.0
"""A bucket that was left alone holds what comes in so much time, and at least one."""
LONGEST_WAIT_S = 3600.0
"""Of what a server asks for; more is its mistake."""


class Pace:
    """Asks a server at most so often. Not for threads."""

    def __init__(
        self,
        per_minute: int = PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_s = max(1, per_minute) / 60
        self._clock, self._sleep = clock, sleep
        self._full = max(1.0, self._per_s * BURST_S)
        self._tokens, self._at = self._full, clock()

    def wait(self) -> None:
        """Sleep until one more request is polite, and count it."""
        now = self._clock()
        self._tokens = min(self._full, self._tokens + (now - self._at) * self._per_s)
        self._at = now
        self._tokens -= 1
        if self._tokens < 0:
            self._sleep(-self._tokens / self._per_s)


def retry_after_s(value: str, now_s: float) -> float | None:
    """Seconds that a Retry-After header asks for: a number or an HTTP date. None where it says nothing."""
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), LONGEST_WAIT_S)
    try:
        at = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return min(max(0.0, at.timestamp() - now_s), LONGEST_WAIT_S)
