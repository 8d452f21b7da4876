"""From a batch to its media: which of the library are to be worked on, page by page, resumable at any page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.analysis.staleness import FaceNeed, FacesWanted, Need, Wanted, face_need_of, need_of
from plugin.sidecar_values import PASSING_PROBLEMS
from plugin.stash.client import StashClient
from plugin.stash.errors import StashFault
from plugin.stash.values import KINDS, MediaKind, MediaRow
from plugin.store.analyses import Analysis, Failure
from plugin.store.faces import FaceAnalysis
from plugin.store.jobs import FACES, ONLY, Action, Job, NewMedium
from plugin.store.store import Store

PAGE = 500

SELECTIONS = ("new", "all", "tagged", "stored", "ids", "faces")


class SelectionError(Exception):
    """A batch cannot be selected as asked. The message says why."""


@dataclass(frozen=True, slots=True)
class Selection:
    """which: "new" (not up to date), "all", "tagged" (asks by a workflow tag), "stored" (analysed before; nothing is
    decoded), "ids", "faces" (whose faces are not up to date; tags are left as they are). filters: kind -> one of
    Stash's own filters. ids: kind -> ids, of "ids" and "faces", or to choose from for "stored". fresh: forget what is
    stored.
    """

    which: str
    kinds: tuple[MediaKind, ...]
    filters: Mapping[str, Mapping[str, Any]]
    ids: Mapping[str, Sequence[int]]
    fresh: bool = False


def selection_of(options: Mapping[str, Any]) -> Selection:
    """Read a batch's options. Raises SelectionError."""
    which = options.get("which", "new")
    if which not in SELECTIONS:
        raise SelectionError(f"which is {which!r}; it must be one of {', '.join(SELECTIONS)}")
    ids = options.get("ids") or {}
    kinds = tuple(kind for kind in KINDS if kind in (options.get("kinds") or ids or KINDS))
    return Selection(which, kinds, options.get("filters") or {}, ids, bool(options.get("fresh")))


@dataclass(frozen=True, slots=True)
class Picked:
    """What is to be done with a medium. only_faces: tags are left as they are."""

    action: Action
    medium: NewMedium
    only_faces: bool = False


class Selector:
    """Fills batches. Each page is a few requests and one transaction, so a killed one goes on where it was."""

    def __init__(
        self,
        store: Store,
        stash: StashClient,
        wanted: Wanted,
        tag_ids: Callable[[], tuple[int | None, int | None]],
        faces: FacesWanted | None = None,
    ) -> None:
        """tag_ids: ids in Stash of the tags that ask for work (AI_TagMe, AI_Reprocess), None where there are none.
        faces: None where no face is looked for.
        """
        self._store, self._stash, self._wanted, self._tag_ids = store, stash, wanted, tag_ids
        self._faces = faces

    def fill(self, batch: Job) -> Iterator[int]:
        """Enqueue the batch's media; yields how many it has after each page. Raises StashError, SelectionError."""
        chosen = selection_of(batch.options)
        cursor = dict(batch.options.get("cursor") or {})
        count = int(cursor.get("count", 0))
        for kind in chosen.kinds:
            if kind in cursor.get("done", ()):
                continue
            after_id = int(cursor.get(kind, 0))
            for media, options, after_id in self._pages(chosen, kind, after_id):  # noqa: B020 (it goes on from it)
                cursor[kind] = after_id
                alike: dict[tuple[Action, bool], list[NewMedium]] = {}
                for picked in media:
                    alike.setdefault((picked.action, picked.only_faces), []).append(picked.medium)
                count += len(media)
                cursor["count"] = count
                progress = {**batch.options, "cursor": cursor}
                with self._store.transaction():
                    if not self._store.jobs.is_unselected(batch.id):
                        return  # its owner has cancelled it
                    for (action, only_faces), its_media in alike.items():
                        its_options = {**options, ONLY: FACES} if only_faces else options
                        self._store.jobs.add_media(batch, action, its_media, its_options)
                    self._store.jobs.add_media(batch, "analyse", (), parent_options=progress)
                yield count
            cursor["done"] = [*cursor.get("done", ()), kind]
        self._store.jobs.wait_for_children(batch.id, {**batch.options, "cursor": cursor, "selected": True})

    def _pages(
        self, chosen: Selection, kind: MediaKind, after_id: int
    ) -> Iterator[tuple[list[Picked], dict[str, Any], int]]:
        options = {"fresh": chosen.fresh}
        if chosen.which == "stored" and chosen.ids:
            for part in _parts(chosen.ids.get(kind, ()), after_id):
                known = self._store.analyses.known(kind, part)
                yield (
                    [Picked("retag", NewMedium(kind, media_id, one.name)) for media_id, one in known.items()],
                    {},
                    part[-1],
                )
            return
        if chosen.which == "stored" and not chosen.filters.get(kind):
            while page := self._store.analyses.page(kind, after_id, PAGE):
                after_id = page[-1].media_id
                yield [Picked("retag", NewMedium(kind, known.media_id, known.name)) for known in page], {}, after_id
            return
        if chosen.which == "faces" and chosen.ids:
            for part in _parts(chosen.ids.get(kind, ()), after_id):
                yield (
                    [Picked("analyse", NewMedium(kind, media_id), only_faces=True) for media_id in part],
                    options,
                    part[-1],
                )
            return
        if chosen.which == "ids":
            for part in _parts(chosen.ids.get(kind, ()), after_id):
                yield [Picked("analyse", NewMedium(kind, media_id)) for media_id in part], options, part[-1]
            return
        if chosen.which == "tagged":
            yield from self._tagged(chosen, kind, after_id)
            return
        for rows in self._rows(kind, chosen.filters.get(kind), after_id):
            picked: list[Picked] = []
            if chosen.which == "all":
                picked = [Picked("analyse", NewMedium(kind, row.id)) for row in rows]
            elif chosen.which == "stored":
                known = self._store.analyses.known(kind, [row.id for row in rows])
                picked = [Picked("retag", NewMedium(kind, media_id, one.name)) for media_id, one in known.items()]
            else:
                picked = self._stale(kind, rows, chosen)
            yield picked, options, rows[-1].id

    def _stale(self, kind: MediaKind, rows: Sequence[MediaRow], chosen: Selection) -> list[Picked]:
        only_faces = chosen.which == "faces"
        if only_faces and chosen.fresh:
            return [Picked("analyse", NewMedium(kind, row.id), only_faces=True) for row in rows]
        ids = [row.id for row in rows]
        known = self._store.analyses.known(kind, ids)
        seen = self._store.faces.known(kind, ids) if self._faces is not None else {}
        failures = self._store.analyses.failures(kind, ids)
        picked: list[Picked] = []
        for row in rows:
            failure = failures.get(row.id)
            need = None if only_faces else due(row, known.get(row.id), failure, self._wanted)
            face_need = faces_due(row, seen.get(row.id), failure, self._faces)
            if need == "analyse" or (need is not None and face_need == "look"):
                picked.append(Picked("analyse", NewMedium(kind, row.id)))
            elif need is not None:
                picked.append(Picked("retag", NewMedium(kind, row.id)))
            elif face_need is not None:
                action: Action = "analyse" if face_need == "look" else "retag"
                picked.append(Picked(action, NewMedium(kind, row.id), only_faces=True))
        return picked

    def _tagged(
        self, chosen: Selection, kind: MediaKind, after_id: int
    ) -> Iterator[tuple[list[Picked], dict[str, Any], int]]:
        tag_me, reprocess = self._tag_ids()
        for tag_id, fresh in ((reprocess, True), (tag_me, chosen.fresh)):
            if tag_id is None:
                continue
            tagged: dict[str, Any] = {"tags": {"value": [str(tag_id)], "modifier": "INCLUDES", "depth": 0}}
            if chosen.filters.get(kind):
                tagged["AND"] = dict(chosen.filters[kind])
            # From the first one for each tag: few have them, and what waits already is not added twice.
            for rows in self._rows(kind, tagged, 0):
                yield [Picked("analyse", NewMedium(kind, row.id)) for row in rows], {"fresh": fresh}, after_id

    def _rows(self, kind: MediaKind, media_filter: Mapping[str, Any] | None, after_id: int) -> Iterator[list[MediaRow]]:
        while True:
            try:
                rows, left = self._stash.rows(kind, media_filter, after_id, PAGE)
            except StashFault as fault:
                if fault.passes or not media_filter:
                    raise
                raise SelectionError(f"Stash does not take the filter for {kind} media: {fault}") from fault
            if rows:
                yield rows
            if len(rows) >= left or not rows:
                return
            after_id = rows[-1].id


def _parts(ids: Iterable[int], after_id: int) -> Iterator[list[int]]:
    """Ids behind after_id, ascending, a page at a time."""
    wanted = sorted({media_id for media_id in ids if media_id > after_id})
    for first in range(0, len(wanted), PAGE):
        yield wanted[first : first + PAGE]


def due(row: MediaRow, known: Analysis | None, failure: Failure | None, wanted: Wanted) -> Need | None:
    """What "analyse new" does with a medium. What failed for a reason that lasts is left until its file changes, or
    until somebody asks for it by name.
    """
    if failure is not None and failure.code not in PASSING_PROBLEMS and failure.content in ("", row.content):
        return None
    return need_of(row, known, wanted)[0]


def faces_due(
    row: MediaRow, known: FaceAnalysis | None, failure: Failure | None, wanted: FacesWanted | None
) -> FaceNeed | None:
    """The same for faces. wanted: None where none are looked for."""
    if wanted is None:
        return None
    if failure is not None and failure.code not in PASSING_PROBLEMS and failure.content in ("", row.content):
        return None
    return face_need_of(row, known, wanted)
