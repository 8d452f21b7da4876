"""Reasons as one plain sentence."""

from __future__ import annotations

from collections.abc import Sequence

MANY = 5
"""Times from which on something was watched "a lot"."""


def sentence(clauses: Sequence[str], otherwise: str) -> str:
    """ "Shows this, is with her, and is new." otherwise: where there are no clauses."""
    if not clauses:
        return otherwise
    words = clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])}, and {clauses[-1]}"
    return words[0].upper() + words[1:] + "."


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def duration(seconds: float) -> str:
    """ "40 seconds", "6 minutes", "1 hour and 5 minutes"."""
    if seconds < 59.5:
        return counted(max(1, round(seconds)), "second")
    minutes = round(seconds / 60)
    if minutes < 60:
        return counted(minutes, "minute")
    hours, rest = divmod(minutes, 60)
    return counted(hours, "hour") + (f" and {counted(rest, 'minute')}" if rest else "")


def ago(seconds: float) -> str:
    """ "today", "3 days ago", "2 months ago", "a year ago"."""
    days = int(seconds / 86_400)
    if days < 1:
        return "today"
    if days < 60:
        return f"{counted(days, 'day')} ago"
    if days < 730:
        return f"{days // 30} months ago"
    return f"{days // 365} years ago"


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def size(megabytes: float) -> str:
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{max(1, round(megabytes))} MB"


def stars(rating100: int) -> str:
    """ "4.5 of 5 stars": as Stash shows ratings unless told otherwise."""
    return f"{rating100 / 20:.1f}".removesuffix(".0") + " of 5 stars"
