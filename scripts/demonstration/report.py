"""What was found in each medium, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scripts.demonstration.stash_api import Shown

MOST_TAGS = 6
VAGUE_S = 0.75
"""Uncertainty of a bound beyond which it is shown."""


def report(medium: Shown, answer: Mapping[str, Any], people: Mapping[str, Any]) -> Iterator[str]:
    """Lines about one medium. answer, people: what the operations scene.analysis and people.medium give for it."""
    length = f" ({_clock(medium.duration_s)})" if medium.duration_s else ""
    yield f"{medium.kind} {medium.id}: {medium.name}{length}"
    analysis, failure = answer.get("analysis"), answer.get("failure")
    if failure:
        yield f"    failed: {failure['message']}"
    elif not analysis:
        yield "    not analysed"
    else:
        yield from _found(medium, analysis, answer.get("suggestions") or [])
        yield from _seen(medium, people["tracks"])
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


def _seen(medium: Shown, tracks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Those who are somebody, each by name; the others as a number."""
    nobody = [track for track in tracks if not track["who"]]
    for track in tracks:
        if track["who"]:
            when = ", ".join(f"{_clock(start_s)}-{_clock(end_s)}" for start_s, end_s in track["spans"][:4])
            mark = "" if track["decision"] == "match" else "  perhaps"
            as_what = "  suggested as performer" if track["suggestion_state"] == "pending" else ""
            yield f"    {track['who']['name']:<24} {when if medium.duration_s else '':<40}{mark}{as_what}".rstrip()
    if nobody:
        yield (
            f"    and {len(nobody)} whom nobody named"
            if len(nobody) < len(tracks)
            else (f"    {len(nobody)} whom nobody named")
        )


def _range(span: Mapping[str, Any]) -> str:
    loose = max(span["start_uncertainty_s"], span["end_uncertainty_s"])
    about = f" (±{loose:.0f} s)" if loose > VAGUE_S else ""
    return f"{_clock(span['start_s'])}-{_clock(span['end_s'])}{about}"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
