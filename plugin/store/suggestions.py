"""Suggestions and what became of them; and what must never be suggested or written again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from plugin.store.database import ANY_OF, Database, Row, any_of
from plugin.store.persons import Persons
from plugin.store.suggestion_query import Chosen, Order, behind, order_by, where

Type: TypeAlias = Literal["tag", "marker", "performer"]
State: TypeAlias = Literal["pending", "accepted", "applied", "rejected", "withdrawn"]

_COLUMNS = (
    "suggestion.id, run_id, kind, media_id, type, label.name, label.category, start_s, end_s, peak_s, score, reason,"
    " state, decided_by, held, edited, created_s, decided_s, performer_id, suggestion.person_keys"
)
_FROM = "FROM suggestion JOIN label ON label.id = label_id"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag or a performer for a medium, or a marker [start_s, end_s) for a scene.

    pending: waits for the owner. accepted: decided, not yet in Stash. applied: in Stash. rejected: never again.
    withdrawn: a newer analysis does not support it. decided_by: "owner", "policy", "stash" (seen in Stash that the
    owner removed it), "" while pending. held: was undone, so a policy alone may not apply it again. edited: the owner
    changed its range. reason: the numbers that speak for it. Of a performer: label is their name, performer_id theirs
    in Stash (None where they are not there yet), person_keys every key of theirs, the one that is meant first.
    """

    id: int
    run_id: int
    kind: str
    media_id: int
    type: Type
    label: str
    category: str
    start_s: float
    end_s: float
    peak_s: float
    score: float
    reason: Mapping[str, Any]
    state: State
    decided_by: str = ""
    held: bool = False
    edited: bool = False
    created_s: float = 0.0
    decided_s: float | None = None
    performer_id: int | None = None
    person_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A suggestion that is not in the store yet. accept: its policy writes it by itself. held: as in Suggestion."""

    type: Type
    label: str
    score: float
    start_s: float = 0.0
    end_s: float = 0.0
    peak_s: float = 0.0
    reason: Mapping[str, Any] = field(default_factory=dict)
    accept: bool = False
    held: bool = False
    performer_id: int | None = None
    person_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Never again for this medium: a tag, a performer (known by any of the keys), or a marker of this label that
    overlaps the range.
    """

    type: Type
    label: str
    start_s: float = 0.0
    end_s: float = 0.0
    person_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision changes in the store, for one medium; made by plugin.review.decide, applied in a transaction.

    updates: (suggestion id, draft with its new numbers). withdraw: ids.
    """

    new: tuple[Draft, ...] = ()
    updates: tuple[tuple[int, Draft], ...] = ()
    withdraw: tuple[int, ...] = ()
    removed_by_owner: tuple[int, ...] = ()


class Suggestions:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock
        self._persons = Persons(db, clock)

    def of_medium(self, kind: str, media_id: int, states: Sequence[State] = ()) -> list[Suggestion]:
        """All suggestions of a medium: tags, performers, markers, each by label and time."""
        sql = f"SELECT {_COLUMNS} {_FROM} WHERE kind = ? AND media_id = ?"
        if states:
            sql += f" AND state IN ({','.join('?' * len(states))})"
        rows = self._db.rows(f"{sql} ORDER BY type DESC, label.name, start_s", kind, media_id, *states)
        return [_suggestion(row) for row in rows]

    def get(self, ids: Sequence[int]) -> list[Suggestion]:
        """Those that exist."""
        rows = self._db.rows(f"SELECT {_COLUMNS} {_FROM} WHERE suggestion.id {ANY_OF}", any_of(ids))
        return [_suggestion(row) for row in rows]

    def find(
        self,
        states: Sequence[State] = ("pending",),
        limit: int = 100,
        before_id: int | None = None,
        order: Order = "newest",
        after: str = "",
        **chosen: Any,
    ) -> list[Suggestion]:
        """A page. chosen: fields of Chosen. before_id: continue after the last one of a page of the newest; after: of
        any order, what cursor_after() said of it. Raises BadCursor.
        """
        conditions, values = where(states, Chosen(**chosen))
        if before_id is not None:
            conditions.append("suggestion.id < ?")
            values.append(before_id)
        if after:
            condition, further = behind(order, after)
            conditions.append(condition)
            values += further
        # Sorted by what an index holds; the rows themselves are read only of the page.
        page = f"SELECT id FROM suggestion WHERE {' AND '.join(conditions)} ORDER BY {order_by(order)} LIMIT ?"
        sql = f"SELECT {_COLUMNS} {_FROM} WHERE suggestion.id IN ({page}) ORDER BY {order_by(order)}"
        return [_suggestion(row) for row in self._db.rows(sql, *values, limit)]

    def ids(self, states: Sequence[State], chosen: Chosen, limit: int) -> list[int]:
        """Ids of the newest that are meant."""
        conditions, values = where(states, chosen)
        sql = f"SELECT id FROM suggestion WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?"
        return [row[0] for row in self._db.rows(sql, *values, limit)]

    def newest_id(self) -> int:
        """Of all there are, whatever their state; 0 where there are none."""
        return self._db.number("SELECT ifnull(max(id), 0) FROM suggestion")

    def count(self, states: Sequence[State] = ("pending",), **chosen: Any) -> int:
        """How many find() would find without a limit."""
        conditions, values = where(states, Chosen(**chosen))
        return self._db.number(f"SELECT count(*) FROM suggestion WHERE {' AND '.join(conditions)}", *values)

    def group(
        self,
        by: Literal["label", "medium", "run"],
        limit: int = 200,
        states: Sequence[State] = ("pending",),
        **chosen: Any,
    ) -> list[tuple[Any, ...]]:
        """Suggestions counted, most first, with their highest and lowest score: (label, category, count, top, low),
        (kind, media_id, count, top, low) or (run id, title, count, top, low). chosen: fields of Chosen.
        """
        key = {"label": "label_id", "medium": "kind, media_id", "run": "run_id"}[by]
        columns, joined = {
            "label": ("name, category", "JOIN label ON label.id = label_id"),
            "medium": ("kind, media_id", ""),
            "run": ("run_id, title", "JOIN run ON run.id = run_id"),
        }[by]
        conditions, values = where(states, Chosen(**chosen))
        counted = f"SELECT {key}, count(*) AS count, max(score) AS top, min(score) AS low FROM suggestion"
        counted += f" WHERE {' AND '.join(conditions)} GROUP BY {key}"
        sql = f"SELECT {columns}, count, top, low FROM ({counted}) {joined} ORDER BY count DESC, 1, 2 LIMIT ?"
        return self._db.rows(sql, *values, limit)

    def waiting(self, kind: str, ids: Sequence[int]) -> dict[int, int]:
        """Those of the media that have pending suggestions: id -> how many."""
        sql = f"SELECT media_id, count(*) FROM suggestion WHERE kind = ? AND media_id {ANY_OF} AND state = 'pending'"
        return dict(self._db.rows(f"{sql} GROUP BY media_id", kind, any_of(ids)))

    def accepted_shares(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(label, person's key or "") -> (accepted by the owner, rejected by them): how often they agreed so far."""
        rows = self._db.rows(
            "SELECT name, person_key, yes, no FROM (SELECT label_id, sum(state != 'rejected') AS yes,"
            " sum(state = 'rejected') AS no FROM suggestion WHERE state IN ('accepted', 'applied', 'rejected')"
            " AND decided_by IN ('owner', 'stash') GROUP BY label_id) JOIN label ON label.id = label_id"
        )
        return {(name, key): (int(yes), int(no)) for name, key, yes, no in rows}

    def record(self, run_id: int, kind: str, media_id: int, outcome: Outcome, label_ids: Mapping[str, int]) -> None:
        """Store what a decision changes. Call inside a transaction together with the analysis that it rests on."""
        now_s = self._clock()
        with self._db.transaction():
            for suggestion_id in outcome.withdraw:
                self._db.run(
                    "UPDATE suggestion SET state = 'withdrawn', decided_s = ? WHERE id = ?"
                    " AND state IN ('pending', 'accepted')",
                    now_s,
                    suggestion_id,
                )
            for suggestion_id in outcome.removed_by_owner:
                self.reject([suggestion_id], "stash", "removed in Stash by the owner")
            for suggestion_id, draft in outcome.updates:
                self._db.run(
                    "UPDATE suggestion SET start_s = ?, end_s = ?, peak_s = ?, score = ?, reason = ?, performer_id = ?,"
                    " person_keys = ?, label_id = coalesce(?, label_id) WHERE id = ?",
                    draft.start_s,
                    draft.end_s,
                    draft.peak_s,
                    draft.score,
                    json.dumps(draft.reason),
                    draft.performer_id,
                    json.dumps(draft.person_keys),
                    self._label_of(draft, {}) if draft.type == "performer" else None,
                    suggestion_id,
                )
                self._follow_policy(suggestion_id, draft.accept, now_s)
            self._db.run_many(
                "INSERT INTO suggestion (run_id, kind, media_id, type, label_id, start_s, end_s, peak_s, score, reason,"
                " state, decided_by, held, created_s, decided_s, performer_id, person_keys)"
                f" VALUES ({', '.join('?' * 17)})",
                [
                    (
                        run_id,
                        kind,
                        media_id,
                        draft.type,
                        self._persons.label_of(draft.person_keys[0], draft.label)
                        if draft.type == "performer"
                        else label_ids[draft.label],
                        draft.start_s,
                        draft.end_s,
                        draft.peak_s,
                        draft.score,
                        json.dumps(draft.reason),
                        "accepted" if draft.accept else "pending",
                        "policy" if draft.accept else "",
                        draft.held,
                        now_s,
                        now_s if draft.accept else None,
                        draft.performer_id,
                        json.dumps(draft.person_keys),
                    )
                    for draft in outcome.new
                ],
            )

    def _label_of(self, draft: Draft, label_ids: Mapping[str, int]) -> int:
        if draft.type == "performer":
            return self._persons.label_of(draft.person_keys[0], draft.label)
        return label_ids[draft.label]

    def _follow_policy(self, suggestion_id: int, accept: bool, now_s: float) -> None:
        """What its policy alone decides: it is accepted while that says so, until it is written."""
        if accept:
            self._db.run(
                "UPDATE suggestion SET state = 'accepted', decided_by = 'policy', decided_s = ? WHERE id = ?"
                " AND state = 'pending' AND NOT held",
                now_s,
                suggestion_id,
            )
        else:
            self._db.run(
                "UPDATE suggestion SET state = 'pending', decided_by = '', decided_s = NULL WHERE id = ?"
                " AND state = 'accepted' AND decided_by = 'policy'",
                suggestion_id,
            )

    def accept(self, ids: Sequence[int]) -> list[int]:
        """The owner says yes: they wait to be written. Takes a rejection back. Returns those that changed."""
        changed = []
        with self._db.transaction():
            for suggestion_id in ids:
                done = self._db.changed(
                    "UPDATE suggestion SET state = 'accepted', decided_by = 'owner', decided_s = ?, held = 0"
                    " WHERE id = ? AND state IN ('pending', 'rejected', 'withdrawn')",
                    self._clock(),
                    suggestion_id,
                )
                if done:
                    changed.append(suggestion_id)
                    self._forget_refusal(suggestion_id)
                    self._persons.say_of_tracks(suggestion_id, "confirm")
        return changed

    def reject(self, ids: Sequence[int], by: str = "owner", why: str = "rejected by the owner") -> list[int]:
        """Never again. An applied one is still in Stash until it is undone there. Returns those that changed."""
        changed = []
        with self._db.transaction():
            for suggestion_id in ids:
                done = self._db.changed(
                    "UPDATE suggestion SET state = 'rejected', decided_by = ?, decided_s = ? WHERE id = ?"
                    " AND state != 'rejected'",
                    by,
                    self._clock(),
                    suggestion_id,
                )
                if done:
                    changed.append(suggestion_id)
                    self._db.run(
                        "INSERT INTO refusal (kind, media_id, type, label_id, start_s, end_s, why, at_s, person_keys)"
                        " SELECT kind, media_id, type, label_id, start_s, end_s, ?, ?, person_keys FROM suggestion"
                        " WHERE id = ?",
                        why,
                        self._clock(),
                        suggestion_id,
                    )
                    self._persons.say_of_tracks(suggestion_id, "deny", by)
        return changed

    def reopen(self, ids: Sequence[int], held: bool) -> None:
        """Back to pending, after what was written was taken back, or a decision was undone."""
        with self._db.transaction():
            for suggestion_id in ids:
                self._forget_refusal(suggestion_id)
                self._persons.say_of_tracks(suggestion_id, "forget")
                self._db.run(
                    "UPDATE suggestion SET state = 'pending', decided_by = '', decided_s = NULL, held = ? WHERE id = ?",
                    held,
                    suggestion_id,
                )

    def withdraw(self, ids: Sequence[int]) -> None:
        """A newer analysis does not support them, and what was written is taken back."""
        with self._db.transaction():
            for suggestion_id in ids:
                self._db.run("UPDATE suggestion SET state = 'withdrawn' WHERE id = ?", suggestion_id)

    def hold_accepted(self, run_id: int) -> None:
        """What a run's policies accepted and nobody wrote yet waits for its owner."""
        self._db.run(
            "UPDATE suggestion SET state = 'pending', decided_by = '', decided_s = NULL, held = 1"
            " WHERE run_id = ? AND state = 'accepted' AND decided_by = 'policy'",
            run_id,
        )

    def restore(self, ids: Sequence[int]) -> None:
        """In Stash again, after a withdrawal was undone."""
        with self._db.transaction():
            for suggestion_id in ids:
                self._db.run(
                    "UPDATE suggestion SET state = 'applied' WHERE id = ? AND state = 'withdrawn'", suggestion_id
                )

    def mark_applied(self, ids: Sequence[int]) -> None:
        with self._db.transaction():
            for suggestion_id in ids:
                self._db.run(
                    "UPDATE suggestion SET state = 'applied' WHERE id = ? AND state = 'accepted'", suggestion_id
                )

    def edit(self, suggestion_id: int, start_s: float, end_s: float) -> int:
        """Give a pending or accepted marker another range. Returns how many changed (0 or 1)."""
        return self._db.changed(
            "UPDATE suggestion SET start_s = ?, end_s = ?, edited = 1 WHERE id = ? AND type = 'marker'"
            " AND state IN ('pending', 'accepted')",
            start_s,
            end_s,
            suggestion_id,
        )

    def media_to_write(self, run_id: int | None = None) -> list[tuple[str, int]]:
        """Media with accepted suggestions that are not in Stash yet."""
        where, values = ("AND run_id = ?", (run_id,)) if run_id is not None else ("", ())
        return self._db.rows(
            f"SELECT DISTINCT kind, media_id FROM suggestion WHERE state = 'accepted' {where} ORDER BY kind, media_id",
            *values,
        )

    def of_label(self, label: str) -> dict[tuple[str, int], list[Suggestion]]:
        """All suggestions of a label by medium, without their reasons: there may be a hundred thousand."""
        columns = _COLUMNS.replace(" reason,", " '{}',")
        states = ",".join(f"'{state}'" for state in get_args(State))  # named, so that the index by state is of use
        sql = f"SELECT {columns} {_FROM} WHERE state IN ({states}) AND label_id = "
        sql += "(SELECT id FROM label WHERE name = ? AND person_key = '')"
        found: dict[tuple[str, int], list[Suggestion]] = {}
        for row in self._db.rows(f"{sql} ORDER BY suggestion.id", label):
            found.setdefault((row[2], row[3]), []).append(_suggestion(row))
        return found

    def refusals_of_label(self, label: str) -> dict[tuple[str, int], list[Refusal]]:
        """Refusals of a label by medium."""
        rows = self._db.rows(
            "SELECT kind, media_id, type, label.name, start_s, end_s FROM refusal JOIN label ON label.id = label_id"
            " WHERE label.name = ? AND person_key = ''",
            label,
        )
        found: dict[tuple[str, int], list[Refusal]] = {}
        for kind, media_id, *refusal in rows:
            found.setdefault((kind, media_id), []).append(Refusal(*refusal))
        return found

    def refusals(self, kind: str, media_id: int) -> list[Refusal]:
        rows = self._db.rows(
            "SELECT type, label.name, start_s, end_s, person_keys FROM refusal JOIN label ON label.id = label_id"
            " WHERE kind = ? AND media_id = ?",
            kind,
            media_id,
        )
        return [
            Refusal(which, label, start_s, end_s, tuple(json.loads(keys)))
            for which, label, start_s, end_s, keys in rows
        ]

    def _forget_refusal(self, suggestion_id: int) -> None:
        self._db.run(
            "DELETE FROM refusal WHERE id IN (SELECT refusal.id FROM refusal JOIN suggestion USING"
            " (kind, media_id, type) WHERE suggestion.id = ? AND CASE refusal.type"
            " WHEN 'tag' THEN refusal.label_id = suggestion.label_id"
            " WHEN 'marker' THEN refusal.label_id = suggestion.label_id"
            "  AND refusal.start_s < suggestion.end_s AND refusal.end_s > suggestion.start_s"
            " ELSE EXISTS (SELECT 1 FROM json_each(refusal.person_keys) one"
            "  JOIN json_each(suggestion.person_keys) other ON one.value = other.value) END)",
            suggestion_id,
        )


def _suggestion(row: Row) -> Suggestion:
    values = list(row)
    values[11] = json.loads(values[11])
    values[14], values[15] = bool(values[14]), bool(values[15])
    values[19] = tuple(json.loads(values[19]))
    return Suggestion(*values)
