"""Which GraphQL operations were asked for, when, and by whom."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEPT_REQUESTS = 100_000


@dataclass(frozen=True)
class LoggedRequest:
    """One GraphQL request that was answered, or at least begun."""

    time_s: float
    """when it came"""
    operation: str
    """the operation's name, or "" if it has none"""
    fields: tuple[str, ...]
    """names of its root fields (not their aliases), in order, each as often as it is asked for"""
    query: str
    variables: Mapping[str, Any]
    from_plugin: bool
    """whether its cookie was made for a plugin process"""
    api_key: bool
    """whether it came with an API key"""
    status: int
    took_s: float
    is_mutation: bool = False


class RequestsLog:
    """The last KEPT_REQUESTS requests, in the order in which they ended."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._requests: deque[LoggedRequest] = deque(maxlen=KEPT_REQUESTS)

    def add(self, request: LoggedRequest) -> None:
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()

    def all(
        self, *, operation: str | None = None, field: str | None = None, from_plugin: bool | None = None
    ) -> list[LoggedRequest]:
        """Those of an operation's name, of a root field, from plugins or from others."""
        with self._changed:
            return [
                request
                for request in self._requests
                if (operation is None or request.operation == operation)
                and (field is None or field in request.fields)
                and (from_plugin is None or request.from_plugin == from_plugin)
            ]

    def counts(self, *, from_plugin: bool | None = None) -> Counter[str]:
        """How often each root field was asked for."""
        return Counter(field for request in self.all(from_plugin=from_plugin) for field in request.fields)

    def mutations(self, *, from_plugin: bool | None = None) -> list[LoggedRequest]:
        """Those that were to change something."""
        return [request for request in self.all(from_plugin=from_plugin) if request.is_mutation]

    def clear(self) -> None:
        with self._changed:
            self._requests.clear()

    def wait_for(self, field: str, times: int = 1, timeout_s: float = 10) -> list[LoggedRequest]:
        """Requests of a root field, once there are so many. Raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                found = [request for request in self._requests if field in request.fields]
                if len(found) >= times:
                    return found
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not self._changed.wait(left_s):
                    raise TimeoutError(f"{len(found)} of {times} requests of {field} within {timeout_s} s")
