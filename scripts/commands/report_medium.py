"""One medium of a report, as the reports for people read it: parsed once, whatever the JSON holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHORTEST_S = 0.001  # A file that claims less has no timeline to draw on; one that claims more than LONGEST_S lies.
LONGEST_S = 1e9


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch [start_s, end_s) in which a tag holds; its boundaries may lie off by the uncertainties, in seconds."""

    tag: str
    category: str
    start_s: float
    end_s: float
    score: float
    peak_s: float
    start_uncertainty_s: float
    end_uncertainty_s: float


@dataclass(frozen=True, slots=True)
class Lane:
    """All spans of one tag, in order; seconds is their sum (or the medium's own figure)."""

    tag: str
    category: str
    seconds: float
    score: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A warning or an error: a code for machines, a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Medium:
    """duration_s is 0 for a still image, and where it is not known. facts are short sentences, in order."""

    path: str
    duration_s: float
    facts: tuple[str, ...]
    lanes: tuple[Lane, ...]
    warnings: tuple[Said, ...]
    error: Said | None


def parse_medium(record: Mapping[str, Any]) -> Medium:
    """Read one entry of the report's "media". Missing fields count as empty; nothing in it raises."""
    spans = sorted((_span(entry) for entry in _entries(record, "spans")), key=lambda span: (span.start_s, span.tag))
    error = record.get("error")
    return Medium(
        path=printable(record.get("path", "")),
        duration_s=_duration_s(record),
        facts=tuple(_facts(record)),
        lanes=_lanes(spans, _entries(record, "tags")),
        warnings=tuple(_said(entry) for entry in _entries(record, "warnings")),
        error=_said(error) if isinstance(error, Mapping) else None,
    )


def by_category(lanes: Sequence[Lane]) -> list[tuple[str, list[Lane]]]:
    """Lanes grouped by category: most seconds first, among categories and within each."""
    groups: dict[str, list[Lane]] = {}
    for lane in sorted(lanes, key=lambda lane: (-lane.seconds, -lane.score, lane.tag)):
        groups.setdefault(lane.category, []).append(lane)
    return sorted(groups.items(), key=lambda group: -sum(lane.seconds for lane in group[1]))


def clock(seconds: float, decimals: int = 0) -> str:
    """`m:ss`, or `h:mm:ss` from an hour on; rounded down, so that a moment is never shown after the end."""
    units = math.floor(max(0.0, seconds) * 10**decimals + 1e-6)
    whole, fraction = divmod(units, 10**decimals)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"{text}.{fraction:0{decimals}d}" if decimals else text


def printable(value: object) -> str:
    """Text without control characters or broken code points, which a file name may hold to fool a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value))


def tick_step_s(duration_s: float, most: int) -> float:
    """Whole seconds between the marks of a time axis that has at most `most` of them: a step people count in."""
    for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800):
        if duration_s / step <= most:
            return float(step)
    return 3600.0 * math.ceil(duration_s / 3600.0 / most)


def _duration_s(record: Mapping[str, Any]) -> float:
    duration_s = _number(record.get("duration_s"))
    return min(duration_s, LONGEST_S) if duration_s >= SHORTEST_S else 0.0


def _facts(record: Mapping[str, Any]) -> list[str]:
    duration_s = _duration_s(record)
    facts = [clock(duration_s, 1)] if duration_s > 0 else []
    facts += [
        f"{word} {printable(record[name])}"
        for name, word in (("decoder", "decoder"), ("model", "model"))
        if record.get(name)
    ]
    if record.get("from_cache"):
        return [*facts, "from the store: nothing decoded"]
    decoded, embedded = _number(record.get("frames_decoded")), _number(record.get("frames_embedded"))
    return [*facts, f"{decoded:,.0f} {'frame' if decoded == 1 else 'frames'} decoded", f"{embedded:,.0f} embedded"]


def _lanes(spans: Sequence[Span], totals: Sequence[Mapping[str, Any]]) -> tuple[Lane, ...]:
    by_tag: dict[tuple[str, str], list[Span]] = {}
    for entry in totals:
        by_tag[(printable(entry.get("category", "")), printable(entry.get("tag", "")))] = []
    for span in spans:
        by_tag.setdefault((span.category, span.tag), []).append(span)
    figures = {(printable(t.get("category", "")), printable(t.get("tag", ""))): t for t in totals}
    return tuple(
        Lane(
            tag=tag,
            category=category,
            seconds=_number(figures.get((category, tag), {}).get("seconds", sum(s.end_s - s.start_s for s in held))),
            score=_number(figures.get((category, tag), {}).get("score", max((s.score for s in held), default=0.0))),
            spans=tuple(held),
        )
        for (category, tag), held in by_tag.items()
    )


def _span(entry: Mapping[str, Any]) -> Span:
    start_s = _number(entry.get("start_s"))
    return Span(
        tag=printable(entry.get("tag", "")),
        category=printable(entry.get("category", "")),
        start_s=start_s,
        end_s=max(start_s, _number(entry.get("end_s"))),
        score=_number(entry.get("score")),
        peak_s=_number(entry.get("peak_s")),
        start_uncertainty_s=max(0.0, _number(entry.get("start_uncertainty_s"))),
        end_uncertainty_s=max(0.0, _number(entry.get("end_uncertainty_s"))),
    )


def _said(entry: Mapping[str, Any]) -> Said:
    return Said(code=printable(entry.get("code", "")), message=printable(entry.get("message", "")))


def _entries(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = record.get(name)
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, (list, tuple)) else []


def _number(value: object) -> float:
    """A finite number, or 0 for anything else."""
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return 0.0
