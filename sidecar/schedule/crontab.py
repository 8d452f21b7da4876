"""Crontab with five fields, as cron reads it: scheduler libraries differ over the days. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sidecar.schedule.errors import InvalidSchedule

MAX_CHARS = 500
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Crontab:
    """When to run: increasing numbers per field. weekdays: 0 is Sunday, 6 Saturday.

    either_day: day of month and weekday are both restricted, so one of them suffices.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either_day: bool


@dataclass(frozen=True, slots=True)
class _Field:
    label: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 7, _WEEKDAYS),
)


def parse_crontab(text: str) -> Crontab:
    """Read `minute hour day-of-month month day-of-week`. Raises InvalidSchedule, also for a date that never comes."""
    parts = text.split()
    if len(text) > MAX_CHARS or len(parts) != len(_FIELDS):
        raise InvalidSchedule(
            f"cron {text[:80]!r} has {len(parts)} fields; it must have five: minute hour day-of-month month "
            "day-of-week, for instance '30 3 * * *' for 3:30 every night"
        )
    minutes, hours, days, months, weekdays = (
        _numbers(part, field, text) for part, field in zip(parts, _FIELDS, strict=True)
    )
    # As in cron, a field that begins with * does not restrict, whatever its step leaves out.
    free_day, free_weekday = parts[2].startswith("*"), parts[4].startswith("*")
    either_day = not free_day and not free_weekday
    if not either_day and days[0] > max(_LONGEST[month - 1] for month in months):
        raise InvalidSchedule(f"cron {text!r} names a date that never comes: no such month has {days[0]} days")
    return Crontab(minutes, hours, days, months, tuple(sorted({day % 7 for day in weekdays})), either_day)


def _numbers(text: str, field: _Field, whole: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise _refused(part, field, whole)
        first, last = _bounds(match, field, whole)
        step = int(match["step"] or 1)
        if step < 1 or first > last:
            raise _refused(part, field, whole)
        found.update(range(first, last + 1, step))
    return tuple(sorted(found))


def _bounds(match: re.Match[str], field: _Field, whole: str) -> tuple[int, int]:
    highest = 6 if field.names is _WEEKDAYS else field.highest
    if match["all"]:
        return field.lowest, highest
    first = _number(match["first"], field, whole)
    if match["last"]:
        last = _number(match["last"], field, whole)
        # sat-sun: Sunday closes a week as well as it opens one
        return first, 7 if field.names is _WEEKDAYS and last == 0 < first else last
    return first, highest if match["step"] else first


def _number(text: str, field: _Field, whole: str) -> int:
    if text.lower() in field.names:
        return field.names.index(text.lower()) + (1 if field.names is _MONTHS else 0)
    if not text.isascii() or not text.isdigit() or not field.lowest <= int(text[:9]) <= field.highest:
        raise _refused(text, field, whole)
    return int(text)


def _refused(part: str, field: _Field, whole: str) -> InvalidSchedule:
    names = f" or {field.names[0]}-{field.names[-1]}" if field.names else ""
    return InvalidSchedule(
        f"cron {whole!r}: {part[:40]!r} is no {field.label}; allowed are {field.lowest}-{field.highest}{names}, *, "
        "lists (1,2), ranges (1-5) and steps (*/2)"
    )
