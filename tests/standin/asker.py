"""Who asks for something, and whether they still listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.standin.sessions import Session


class Cancelled(Exception):
    """The one who asked is gone; nothing more is done for them."""

    def __init__(self) -> None:
        super().__init__("context canceled")


@dataclass(frozen=True)
class Asker:
    """Go's request context, as far as Stash looks into it."""

    session: Session
    base_url: str
    """from the request's Host header, without a slash at its end"""
    is_gone: Callable[[], bool] = lambda: False
    """whether the client closed the connection, or the job was stopped"""
    from_plugin: bool = False
    """whether the cookie is one that was made for a plugin process"""

    def check(self) -> None:
        """Raises Cancelled if nobody listens any more."""
        if self.is_gone():
            raise Cancelled

    def inside(self, is_gone: Callable[[], bool]) -> Asker:
        """The same asker inside a job, which outlives the request."""
        return replace(self, is_gone=is_gone)
