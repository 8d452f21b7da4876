"""Unknown people: groups of tracks that match nobody, and what their owner says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.naming import Meant, name_group, unname_group
from plugin.commands.people import tracks_of
from plugin.context import Context
from plugin.locks import DRAIN_LOCK
from plugin.operations.arguments import ArgumentError
from plugin.operations.people_json import People
from plugin.queue.reconcile import reconcile
from plugin.track_values import Group


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """A page of groups, the largest first; merges: what unmerge may take back, the newest first."""
    found = tracks_of(context).groups(args["order"], args["limit"], args["after"], args["ignored"], args["min_media"])
    people = People(context)
    return {
        "groups": [as_json(people, one) for one in found.groups],
        "next": found.next,
        "total": found.total,
        "merges": [
            {"id": one.id, "group_id": one.group_id, "groups": one.groups, "at_s": one.at_s} for one in found.merges
        ],
    }


def get(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """One group with its tracks, best first; those of media that are not known here are left out."""
    found = tracks_of(context).group(args["id"])
    if found is None:
        raise ArgumentError(f"there is no group {args['id'][:100]!r}; groups may have been joined or named: reload")
    group, tracks = found
    media = {
        one.content_key: one
        for one in context.store.faces.of_contents(sorted({one.content_key for one in tracks}))[::-1]
    }
    return {
        "group": as_json(People(context), group),
        "tracks": [
            {
                "kind": media[one.content_key].kind,
                "media_id": media[one.content_key].media_id,
                "name": media[one.content_key].name,
                "content_key": one.content_key,
                "track_id": one.track.id,
                "spans": [list(span) for span in one.track.spans],
                "seconds": one.track.seconds,
                "pts_s": one.track.best.pts_s,
                "similarity": one.similarity,
            }
            for one in tracks
            if one.content_key in media
        ],
    }


def merge(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """These groups are one person."""
    ids = list(dict.fromkeys(args["ids"]))
    if len(ids) < 2:
        raise ArgumentError("ids must name two groups or more")
    group, merge_id = tracks_of(context).merge_groups(ids)
    context.store.faces.join_groups(ids, group.id)
    return {"group": as_json(People(context), group), "merge_id": merge_id}


def unmerge(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """As if they had never been joined."""
    tracks = tracks_of(context)
    groups = tracks.unmerge_groups(args["merge_id"])
    moved: dict[str, str] = {}
    for one in groups:
        found = tracks.group(one.id)
        moved.update({track.track.id: one.id for track in (found[1] if found else ())})
    context.store.faces.set_groups(moved)
    people = People(context)
    return {"groups": [as_json(people, one) for one in groups]}


def split(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """These tracks are somebody else: they leave the group, together."""
    if not args["track_ids"]:
        raise ArgumentError("track_ids must name those that are somebody else")
    group = tracks_of(context).split_group(args["id"], args["track_ids"])
    context.store.faces.set_groups(dict.fromkeys(args["track_ids"], group.id))
    return {"group": as_json(People(context), group)}


def ignore(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Ignored groups go on taking tracks in, and are shown only when asked for."""
    ids = list(dict.fromkeys(args["ids"]))
    if ids:
        tracks_of(context).ignore_groups(ids, args["ignored"])
    return {"ids": ids}


def name(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Who a group is: a performer of Stash, somebody of a stash-box, or a new performer. suggested: media that wait for
    a decision, or are written by the queue, for it.
    """
    meant = Meant(args["performer_id"], args["create"], args["box"])
    if not meant.is_one:
        raise ArgumentError(
            "one of performer_id, create and box must say who it is; with box, create may give the name"
        )
    done = name_group(context, args["id"], meant)
    if done.queued:
        reconcile(context.store, context.stash, DRAIN_LOCK)
    return {
        "naming_id": done.naming_id,
        "performer_id": done.performer_id,
        "media": [{"kind": kind, "id": media_id} for kind, media_id in done.media],
        "suggested": done.suggested,
    }


def unname(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """The group is there again, and what was written to Stash for its name is taken back."""
    media = unname_group(context, args["naming_id"])
    return {"media": [{"kind": kind, "id": media_id} for kind, media_id in media]}


def as_json(people: People, group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "media": group.media,
        "tracks": group.tracks,
        "seconds": group.seconds,
        "best_track": group.best_track,
        "ignored": group.ignored,
        "newest_s": group.newest_s,
        "candidates": [people.candidate(one) for one in group.candidates],
    }
