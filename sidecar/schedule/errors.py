"""What can be wrong with a schedule."""

from __future__ import annotations


class InvalidSchedule(Exception):
    """The schedule cannot be used. The message says which part, what was received and what is allowed; no secrets."""


class UnknownJob(Exception):
    """No job of the schedule has this id."""
