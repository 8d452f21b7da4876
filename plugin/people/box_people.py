"""Performers of one stash-box become persons whom the sidecar knows: the owner's, or all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from plugin.faces_client import FacesClient
from plugin.faces_values import Person, box_key, is_key
from plugin.interface import log
from plugin.people.keeper import Keeper, Kept, NotNow, Picture
from plugin.people.persons import STASH_BOX, of_box
from plugin.stashbox.client import StashBoxClient
from plugin.stashbox.errors import PictureRefused, StashBoxUnavailable
from plugin.stashbox.values import BoxImage, BoxPerformer, largest_first
from plugin.store.face_references import FaceReferences

PER_PAGE = 40
FIND = 10
"""The owner's performers that are asked for at once."""
MISSED_IN_A_ROW = 5
"""So many pictures that do not come one after the other mean that their server is away."""


@dataclass(slots=True)
class BoxPeople:
    """most_images: of one performer, the largest. Raises StashBoxError, SidecarError, StoreError."""

    box: StashBoxClient
    references: FaceReferences
    faces: FacesClient
    keeper: Keeper
    most_images: int
    _missed: int = field(default=0, init=False)

    def keep_some(self, ids: Sequence[str]) -> Iterator[tuple[str, list[Kept]]]:
        """Hand these performers over, in the order of ids; yields the last id of each group that is durable, and what
        became of the performers in it. Who was merged into another there is that other; who is gone is forgotten.
        """
        for start in range(0, len(ids), FIND):
            page = ids[start : start + FIND]
            found = self.box.find(page)
            heirs = self.box.find([one.merged_into for one in found.values() if one.is_gone and one.merged_into])
            kept = []
            for box_id in page:
                performer = found.get(box_id)
                heir = heirs.get(performer.merged_into) if performer is not None else None
                if performer is not None and not performer.is_gone:
                    kept.append(self._keep(performer))
                elif performer is not None and heir is not None and not heir.is_gone:
                    kept += [self._keep(heir), self._keep_merged(performer, heir)]
                else:
                    self.forget([box_key(self.box.endpoint, box_id)])
            yield page[-1], kept

    def keep_page(self, number: int) -> tuple[list[Kept], int]:
        """Hand a page of all performers over (from 1). Returns what became of them, and how many pages there are."""
        performers, count = self.box.page(number, PER_PAGE)
        kept = [self._keep(performer) for performer in performers if not performer.is_gone]
        return kept, -(-count // PER_PAGE)

    def forget(self, keys: Sequence[str]) -> int:
        """See forget_pictures()."""
        return forget_pictures(self.references, self.faces, self.keeper, keys)

    def _keep(self, performer: BoxPerformer) -> Kept:
        person = of_box(self.box.endpoint, performer)
        if not is_key(person.key):
            return Kept(problem=f"the id of {person.name} in {self.box.name} is too long")
        images = largest_first(performer.images, self.most_images)
        pictures = [Picture(image.id, self._fetch(image, person.name)) for image in images]
        return self.keeper.keep(person, STASH_BOX, pictures)

    def _keep_merged(self, performer: BoxPerformer, heir: BoxPerformer) -> Kept:
        """Under the id that the owner's library has, they are who they were merged into."""
        person: Person = of_box(self.box.endpoint, performer)
        person = replace(person, same_as=(box_key(self.box.endpoint, heir.id),))
        return self.keeper.keep(person, STASH_BOX, [])

    def _fetch(self, image: BoxImage, name: str) -> Callable[[], bytes | None]:
        def fetch() -> bytes | None:
            try:
                data = self.box.picture(image)
            except PictureRefused as error:
                log.debug(f"a picture of {name} in {self.box.name} is left out: {error}")
                return None
            except StashBoxUnavailable as error:
                self._missed += 1
                if self._missed >= MISSED_IN_A_ROW or error.retry_after_s:
                    raise StashBoxUnavailable(
                        f"pictures of {self.box.name} do not come: {error}", error.retry_after_s
                    ) from error
                log.debug(f"a picture of {name} in {self.box.name} did not come: {error}")
                raise NotNow from error
            self._missed = 0
            return data

        return fetch


def forget_pictures(references: FaceReferences, faces: FacesClient, keeper: Keeper, keys: Sequence[str]) -> int:
    """What stash-boxes said of these persons is no reference any more. Who is known by something else as well stays
    known by that. Returns how many there were.
    """
    mine = [key for key in keys if references.get(key) is not None]
    known = faces.known(mine)
    lost = []
    for key in mine:
        if key in known and faces.sources_of(key) - {STASH_BOX}:
            keeper.keep(known[key].person, STASH_BOX, [])
        else:
            lost.append(key)
    faces.forget_people(lost)
    references.forget(mine)
    return len(mine)
