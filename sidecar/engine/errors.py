"""The engine's own error: everything that concerns a whole call rather than one medium of a stream."""

from __future__ import annotations

from typing import Literal, TypeAlias

ErrorKind: TypeAlias = Literal[
    "unknown_model", "model_not_ready", "store_error", "media", "too_many_streams", "not_found"
]


class EngineError(Exception):
    """kind is for machines (one row of the servicer's status table), the message for people."""

    def __init__(self, kind: ErrorKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
