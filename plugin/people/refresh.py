"""Update face references: all performers of Stash, then those of stash-boxes; step by step, each durable."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plugin.context import FACES_IN_USE, Context
from plugin.faces_client import FacesClient
from plugin.faces_values import BOX_PREFIX, box_key, box_of
from plugin.interface import log
from plugin.people.box_people import PER_PAGE, BoxPeople, forget_pictures
from plugin.people.box_states import BoxState, box_states, change_box, forget_boxes, note_names
from plugin.people.changed import changed, forget_changed
from plugin.people.forgetting import REACHED, alone
from plugin.people.keeper import Keeper, Kept
from plugin.people.stash_people import StashPeople
from plugin.sidecar_client import SidecarClient
from plugin.stash.pictures import StashPictures
from plugin.stash.values import BoxAccess
from plugin.stashbox.client import StashBoxClient
from plugin.stashbox.errors import StashBoxError

NOTED = 20
"""Performers after which it notes how far it is; whoever is killed before does so many again, and fetches nothing."""
PATIENCE_S = 120.0
"""How long a task waits for a stash-box that wants to be left alone, before it goes on with the next one."""
WHOLE = 1000
"""What reading all of a stash-box counts for in the progress, in performers: nobody knows how many there are."""
EVERYTHING = "all"
"""In the setting face_sources: every stash-box that Stash knows."""


@dataclass
class Tally:
    """What was done, for the log."""

    performers: int = 0
    box_performers: int = 0
    forgotten: int = 0
    fetched: int = 0
    missing: int = 0
    problems: int = 0

    def add(self, kept: Kept) -> None:
        self.fetched += kept.fetched
        self.missing += kept.missing
        if kept.problem:
            self.problems += 1
            log.warning(kept.problem)

    def sentence(self) -> str:
        parts = [f"{self.performers} performers of Stash"]
        if self.box_performers:
            parts.append(f"{self.box_performers} of stash-boxes")
        text = " and ".join(parts) + f" are up to date; {self.fetched} pictures were fetched"
        if self.missing:
            text += f", {self.missing} did not come and are tried again next time"
        if self.forgotten:
            text += f"; {self.forgotten} performers are gone and were forgotten"
        if self.problems:
            text += f"; {self.problems} could not be taken in, see the log"
        return text


def chosen_boxes(boxes: Sequence[BoxAccess], setting: Sequence[str]) -> list[BoxAccess]:
    """Those that the setting face_sources means, by endpoint or name. Pure."""
    wanted = {item.casefold() for item in setting}
    return [box for box in boxes if EVERYTHING in wanted or {box.endpoint.casefold(), box.name.casefold()} & wanted]


def owned(performers: Mapping[int, Sequence[tuple[str, str]]], endpoint: str) -> list[str]:
    """Ids in a stash-box that performers of Stash have, sorted, each once. Pure."""
    return sorted({box_id for ids in performers.values() for of, box_id in ids if of == endpoint})


class Refresh:
    """One process' work on references. Use it as a context manager: then nobody else works on them, or LockHeld.

    client: makes the client of a stash-box. Raises StashError, SidecarError, StoreError.
    """

    def __init__(
        self, context: Context, sidecar: SidecarClient, client: Callable[..., StashBoxClient] = StashBoxClient
    ) -> None:
        self._context, self._store, self._stash = context, context.store, context.stash
        self._faces = FacesClient(sidecar)
        self._client = client
        self._held = contextlib.ExitStack()
        self.tally = Tally()

    def __enter__(self) -> Refresh:
        self._held.enter_context(alone(self._store, 1.0))
        try:
            enrolment = self._held.enter_context(self._faces.enrolment())
            pictures = StashPictures(self._context.server, self._context.media_headers())
            self._held.callback(pictures.close)
        except BaseException:
            self._held.close()
            raise
        self._keeper = Keeper(self._store.face_references, enrolment)
        self._people = StashPeople(self._stash, pictures, self._store.face_references, self._faces, self._keeper)
        return self

    def __exit__(self, *error: object) -> None:
        self._held.close()

    def run(self) -> Iterator[float]:
        """All of it; yields the share that is done, 0 to 1, after each step. What is stopped here goes on next time."""
        told = changed(self._store)
        performers = self._stash.performer_ids()
        configured = self._stash.stash_boxes()
        note_names(self._store.meta, configured)
        boxes = chosen_boxes(configured, self._context.settings.face_sources)
        ids_of = {box.endpoint: owned(performers, box.endpoint) for box in boxes}
        states = box_states(self._store.meta)
        whole = {endpoint for endpoint, state in states.items() if state.page}
        sizes = {endpoint: len(ids) + WHOLE * (endpoint in whole) for endpoint, ids in ids_of.items()}
        total = max(1, len(performers) + sum(sizes.values()))
        for step in self._stash_people(performers):
            yield step / total
        done = len(performers)
        for box in boxes:
            for box_step in self._box(box, ids_of[box.endpoint]):
                yield (done + box_step) / total
            done += sizes[box.endpoint]
        self._forget_boxes({box.endpoint for box in boxes})
        forget_changed(self._store, told)
        yield 1.0

    def follow(self, ids: Sequence[int]) -> None:
        """Only these performers of Stash, whose pictures may have changed."""
        for _, kept in self._people.keep(ids, anew=True):
            self.tally.performers += 1
            self.tally.add(kept)
        forget_changed(self._store, ids)

    def _stash_people(self, performers: Mapping[int, object]) -> Iterator[int]:
        meta = self._store.meta
        after_id = int((meta.get(REACHED) or {}).get("after_id", 0))
        left = [performer_id for performer_id in performers if performer_id > after_id]
        done = len(performers) - len(left)
        for performer_id, kept in self._people.keep(left):
            done += 1
            self.tally.performers += 1
            self.tally.add(kept)
            if done % NOTED == 0:
                meta.set(REACHED, {"after_id": performer_id})
            yield done
        self.tally.forgotten += self._people.forget_others(performers)
        meta.set(REACHED, None)
        meta.set(FACES_IN_USE, self._store.now_s())

    def _box(self, box: BoxAccess, ids: Sequence[str]) -> Iterator[float]:
        """The owner's performers of a box, then all of it where that was asked for. Its troubles are its own."""
        meta, endpoint = self._store.meta, box.endpoint
        client = self._client(endpoint, box.api_key, box.name, box.per_minute, PATIENCE_S)
        people = BoxPeople(
            client, self._store.face_references, self._faces, self._keeper, self._context.settings.box_images
        )
        state = change_box(meta, endpoint, wanted=len(ids), problem="")
        try:
            yield from self._owned(people, ids, state)
            for share in self._whole(people, state):
                yield len(ids) + WHOLE * share
            self._forget_unwanted(people, ids)
            change_box(meta, endpoint, synced_s=self._store.now_s(), known=self._known(endpoint))
        except StashBoxError as error:
            change_box(meta, endpoint, problem=str(error), known=self._known(endpoint))
            log.warning(str(error))

    def _owned(self, people: BoxPeople, ids: Sequence[str], state: BoxState) -> Iterator[float]:
        left = [box_id for box_id in ids if box_id > state.after_id]
        done = len(ids) - len(left)
        for box_id, group in people.keep_some(left):
            done = len(ids) - len(left) + left.index(box_id) + 1
            self._count(group)
            change_box(self._store.meta, people.box.endpoint, after_id=box_id)
            yield done
        change_box(self._store.meta, people.box.endpoint, after_id="")

    def _whole(self, people: BoxPeople, state: BoxState) -> Iterator[float]:
        """Page by page from where it was broken off; what comes meanwhile is on the last page. Yields shares of it."""
        meta, endpoint, page = self._store.meta, people.box.endpoint, state.page
        while page:
            group, pages = people.keep_page(page)
            self._count(group)
            page = page + 1 if page < pages else 0
            change_box(meta, endpoint, page=page, known=self._known(endpoint))
            log.info(f"{people.box.name}: page {page - 1 if page else pages} of {pages}, {PER_PAGE} performers each")
            if not page:
                change_box(meta, endpoint, whole_s=self._store.now_s())
            yield (page - 1) / pages if page else 1.0

    def _forget_unwanted(self, people: BoxPeople, ids: Sequence[str]) -> None:
        """Performers of a box whom nobody in the library names any more, unless all of the box is wanted."""
        endpoint = people.box.endpoint
        if box_states(self._store.meta)[endpoint].whole:
            return
        wanted = {box_key(endpoint, box_id) for box_id in ids}
        others = [key for key in self._store.face_references.keys(box_key(endpoint, "")) if key not in wanted]
        known = self._faces.known(others)
        # Whoever is wanted may have been merged into another one.
        heirs = {key for key, person in known.items() if wanted.intersection(person.keys)}
        self.tally.forgotten += people.forget([key for key in others if key not in heirs])

    def _forget_boxes(self, configured: set[str]) -> None:
        """Boxes that their owner does not want asked any more: what came from them goes."""
        keys = self._store.face_references.keys(BOX_PREFIX)
        gone = [key for key in keys if (box_of(key) or ("", ""))[0] not in configured]
        self.tally.forgotten += forget_pictures(self._store.face_references, self._faces, self._keeper, gone)
        forget_boxes(self._store.meta, set(box_states(self._store.meta)) - configured)

    def _known(self, endpoint: str) -> int:
        return self._store.face_references.count(box_key(endpoint, ""))

    def _count(self, group: Sequence[Kept]) -> None:
        self.tally.box_performers += len(group)
        for kept in group:
            self.tally.add(kept)
