"""What a terminal shows: bars where the seconds are, and never a file name's own control characters."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.commands.report_medium import clock, tick_step_s
from scripts.commands.timeline_text import ProgressPrinter, columns, fit, render_timeline


def medium(*spans: tuple[str, float, float], duration_s: float = 60.0, **more: Any) -> dict[str, Any]:
    listed = [
        {"tag": tag, "category": "things", "start_s": start_s, "end_s": end_s, "score": 3.25, "peak_s": start_s}
        for tag, start_s, end_s in spans
    ]
    facts = {"decoder": "pyav", "frames_decoded": 30, "frames_embedded": 20, "from_cache": False}
    return {
        "path": "/videos/a.mp4",
        "duration_s": duration_s,
        "spans": listed,
        "tags": [],
        "error": None,
        **facts,
        **more,
    }


def bar_of(text: str, tag: str) -> str:
    line = next(line for line in text.splitlines() if line.strip().startswith(tag))
    return next(word for word in line.split() if set(word) <= set("#=|.") and len(word) > 4)


def test_a_bar_covers_the_share_of_the_time_that_the_tag_holds() -> None:
    text = render_timeline(medium(("cat", 0, 30), ("dog", 45, 60)), 100, unicode=False)
    cat, dog = bar_of(text, "cat"), bar_of(text, "dog")
    assert len(cat) == len(dog)
    assert cat == "#" * (len(cat) // 2) + "." * (len(cat) - len(cat) // 2) or cat.count("#") == pytest.approx(
        len(cat) / 2, abs=1
    )
    assert dog.index("#") == pytest.approx(len(dog) * 0.75, abs=1)
    assert "0:00.0-0:30.0" in text
    assert "3.25" in text


def test_a_span_shorter_than_a_column_is_seen() -> None:
    text = render_timeline(medium(("blink", 1800, 1800.2), duration_s=3600), 80, unicode=False)
    assert bar_of(text, "blink").count("|") == 1


def test_only_a_blunt_boundary_is_remarked() -> None:
    record = medium(("cat", 10, 20), ("dog", 30, 40))
    record["spans"][0]["end_uncertainty_s"] = 2.0
    record["spans"][1]["end_uncertainty_s"] = 0.25
    text = render_timeline(record, 100, unicode=True)
    assert "0:10.0-0:20.0 ±2.0" in text
    assert "0:30.0-0:40.0\n" in text + "\n"


def test_failure_warning_and_emptiness_are_said() -> None:
    error = {"code": "empty_file", "message": "a.mp4 has 0 bytes."}
    warning = {"code": "truncated", "message": "The file ends at 0:12."}
    assert "failed: a.mp4 has 0 bytes. [empty_file]" in render_timeline(medium(error=error), 80, unicode=True)
    assert "! The file ends at 0:12. [truncated]" in render_timeline(medium(warnings=[warning]), 80, unicode=True)
    assert "no tags found" in render_timeline(medium(), 80, unicode=True)


def test_a_still_image_lists_its_tags() -> None:
    assert "cat  score 3.25" in render_timeline(medium(("cat", 0, 0), duration_s=0), 80, unicode=True)


def test_a_file_name_cannot_steer_the_terminal() -> None:
    text = render_timeline(
        medium(("a\x1b[2J\rtag", 0, 30), path="/v/\x1b]0;title\x07\n\u202egpj.mp4"), 80, unicode=True
    )
    assert not set(text) & set("\x1b\x07\r\u202e")


@given(
    spans=st.lists(st.tuples(st.text(max_size=30), st.floats(0, 1e5), st.floats(0, 1e5)), max_size=6),
    duration_s=st.floats(allow_nan=True),
    width=st.integers(-5, 200),
)
def test_lines_fit_the_terminal_whatever_the_spans(
    spans: list[tuple[str, float, float]], duration_s: float, width: int
) -> None:
    lines = render_timeline(medium(*spans, duration_s=duration_s), width, unicode=False).splitlines()
    assert all(len(line) <= max(40, width) for line in lines[2:])
    assert all(char.isascii() for line in lines for char in line)


@given(text=st.text(max_size=40), width=st.integers(4, 40))
def test_fit_gives_exactly_the_columns_asked_for(text: str, width: int) -> None:
    assert columns(fit(text, width)) == width


def test_clock_and_ticks() -> None:
    assert [clock(0), clock(59.999), clock(61.24, 1), clock(3723)] == ["0:00", "0:59", "1:01.2", "1:02:03"]
    assert clock(0.3, 1) == "0:00.3"
    assert [tick_step_s(seconds, 10) for seconds in (5, 61, 3600, 36_000)] == [1, 10, 600, 3600]


class Terminal(io.StringIO):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def test_on_a_terminal_one_line_is_drawn_over_and_cleared() -> None:
    moments = iter(range(1000))
    stream = Terminal(is_terminal=True)
    progress = ProgressPrinter(stream, width=80, now=lambda: float(next(moments)))
    progress.update("/videos/a\x1b.mp4", 15.0, 60.0, 1200, 55.4, 75.0)
    progress.update("/videos/a\x1b.mp4", 30.0, 60.0, 2400, 55.4, None)
    progress.close()
    drawn = stream.getvalue()
    assert "\n" not in drawn
    assert drawn.endswith("\r\x1b[K")
    first, second = drawn.split("\r")[1:3]
    assert " 25%  1,200 frames, 55/s, 1:15 left" in first
    assert " 50%  2,400 frames, 55/s" in second
    assert len(first.removesuffix("\x1b[K")) < 80


def test_elsewhere_a_line_every_few_seconds() -> None:
    now_s = [0.0]
    stream = Terminal(is_terminal=False)
    progress = ProgressPrinter(stream, now=lambda: now_s[0])
    for second in range(12):
        now_s[0] = float(second)
        progress.update("a.mp4", float(second), 0.0, second, 1.0, float("nan"))
    progress.close()
    assert stream.getvalue().splitlines() == ["a.mp4    0%  5 frames, 1/s", "a.mp4    0%  10 frames, 1/s"]
