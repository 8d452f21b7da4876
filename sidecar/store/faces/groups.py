"""Unknown people: groups of tracks that match nobody, and what the owner did to them, so that it can be taken back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from sidecar.store.database import Database
from sidecar.store.sets import model_id

ChangeKind: TypeAlias = Literal["merge", "split", "naming"]


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """Tracks that are one person whom nobody named. A track is in one group at most."""

    id: str
    track_ids: tuple[str, ...]
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What the owner did to groups.

    merge: `before` are the groups that became `group_id`, `brought` tracks that were in them only because of an earlier
    merge. split: `before` is what was taken out of the group and,
    second, what was left of it: no track of one may be in a group with one of the other by itself. naming: `before` is
    the group that was named, `person_key` who it is, `said` the verdict on each of its tracks until then (track id ->
    person key, "" where there was none).
    """

    id: str
    kind: ChangeKind
    group_id: str
    before: tuple[StoredGroup, ...]
    at_s: float
    person_key: str = ""
    said: Mapping[str, str] | None = None
    brought: frozenset[str] = frozenset()


class GroupTable:
    """Thread-safe; each call is one transaction. Every method raises StoreError.

    model_key: of the face model, without a view: groups join tracks of all views.
    """

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = db, clock

    def all(self, model_key: str) -> tuple[StoredGroup, ...]:
        """Every group, by id."""
        return self._groups("m.model_key = ?", model_key)

    def get(self, group_id: str) -> StoredGroup | None:
        """One group."""
        return next(iter(self._groups("g.group_id = ?", group_id)), None)

    def group_of(self, model_key: str, track_ids: Sequence[str]) -> dict[str, str]:
        """Track id -> group id; tracks that are in none are left out."""
        rows = self._db.rows(
            """SELECT track_id, group_id FROM group_track JOIN model ON model.id = model_id
               WHERE model_key = ? AND track_id IN (SELECT value FROM json_each(?))""",
            *(model_key, json.dumps(list(track_ids))),
        )
        return dict(rows)

    def save(self, model_key: str, groups: Sequence[StoredGroup], removed: Sequence[str] = ()) -> None:
        """Insert or replace these groups, and delete those that are no more. The others stay as they are.

        A track that was in another group is taken out of it; a group that loses all tracks by that goes.
        """
        with self._db.transaction():
            model = model_id(self._db, model_key)
            losers = self._owners(model, [track_id for group in groups for track_id in group.track_ids])
            self._db.run(
                "DELETE FROM unknown_group WHERE group_id IN (SELECT value FROM json_each(?))",
                json.dumps(list(removed)),
            )
            for group in groups:
                self._db.run(
                    """INSERT INTO unknown_group (group_id, model_id, ignored) VALUES (?, ?, ?)
                       ON CONFLICT (group_id) DO UPDATE SET ignored = excluded.ignored""",
                    *(group.id, model, group.ignored),
                )
                self._db.run("DELETE FROM group_track WHERE group_id = ?", group.id)
            for group in groups:
                self._db.run(
                    """INSERT INTO group_track (model_id, track_id, group_id)
                       SELECT ?, value, ? FROM json_each(?) WHERE true
                       ON CONFLICT (model_id, track_id) DO UPDATE SET group_id = excluded.group_id""",
                    *(model, group.id, json.dumps(list(group.track_ids))),
                )
            self._drop_empty([*losers, *(group.id for group in groups)])

    def save_all(self, model_key: str, groups: Sequence[StoredGroup]) -> None:
        """Make these all the groups under this model; only what is not as it was is written."""
        with self._db.transaction():
            before = {group.id: group for group in self.all(model_key)}
            wanted = {group.id: replace(group, track_ids=tuple(sorted(group.track_ids))) for group in groups}
            changed = [group for group in wanted.values() if before.get(group.id) != group]
            self.save(model_key, changed, [group_id for group_id in before if group_id not in wanted])

    def forget_tracks(self, model_key: str, track_ids: Sequence[str]) -> None:
        """Take tracks out of their groups (they are known now, or gone); a group without any goes."""
        with self._db.transaction():
            model = model_id(self._db, model_key)
            losers = self._owners(model, track_ids)
            self._db.run(
                "DELETE FROM group_track WHERE model_id = ? AND track_id IN (SELECT value FROM json_each(?))",
                *(model, json.dumps(list(track_ids))),
            )
            self._drop_empty(losers)

    def ignore(self, group_ids: Sequence[str], ignored: bool) -> None:
        """Ignore groups, or stop ignoring them."""
        sql = "UPDATE unknown_group SET ignored = ? WHERE group_id IN (SELECT value FROM json_each(?))"
        self._db.run(sql, ignored, json.dumps(list(group_ids)))

    def count(self, model_key: str) -> int:
        """How many groups there are, ignored ones too."""
        sql = "SELECT count(*) FROM unknown_group JOIN model ON model.id = model_id WHERE model_key = ?"
        (found,) = self._db.row(sql, model_key) or (0,)
        return int(found)

    def _owners(self, model: int, track_ids: Sequence[str]) -> list[str]:
        """Groups that any of these tracks is in."""
        sql = """SELECT DISTINCT group_id FROM group_track
                 WHERE model_id = ? AND track_id IN (SELECT value FROM json_each(?))"""
        return [group_id for (group_id,) in self._db.rows(sql, model, json.dumps(list(track_ids)))]

    def _drop_empty(self, group_ids: Sequence[str]) -> None:
        self._db.run(
            """DELETE FROM unknown_group WHERE group_id IN (SELECT value FROM json_each(?))
               AND NOT EXISTS (SELECT 1 FROM group_track t WHERE t.group_id = unknown_group.group_id)""",
            json.dumps(list(group_ids)),
        )

    # What the owner did

    def record(
        self,
        model_key: str,
        kind: ChangeKind,
        group_id: str,
        before: Sequence[StoredGroup],
        person_key: str = "",
        said: Mapping[str, str] | None = None,
        change_id: str = "",
        brought: frozenset[str] = frozenset(),
    ) -> GroupChange:
        """Remember a change, so that it holds when tracks are grouped anew, and can be taken back.

        change_id: 16 hex digits; made here where it is empty.
        """
        name = change_id or secrets.token_hex(8)
        change = GroupChange(name, kind, group_id, tuple(before), self._clock(), person_key, said, brought)
        body: dict[str, Any] = {
            "group": group_id,
            "before": [{"id": g.id, "tracks": g.track_ids, "ignored": g.ignored} for g in before],
            "person": person_key,
            "said": said,
            "brought": sorted(brought),
        }
        with self._db.transaction():
            self._db.run(
                "INSERT INTO group_change (change_id, model_id, kind, body, at_s) VALUES (?, ?, ?, ?, ?)",
                *(change.id, model_id(self._db, model_key), kind, json.dumps(body).encode(), change.at_s),
            )
        return change

    def changes(self, model_key: str, *kinds: ChangeKind) -> tuple[GroupChange, ...]:
        """What was done and holds, of these kinds, oldest first."""
        where = "m.model_key = ? AND g.kind IN (SELECT value FROM json_each(?))"
        return self._changes(where, model_key, json.dumps(kinds))

    def change(self, change_id: str) -> GroupChange | None:
        """One change."""
        return next(iter(self._changes("g.change_id = ?", change_id)), None)

    def take_back(self, change_id: str) -> None:
        """Forget that a change was ever made. Restoring the groups is the caller's."""
        self._db.run("DELETE FROM group_change WHERE change_id = ?", change_id)

    def _groups(self, where: str, *values: object) -> tuple[StoredGroup, ...]:
        rows = self._db.rows(
            f"""SELECT g.group_id, g.ignored, t.track_id FROM unknown_group g JOIN model m ON m.id = g.model_id
                JOIN group_track t ON t.group_id = g.group_id WHERE {where}
                ORDER BY g.group_id, t.track_id""",  # noqa: S608 - constants
            *values,
        )
        members: dict[tuple[str, bool], list[str]] = {}
        for group, ignored, track in rows:
            members.setdefault((group, bool(ignored)), []).append(track)
        return tuple(StoredGroup(group, tuple(found), ignored) for (group, ignored), found in members.items())

    def _changes(self, where: str, *values: object) -> tuple[GroupChange, ...]:
        rows = self._db.rows(
            f"""SELECT g.change_id, g.kind, g.body, g.at_s FROM group_change g JOIN model m ON m.id = g.model_id
                WHERE {where} ORDER BY g.id""",  # noqa: S608 - constants
            *values,
        )
        found = []
        for change_id, kind, body, at_s in rows:
            told = json.loads(body)
            before = tuple(StoredGroup(g["id"], tuple(g["tracks"]), g["ignored"]) for g in told["before"])
            told_of = (told["person"], told["said"], frozenset(told["brought"]))
            found.append(GroupChange(change_id, kind, told["group"], before, at_s, *told_of))
        return tuple(found)
