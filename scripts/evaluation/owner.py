"""An owner's own store as recommenders see it: ours and the baseline. Works on a copy, which is deleted afterwards."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from plugin.commands.evaluating import world_of
from plugin.recommend.replay import World
from plugin.store.library import LibraryRow
from plugin.store.store import STORE_NAME, Store, open_store
from scripts.evaluation import compat

DAY_S = 86_400.0
AT_ONCE = 500


class OwnerWorld:
    """world: what ours are asked with. library, watched(): the same for the baseline, whose tags are our terms."""

    def __init__(self, store: Store) -> None:
        self.world: World = world_of(store)
        self._rows = self._library_rows(store)
        self._watches = [
            (
                watch.scene_id,
                watch.started_s,
                tuple((one.start_s, one.end_s) for one in store.watches.segments_of(watch.id)),
            )
            for scene_id in self._rows
            for watch in store.watches.of_scene(scene_id, limit=10_000)
        ]
        catalogue, scenes = self.world.catalogue, {}
        for scene_id, row in self._rows.items():
            ordinal = catalogue.ordinal(scene_id)
            spans = {} if ordinal is None else self.world.spans(ordinal)
            scenes[scene_id] = compat.Scene(row.duration_s, row.studio_id, row.performers, spans)
        self.library = compat.Library(scenes)

    def watched(self, moment_s: float) -> compat.Watched:
        """What was known before a moment. Stash does not tell when it counted its seconds: they go with the plays."""
        stash = []
        for row in self._rows.values():
            views = tuple((moment_s - at_s) / DAY_S for at_s in row.plays if at_s < moment_s)
            if views:
                stash.append(compat.StashRow(row.scene_id, row.play_duration_s * len(views) / len(row.plays), views))
        return compat.Watched(
            [
                compat.Watch(scene_id, (moment_s - started_s) / DAY_S, segments)
                for scene_id, started_s, segments in self._watches
                if started_s < moment_s
            ],
            stash,
        )

    def _library_rows(self, store: Store) -> dict[int, LibraryRow]:
        ids, rows = store.library.ids(), {}
        for start in range(0, len(ids), AT_ONCE):
            rows.update(store.library.rows(ids[start : start + AT_ONCE]))
        return rows


@contextlib.contextmanager
def owner_world(path: Path) -> Iterator[OwnerWorld]:
    """path: of a store.db, which is read only. Raises StoreError, OSError."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there; the plugin's data folder holds {STORE_NAME}")
    with tempfile.TemporaryDirectory(prefix="stash-sense-evaluation-") as folder:
        try:
            with (
                contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as original,
                contextlib.closing(sqlite3.connect(Path(folder) / STORE_NAME)) as copy,
            ):
                original.backup(copy)
        except sqlite3.Error as error:
            raise OSError(f"{path} cannot be read: {error}") from error
        store = open_store(folder)
        try:
            yield OwnerWorld(store)
        finally:
            store.close()
