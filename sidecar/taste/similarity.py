"""Which scenes are most alike: exact cosines of all pairs, in blocks, so that no library is too large for memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sidecar.values import Cancelled, IsCancelled, Vectors

BLOCK_BYTES = 32 << 20
"""Of cosines at a time and thread."""

Places = NDArray[np.intp]


class Neighbours(NamedTuple):
    """Of one row: others, best first (equal ones by place), and their cosines, all above 0."""

    places: Places
    scores: NDArray[np.float32]


class Nearest(NamedTuple):
    """Of each row, per centre (N, K): place and cosine of the nearest watched scene; -1 and 0 where there is none."""

    places: Places
    scores: NDArray[np.float32]


def neighbours(
    scenes: Vectors, most: int, threads: int, is_cancelled: IsCancelled = lambda: False
) -> Iterator[Sequence[Neighbours]]:
    """For each row of scenes (N, dim) the `most` rows that are most alike, itself excluded, a block of rows at a time.

    Memory: BLOCK_BYTES twice for each thread. Raises Cancelled between blocks.
    """
    rows = max(1, BLOCK_BYTES // (4 * max(1, len(scenes))))
    starts = iter(range(0, len(scenes), rows))
    with ThreadPoolExecutor(max(1, threads), "neighbours") as pool:
        while wave := list(islice(starts, max(1, threads))):
            if is_cancelled():
                raise Cancelled
            yield from pool.map(lambda start: _block(scenes, start, min(start + rows, len(scenes)), most), wave)


def _block(scenes: Vectors, start: int, end: int, most: int) -> list[Neighbours]:
    cosines = scenes[start:end] @ scenes.T
    own = np.arange(start, end)
    cosines[own - start, own] = -np.inf
    most = min(most, len(scenes) - 1)
    if most < 1:
        return [Neighbours(np.zeros(0, np.intp), np.zeros(0, np.float32)) for _ in own]
    best = np.argpartition(cosines, len(scenes) - most, axis=1)[:, len(scenes) - most :]
    found = []
    for row, places in zip(cosines, best, strict=True):
        ordered = places[np.lexsort((places, -row[places]))]
        scores = row[ordered]
        kept = int((scores > 0).sum())
        found.append(Neighbours(ordered[:kept], scores[:kept]))
    return found


def nearest_watched(
    scenes: Vectors, watched: Vectors, place: Places, centre: Places, k: int, is_cancelled: IsCancelled = lambda: False
) -> Nearest:
    """For each row of scenes (N, dim) and each of k centres, the watched scene that is most like it, itself excluded.

    watched: (M, dim), what of a scene belongs to a centre. place, centre: (M,), which scene and which centre that is.
    Raises Cancelled between blocks.
    """
    found = Nearest(np.full((len(scenes), k), -1, np.intp), np.zeros((len(scenes), k), np.float32))
    columns = [np.flatnonzero(centre == number) for number in range(k)]
    rows = max(1, BLOCK_BYTES // (4 * max(1, len(watched))))
    for start in range(0, len(scenes), rows):
        if is_cancelled():
            raise Cancelled
        part = slice(start, min(start + rows, len(scenes)))
        cosines = scenes[part] @ watched.T
        own = np.flatnonzero((place >= part.start) & (place < part.stop))
        cosines[place[own] - start, own] = -np.inf
        for number, at in enumerate(columns):
            if not len(at):
                continue
            best = cosines[:, at].argmax(axis=1)
            scores = cosines[np.arange(len(best)), at[best]]
            known = np.isfinite(scores)
            found.places[part, number] = np.where(known, place[at[best]], -1)
            found.scores[part, number] = np.where(known, scores, 0.0)
    return found
