"""Unknown people as values: their tracks, their groups, and what the owner decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class GroupTrack:
    """A track of some medium that nobody has named.

    id: unique over all media. content: names the medium. centroid: float32 (dim,), unit length. views: how many good
    faces it has, one per moment; seconds: on screen; quality: 0 to 1. good: it may found a group. intervals: when it is
    on screen, (start_s, end_s); (0, 0) for an image.
    """

    id: str
    content: str
    centroid: NDArray[np.float32]
    views: int
    seconds: float
    quality: float
    good: bool
    intervals: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Tracks that are one unknown person. track_ids are sorted. ignored: the owner does not want to see it."""

    id: str
    track_ids: tuple[str, ...]
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """The owner said that groups are one person.

    group_id: what the group was called that they became. parts: the groups as they were. brought: tracks that were in
    them only because of an earlier merge; this one does not hold them, so that the earlier one can be taken back.
    """

    id: str
    group_id: str
    parts: tuple[Group, ...]
    brought: frozenset[str] = frozenset()

    @property
    def track_ids(self) -> frozenset[str]:
        return frozenset(track_id for part in self.parts for track_id in part.track_ids)

    @property
    def own_track_ids(self) -> frozenset[str]:
        return self.track_ids - self.brought


@dataclass(frozen=True, slots=True)
class Split:
    """The owner said that some tracks of a group, `left`, are somebody else than the rest of it, `right`."""

    id: str
    left: frozenset[str]
    right: frozenset[str]


Decision: TypeAlias = Merge | Split
"""A list of them is in the order in which they were taken: about two tracks the latest one holds."""
