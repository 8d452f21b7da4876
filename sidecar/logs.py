"""A log that a person can read: time, level where it matters, the room that speaks, a sentence."""

from __future__ import annotations

import logging
import sys


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        clock = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        room = record.name.removeprefix("sidecar.").split(".")[0]
        level = "" if record.levelno <= logging.INFO else f" {record.levelname}"
        # a line break inside a message (a hostile file name) must not look like a line of ours
        message = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        line = f"{clock} {room:<9}{level} {message}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure_logging(level: str) -> None:
    """Send everything of ours at `level` to standard error, and of libraries only warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("sidecar", "__main__"):
        logging.getLogger(name).setLevel(level.upper())
