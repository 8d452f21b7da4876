"""What can be made to go wrong on the way to the API."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Fault:
    """What happens to a GraphQL request."""

    kind: str
    """delay, status, drop_before (nothing is done, the connection closes), drop_after (it is done, no answer comes) or
    drop_midway (it is done, half of the answer comes)"""
    field: str | None = None
    """only requests with this root field; None: all"""
    times: int = 1
    """how many requests it meets"""
    seconds: float = 0.0
    """of a delay"""
    status: int = 500
    body: str = "Internal Server Error"


class Faults:
    """Faults that wait for requests; the first one that fits is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(
        self, kind: str, *, field: str | None = None, times: int = 1, seconds: float = 0.0, status: int = 500
    ) -> None:
        """Let the next `times` requests (of a root field, if one is given) meet a fault; see Fault for the kinds."""
        assert kind in ("delay", "status", "drop_before", "drop_after", "drop_midway"), kind
        with self._lock:
            self._waiting.append(Fault(kind, field, times, seconds, status))

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, fields: tuple[str, ...]) -> Fault | None:
        """The fault that a request with these root fields meets."""
        with self._lock:
            for at, fault in enumerate(self._waiting):
                if fault.field is None or fault.field in fields:
                    if fault.times > 1:
                        self._waiting[at] = replace(fault, times=fault.times - 1)
                    else:
                        del self._waiting[at]
                    return fault
        return None
