"""The report as one HTML file: pictures, a lane per tag, and nothing that is fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from scripts.commands.report_medium import (
    Lane,
    Medium,
    Said,
    Span,
    by_category,
    clock,
    parse_medium,
    tick_step_s,
)

COLOURS = ("#48aff0", "#15b371", "#ffb366", "#ad99ff", "#ff7373", "#2ee6d6", "#ffc940", "#f5498b")
FAINTEST = 0.45
MOST_TICKS = 10
LAST_TICK = 0.94  # A mark further right than this share of the axis would hang out of a phone's edge.
JPEG = re.compile(r"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail: when it is from, and its JPEG bytes in base64."""

    pts_s: float
    jpeg: str


def render(report: Mapping[str, Any], title: str = "Stash Sense timeline") -> str:
    """The whole page as text (to be written as UTF-8), readable without scripts and without a network.

    report: the JSON of scripts/analyze; each medium may also have "strip", a list of {"pts_s", "jpeg" in base64}.
    Names and messages are taken as hostile: they are escaped, and the page's own policy forbids every request and
    every script but the one whose sha256 it states.
    """
    records = [record for record in report.get("media", []) if isinstance(record, Mapping)]
    media = [(parse_medium(record), _strip(record)) for record in records]
    sections = "".join(_section(index, medium, strip) for index, (medium, strip) in enumerate(media))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{_asset("html_report.css")}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<p class="muted">{_summary([medium for medium, _ in media])}</p>
{_contents([medium for medium, _ in media])}</header>
<main>
{sections}</main>
<div id="tip" role="status" hidden></div>
<script>{_asset("html_report.js")}</script>
</body>
</html>
"""


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_asset("html_report.js").encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _strip(record: Mapping[str, Any]) -> list[Picture]:
    pictures = []
    for entry in record.get("strip") or []:
        jpeg, pts_s = str(entry.get("jpeg", "")), entry.get("pts_s", 0.0)
        if JPEG.fullmatch(jpeg) and isinstance(pts_s, (int, float)):
            pictures.append(Picture(float(pts_s), jpeg))
    return sorted(pictures, key=lambda picture: picture.pts_s)


def _summary(media: Sequence[Medium]) -> str:
    failed = sum(medium.error is not None for medium in media)
    files = f"{len(media)} file{'' if len(media) == 1 else 's'}"
    return f"{files}, {failed} failed" if failed else files


def _contents(media: Sequence[Medium]) -> str:
    if len(media) < 2:
        return ""
    items = "".join(
        f'<li><a href="#medium-{index}"><bdi>{escape(_name(medium))}</bdi></a>'
        f"{' <span class=muted>failed</span>' if medium.error else ''}</li>"
        for index, medium in enumerate(media)
    )
    return f"<nav><ul>{items}</ul></nav>\n"


def _name(medium: Medium) -> str:
    return re.split(r"[/\\]", medium.path)[-1] or medium.path


def _section(index: int, medium: Medium, strip: Sequence[Picture]) -> str:
    said = "".join(_told("said", warning) for warning in medium.warnings)
    if medium.error is not None:
        body = _told("said failed", Said(medium.error.code, f"Failed: {medium.error.message}"))
    else:
        body = f'<p class="facts">{escape(" · ".join(medium.facts))}</p>{said}{_body(medium, strip)}'
    return (
        f'<section class="medium" id="medium-{index}">\n<h2><bdi>{escape(_name(medium))}</bdi></h2>\n'
        f'<p class="path"><bdi>{escape(medium.path)}</bdi></p>\n{body}</section>\n'
    )


def _told(kind: str, said: Said) -> str:
    return f'<p class="{kind}">{escape(said.message)} <code>{escape(said.code)}</code></p>'


def _body(medium: Medium, strip: Sequence[Picture]) -> str:
    pictures = _pictures(strip, medium.duration_s)
    if not medium.lanes:
        return f'{pictures}<p class="muted">No tags found.</p>'
    if medium.duration_s <= 0:
        return pictures + _chips(medium)
    return f"{pictures}{_axis(medium.duration_s)}{_lanes(medium)}{_table(medium)}"


def _pictures(strip: Sequence[Picture], duration_s: float) -> str:
    if not strip:
        return ""
    items = "".join(
        f'<li><img src="data:image/jpeg;base64,{picture.jpeg}" data-pts="{picture.pts_s:g}" '
        f'alt="Picture at {clock(picture.pts_s, 1)}"></li>'
        for picture in strip
    )
    if duration_s <= 0:
        return f'<ol class="strip single">{items}</ol>\n'
    kind = "many" if len(strip) > 8 else "few"
    return f'<div class="row"><div class="corner"></div><ol class="strip {kind}">{items}</ol></div>\n'


def _axis(duration_s: float) -> str:
    step_s = tick_step_s(duration_s, MOST_TICKS)
    ticks = "".join(
        f'<li style="left:{100 * number * step_s / duration_s:.3f}%">{clock(number * step_s)}</li>'
        for number in range(int(duration_s // step_s) + 1)
        if number * step_s <= LAST_TICK * duration_s
    )
    return f'<div class="row"><div class="corner"></div><ol class="axis" aria-hidden="true">{ticks}</ol></div>\n'


def _lanes(medium: Medium) -> str:
    strongest = max((span.score for lane in medium.lanes for span in lane.spans), default=0.0)
    parts = []
    for number, (category, lanes) in enumerate(by_category(medium.lanes)):
        parts.append(f"<h3>{escape(category or 'tags')}</h3>\n")
        colour = COLOURS[number % len(COLOURS)]
        parts += [_lane(lane, medium.duration_s, colour, strongest) for lane in lanes]
    return "".join(parts)


def _lane(lane: Lane, duration_s: float, colour: str, strongest: float) -> str:
    step = 100 * tick_step_s(duration_s, MOST_TICKS) / duration_s
    spans = "".join(_span(span, duration_s, strongest) for span in lane.spans)
    return (
        f'<div class="row lane"><div class="label"><bdi class="tag" title="{escape(lane.tag)}">{escape(lane.tag)}</bdi>'
        f'<span class="sum">{clock(lane.seconds, 1)}</span></div>'
        f'<ul class="track" data-duration="{duration_s:g}" style="--step:{step:.3f}%;--colour:{colour}">{spans}</ul>'
        "</div>\n"
    )


def _span(span: Span, duration_s: float, strongest: float) -> str:
    """A bar over everything that may belong to the span; where that is uncertain it fades."""
    first_s = min(duration_s, max(0.0, span.start_s - span.start_uncertainty_s))
    last_s = max(first_s, min(duration_s, span.end_s + span.end_uncertainty_s))
    width_s = last_s - first_s
    soft_start = _share(span.start_s + span.start_uncertainty_s - first_s, width_s) if span.start_uncertainty_s else 0.0
    soft_end = _share(span.end_s - span.end_uncertainty_s - first_s, width_s) if span.end_uncertainty_s else 1.0
    if soft_start > soft_end:  # Two soft ends that meet: strongest halfway.
        soft_start = soft_end = (soft_start + soft_end) / 2
    strength = FAINTEST + (1 - FAINTEST) * _share(span.score, strongest)
    when, more = _when(span), f"score {span.score:.2f}, strongest at {clock(span.peak_s, 1)}"
    sharp = " sharp" if soft_start == 0.0 and soft_end == 1.0 else ""
    style = (
        f"left:{100 * first_s / duration_s:.3f}%;width:{100 * width_s / duration_s:.3f}%;--strength:{strength:.2f};"
        f"--soft-start:{100 * soft_start:.1f}%;--soft-end:{100 * soft_end:.1f}%"
    )
    told = escape(f"{span.tag}, {when}, {more}")
    return (
        f'<li class="span{sharp}" tabindex="0" style="{style}" title="{told}" aria-label="{told}" '
        f'data-tag="{escape(span.tag)}" data-when="{escape(when)}" data-more="{escape(more)}" '
        f'data-peak="{span.peak_s:g}"></li>'
    )


def _share(part: float, whole: float) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def _when(span: Span) -> str:
    return (
        f"{clock(span.start_s, 1)}{_about(span.start_uncertainty_s)} to "
        f"{clock(span.end_s, 1)}{_about(span.end_uncertainty_s)}"
    )


def _about(uncertainty_s: float) -> str:
    return f" (± {uncertainty_s:.1f} s)" if uncertainty_s >= 0.05 else ""


def _chips(medium: Medium) -> str:
    groups = []
    for category, lanes in by_category(medium.lanes):
        items = "".join(f"<li><bdi>{escape(lane.tag)}</bdi> {lane.score:.2f}</li>" for lane in lanes)
        groups.append(f'<h3>{escape(category or "tags")}</h3><ul class="chips">{items}</ul>')
    return "".join(groups)


def _table(medium: Medium) -> str:
    rows = "".join(
        f"<tr><td><bdi>{escape(span.tag)}</bdi></td><td>{escape(_when(span))}</td><td>{span.score:.2f}</td></tr>"
        for lane in medium.lanes
        for span in lane.spans
    )
    head = "<tr><th>Tag</th><th>When</th><th>Score</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    return f"<details><summary>All spans as a table</summary>{table}</details>\n"
