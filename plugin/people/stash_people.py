"""Stash's own performers become persons whom the sidecar knows; those who are gone are forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from plugin.faces_client import FacesClient
from plugin.faces_values import STASH_PREFIX, performer_id_of, stash_key
from plugin.people.keeper import Keeper, Kept, Picture
from plugin.people.persons import STASH, of_stash
from plugin.stash.client import StashClient
from plugin.stash.pictures import StashPictures
from plugin.stash.values import StashPerson
from plugin.store.face_references import FaceReferences

PAGE = 50
"""Performers whose state is read from Stash at once."""
SAME_SECOND_S = 2.0
"""Stash's times are whole seconds: what changed so shortly before it was read may change again unseen."""


@dataclass(frozen=True, slots=True)
class StashPeople:
    """Raises StashError, SidecarError, StoreError."""

    stash: StashClient
    pictures: StashPictures
    references: FaceReferences
    faces: FacesClient
    keeper: Keeper

    def keep(self, ids: Sequence[int], anew: bool = False) -> Iterator[tuple[int, Kept]]:
        """Hand performers over, in the order of ids; each is durable when it is yielded. Those who are gone from Stash
        are forgotten. anew: look at pictures again that seem unchanged.
        """
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            found = self.stash.persons(page)
            for performer_id in page:
                if performer_id in found:
                    yield performer_id, self._keep(found[performer_id], anew)
            gone = [stash_key(performer_id) for performer_id in page if performer_id not in found]
            if gone:
                self._forget(gone)

    def forget_others(self, ids: Collection[int]) -> int:
        """Forget performers whom the sidecar knows and Stash does not. Returns how many."""
        known = {person.person.key for person in self.faces.all_people(STASH_PREFIX)}
        known.update(self.references.keys(STASH_PREFIX))
        gone = sorted(key for key in known if performer_id_of(key) not in ids)
        if gone:
            self._forget(gone)
        return len(gone)

    def _keep(self, performer: StashPerson, anew: bool) -> Kept:
        person = of_stash(performer)
        pictures = []
        if performer.has_image:
            name = performer.state
            known = self.references.get(person.key)
            if anew or (known is not None and known.synced_s < performer.updated_s + SAME_SECOND_S):
                name += f" read again after {known.synced_s if known else 0.0:.6f}"
            pictures.append(Picture(name, lambda: self.pictures.of_performer(performer.id)))
        return self.keeper.keep(person, STASH, pictures)

    def _forget(self, keys: Sequence[str]) -> None:
        self.faces.forget_people(keys)
        self.references.forget(keys)
