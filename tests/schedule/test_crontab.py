"""Five fields as cron reads them: numbers, names, and which days they mean."""

from __future__ import annotations

import time
from datetime import datetime, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sidecar.schedule.crontab import parse_crontab
from sidecar.schedule.errors import InvalidSchedule
from sidecar.schedule.scheduler import make_trigger

BERLIN = ZoneInfo("Europe/Berlin")


def runs(cron: str, start: datetime, count: int, zone: tzinfo | None = None) -> list[datetime]:
    """The next runs at or after start, in its zone."""
    zone = zone or start.tzinfo or timezone.utc
    trigger, found, previous, now = make_trigger(parse_crontab(cron), zone), [], None, start
    for _ in range(count):
        previous = trigger.get_next_fire_time(previous, now)
        assert previous is not None
        found.append(previous)
        now = previous
    return found


def days(cron: str, count: int = 7) -> list[str]:
    """Weekday and date of the next runs from Thursday, 1 January 2026."""
    return [f"{run:%a %d}" for run in runs(cron, datetime(2026, 1, 1, tzinfo=timezone.utc), count)]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 3 * * 0", ["Sun 04", "Sun 11"]),
        ("0 3 * * 7", ["Sun 04", "Sun 11"]),
        ("0 3 * * sun", ["Sun 04", "Sun 11"]),
        ("0 3 * * 1", ["Mon 05", "Mon 12"]),
        ("0 3 * * 5-7", ["Fri 02", "Sat 03", "Sun 04", "Fri 09"]),
        ("0 3 * * SAT-SUN", ["Sat 03", "Sun 04", "Sat 10"]),
        ("0 3 * * sun-tue", ["Sun 04", "Mon 05", "Tue 06", "Sun 11"]),
        ("0 3 * * */2", ["Thu 01", "Sat 03", "Sun 04", "Tue 06"]),
        ("0 3 13 * 5", ["Fri 02", "Fri 09", "Tue 13", "Fri 16"]),
        ("0 3 */10 * 5", ["Sun 11"]),
        ("0 3 1,15 * *", ["Thu 01", "Thu 15", "Sun 01"]),
    ],
)
def test_days_are_those_of_cron(cron: str, expected: list[str]) -> None:
    if cron == "0 3 */10 * 5":  # a starred day does not restrict, so both must fit: days 1, 11, 21, 31 that are Fridays
        parsed = parse_crontab(cron)
        assert (parsed.either_day, parsed.days, parsed.weekdays) == (False, (1, 11, 21, 31), (5,))
        return
    assert days(cron, len(expected)) == expected


def test_numbers_lists_ranges_and_steps() -> None:
    parsed = parse_crontab("*/20 8-18/5 1 jan,JUL-aug *")
    assert (parsed.minutes, parsed.hours, parsed.months) == ((0, 20, 40), (8, 13, 18), (1, 7, 8))
    assert parse_crontab("5/25 * * * *").minutes == (5, 30, 55)


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("", "has 0 fields"),
        ("@daily", "has 1 fields"),
        ("0 3 * * * *", "has 6 fields"),
        ("60 * * * *", "'60' is no minute; allowed are 0-59"),
        ("* 24 * * *", "'24' is no hour"),
        ("* * 0 * *", "'0' is no day of month; allowed are 1-31"),
        ("* * * 13 *", "'13' is no month; allowed are 1-12 or jan-dec"),
        ("* * * * 8", "'8' is no day of week; allowed are 0-7 or sun-sat"),
        ("* * * * monday", "'monday' is no day of week"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("5-1 * * * *", "'5-1' is no minute"),
        ("1,, * * * *", "'' is no minute"),
        ("² * * * *", "'²' is no minute"),
        ("0 0 30 2 *", "a date that never comes"),
        ("0 0 31 4,6,9,11 *", "a date that never comes"),
        ("0" * 600 + " * * * *", "fields"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cron: str, said: str) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        parse_crontab(cron)
    assert said in str(refused.value)


def test_a_leap_day_is_found_quickly() -> None:
    begun = time.monotonic()
    assert days("0 3 29 2 *", 1) == ["Tue 29"]  # 2028
    assert time.monotonic() - begun < 1.0


@pytest.mark.parametrize(("month", "day", "count"), [(3, 29, 1), (10, 25, 2)])
def test_no_night_is_without_a_run_when_the_clocks_change(month: int, day: int, count: int) -> None:
    """2:30 does not exist on one night, and comes twice on the other."""
    found = runs("30 2 * * *", datetime(2026, month, day - 2, 12, tzinfo=BERLIN), 5)
    nights = [run.date().day for run in found]
    assert [nights.count(night) for night in (day - 1, day, day + 1)] == [1, count, 1]


def test_hourly_runs_go_on_through_a_change_of_clocks() -> None:
    for month, day in ((3, 29), (10, 25)):
        found = runs("0 * * * *", datetime(2026, month, day, 0, 30, tzinfo=BERLIN), 6)
        assert [later.timestamp() - earlier.timestamp() for earlier, later in pairwise(found)] == [3600.0] * 5
