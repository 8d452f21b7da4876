"""Libraries of tracks of people who do not exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sidecar.people.groups import GroupTrack
from sidecar.values import Vectors
from tests.people.faces import people, views


def track(
    track_id: str,
    centroid: Vectors,
    content: str = "",
    intervals: Sequence[tuple[float, float]] = ((0.0, 10.0),),
    views: int = 5,
    good: bool = True,
) -> GroupTrack:
    return GroupTrack(track_id, content or track_id, centroid, views, 10.0, 0.8, good, tuple(intervals))


def library(
    seed: int,
    count: int,
    media: int,
    seen: int = 2,
    mate: float = 0.75,
    poor: float = 0.0,
    dim: int = 256,
    first: int = 0,
) -> tuple[list[GroupTrack], dict[str, int]]:
    """Tracks of `media` media, each showing `seen` of `count` people at one moment; who each track is."""
    known = people(np.random.default_rng(seed), count, dim)
    tracks, who = [], {}
    for medium in range(first, first + media):
        rng = np.random.default_rng((seed, medium))
        shown = rng.choice(count, size=min(seen, count), replace=False)
        for place, (person, centroid) in enumerate(zip(shown.tolist(), views(rng, known[shown], mate), strict=True)):
            name = f"{medium:03d}-{place}"
            tracks.append(track(name, centroid, f"medium {medium}", good=bool(rng.random() >= poor)))
            who[name] = person
    return tracks, who


def names(prefix: str = "new") -> Callable[[], str]:
    """A factory of ids that counts."""
    made = iter(range(10**9))
    return lambda: f"{prefix}{next(made):04d}"
