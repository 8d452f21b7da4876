"""What can be wrong with a medium: one exception, a code for machines, a sentence for people."""

from __future__ import annotations

from typing import Literal, TypeAlias
from urllib.parse import urlsplit

ErrorCode: TypeAlias = Literal[
    "not_found",
    "not_a_file",
    "permission_denied",
    "outside_media_roots",
    "origin_not_allowed",
    "empty_file",
    "unsupported_format",
    "no_video_stream",
    "unreadable",
    "too_large",
    "io_error",
    "http_error",
]


class MediaError(Exception):
    """One medium cannot be used; its neighbours are unharmed.

    code: see ErrorCode. The message says what was received, what is allowed and what to do next; it never holds
    credentials or the query of a URL.
    """

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: ErrorCode = code

    def __reduce__(self) -> tuple[type[MediaError], tuple[ErrorCode, str]]:
        return type(self), (self.code, str(self))


def redacted_location(location: str) -> str:
    """A location as logs and errors may show it: a URL without user, password, query and fragment."""
    if "://" not in location:
        return location
    try:
        parts = urlsplit(location)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return f"{location.split('://', 1)[0]}://…"
    return f"{parts.scheme}://{host}{port}{parts.path}"
