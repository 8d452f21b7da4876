"""Stash's library is read into the store: wholly once, and then what has changed.

Every page is a transaction of its own, with the place where it goes on: killed at any moment, the next pass continues.
What changed since is asked of Stash by its own times. Those of scenes do not tell of everything: watching changes
nothing of them, nor does a tag that is removed or merged, nor a marker that is deleted. Each of these is looked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plugin.library.merging import base_play_s
from plugin.stash.client import StashClient
from plugin.stash.library_values import Activity, LibraryScene
from plugin.store.library import SYNCED, LibraryRow, NameRow
from plugin.store.store import Store
from plugin.store.watch_events import Chosen
from plugin.telemetry.privacy import forget, looks_lost

UNFINISHED = "library.unfinished"
"""meta: the reading that was broken off: {"full", "since_s", "changed_s", "after_id"}."""

PAGE = 250
ACTIVITY_PAGE = 1000
IDS_PAGE = 5000

ZONES_S = 15 * 3600.0
"""Stash compares times as texts, each in the zone that it was written in: so it is asked for more, by all that zones
can differ."""
SAME_SECOND_S = 2.0
"""Stash's times are whole seconds: what changed so shortly before it was read may have changed again."""
FULL_EVERY_S = 30 * 86_400.0
"""A whole reading repairs what no time tells of: another file of a scene, a library put back from a copy."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class SyncResult:
    """changed: scenes that are new or not as they were; gone: from Stash; scenes: how many there are now."""

    changed: int = 0
    gone: int = 0
    scenes: int = 0


def changed_since(since_s: float) -> dict[str, Any]:
    """A filter for scenes that have changed, or one of whose markers has, and for some that changed earlier."""
    text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(max(0.0, since_s - ZONES_S)))
    newer = {"updated_at": {"value": text, "modifier": "GREATER_THAN"}}
    return {**newer, "OR": {"markers_filter": newer}}


def sync_library(
    store: Store,
    stash: StashClient,
    full: bool = False,
    on_progress: Progress = lambda share: None,
    activity: bool = True,
) -> SyncResult:
    """Bring the store's picture of the library up to date. full: read every scene. activity: ask for what was done with
    scenes that have not changed themselves; that grows with what was ever watched. Raises StashError, StoreError.
    """
    return _Sync(store, stash, on_progress).run(full, activity)


class _Sync:
    def __init__(self, store: Store, stash: StashClient, on_progress: Progress) -> None:
        self._store, self._stash, self._progress = store, stash, on_progress
        self._changed: set[int] = set()

    def run(self, full: bool, activity: bool) -> SyncResult:
        meta = self._store.meta
        self._read_names()
        state = self._stash.library_state()
        before = meta.get(SYNCED) or {}
        full = full or not before or self._store.now_s() - float(before.get("full_s", 0.0)) >= FULL_EVERY_S
        unfinished = meta.get(UNFINISHED)
        if unfinished is None or (full and not unfinished["full"]):
            since_s = 0.0 if full else float(before["changed_s"])
            unfinished = {"full": full, "since_s": since_s, "changed_s": state.changed_s, "after_id": 0}
            meta.set(UNFINISHED, unfinished)
        self._read_scenes(unfinished)
        if activity or not before:
            self._read_activity()
        self._read_anew(self._store.library.ids_with_lost_references())
        gone = self._forget_gone() if unfinished["full"] or self._store.library.count() != state.scenes else 0
        if before and not unfinished["full"] and before.get("markers") != state.markers:
            self._read_anew(self._store.library.ids_with_markers())
        now_s = self._store.now_s()
        with self._store.transaction():
            meta.set(UNFINISHED, None)
            meta.set(
                SYNCED,
                {
                    "at_s": now_s,
                    "full_s": now_s if unfinished["full"] else before.get("full_s", 0.0),
                    "changed_s": unfinished["changed_s"],
                    "markers": state.markers,
                },
            )
        self._progress(1.0)
        return SyncResult(len(self._changed), gone, self._store.library.count())

    def _read_names(self) -> None:
        self._store.library.replace_names(
            [
                NameRow(one.kind, one.id, one.name, one.favorite, one.parents, one.aliases)
                for one in self._stash.library_names()
            ]
        )

    def _read_scenes(self, reading: dict[str, Any]) -> None:
        """Pages by ascending id, from where it was broken off."""
        since_s = reading["since_s"]
        chosen = changed_since(since_s) if since_s else None
        total = None
        while True:
            scenes, left = self._stash.library_scenes(chosen, reading["after_id"], PAGE)
            total = max(left, 1) if total is None else total
            reading["after_id"] = scenes[-1].id if scenes else reading["after_id"]
            newer = [scene for scene in scenes if scene.changed_s >= since_s - SAME_SECOND_S]
            with self._store.transaction():
                self._take(newer)
                self._store.meta.set(UNFINISHED, reading)
            self._progress(0.8 * (1.0 - (left - len(scenes)) / total))
            if len(scenes) >= left:
                return

    def _read_activity(self) -> None:
        """Of every scene that has any; where there was some and is none, it was reset."""
        library = self._store.library
        seen: set[int] = set()
        after_id = 0
        while True:
            page, left = self._stash.library_activity(after_id, ACTIVITY_PAGE)
            self._take_activity(page)
            seen |= page.keys()
            if len(page) >= left:
                break
            after_id = max(page)
        # Or it was less than a second, which its filter does not see.
        self._read_anew([scene_id for scene_id in library.active_ids() if scene_id not in seen])
        self._progress(0.9)

    def _take_activity(self, page: dict[int, Activity]) -> None:
        library = self._store.library
        with self._store.transaction():
            known, tracked = library.rows(page), library.tracked_s(page)
            fresh = {
                scene_id: with_activity(row, page[scene_id], tracked.get(scene_id, 0.0))
                for scene_id, row in known.items()
            }
            library.save(row for scene_id, row in fresh.items() if row != known[scene_id])

    def _read_anew(self, ids: Sequence[int]) -> None:
        """Scenes whose own times do not tell that they have changed."""
        for portion in _portions(ids, PAGE):
            scenes = self._stash.library_scenes_of(portion)
            with self._store.transaction():
                self._take(scenes)

    def _take(self, scenes: Sequence[LibraryScene]) -> None:
        """Inside a transaction."""
        library = self._store.library
        ids = [scene.id for scene in scenes]
        known, tracked = library.rows(ids), library.tracked_s(ids)
        rows = [as_row(scene, known.get(scene.id), tracked.get(scene.id, 0.0)) for scene in scenes]
        changed = [row for row in rows if row != known.get(row.scene_id)]
        library.save(changed)
        self._changed.update(row.scene_id for row in changed)

    def _forget_gone(self) -> int:
        in_stash: set[int] = set()
        after_id = 0
        while True:
            ids, left = self._stash.library_ids(after_id, IDS_PAGE)
            in_stash.update(ids)
            if len(ids) >= left:
                break
            after_id = ids[-1]
        known = self._store.library.ids()
        gone = [scene_id for scene_id in known if scene_id not in in_stash]
        keeps = looks_lost(len(gone), len(known))
        for portion in _portions(gone, IDS_PAGE):
            if not keeps:
                # In this order: killed between them, the next reading still finds that they are gone.
                forget(self._store, Chosen(kind="scene", media_ids=tuple(portion)))
                self._store.recommendations.take_back(portion)
            self._store.library.forget(portion)
        return len(gone)


def as_row(scene: LibraryScene, known: LibraryRow | None, tracked_s: float) -> LibraryRow:
    """A scene as the store keeps it. known: as it was; tracked_s: seconds that we saw of it."""
    row = LibraryRow(
        scene_id=scene.id,
        title=scene.title,
        duration_s=scene.duration_s,
        size_bytes=scene.size_bytes,
        studio_id=scene.studio_id,
        date=scene.date,
        created_s=scene.created_s,
        updated_s=scene.changed_s,
        rating100=scene.rating100,
        organized=scene.organized,
        o_count=0,
        play_count=0,
        play_duration_s=0.0,
        resume_s=0.0,
        last_played_s=None,
        plays=(),
        o_times=(),
        performers=scene.performers,
        tags=scene.tags,
        markers=tuple((tag_id, start_s, end_s) for tag_id, start_s, end_s in scene.markers),
        base_play_s=0.0 if known is None else known.base_play_s,
        version=1 if known is None else known.version,
    )
    row = with_activity(row, scene.activity, tracked_s, is_new=known is None)
    if known is not None and _made_of(row) != _made_of(known):
        row = replace(row, version=known.version + 1)
    return row


def with_activity(row: LibraryRow, activity: Activity, tracked_s: float, is_new: bool = False) -> LibraryRow:
    """The row with what Stash knows of watching it now."""
    last_s = max((*activity.plays, *activity.o_times), default=None)
    if last_s is None and (activity.is_any or row.rating100 is not None):
        last_s = row.created_s
    return replace(
        row,
        o_count=activity.o_count,
        play_count=activity.play_count,
        play_duration_s=activity.play_duration_s,
        resume_s=activity.resume_s,
        last_played_s=last_s,
        plays=activity.plays,
        o_times=activity.o_times,
        base_play_s=base_play_s(None if is_new else row.base_play_s, activity.play_duration_s, tracked_s),
    )


def _made_of(row: LibraryRow) -> tuple[Any, ...]:
    """What a scene's terms are made of."""
    return row.duration_s, row.tags, row.markers


def _portions(ids: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
