"""One at a time per content: two clients that ask for one film must neither decode it twice nor undo each other."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from sidecar.values import Cancelled, IsCancelled

_POLL_S = 0.1


class Turns:
    """Exclusive turns by key. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken: set[str] = set()

    @contextlib.contextmanager
    def turn(self, key: str, is_cancelled: IsCancelled) -> Iterator[None]:
        """Wait until nobody else has this key's turn. Raises Cancelled while waiting."""
        with self._changed:
            while key in self._taken:
                if is_cancelled():
                    raise Cancelled
                self._changed.wait(_POLL_S)
            self._taken.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._taken.discard(key)
                self._changed.notify_all()
