"""Taking back what we wrote: a run, a medium, or single decisions. What the owner made or changed stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.interface import log
from plugin.review.decide import is_edited, owner_changes
from plugin.review.writer import Writer
from plugin.stash.client import StashClient
from plugin.stash.values import KINDS, Medium
from plugin.store.journal import Action, Entry, Intent
from plugin.store.store import Store

MEDIA_PER_REQUEST = 50


@dataclass(frozen=True, slots=True)
class Undone:
    """taken_back: writes that are gone from Stash. left: those that the owner had changed or removed before. queued:
    media whose writes are taken back later, by the queue.
    """

    taken_back: int
    left: int
    failed: tuple[str, ...] = ()
    queued: int = 0


def undo(store: Store, stash: StashClient, writer: Writer, run_id: int, entries: Sequence[Entry]) -> Undone:
    """Take entries back, given newest first; a request for up to 50 media. Call inside a writer's turn.

    run_id: the run that the undoing is recorded under. Suggestions whose writes are taken back wait for a decision
    again, and no policy applies them by itself; what the owner removed was rejected thereby, and what they edited stays
    theirs. Safe to repeat: what was taken back is not among the journal's open entries any more.
    """
    taken = left = 0
    failed: list[str] = []
    by_medium: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        if entry.kind not in ("tag", "performer"):
            by_medium.setdefault((entry.kind, entry.media_id), []).append(entry)
    keys = list(by_medium)
    for first in range(0, len(keys), MEDIA_PER_REQUEST):
        part = keys[first : first + MEDIA_PER_REQUEST]
        media = _read(stash, part)
        work: list[tuple[Medium, list[Intent]]] = []
        for key in part:
            medium = media.get(key)
            intents, theirs = _intents(medium, by_medium[key])
            left += len(theirs)
            _leave(store, writer, medium, theirs)
            if medium is not None and intents:
                work.append((medium, intents))
        done, refused = writer.carry_out(run_id, work)
        failed += refused
        taken += len(done)
    taken += sum(writer.destroy_tag(run_id, entry) for entry in entries if entry.action == "create_tag")
    made = [entry for entry in entries if entry.action == "create_performer"]
    taken += sum(writer.performers.destroy(run_id, entry) for entry in made)
    if failed:
        log.warning("some of it could not be undone: " + "; ".join(failed[:5]))
    return Undone(taken, left, tuple(failed))


def _leave(store: Store, writer: Writer, medium: Medium | None, theirs: Sequence[Entry]) -> None:
    """Remember that there is nothing of ours left of these, and what their owner said by that."""
    if not theirs:
        return
    removed: Sequence[int] = ()
    if medium is not None:
        suggestions = store.suggestions.get([e.suggestion_id for e in theirs if e.suggestion_id is not None])
        _, removed = owner_changes(medium, theirs, suggestions, writer.book, writer.tags)
    with store.transaction():
        for entry in theirs:
            store.journal.settle(entry.id, "theirs", "changed or removed by the owner")
        store.suggestions.reject(removed, "stash", "removed in Stash by the owner")


def _read(stash: StashClient, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Medium]:
    found: dict[tuple[str, int], Medium] = {}
    for kind in KINDS:
        ids = [media_id for its_kind, media_id in keys if its_kind == kind]
        found.update({(kind, media_id): medium for media_id, medium in stash.media(kind, ids).items()})
    return found


def _intents(medium: Medium | None, entries: Sequence[Entry]) -> tuple[list[Intent], list[Entry]]:
    """The writes that take entries back, newest first, and the entries that there is nothing of ours left of."""
    if medium is None:
        return [], list(entries)
    tags, markers = set(medium.tags), {marker.id: marker for marker in medium.markers}
    performers = set(medium.performers)
    intents: list[Intent] = []
    theirs: list[Entry] = []
    for entry in entries:
        # A tag or a performer may have come, gone and come again by us: each step leads from what the one before left.
        if entry.action == "add_tag" and entry.tag_id in tags:
            tags.discard(entry.tag_id)
            intents.append(_opposite(entry, "remove_tag"))
        elif entry.action == "remove_tag" and entry.tag_id is not None and entry.tag_id not in tags:
            tags.add(entry.tag_id)
            intents.append(_opposite(entry, "add_tag"))
        elif entry.action == "add_performer" and entry.performer_id in performers:
            performers.discard(entry.performer_id)
            intents.append(_opposite(entry, "remove_performer"))
        elif entry.action == "remove_performer" and entry.performer_id not in performers:
            assert entry.performer_id is not None
            performers.add(entry.performer_id)
            intents.append(_opposite(entry, "add_performer"))
        elif entry.action == "create_marker" and entry.marker_id in markers:
            if is_edited(markers[entry.marker_id], entry):
                theirs.append(entry)
            else:
                intents.append(_opposite(entry, "destroy_marker"))
        elif entry.action == "destroy_marker":
            intents.append(_opposite(entry, "create_marker"))
        else:
            theirs.append(entry)
    return intents, theirs


def _opposite(entry: Entry, action: Action) -> Intent:
    return Intent(
        purpose="undo",
        action=action,
        kind=entry.kind,
        media_id=entry.media_id,
        tag_id=entry.tag_id,
        tag_name=entry.tag_name,
        suggestion_id=entry.suggestion_id,
        undoes=entry.id,
        marker_id=entry.marker_id if action == "destroy_marker" else None,
        title=entry.title,
        start_s=entry.start_s,
        end_s=entry.end_s,
        performer_id=entry.performer_id,
        person_key=entry.person_key,
    )
