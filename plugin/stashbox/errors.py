"""What can go wrong between the plugin and a stash-box. No message ever holds a key."""

from __future__ import annotations


class StashBoxError(Exception):
    """A stash-box did not do what was asked; a sentence. passes: trying later helps."""

    passes = False


class StashBoxUnavailable(StashBoxError):
    """No answer, or none that makes sense, or it wants to be left alone for longer than there is time.

    retry_after_s: how long it wants to be left alone, 0 where it did not say.
    """

    passes = True

    def __init__(self, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StashBoxRefused(StashBoxError):
    """It does not accept the API key that Stash has for it."""


class PictureRefused(StashBoxError):
    """One picture is not what it should be, or lies where it may not lie: it is left out, nothing else is harmed."""
