"""Who is this? The faces of one moment, in a drawn box or everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plugin.analysis.prepare import UNSEEN, CannotPrepare, prepare
from plugin.commands.people import tracks_of
from plugin.context import Context
from plugin.operations.arguments import ArgumentError
from plugin.operations.people_json import People, picture
from plugin.operations.thumbnails import surroundings
from plugin.sidecar_values import Look, Problem
from plugin.stash.values import Medium
from plugin.track_values import Identified


def identify(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is stored. note: a sentence where no face was found."""
    kind, media_id = args["kind"], args["id"]
    if kind == "gallery":
        raise ArgumentError("a gallery is no picture; ask about one of its images")
    medium = context.stash.media(kind, [media_id]).get(media_id)
    if medium is None:
        raise ArgumentError(f"Stash has no {kind} {media_id}")
    answer = _ask(context, medium, args["at_s"] if kind == "scene" else 0.0, args["box"], over_url=False)
    if isinstance(answer, Problem) and answer.code in UNSEEN and medium.url:
        answer = _ask(context, medium, args["at_s"] if kind == "scene" else 0.0, args["box"], over_url=True)
    if isinstance(answer, Problem):
        raise ArgumentError(answer.message)
    people = People(context)
    return {
        "pts_s": answer.pts_s,
        "note": answer.note,
        "faces": [
            {
                "box": list(face.box),
                "quality": face.quality,
                "picture": picture(face.jpeg),
                "candidates": [people.candidate(one) for one in face.candidates],
                "decision": face.decision,
                "group_id": face.group_id,
            }
            for face in answer.faces
        ],
    }


def _ask(
    context: Context, medium: Medium, at_s: float, box: tuple[float, float, float, float] | None, over_url: bool
) -> Identified | Problem:
    """As the whole medium was looked at, where it was: a box is drawn on what is shown, and one eye is not that."""
    try:
        wish = prepare(str(medium.id), medium, surroundings(context), Look(), over_url)
    except CannotPrepare as error:
        raise ArgumentError(str(error)) from error
    if box is not None:
        wish = replace(wish, view="whole")
    return tracks_of(context).identify(wish, at_s, box, medium.date)
