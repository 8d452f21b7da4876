"""Known people: who has references, and which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.commands.people import tracks_of
from plugin.context import Context
from plugin.faces_values import KnownPerson
from plugin.operations.arguments import ArgumentError
from plugin.operations.people_json import People, picture


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """People by name. scenes: those in which they are suggested, or were accepted."""
    people, next_page, total = tracks_of(context).people(args["words"], args["limit"], args["after"])
    scenes = context.store.persons.scenes_of([key for one in people for key in one.keys])
    told = People(context)
    return {"people": [_known(told, one, scenes) for one in people], "next": next_page, "total": total}


def get(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """One person with every reference and its picture. kind, media_id: the medium that a reference was seen in, "" and
    null where that is none, or not known.
    """
    found = tracks_of(context).person(args["key"])
    if found is None:
        raise ArgumentError(f"nobody is known as {args['key'][:100]!r}")
    contents = sorted({one.content_key for one in found.references if one.content_key})
    media = {one.content_key: one for one in context.store.faces.of_contents(contents)[::-1]}
    scenes = context.store.persons.scenes_of(found.person.keys)
    return {
        "person": _known(People(context), found.person, scenes),
        "references": [
            {
                "id": one.id,
                "key": one.key,
                "source": one.source,
                "image_id": one.image_id,
                "kind": media[one.content_key].kind if one.content_key in media else "",
                "media_id": media[one.content_key].media_id if one.content_key in media else None,
                "pts_s": one.pts_s,
                "quality": one.quality,
                "picture": picture(one.jpeg),
            }
            for one in found.references
        ],
        "links": [{"key": key, "other_key": other, "why": why} for key, other, why in found.links],
    }


def remove_references(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """They are not taken in again. removed: how many were asked for, for unknown ones are no error."""
    ids = list(dict.fromkeys(args["ids"]))
    if ids:
        tracks_of(context).remove_references(ids)
    return {"removed": len(ids)}


def look_alikes(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Most alike first. similarity: cosine of the best pair of references, no probability."""
    found = tracks_of(context).look_alikes(args["key"], args["limit"])
    if found is None:
        raise ArgumentError(f"nobody is known as {args['key'][:100]!r}")
    people = People(context)
    return {
        "people": [
            {
                **people.who(one.keys, one.person.name),
                "similarity": similarity,
                "picture_id": one.best_reference,
            }
            for one, similarity in found
        ]
    }


def _known(people: People, one: KnownPerson, scenes: Mapping[str, int]) -> dict[str, Any]:
    return {
        **people.who(one.keys, one.person.name),
        "references": dict(sorted(one.references.items())),
        "picture_id": one.best_reference,
        "scenes": max((scenes.get(key, 0) for key in one.keys), default=0),
    }
