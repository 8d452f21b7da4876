"""The journal: every write to Stash, its intent made durable before the call."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from plugin.store.database import ANY_OF, Database, Row, any_of

Action: TypeAlias = Literal[
    "add_tag",
    "remove_tag",
    "create_marker",
    "destroy_marker",
    "create_tag",
    "destroy_tag",
    "add_performer",
    "remove_performer",
    "create_performer",
    "destroy_performer",
]
PERFORMER_ACTIONS = frozenset({"add_performer", "remove_performer", "create_performer", "destroy_performer"})

Purpose: TypeAlias = Literal["suggestion", "withdrawal", "workflow", "undo"]
State: TypeAlias = Literal["intent", "done", "void", "undone", "theirs"]

_COLUMNS = (
    "id, run_id, suggestion_id, undoes, purpose, action, kind, media_id, tag_id, tag_name, marker_id, title, start_s,"
    " end_s, state, note, intent_s, settled_s, performer_id, person_key"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One write.

    intent: about to be done, or cut off by a kill. done: it is in Stash, and it is ours. void: it did not happen (it
    was there already, or Stash refused it). undone: taken back. theirs: the owner has changed or removed it since.
    A tag that is created or destroyed belongs to kind "tag", a performer to kind "performer". Of performers, title is
    their name, and person_key says who they are: of one that is made, their key in a stash-box, "" if in none.
    """

    id: int
    run_id: int
    suggestion_id: int | None
    undoes: int | None
    purpose: Purpose
    action: Action
    kind: str
    media_id: int
    tag_id: int | None
    tag_name: str
    marker_id: int | None
    title: str
    start_s: float | None
    end_s: float | None
    state: State
    note: str
    intent_s: float
    settled_s: float | None
    performer_id: int | None = None
    person_key: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that is about to be done."""

    purpose: Purpose
    action: Action
    kind: str
    media_id: int
    tag_id: int | None = None
    tag_name: str = ""
    suggestion_id: int | None = None
    undoes: int | None = None
    marker_id: int | None = None
    title: str = ""
    start_s: float | None = None
    end_s: float | None = None
    performer_id: int | None = None
    person_key: str = ""


class Journal:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def intend(self, run_id: int, intents: Sequence[Intent]) -> list[Entry]:
        """Make intents durable, all or nothing. Only then may Stash be called."""
        now_s = self._clock()
        with self._db.transaction():
            ids = [
                self._db.run(
                    "INSERT INTO journal (run_id, suggestion_id, undoes, purpose, action, kind, media_id, tag_id,"
                    " tag_name, marker_id, title, start_s, end_s, state, intent_s, performer_id, person_key)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intent', ?, ?, ?)",
                    run_id,
                    intent.suggestion_id,
                    intent.undoes,
                    intent.purpose,
                    intent.action,
                    intent.kind,
                    intent.media_id,
                    intent.tag_id,
                    intent.tag_name,
                    intent.marker_id,
                    intent.title,
                    intent.start_s,
                    intent.end_s,
                    now_s,
                    intent.performer_id,
                    intent.person_key,
                )
                for intent in intents
            ]
        return [
            Entry(
                entry_id,
                run_id,
                intent.suggestion_id,
                intent.undoes,
                intent.purpose,
                intent.action,
                intent.kind,
                intent.media_id,
                intent.tag_id,
                intent.tag_name,
                intent.marker_id,
                intent.title,
                intent.start_s,
                intent.end_s,
                "intent",
                "",
                now_s,
                None,
                intent.performer_id,
                intent.person_key,
            )
            for entry_id, intent in zip(ids, intents, strict=True)
        ]

    def settle(self, entry_id: int, state: State, note: str = "", marker_id: int | None = None) -> None:
        """Say what became of an entry. A done undo also marks what it undoes."""
        with self._db.transaction():
            self._db.run(
                "UPDATE journal SET state = ?, note = ?, marker_id = coalesce(?, marker_id), settled_s = ?"
                " WHERE id = ?",
                state,
                note,
                marker_id,
                self._clock(),
                entry_id,
            )
            if state == "done":
                self._db.run(
                    "UPDATE journal SET state = 'undone' WHERE state = 'done'"
                    " AND id = (SELECT undoes FROM journal WHERE id = ?)",
                    entry_id,
                )
                # Undoing a withdrawal brings back what it had taken: that is ours again, a marker under its new id.
                self._db.run(
                    "UPDATE journal SET state = 'done', marker_id = coalesce(?, marker_id) WHERE state = 'undone'"
                    " AND id = (SELECT middle.undoes FROM journal middle JOIN journal last ON last.undoes = middle.id"
                    " WHERE last.id = ?)",
                    marker_id,
                    entry_id,
                )

    def name_tag(self, entry_id: int, tag_id: int) -> None:
        """The id that Stash gave to a created tag."""
        self._db.run("UPDATE journal SET tag_id = ? WHERE id = ?", tag_id, entry_id)

    def name_performer(self, entry_id: int, performer_id: int) -> None:
        """The id that Stash gave to a performer that was made."""
        self._db.run("UPDATE journal SET performer_id = ? WHERE id = ?", performer_id, entry_id)

    def unsettled(self) -> list[Entry]:
        """What a kill cut off between the intent and its confirmation, or what is being done right now."""
        return self._entries("state = 'intent' ORDER BY id")

    def get(self, entry_id: int) -> Entry | None:
        return next(iter(self._entries("id = ?", entry_id)), None)

    def ours(self, kind: str, media_id: int) -> list[Entry]:
        """What we wrote to a medium and nobody took back, the oldest first."""
        where = "kind = ? AND media_id = ? AND state = 'done' AND purpose != 'undo' ORDER BY id"
        return self._entries(where, kind, media_id)

    def of_run(self, run_id: int) -> list[Entry]:
        """What a run wrote and nobody took back, the newest first."""
        return self._entries("run_id = ? AND state = 'done' AND purpose != 'undo' ORDER BY id DESC", run_id)

    def of_suggestions(self, ids: Sequence[int]) -> list[Entry]:
        """What was written for suggestions and nobody took back, the newest first."""
        where = f"suggestion_id {ANY_OF} AND state = 'done' AND purpose != 'undo' ORDER BY id DESC"
        return self._entries(where, any_of(ids))

    def of_label(self, label: str) -> dict[tuple[str, int], list[Entry]]:
        """What was written for applied suggestions of a label and nobody took back, by medium, the oldest first."""
        applied = (
            "SELECT id FROM suggestion WHERE state = 'applied' AND label_id ="
            " (SELECT id FROM label WHERE name = ? AND person_key = '')"
        )
        where = f"suggestion_id IN ({applied}) AND state = 'done' AND purpose != 'undo' ORDER BY id"
        found: dict[tuple[str, int], list[Entry]] = {}
        for entry in self._entries(where, label):
            found.setdefault((entry.kind, entry.media_id), []).append(entry)
        return found

    def marker_ids(self, scene_id: int) -> set[int]:
        """Markers of a scene that the journal knows already, by Stash's ids."""
        rows = self._db.rows(
            "SELECT marker_id FROM journal WHERE kind = 'scene' AND media_id = ? AND action = 'create_marker'"
            " AND marker_id IS NOT NULL",
            scene_id,
        )
        return {marker_id for (marker_id,) in rows}

    def _entries(self, where: str, *values: object) -> list[Entry]:
        return [_entry(row) for row in self._db.rows(f"SELECT {_COLUMNS} FROM journal WHERE {where}", *values)]


def _entry(row: Row) -> Entry:
    return Entry(*row)
