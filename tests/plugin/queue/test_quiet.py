from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.queue.quiet import QuietHoursError, is_quiet, parse_quiet_hours


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hours are local ones."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", None),
        ("   ", None),
        ("18:00-23:30", (1080, 1410)),
        (" 8:05 - 9:00 ", (485, 540)),
        ("22:00-06:00", (1320, 360)),
        ("00:00-23:59", (0, 1439)),
        ("07:00-07:00", None),
    ],
)
def test_hours(text: str, hours: tuple[int, int] | None) -> None:
    assert parse_quiet_hours(text) == hours


@pytest.mark.parametrize(
    "text", ["night", "18-23", "18:00", "24:00-25:00", "18:60-19:00", "18:00-23:00-x", "1800-2300"]
)
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(QuietHoursError, match=f"quietHours is '{text}'; write them as 08:00-23:30"):
        parse_quiet_hours(text)


@pytest.mark.parametrize(
    ("text", "moment", "quiet"),
    [
        ("18:00-23:30", (17, 59), False),
        ("18:00-23:30", (18, 0), True),
        ("18:00-23:30", (23, 29), True),
        ("18:00-23:30", (23, 30), False),
        ("22:00-06:00", (21, 59), False),
        ("22:00-06:00", (22, 0), True),
        ("22:00-06:00", (0, 0), True),
        ("22:00-06:00", (5, 59), True),
        ("22:00-06:00", (6, 0), False),
        ("", (3, 0), False),
    ],
)
def test_when_it_is_quiet(text: str, moment: tuple[int, int], quiet: bool) -> None:
    now_s = time.mktime((2024, 5, 17, *moment, 0, 0, 0, -1))
    assert is_quiet(parse_quiet_hours(text), now_s) == quiet


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 2_000_000_000))
def test_the_hours_and_their_opposite_share_the_day(begin: int, end: int, moment: int) -> None:
    if begin != end:
        assert is_quiet((begin, end), moment) != is_quiet((end, begin), moment)
