"""Tastes as recommenders read them from the store: nothing of the sidecar is needed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from plugin.recommend.taste import TOO_LITTLE
from plugin.recommend.values import Catalogue, Centre
from plugin.store.store import Store
from plugin.store.tastes import StoredCentre

Number = TypeVar("Number", int, float)

OFTEN_MISSING = 0.1
"""Of the library: when more was never compared, people are told."""

NEVER_COMPARED = (
    "The looks of scenes were never compared. Analyse scenes, and run the task Recompute recommendations while the "
    "sidecar runs."
)


class StoreTaste:
    """Implements Taste: reads what is kept, as far as it is asked for. Raises StoreError."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._tastes, self._catalogue = store.tastes, catalogue
        self._centres: Sequence[Centre] | None = None
        self._neighbours: dict[int, Sequence[tuple[int, float]]] = {}

    def centres(self) -> Sequence[Centre]:
        if self._centres is None:
            self._centres = [_centre(one, self._catalogue) for one in self._tastes.centres()]
        return self._centres

    def neighbours(self, ordinal: int) -> Sequence[tuple[int, float]]:
        known = self._neighbours.get(ordinal)
        if known is None:
            found = self._tastes.neighbours(self._catalogue.scene_ids[ordinal])
            places = map(self._catalogue.ordinal, found.scenes)
            known = [(place, score) for place, score in zip(places, found.scores, strict=True) if place is not None]
            self._neighbours[ordinal] = known
        return known

    def note(self) -> str:
        known = self._tastes.summary()
        if known is None:
            return NEVER_COMPARED
        _, summary = known
        whole = sum(self._catalogue.alive)
        if whole and summary.scenes < (1 - OFTEN_MISSING) * whole:
            unknown = whole - summary.scenes
            return f"What {unknown} of {whole} scenes look like is not known: analyse them to see them here."
        return ""

    def why_not(self, context: str) -> str:
        """Why nothing looks like anything in a context; "" where something does. Which scenes look alike is known
        without any that was watched.
        """
        known = self._tastes.summary()
        if known is None or not known[1].scenes:
            return NEVER_COMPARED
        return TOO_LITTLE if context == "global_feed" and not self.centres() else ""


class _Column(Mapping[int, Number], Generic[Number]):
    """By ordinal, what lies in a column beside scene ids; best first. Nothing is made of the whole column: a ranking
    looks at the first of it, and a reason at one place.
    """

    def __init__(self, catalogue: Catalogue, stored: StoredCentre, value: Callable[[int], Number | None]) -> None:
        """value: of a place, None where there is none."""
        self._catalogue, self._scenes, self._best = catalogue, stored.scenes, stored.best
        self._value: Callable[[int], Number | None] = value

    def __getitem__(self, ordinal: int) -> Number:
        ids, scenes = self._catalogue.scene_ids, self._scenes
        if 0 <= ordinal < len(ids):
            place = bisect_left(scenes, ids[ordinal])
            if place < len(scenes) and scenes[place] == ids[ordinal]:
                found = self._value(place)
                if found is not None:
                    return found
        raise KeyError(ordinal)

    def __iter__(self) -> Iterator[int]:
        """Scenes that are in the catalogue no more are left out."""
        of_id, scenes = self._catalogue.ordinal, self._scenes
        for place in self._best:
            ordinal = of_id(scenes[place])
            if ordinal is not None and self._value(place) is not None:
                yield ordinal

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _centre(stored: StoredCentre, catalogue: Catalogue) -> Centre:
    scores, nearest, likeness = stored.scores, stored.nearest, stored.likeness

    def nearest_of(place: int) -> int | None:
        return catalogue.ordinal(nearest[place]) if nearest[place] else None

    def likeness_of(place: int) -> float | None:
        return likeness[place] if nearest_of(place) is not None else None

    because = tuple(at for at in map(catalogue.ordinal, stored.because) if at is not None)
    return Centre(
        stored.number,
        stored.share,
        because,
        _Column(catalogue, stored, scores.__getitem__),
        _Column(catalogue, stored, nearest_of),
        _Column(catalogue, stored, likeness_of),
    )
