"""Tasks about people: grouping the unknown, and the owner's own copy of face data, or its end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from plugin.analysis.faces import PAGE, rematch
from plugin.commands.people import PeopleError, erase_all, suggest_again, tracks_of
from plugin.context import Context
from plugin.interface import log
from plugin.store.faces import FaceAnalysis

FILE_NAME = "face-data.jsonl"
MEDIUM_KINDS = ("scene", "image")


def group_unknown(context: Context, _: Mapping[str, Any]) -> str:
    """Group all tracks that match nobody anew, and read which belongs to whom. Decodes nothing."""
    tracks = tracks_of(context)
    groups = 0
    for told in tracks.regroup():
        log.progress(0.5 * told.tracks_done / max(1, told.tracks))
        groups = told.groups
    total = sum(context.store.faces.counts().get(kind, 0) for kind in MEDIUM_KINDS)
    done, changed = 0, list[FaceAnalysis]()
    for page in _pages(context):
        changed += rematch(context.store, tracks, page)
        done += len(page)
        log.progress(0.5 + 0.4 * done / max(1, total))
    if changed:
        run_id = context.store.runs.begin("Group unknown people", "task")
        try:
            suggest_again(context, run_id, changed)
        finally:
            context.store.runs.end(run_id)
    many = "1 unknown person" if groups == 1 else f"{groups} unknown people"
    return f"{many} in {done} media; see the page People"


def export_faces(context: Context, _: Mapping[str, Any]) -> str:
    """Everything that the sidecar knows of faces, as JSON lines in the data folder, readable by the owner alone."""
    path = os.path.join(context.server.data_dir, FILE_NAME)
    unfinished = path + ".new"
    size = 0
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for piece in tracks_of(context).export():
                file.write(piece)
                size += len(piece)
        os.replace(unfinished, path)
    except OSError as error:
        raise PeopleError(f"{path} cannot be written ({error.strerror or error})") from error
    return f"all that is known of faces is in {path} ({size / 1e6:.1f} MB)"


def erase_faces(context: Context, _: Mapping[str, Any]) -> str:
    """Delete all of it, in the sidecar and here. What was written to Stash stays, and is said to."""
    erased = erase_all(context)
    return (
        f"{erased.faces} faces of {erased.media} media and {erased.people} people were deleted; {erased.withdrawn}"
        " suggestions were withdrawn."
        " Performers that were written to Stash stay there: undo their runs to take them back. Backups of the store"
        f" from before are gone, too; {FILE_NAME}, if you exported it, is yours to delete"
    )


def _pages(context: Context) -> Iterator[list[FaceAnalysis]]:
    for kind in MEDIUM_KINDS:
        after_id = 0
        while page := context.store.faces.page(kind, after_id, PAGE):
            after_id = page[-1].media_id
            yield page
