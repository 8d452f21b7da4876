"""Who is seen in media, and what their owner says about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.people import ERASE, accept_track, erase_all, reject_track, tracks_of
from plugin.context import Context
from plugin.installation import SetupError
from plugin.operations import suggestions
from plugin.operations.arguments import ArgumentError
from plugin.operations.filters import FILTERS
from plugin.operations.people_json import People, picture
from plugin.review.performers import who_of
from plugin.sidecar_values import SidecarError
from plugin.stash.errors import StashError
from plugin.store.faces import Track
from plugin.store.suggestions import Suggestion
from plugin.store.verdicts import Verdict


def state(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers; ready: whether faces can be looked at now, why: a sentence where not. boxes: stash-boxes of Stash."""
    found: dict[str, Any] = {
        "ready": False,
        "why": "",
        "model": "",
        "people": 0,
        "references": 0,
        "references_by_source": {},
        "media": sum(context.store.faces.counts().values()),
        "faces": 0,
        "tracks": 0,
        "groups": 0,
        "search": "",
        "search_note": "",
        "points": [],
        "size_bytes": 0,
        "last_import": "",
        "boxes": [],
    }
    from plugin.operations.people_sources import boxes  # with HTTP, which those that read the store do without

    try:
        found["boxes"] = boxes(context)
        now = tracks_of(context).state()
    except (SidecarError, SetupError, StashError) as error:
        return {**found, "why": str(error)}
    return {
        **found,
        "ready": bool(now.model),
        "why": "" if now.model else "the sidecar has no face model",
        "model": now.model,
        "people": now.people,
        "references": now.references,
        "references_by_source": dict(now.references_by_source),
        "media": now.media,
        "faces": now.faces,
        "tracks": now.tracks,
        "groups": now.groups,
        "search": now.search,
        "search_note": now.search_note,
        "points": [dict(point) for point in now.points],
        "size_bytes": now.size_bytes,
        "last_import": now.last_import,
    }


def medium(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Tracks of one medium from the store, with who they are or may be."""
    store, key = context.store, (args["kind"], args["id"])
    known = store.faces.get(*key)
    verdicts = store.verdicts.of_medium(*key)
    suggested = [one for one in store.suggestions.of_medium(*key) if one.type == "performer"]
    people = People(context)
    return {
        "kind": key[0],
        "media_id": key[1],
        "looked": known is not None,
        "model": known.model if known else "",
        "frames": known.frames if known else 0,
        "faces": known.faces if known else 0,
        "looked_s": known.done_s if known else None,
        "duration_s": known.duration_s if known else 0.0,
        "tracks": [_track(people, one, verdicts.get(one.id), suggested) for one in (known.tracks if known else ())],
    }


def on_screen(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Where each track's face is, moment by moment."""
    known = context.store.faces.get(args["kind"], args["id"], with_marks=True)
    return {
        "marks": [
            {
                "track_id": track.id,
                "pts_s": [mark.pts_s for mark in track.marks],
                "boxes": [list(mark.box) for mark in track.marks],
            }
            for track in (known.tracks if known else ())
        ]
    }


def pictures(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Faces of tracks and references; those that are not known are left out."""
    ids = list(dict.fromkeys(args["ids"]))
    found = tracks_of(context).pictures(ids) if ids else {}
    return {"pictures": {one: picture(found[one]) for one in ids if found.get(one)}}


def suggested(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Performers that wait for a decision, the newest first."""
    everything = {name: argument.default for name, argument in FILTERS.items()}
    page = {"states": ["pending"], "order": "newest", "before_id": None, "limit": args["limit"], "after": args["after"]}
    chosen = {**everything, "type": "performer", "face_decision": args["decision"]}
    found = suggestions.find(context, {**chosen, **page})
    people = People(context)
    rows = [{**one, "who": people.who(one["reason"].get("keys", []), one["label"])} for one in found["suggestions"]]
    return {"count": found["count"], "next": found["next"], "suggestions": rows}


def accept(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Written at once. suggestion_id: null where the medium had the performer already. created: made in Stash."""
    done = accept_track(context, args["kind"], args["id"], args["track_id"], args["key"])
    if done.failed:
        raise ArgumentError("; ".join(done.failed))
    return {
        "written": done.suggestion is not None and done.suggestion.state == "applied",
        "suggestion_id": done.suggestion.id if done.suggestion else None,
        "performer_id": done.performer_id,
        "run_id": done.run_id,
        "created": done.created,
    }


def reject(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """taken_back: writes that left Stash for it."""
    suggestion_id, taken_back, failed = reject_track(context, args["kind"], args["id"], args["track_id"], args["key"])
    if failed:
        raise ArgumentError("; ".join(failed))
    return {"suggestion_id": suggestion_id, "taken_back": taken_back}


def erase(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is known of faces goes, in the sidecar and here. Performers that were written stay in Stash."""
    if args["confirmation"] != ERASE:
        raise ArgumentError(f'confirmation must be "{ERASE}", word for word: this cannot be undone')
    erased = erase_all(context)
    return {"faces": erased.faces, "people": erased.people}


def _track(people: People, one: Track, verdict: Verdict | None, suggested: list[Suggestion]) -> dict[str, Any]:
    who = who_of(one, verdict)
    denied = set(verdict.not_keys) if verdict else set()
    keys = set(who.candidate.keys) if who else set()
    its = next((s for s in suggested if one.id in s.reason.get("track_ids", ())), None)
    its = next((s for s in suggested if not keys.isdisjoint(s.person_keys)), its)
    return {
        "id": one.id,
        "spans": [list(span) for span in one.spans],
        "seconds": one.seconds,
        "faces": one.faces,
        "views": one.views,
        "quality": one.quality,
        "best": {"pts_s": one.best.pts_s, "box": list(one.best.box)},
        "decision": who.decision if who else "unknown",
        "who": people.who(who.candidate.keys, who.candidate.name) if who else None,
        "confirmed": who.confirmed if who else False,
        "candidates": [
            {**people.candidate(candidate), "rejected": not denied.isdisjoint(candidate.keys)}
            for candidate in one.candidates
        ],
        "group_id": one.group_id,
        "suggestion_id": its.id if its else None,
        "suggestion_state": its.state if its else "",
    }
