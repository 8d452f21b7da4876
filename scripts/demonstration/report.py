"""What was found in each medium, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scripts.demonstration.stash_api import Shown

MOST_TAGS = 6
VAGUE_S = 0.75
"""Uncertainty of a bound beyond which it is shown."""


def report(medium: Shown, answer: Mapping[str, Any]) -> Iterator[str]:
    """Lines about one medium. answer: what the operation scene.analysis gives for it."""
    length = f" ({_clock(medium.duration_s)})" if medium.duration_s else ""
    yield f"{medium.kind} {medium.id}: {medium.name}{length}"
    analysis, failure = answer.get("analysis"), answer.get("failure")
    if failure:
        yield f"    failed: {failure['message']}"
    elif not analysis:
        yield "    not analysed"
    else:
        yield from _found(medium, analysis, answer.get("suggestions") or [])
    if medium.tags:
        yield f"    tags in Stash: {', '.join(medium.tags)}"


def _found(medium: Shown, analysis: Mapping[str, Any], suggestions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    totals = sorted(analysis["totals"], key=lambda total: (-total["share"], -total["score"]))
    suggested = {(one["label"], one["type"]) for one in suggestions}
    if not totals:
        yield "    nothing that the tags name"
    for total in totals[:MOST_TAGS]:
        label = total["label"]
        spans = [span for span in analysis["spans"] if span["label"] == label]
        when = ", ".join(map(_range, spans[:4]))
        as_what = " and ".join(kind for kind in ("tag", "marker") if (label, kind) in suggested)
        shown = f"{label:<24} {when if medium.duration_s else '':<40}"
        yield f"    {shown}{f'  suggested as {as_what}' if as_what else ''}".rstrip()
    if len(totals) > MOST_TAGS:
        yield f"    and {len(totals) - MOST_TAGS} more"


def _range(span: Mapping[str, Any]) -> str:
    loose = max(span["start_uncertainty_s"], span["end_uncertainty_s"])
    about = f" (±{loose:.0f} s)" if loose > VAGUE_S else ""
    return f"{_clock(span['start_s'])}-{_clock(span['end_s'])}{about}"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
