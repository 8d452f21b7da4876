"""Which faces become references: few, good, and different from each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.store.faces import BOOTSTRAP, TRACK, ReferenceRow

MAX_PICTURES = 20
"""References of one identity and model that are of pictures (enrolled or imported). More say little that is new, and
every one is one more chance for an impostor."""

MAX_TRACKS = 10
"""Those of confirmed tracks, besides."""

MAX_BOOTSTRAPS = 3
"""Those that were concluded, not confirmed; none once ENOUGH_REAL others are there."""

ENOUGH_REAL = 2

SAME_PICTURE = 0.95
"""Two references of one identity that are more alike than this show the same picture, scaled, cropped, darkened or
compressed anew (measured with dlib on two photos: 0.965 to 0.996; mirrored ones 0.93, other photos 0.62 and more)."""

FROM_ONE_TRACK = 3
"""References that one confirmed track may give: its best face, and others that look different."""


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """A face that may become a reference. vector: float32 (dim,), unit length. quality: 0 to 1."""

    vector: NDArray[np.float32]
    quality: float


@dataclass(frozen=True, slots=True)
class Choice:
    """taken: places among those offered. dropped: ids of references that are not worth their place any more."""

    taken: tuple[int, ...]
    dropped: tuple[int, ...]


def room_for(source: str) -> int:
    """How many references of this kind an identity may have."""
    return {TRACK: MAX_TRACKS, BOOTSTRAP: MAX_BOOTSTRAPS}.get(source, MAX_PICTURES)


def choose(
    source: str, offered: Sequence[Offered], held: Sequence[ReferenceRow], replaceable: frozenset[int] = frozenset()
) -> Choice:
    """Which of those offered become references of an identity that has `held`, and which of those they replace.

    Best quality first, those held before those offered where it is equal. One that shows the same picture as a better
    one is left out, and so is one for whose kind there is no room. replaceable: ids among held that may have to go;
    the others stay whatever comes. Of bootstraps none are taken where there are ENOUGH_REAL others. The same again
    changes nothing.
    """
    real = [row for row in held if row.source != BOOTSTRAP]
    if source == BOOTSTRAP and len(real) >= ENOUGH_REAL:
        return Choice((), tuple(row.id for row in held if row.source == BOOTSTRAP))
    rivals = held if source == BOOTSTRAP else real
    fixed = [row for row in rivals if row.id not in replaceable]
    kept = [row.vector for row in fixed]
    room = room_for(source) - sum(_kind(row.source) == _kind(source) for row in fixed)
    mine = [row for row in rivals if row.id in replaceable]
    contest = [
        *((-row.quality, 0, row.id, row.vector) for row in mine),
        *((-one.quality, 1, at, one.vector) for at, one in enumerate(offered)),
    ]
    taken, dropped = [], []
    for _, is_offered, number, vector in sorted(contest, key=lambda entry: entry[:3]):
        fits = room > 0 and not any(float(vector @ other) > SAME_PICTURE for other in kept)
        if fits:
            kept.append(vector)
            room -= 1
        if is_offered and fits:
            taken.append(number)
        elif not is_offered and not fits:
            dropped.append(number)
    return Choice(tuple(sorted(taken)), tuple(sorted(dropped)))


def outlived_bootstraps(held: Sequence[ReferenceRow]) -> tuple[int, ...]:
    """Ids of bootstraps that are not needed any more."""
    concluded = [row.id for row in held if row.source == BOOTSTRAP]
    return tuple(concluded) if len(held) - len(concluded) >= ENOUGH_REAL else ()


def _kind(source: str) -> str:
    return source if source in (TRACK, BOOTSTRAP) else "picture"
