from __future__ import annotations


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s
