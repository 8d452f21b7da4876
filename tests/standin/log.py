"""Stash's log: what the server and its plugins said."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

KEPT_LINES = 100_000


@dataclass(frozen=True)
class LogLine:
    time_s: float
    level: str
    """trace, debug, info, progress, warning or error"""
    message: str


class Log:
    """Lines in the order in which they came; the last KEPT_LINES. The GraphQL query shows fewer, as Stash does."""

    def __init__(self, now_s: Callable[[], float] = time.time) -> None:
        self._now_s = now_s
        self._changed = threading.Condition()
        self.listeners: list[Callable[[LogLine], None]] = []
        """called with every line, in the thread that says it"""
        self._lines: deque[LogLine] = deque(maxlen=KEPT_LINES)

    def say(self, level: str, message: str) -> None:
        with self._changed:
            line = LogLine(self._now_s(), level, message)
            self._lines.append(line)
            self._changed.notify_all()
        for listener in list(self.listeners):
            listener(line)

    def debug(self, message: str) -> None:
        self.say("debug", message)

    def info(self, message: str) -> None:
        self.say("info", message)

    def warning(self, message: str) -> None:
        self.say("warning", message)

    def error(self, message: str) -> None:
        self.say("error", message)

    def lines(self, level: str | None = None) -> list[LogLine]:
        """All lines, or those of one level, oldest first."""
        with self._changed:
            return [line for line in self._lines if level is None or line.level == level]

    def has(self, text: str, level: str | None = None) -> bool:
        """Whether a line holds the text."""
        return any(text in line.message for line in self.lines(level))

    def wait_for(self, text: str, timeout_s: float = 10) -> LogLine:
        """The first line that holds the text. Raises TimeoutError if none comes."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                for line in self._lines:
                    if text in line.message:
                        return line
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not self._changed.wait(left_s):
                    raise TimeoutError(
                        f"no log line with {text!r} within {timeout_s} s; the last ones: {list(self._lines)[-5:]}"
                    )
