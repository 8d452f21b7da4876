"""What can go wrong between the plugin and Stash."""

from __future__ import annotations


class StashError(Exception):
    """Stash did not do what was asked. The message says what it answered and what to do. passes: trying later helps."""

    passes = False


class StashUnavailable(StashError):
    """No answer, or none that makes sense: Stash restarts, is overloaded, or the network is away."""

    passes = True


class StashRefused(StashError):
    """Stash does not accept who we are: the session ended, or the API key was changed."""

    passes = True


class StashFault(StashError):
    """Stash understood the request and reports errors. messages: its own words, one per error."""

    def __init__(self, messages: tuple[str, ...]) -> None:
        super().__init__("Stash answered: " + "; ".join(messages[:5]))
        self.messages = messages
        # SQLite of Stash allows one writer; its own text for it.
        self.passes = any("database is locked" in message for message in messages)
