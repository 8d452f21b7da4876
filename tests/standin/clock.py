"""A clock that tests can move."""

from __future__ import annotations

import time


class Clock:
    """The machine's time plus whatever it was moved by. Only sessions and stored time stamps look at it."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now_s(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Move it forwards."""
        self._ahead_s += seconds
