"""Arguments that only operations on watching have."""

from __future__ import annotations

from typing import Any

from plugin.operations.arguments import ArgumentError

MOST_EVENTS = 1000
LONGEST_PAUSE_S = 7 * 86_400


def batch(name: str, value: Any) -> list[Any]:
    """Events that nobody has looked at: each of them is checked, and answered, for itself."""
    if not isinstance(value, list) or len(value) > MOST_EVENTS:
        raise ArgumentError(f"{name} must be a list of at most {MOST_EVENTS}; send the rest in another batch")
    return value
