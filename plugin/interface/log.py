"""Lines that Stash reads from standard error: a level, a text; or how far a task is.

Tasks log through stashapi.log (this file alone imports it), which also cuts data URLs out of messages. Hooks and
operations, and whatever runs before the dependencies are there, write the same lines themselves: it costs nothing.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable

LONGEST_LINE = 16_000
"""Characters; Stash stops reading for good at a line of 64 KiB, and a character may take 4 bytes."""

_Write = Callable[[str, str], None]


def _write_line(level: str, text: str) -> None:
    # Stash that went away must not turn a log line into a failure.
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"\x01{level}\x02{text}\n")
        sys.stderr.flush()


_write: _Write = _write_line


def use_stashapi() -> None:
    """From now on, log through stashapi.log. For tasks; costs about 15 ms. Without stashapi nothing changes."""
    global _write
    try:
        import stashapi.log as stash_log
    except ImportError:
        return
    levels = {
        "d": stash_log.debug,
        "i": stash_log.info,
        "w": stash_log.warning,
        "e": stash_log.error,
    }

    def write(level: str, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            if level == "p":
                stash_log.progress(float(text))
            else:
                levels[level](text)

    _write = write


def _log(level: str, text: str) -> None:
    for line in text.splitlines() or [""]:
        # Control characters of file names must not be taken for a level; spaces of other kinds are no such ones.
        shown = "".join(
            c if c.isprintable() or (c.isspace() and c > "\x1f") else "\N{REPLACEMENT CHARACTER}"
            for c in line.expandtabs(4)[:LONGEST_LINE]
        )
        _write(level, shown.encode("utf-8", "replace").decode("utf-8"))


def debug(text: str) -> None:
    _log("d", text)


def info(text: str) -> None:
    _log("i", text)


def warning(text: str) -> None:
    _log("w", text)


def error(text: str) -> None:
    _log("e", text)


def progress(share: float) -> None:
    """How far the task is, 0 to 1. Stash ignores it for hooks and operations."""
    _write("p", f"{min(1.0, max(0.0, share)):.4f}")
