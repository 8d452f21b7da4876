"""The timeline and the progress line that a terminal shows."""

from __future__ import annotations

import math
import shutil
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from scripts.commands.report_medium import Lane, Medium, Span, by_category, clock, parse_medium, printable, tick_step_s

NARROWEST = 40
LABEL_SHARE = 0.28
MARK_EVERY_COLUMNS = 12
TOLD_UNCERTAINTY_S = 0.5  # A refined boundary is as sharp as this; only a blunter one is worth a remark.


@dataclass(frozen=True, slots=True)
class Glyphs:
    """What bars and lines are drawn with."""

    full: str
    left_half: str
    right_half: str
    touched: str
    empty: str
    tick: str
    rule: str
    about: str
    dot: str


UNICODE = Glyphs(
    full="█", left_half="▌", right_half="▐", touched="▏", empty="·", tick="╷", rule="─", about="±", dot=" · "
)
ASCII = Glyphs(
    full="#", left_half="=", right_half="=", touched="|", empty=".", tick="|", rule="-", about="+-", dot=", "
)


def render_timeline(medium: Mapping[str, Any], width: int, unicode: bool) -> str:
    """Lines for people: the file's facts, then a bar per tag over a time axis, each with its seconds and best score.

    medium: one entry of the report's "media". width: columns of the terminal (at least 40 are used). unicode: False
    draws with ASCII alone; a name that has other characters then shows "?" for them. No line ends in a blank.
    """
    parsed, glyphs, width = parse_medium(medium), UNICODE if unicode else ASCII, max(NARROWEST, width)
    lines = [parsed.path, "  " + glyphs.dot.join(parsed.facts)] if parsed.error is None else [parsed.path]
    lines += [f"  ! {warning.message} [{warning.code}]" for warning in parsed.warnings]
    if parsed.error is not None:
        lines.append(f"  failed: {parsed.error.message} [{parsed.error.code}]")
    elif not parsed.lanes:
        lines.append("  no tags found")
    else:
        lines += _lanes(parsed, width, glyphs)
    text = "\n".join(line.rstrip() for line in lines)
    return text if unicode else text.encode("ascii", "replace").decode("ascii")


def _lanes(medium: Medium, width: int, glyphs: Glyphs) -> list[str]:
    label_width = min(int(width * LABEL_SHARE), max(columns(lane.tag) for lane in medium.lanes) + 4)
    length_width = max(len("length"), *(len(clock(lane.seconds, 1)) for lane in medium.lanes))
    figures_width = max(len(_figures(lane, length_width)) for lane in medium.lanes)
    bar_width = max(8, width - label_width - 2 - figures_width - 2)
    lines = [] if medium.duration_s <= 0 else _axis(medium.duration_s, label_width, bar_width, length_width, glyphs)
    for category, lanes in by_category(medium.lanes):
        lines.append(f"  {category or 'tags'} ")
        for lane in lanes:
            label = fit("  " + lane.tag, label_width)
            bar = "" if medium.duration_s <= 0 else _bar(lane, medium.duration_s, bar_width, glyphs) + "  "
            figures = _figures(lane, length_width) if medium.duration_s > 0 else f"score {lane.score:.2f}"
            lines.append(f"  {label}{bar}{figures}")
            if medium.duration_s > 0:
                lines.append(" " * (label_width + 2) + _ranges(lane, width - label_width - 2, glyphs))
    return lines


def _figures(lane: Lane, length_width: int) -> str:
    return f"{clock(lane.seconds, 1):>{length_width}} {lane.score:6.2f}"


def _ranges(lane: Lane, room: int, glyphs: Glyphs) -> str:
    """As many of the lane's spans as there is room for, and how many there are more."""
    texts = [_range(span, glyphs) for span in lane.spans]
    for shown in range(len(texts), 0, -1):
        more = len(texts) - shown
        line = ", ".join(texts[:shown]) + (f", {more} more" if more else "")
        if len(line) <= room:
            return line
    return f"{len(texts)} spans" if texts else ""


def _range(span: Span, glyphs: Glyphs) -> str:
    uncertainty_s = max(span.start_uncertainty_s, span.end_uncertainty_s)
    text = f"{clock(span.start_s, 1)}-{clock(span.end_s, 1)}"
    return f"{text} {glyphs.about}{uncertainty_s:.1f}" if uncertainty_s > TOLD_UNCERTAINTY_S else text


def _axis(duration_s: float, label_width: int, bar_width: int, length_width: int, glyphs: Glyphs) -> list[str]:
    step_s = tick_step_s(duration_s, max(1, bar_width // MARK_EVERY_COLUMNS))
    names, marks = [" "] * bar_width, [glyphs.rule] * bar_width
    for index in range(int(duration_s // step_s) + 1):
        column = int(index * step_s / duration_s * bar_width)
        name = clock(index * step_s)
        if column + len(name) <= bar_width:
            names[column : column + len(name)] = name
            marks[column] = glyphs.tick
    indent = " " * (label_width + 2)
    return [indent + "".join(names) + f"  {'length':>{length_width}}  score", indent + "".join(marks)]


def _bar(lane: Lane, duration_s: float, bar_width: int, glyphs: Glyphs) -> str:
    """One cell per column, by how much of the column's time the tag holds: a span is never too short to be seen."""
    held = [0.0] * bar_width
    cell_s = duration_s / bar_width
    for span in lane.spans:
        first = min(bar_width - 1, max(0, int(span.start_s / cell_s)))
        last = min(bar_width - 1, max(first, math.ceil(span.end_s / cell_s) - 1))
        for column in range(first, last + 1):
            overlap_s = min(span.end_s, (column + 1) * cell_s) - max(span.start_s, column * cell_s)
            held[column] += max(overlap_s / cell_s, 1e-6)
    return "".join(
        _cell(held[column], column + 1 < bar_width and held[column + 1] > 0, glyphs) for column in range(bar_width)
    )


def _cell(share: float, goes_on: bool, glyphs: Glyphs) -> str:
    if share <= 0:
        return glyphs.empty
    if share >= 0.75:
        return glyphs.full
    if share < 0.25 and not goes_on:
        return glyphs.touched
    return glyphs.right_half if goes_on else glyphs.left_half


def columns(text: str) -> int:
    """Columns that a terminal gives the text: wide characters take two, combining ones none."""
    return sum(_columns_of(char) for char in text)


def fit(text: str, width: int) -> str:
    """The text, cut (with "~") or padded to exactly `width` columns."""
    if columns(text) > width - 1:
        kept, used = "", 0
        for char in text:
            if used + _columns_of(char) > width - 2:
                break
            kept, used = kept + char, used + _columns_of(char)
        text = kept + "~"
    return text + " " * (width - columns(text))


def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class ProgressPrinter:
    """Shows how far a file is: on a terminal one line that is drawn over, elsewhere a line every few seconds.

    stream: where to write; its isatty() and encoding decide. width: columns, asked of the terminal if None.
    now: a clock in seconds. After close() it may be updated again, with the next file.
    """

    REDRAW_S = 0.1
    LINE_EVERY_S = 5.0

    def __init__(self, stream: TextIO, width: int | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._width = width
        self._now = now
        self._is_terminal = stream.isatty()
        self._glyphs = UNICODE if (stream.encoding or "").lower().replace("-", "") == "utf8" else ASCII
        self._last_s = -math.inf if self._is_terminal else now()
        self._is_drawn = False

    def update(
        self,
        path: str,
        done_s: float,
        duration_s: float,
        frames: int,
        frames_per_s: float,
        seconds_left: float | None,
    ) -> None:
        """Show the state of one file; calls that come too soon after the last shown one are passed over."""
        pause_s = self.REDRAW_S if self._is_terminal else self.LINE_EVERY_S
        if self._now() - self._last_s < pause_s:
            return
        self._last_s = self._now()
        share = min(1.0, max(0.0, done_s / duration_s)) if duration_s > 0 else 0.0
        left = f", {clock(seconds_left)} left" if seconds_left is not None and math.isfinite(seconds_left) else ""
        figures = f"{share:4.0%}  {frames:,} frames, {frames_per_s:,.0f}/s{left}"
        self._write(printable(path.replace("\\", "/").rpartition("/")[2]), share, figures)

    def close(self) -> None:
        """Clear the line, so that what is printed next stands alone."""
        if self._is_drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._is_drawn = False

    def _write(self, name: str, share: float, figures: str) -> None:
        if not self._is_terminal:
            text = f"{name}  {figures}\n"
        else:
            width = self._width or shutil.get_terminal_size((80, 24)).columns
            room = width - 1 - len(figures) - 4
            bar_width = max(4, room // 2)
            filled = round(share * bar_width)
            bar = self._glyphs.full * filled + self._glyphs.empty * (bar_width - filled)
            text = f"\r{fit(name, max(4, room - bar_width))}  {bar}  {figures}\x1b[K"
            self._is_drawn = True
        encoding = self._stream.encoding or "ascii"
        self._stream.write(text.encode(encoding, "replace").decode(encoding))
        self._stream.flush()
