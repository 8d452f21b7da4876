"""Intents and what is sent of them: one request for many media. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.stash.mutations import MutationBatch
from plugin.stash.values import MediaKind, Medium
from plugin.store.journal import Entry, Intent
from plugin.store.suggestions import Suggestion


def what_of(intent: Intent) -> tuple[object, ...]:
    """What an intent does, whoever wants it."""
    of_medium = (intent.action, intent.kind, intent.media_id, intent.tag_id, intent.performer_id)
    return (*of_medium, intent.marker_id, intent.start_s, intent.end_s)


def changed_by(entry: Entry) -> tuple[str, int] | None:
    """The tag or performer that an entry puts on a medium or takes from it; None where it does something else."""
    if entry.action in ("add_tag", "remove_tag") and entry.tag_id is not None:
        return "tag", entry.tag_id
    if entry.action in ("add_performer", "remove_performer") and entry.performer_id is not None:
        return "performer", entry.performer_id
    return None


def adding(one: Suggestion, performer_id: int) -> Intent:
    return Intent(
        "suggestion",
        "add_performer",
        one.kind,
        one.media_id,
        suggestion_id=one.id,
        title=one.label,
        performer_id=performer_id,
        person_key=one.person_keys[0],
    )


def taking_back(entry: Entry) -> Intent:
    """The write that takes another of ours back because newer findings do not support it."""
    if entry.action == "create_marker":
        return Intent(
            "withdrawal",
            "destroy_marker",
            entry.kind,
            entry.media_id,
            entry.tag_id,
            entry.tag_name,
            entry.suggestion_id,
            undoes=entry.id,
            marker_id=entry.marker_id,
            title=entry.title,
            start_s=entry.start_s,
            end_s=entry.end_s,
        )
    if entry.action == "add_performer":
        return Intent(
            "withdrawal",
            "remove_performer",
            entry.kind,
            entry.media_id,
            suggestion_id=entry.suggestion_id,
            undoes=entry.id,
            title=entry.title,
            performer_id=entry.performer_id,
            person_key=entry.person_key,
        )
    return Intent(
        "withdrawal",
        "remove_tag",
        entry.kind,
        entry.media_id,
        entry.tag_id,
        entry.tag_name,
        entry.suggestion_id,
        undoes=entry.id,
    )


def batch_of(groups: Sequence[tuple[Medium, Sequence[Entry]]]) -> MutationBatch:
    """Media that get, or lose, the same tags or performers share a mutation; markers have one each. Of several changes
    of one tag or performer of one medium only the last is sent.
    """
    batch = MutationBatch()
    alike: dict[tuple[str, str, MediaKind, tuple[int, ...]], list[int]] = {}
    for medium, entries in groups:
        last = {changed: entry.action for entry in entries if (changed := changed_by(entry)) is not None}
        for what, mode, action in (
            ("tag", "ADD", "add_tag"),
            ("tag", "REMOVE", "remove_tag"),
            ("performer", "ADD", "add_performer"),
            ("performer", "REMOVE", "remove_performer"),
        ):
            ids = tuple(sorted(one for (_, one), its_action in last.items() if its_action == action))
            if ids:
                alike.setdefault((what, mode, medium.kind, ids), []).append(medium.id)
    for n, ((what, mode, kind, ids), media_ids) in enumerate(alike.items()):
        update = batch.update_tags if what == "tag" else batch.update_performers
        update(f"t{n}", kind, media_ids, ids, mode)
    for medium, entries in groups:
        for entry in entries:
            if entry.action == "create_marker":
                assert entry.tag_id is not None
                assert entry.start_s is not None
                batch.create_marker(f"m{entry.id}", medium.id, entry.title, entry.start_s, entry.end_s, entry.tag_id)
            elif entry.action == "destroy_marker":
                assert entry.marker_id is not None
                batch.destroy_marker(f"m{entry.id}", entry.marker_id)
    return batch
