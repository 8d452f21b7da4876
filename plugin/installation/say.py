"""Where lines of progress go: to the terminal for scripts, to Stash's log for the plugin."""

from __future__ import annotations

import sys
from collections.abc import Callable

Say = Callable[[str], None]
"""Takes one line for people."""


def to_stderr(text: str) -> None:
    """Print the line on standard error, at once."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
