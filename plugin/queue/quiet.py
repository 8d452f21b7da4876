"""Quiet hours: when only what its owner asks for right now is done. Pure."""

from __future__ import annotations

import re
import time


class QuietHoursError(Exception):
    """Quiet hours cannot be read. The message says how they are written."""


def parse_quiet_hours(text: str) -> tuple[int, int] | None:
    """(begin, end) in minutes of the day, None for none. Raises QuietHoursError."""
    if not text.strip():
        return None
    found = re.fullmatch(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*", text)
    if found is None:
        raise QuietHoursError(f"quietHours is {text!r}; write them as 08:00-23:30, or leave them empty")
    numbers = [int(part) for part in found.groups()]
    begin, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    return None if begin == end else (begin, end)


def is_quiet(hours: tuple[int, int] | None, now_s: float) -> bool:
    """Whether local time is within [begin, end); hours that end before they begin go on over midnight."""
    if hours is None:
        return False
    local = time.localtime(now_s)
    minute = local.tm_hour * 60 + local.tm_min
    begin, end = hours
    return begin <= minute < end if begin < end else minute >= begin or minute < end
