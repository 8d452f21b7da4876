"""Unknown people over the whole library: tracks find their group, and the owner puts right what is wrong."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from sidecar.engine.errors import EngineError
from sidecar.engine.request import InvalidRequest
from sidecar.engine.views import VIEWS, feature_key
from sidecar.faces import FaceRules
from sidecar.people.group_edits import CannotEditGroups, merge, split, unmerge
from sidecar.people.groups import assign, likeness, new_group_id, regroup
from sidecar.people.unknown import Decision, Group, GroupTrack, Merge, Split
from sidecar.store import FaceStore, StoredTrack
from sidecar.store.faces.groups import GroupChange, StoredGroup
from sidecar.values import ContentKey, IsCancelled

GroupOrder: TypeAlias = Literal["scenes", "seconds", "newest"]

FOUNDING_QUALITY = 0.3
"""Of the best face of a track (0 to 1) that may found a group; what is worse only joins one."""

REGROUP_TRIES = 3
"""Times that all is grouped anew because something changed meanwhile; the last one lets nothing change."""

MOST_MEMBERS = 2000

IsNamed: TypeAlias = Callable[[Sequence[StoredTrack]], Sequence[bool]]
"""Which of these tracks match somebody who is known."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group as it is listed; see Group in protos/faces.proto. centroid's candidates are asked for elsewhere."""

    id: str
    media: int
    tracks: int
    seconds: float
    best_track: str
    ignored: bool
    newest_s: float


@dataclass(frozen=True, slots=True)
class MemberTrack:
    """A track of a group, with its medium, when its best face is seen, and its likeness to the rest of the group."""

    key: ContentKey
    track: StoredTrack
    best_s: float
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A stored track as the library-wide groups see it."""

    key: ContentKey
    stored: StoredTrack
    track: GroupTrack


class UnknownPeople:
    """Groups under one face model. Thread-safe. Every method raises StoreError.

    model_key: without a view: somebody is the same in every view.
    """

    def __init__(self, store: FaceStore, model_key: str, rules: FaceRules) -> None:
        self._store, self._model_key, self._rules = store, model_key, rules
        self._lock = threading.RLock()
        self._cache: dict[str, _Known] = {}
        self._cached_of: dict[ContentKey, set[str]] = {}

    # Tracks find their groups

    def place(
        self, key: ContentKey, tracks: Sequence[StoredTrack], unknown_ids: Iterable[str], newly_seen: bool = True
    ) -> dict[str, str]:
        """Give the unknown tracks of one medium a group, and take the known ones out of theirs.

        tracks: all of the medium. newly_seen: False only takes out; many media that are compared anew would look for
        groups that they did not find before. Returns track id -> group id; tracks that are in none are left out.
        """
        unknown = set(unknown_ids)
        with self._lock:
            self._learn(key, tracks)
            group_of = self._store.groups.group_of(self._model_key, [track.id for track in tracks])
            known = [track_id for track_id in group_of if track_id not in unknown]
            if known:
                self._store.groups.forget_tracks(self._model_key, known)
            newcomers = unknown - group_of.keys()
            if newcomers and newly_seen:
                near = self._near(self._groups(), newcomers)
                pool = self._tracks([*(t for group in near for t in group.track_ids), *newcomers])
                self._save(near, assign(pool, near, self._decisions(), self._rules))
                group_of = self._store.groups.group_of(self._model_key, sorted(unknown))
            return {track_id: group_id for track_id, group_id in group_of.items() if track_id in unknown}

    def regroup(
        self, is_named: IsNamed, on_progress: Callable[[int, int], None], is_cancelled: IsCancelled
    ) -> tuple[int, int]:
        """Group all unidentified tracks anew: (tracks, groups). Raises Cancelled; then nothing has changed.

        on_progress: (tracks done, tracks).
        """
        confirmed = self._store.verdicts.confirmed(self._model_keys())
        pool: dict[str, _Known] = {}
        waiting: list[tuple[ContentKey, StoredTrack]] = []

        def sort_out() -> None:
            for (key, track), named in zip(waiting, is_named([track for _, track in waiting]), strict=True):
                if not named:
                    pool[track.id] = _known(key, track)
            waiting.clear()

        for key, track in self._store.iter_tracks(*self._model_keys()):
            if track.id in confirmed:
                continue
            waiting.append((key, track))
            if len(waiting) >= 512:
                sort_out()
        sort_out()
        total = len(pool)
        for tries_left in reversed(range(REGROUP_TRIES)):
            # Made without the lock, which analyses and edits want: minutes of work in a large library. Where they
            # changed something meanwhile, again; the last time they wait.
            with contextlib.nullcontext() if tries_left else self._lock:
                before, decisions = self._groups(), self._decisions()
                after = regroup(
                    [known.track for known in pool.values()],
                    before,
                    decisions,
                    self._rules,
                    new_group_id,
                    lambda share: on_progress(round(share * total), total),
                    is_cancelled,
                )
                with self._lock:
                    if (before, decisions) == (self._groups(), self._decisions()):
                        self._cache, self._cached_of = {}, {}
                        for known in pool.values():
                            self._keep(known)
                        self._store.groups.save_all(self._model_key, [_stored(group) for group in after])
                        return total, len(after)
        raise AssertionError("unreachable: nothing changes under the lock")

    def leave(self, track_ids: Sequence[str]) -> None:
        """Tracks that are known now leave their groups."""
        with self._lock:
            self._store.groups.forget_tracks(self._model_key, track_ids)

    def forget(self) -> None:
        """All faces were erased."""
        with self._lock:
            self._cache.clear()
            self._cached_of.clear()

    # What is there

    def rows(self, ignored: bool, min_media: int, order: GroupOrder) -> list[GroupRow]:
        """Every group that is meant, the largest first."""
        with self._lock:
            groups = [group for group in self._groups() if group.ignored == ignored]
            self._known(track_id for group in groups for track_id in group.track_ids)  # read at once, not one by one
            found = [self._row(group) for group in groups]
        found = [row for row in found if row.media >= min_media and row.tracks]
        by: dict[GroupOrder, Callable[[GroupRow], tuple[float, ...]]] = {
            "scenes": lambda row: (-row.media, -row.seconds),
            "seconds": lambda row: (-row.seconds, -row.media),
            "newest": lambda row: (-row.newest_s,),
        }
        return sorted(found, key=lambda row: (*by[order](row), row.id))

    def row(self, group_id: str) -> GroupRow:
        """One group. Raises EngineError not_found."""
        with self._lock:
            return self._row(self._group(group_id))

    def members(self, group_id: str, most: int = MOST_MEMBERS) -> list[MemberTrack]:
        """Its tracks, those most like the rest first. Raises EngineError not_found."""
        with self._lock:
            known = self._known(self._group(group_id).track_ids)
        if not known:
            return []
        alike = likeness(np.stack([one.track.centroid for one in known]))
        by_likeness = sorted(zip(alike.tolist(), known, strict=True), key=lambda pair: (-pair[0], pair[1].track.id))
        shown = by_likeness[:most]
        faces = self._store.faces([one.stored.best_face for _, one in shown])
        best_s = {one_id: stored.face.pts_s for one_id, stored in faces.items()}
        return [
            MemberTrack(one.key, one.stored, best_s.get(one.stored.best_face, one.stored.spans[0][0]), similarity)
            for similarity, one in shown
        ]

    def centroid(self, group_id: str) -> np.ndarray | None:
        """float32 (dim,), unit length: the mean of its tracks, those with more good faces counting more."""
        with self._lock:
            known = self._known(self._group(group_id).track_ids)
        if not known:
            return None
        mean = sum(one.track.centroid * np.float32(min(max(one.track.views, 1), 10)) for one in known)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)

    def nearest(self, vector: np.ndarray) -> str:
        """The group that a face (float32 (dim,), unit length) is like, ignored ones aside; "" where none is near."""
        with self._lock:
            groups = [(group, self._known(group.track_ids)) for group in self._groups() if not group.ignored]
        best, best_id = self._rules.same_group, ""
        for group, known in groups:
            similarity = float(np.mean([one.track.centroid @ vector for one in known])) if known else -1.0
            if similarity >= best:
                best, best_id = similarity, group.id
        return best_id

    def merges(self, most: int) -> list[GroupChange]:
        """Merges that can be taken back, newest first."""
        return list(reversed(self._store.groups.changes(self._model_key, "merge")))[:most]

    # What the owner does

    def merge(self, group_ids: Sequence[str]) -> tuple[GroupRow, str]:
        """Make one of several; the group, and what takes it back. Raises EngineError, InvalidRequest."""
        with self._lock, _as_refusals():
            before = self._groups()
            for group_id in group_ids:
                self._group(group_id)
            pool = self._tracks(t for group in before if group.id in group_ids for t in group.track_ids)
            after, made = merge(before, group_ids, pool, self._decisions(), new_group_id())
            with self._store.transaction():
                self._save(before, after)
                parts = [_stored(part) for part in made.parts]
                self._store.groups.record(
                    self._model_key, "merge", made.group_id, parts, change_id=made.id, brought=made.brought
                )
            return self._row(self._group(made.group_id)), made.id

    def unmerge(self, merge_id: str) -> list[GroupRow]:
        """Take a merge back; the groups that were its parts. Raises EngineError."""
        with self._lock, _as_refusals():
            change = self._store.groups.change(merge_id)
            if change is None or change.kind != "merge":
                raise EngineError("not_found", f"there is no merge {merge_id[:40]!r} to take back; it was already")
            taken_back = _decision(change)
            assert isinstance(taken_back, Merge)
            before = self._groups()
            rest = [decision for decision in self._decisions() if decision.id != merge_id]
            pool = self._tracks(t for group in before for t in group.track_ids)
            after = unmerge(before, taken_back, pool, rest, self._rules)
            with self._store.transaction():
                self._save(before, after)
                self._store.groups.take_back(merge_id)
            parts = {part.id for part in taken_back.parts}
            return [self._row(group) for group in self._groups() if group.id in parts]

    def split(self, group_id: str, track_ids: Sequence[str]) -> GroupRow:
        """Make a group of some tracks of another one. Raises EngineError, InvalidRequest."""
        with self._lock, _as_refusals():
            self._group(group_id)
            before = self._groups()
            after, made, decision = split(before, group_id, track_ids, new_group_id())
            parts = [
                StoredGroup(made.id, tuple(sorted(decision.left))),
                StoredGroup(group_id, tuple(sorted(decision.right))),
            ]
            with self._store.transaction():
                self._save(before, after)
                self._store.groups.record(self._model_key, "split", group_id, parts, change_id=decision.id)
            return self._row(self._group(made.id))

    def ignore(self, group_ids: Sequence[str], ignored: bool) -> None:
        self._store.groups.ignore(group_ids, ignored)

    def take_named(self, group: StoredGroup, person_key: str, said: dict[str, str]) -> GroupChange:
        """A group was named, as it was then: it is no more, unless tracks have come to it since, which nobody named.

        said: track id -> who the track was said to be until now, or "".
        """
        with self._lock, self._store.transaction():
            change = self._store.groups.record(self._model_key, "naming", group.id, [group], person_key, said)
            self._store.groups.forget_tracks(self._model_key, group.track_ids)
            return change

    def naming(self, naming_id: str) -> GroupChange:
        """What was named. Raises EngineError not_found."""
        change = self._store.groups.change(naming_id)
        if change is None or change.kind != "naming":
            raise EngineError("not_found", f"there is no naming {naming_id[:40]!r} to take back; it was already")
        return change

    def give_back_named(self, change: GroupChange) -> None:
        """A naming is taken back: its group is there again."""
        with self._lock, self._store.transaction():
            groups = self._store.groups
            for group in change.before:
                now = groups.get(group.id)
                since = now.track_ids if now is not None else ()
                together = tuple(sorted({*group.track_ids, *since}))
                groups.save(self._model_key, [StoredGroup(group.id, together, group.ignored)])
            groups.take_back(change.id)

    def stored_group(self, group_id: str) -> StoredGroup:
        """Raises EngineError not_found."""
        return _stored(self._group(group_id))

    # Within

    def _near(self, groups: Sequence[Group], track_ids: Iterable[str]) -> list[Group]:
        """Groups that one of these tracks could join: who is like all of a group on average is like one of it."""
        grouped = self._known(track_id for group in groups for track_id in group.track_ids)
        if not grouped:
            return []
        new = np.stack([one.track.centroid for one in self._known(track_ids)])
        likeness_to_new = (np.stack([one.track.centroid for one in grouped]) @ new.T).max(axis=1)
        alike = {
            one.track.id
            for one, similarity in zip(grouped, likeness_to_new.tolist(), strict=True)
            if similarity >= self._rules.same_group
        }
        return [group for group in groups if not alike.isdisjoint(group.track_ids)]

    def _learn(self, key: ContentKey, tracks: Sequence[StoredTrack]) -> None:
        """The tracks of a medium are these now: what is held of them and of earlier ones is brought up to date."""
        held = self._cached_of.pop(key, set())
        for track_id in held:
            self._cache.pop(track_id, None)
        for track in tracks:
            if track.id in held:
                self._keep(_known(key, track))

    def _keep(self, known: _Known) -> None:
        self._cache[known.track.id] = known
        self._cached_of.setdefault(known.key, set()).add(known.track.id)

    def _model_keys(self) -> list[str]:
        return [feature_key(self._model_key, view) for view in VIEWS]

    def _groups(self) -> list[Group]:
        return [Group(one.id, one.track_ids, one.ignored) for one in self._store.groups.all(self._model_key)]

    def _group(self, group_id: str) -> Group:
        found = self._store.groups.get(group_id)
        if found is None:
            raise EngineError("not_found", f"there is no group {group_id[:40]!r}; it was named, merged or dissolved")
        return Group(found.id, found.track_ids, found.ignored)

    def _known(self, track_ids: Iterable[str]) -> list[_Known]:
        """Tracks that are still there."""
        wanted = list(track_ids)
        missing = [track_id for track_id in wanted if track_id not in self._cache]
        for key, _, track in self._store.find_tracks(missing).values():
            self._keep(_known(key, track))
        return [self._cache[track_id] for track_id in wanted if track_id in self._cache]

    def _tracks(self, track_ids: Iterable[str]) -> list[GroupTrack]:
        return [known.track for known in self._known(track_ids)]

    def _decisions(self) -> list[Decision]:
        return [_decision(change) for change in self._store.groups.changes(self._model_key, "merge", "split")]

    def _save(self, before: Sequence[Group], after: Sequence[Group]) -> None:
        """Write what changed."""
        were = {group.id: group for group in before}
        are = {group.id for group in after}
        changed = [_stored(group) for group in after if were.get(group.id) != group]
        removed = [group_id for group_id in were if group_id not in are]
        if changed or removed:
            self._store.groups.save(self._model_key, changed, removed)

    def _row(self, group: Group) -> GroupRow:
        known = self._known(group.track_ids)
        best = max(known, key=lambda one: (one.track.good, one.track.quality, one.track.id), default=None)
        return GroupRow(
            id=group.id,
            media=len({one.track.content for one in known}),
            tracks=len(known),
            seconds=sum(one.track.seconds for one in known),
            best_track=best.track.id if best else "",
            ignored=group.ignored,
            newest_s=max((one.stored.found_at_s for one in known), default=0.0),
        )


class _as_refusals:  # noqa: N801 - reads as a function
    """Turns a refused edit into InvalidRequest."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, CannotEditGroups):
            raise InvalidRequest(str(error)) from None


def _known(key: ContentKey, track: StoredTrack) -> _Known:
    return _Known(
        key,
        track,
        GroupTrack(
            id=track.id,
            content=str(key),
            centroid=track.centroid,
            views=track.views,
            seconds=track.seconds,
            quality=track.quality,
            good=track.views > 0 and track.quality >= FOUNDING_QUALITY,
            intervals=track.spans,
        ),
    )


def _stored(group: Group) -> StoredGroup:
    return StoredGroup(group.id, tuple(sorted(group.track_ids)), group.ignored)


def _decision(change: GroupChange) -> Decision:
    if change.kind == "merge":
        parts = tuple(Group(part.id, part.track_ids, part.ignored) for part in change.before)
        return Merge(change.id, change.group_id, parts, change.brought)
    left, right = change.before
    return Split(change.id, frozenset(left.track_ids), frozenset(right.track_ids))
