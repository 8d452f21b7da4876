"""Where people are known from: found by words in Stash and its stash-boxes, and kept in step with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from plugin.context import Context
from plugin.operations.arguments import ArgumentError
from plugin.people.asking import ask_for_references
from plugin.people.box_states import BoxState, box_name, box_states, note_names, want
from plugin.stash.values import BoxAccess, StashPerson
from plugin.stashbox.client import StashBoxClient
from plugin.stashbox.errors import StashBoxError

MOST = 20
"""Of each source."""
TIMEOUT_S = 8.0
"""For one stash-box, while somebody waits."""


def find(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Performers by name or alias. A stash-box that does not answer is a sentence among the problems."""
    words = args["words"].strip()
    found: dict[str, Any] = {"performers": [], "boxes": [], "problems": []}
    if not words:
        return found
    found["performers"] = [_performer(one) for one in context.stash.persons_of_words(words, MOST)]
    for box in _boxes(context) if args["boxes"] else ():
        client = StashBoxClient(box.endpoint, box.api_key, box.name, box.per_minute, timeout_s=TIMEOUT_S)
        try:
            performers = client.search(words, MOST)
        except StashBoxError as error:
            found["problems"].append(str(error))
            continue
        found["boxes"] += [
            {
                "endpoint": box.endpoint,
                "box": box_name(box),
                "id": one.id,
                "name": one.name,
                "disambiguation": one.disambiguation,
                # Whoever shows it would tell the stash-box whom the owner looks for.
                "picture_url": "",
            }
            for one in performers
            if not one.is_gone
        ]
    return found


def sync(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for an update of references; with an endpoint and whole, of all of that stash-box, without whole no longer of
    all of it.
    """
    endpoint = args["endpoint"]
    if args["whole"] and not endpoint:
        raise ArgumentError("whole needs an endpoint: which stash-box is to be read whole?")
    if endpoint:
        endpoints = [box.endpoint for box in _boxes(context)]
        if endpoint not in endpoints:
            known = ", ".join(endpoints) or "none"
            raise ArgumentError(f"Stash has no stash-box {endpoint!r}; it has: {known}")
        want(context.store.meta, endpoint, args["whole"])
    return {"job_id": ask_for_references(context.stash)}


def boxes(context: Context) -> list[dict[str, Any]]:
    """The stash-boxes of Stash, and how far each was read. Raises StashError."""
    known = box_states(context.store.meta)
    return [_state(box, known.get(box.endpoint, BoxState())) for box in _boxes(context)]


def _state(box: BoxAccess, state: BoxState) -> dict[str, Any]:
    return {
        "endpoint": box.endpoint,
        "name": box_name(box),
        "synced_s": state.synced_s,
        "known": state.known,
        "wanted": state.wanted,
        "whole": state.whole,
        "problem": state.problem,
    }


def _performer(one: StashPerson) -> dict[str, Any]:
    path = ""
    if one.has_image:
        # Below wherever the browser found Stash, which our own address of it says nothing about.
        found = re.search(r"/performer/\d+/image.*", one.image_path)
        path = found[0].lstrip("/") if found else ""
    return {"id": one.id, "name": one.name, "disambiguation": one.disambiguation, "picture": path}


def _boxes(context: Context) -> list[BoxAccess]:
    found = context.stash.stash_boxes()
    note_names(context.store.meta, found)
    return found
