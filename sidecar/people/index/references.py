"""All references that are alive at one moment, as one list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sidecar.halves import widen
from sidecar.people.index.segments import Halves, Ids, Rows, Segment
from sidecar.values import Vectors


class References:
    """The live rows of two segments in ascending order of their ids. Stays as it is while the index moves on.

    ids, identities: int64 (N,). dim: of a vector.
    """

    def __init__(self, base: Segment, delta: Segment) -> None:
        self._base, self._delta = base, delta
        rows = np.concatenate([np.flatnonzero(base.alive), len(base) + np.flatnonzero(delta.alive)])
        ids = np.concatenate([base.ids[base.alive], delta.ids[delta.alive]])
        order = np.argsort(ids, kind="stable")
        self._rows: Rows = rows[order]
        self.ids: Ids = ids[order]
        identities = (base.identities.of_row[base.alive], delta.identities.of_row[delta.alive])
        self.identities: Ids = np.concatenate(identities)[order]
        self.dim = base.vectors.shape[1]

    def __len__(self) -> int:
        return len(self.ids)

    def halves(self, rows: Rows) -> Halves:
        """float16 (n, dim) of these positions."""
        places = self._rows[rows]
        in_base = places < len(self._base)
        found = np.empty((len(places), self.dim), np.float16)
        found[in_base] = self._base.vectors[places[in_base]]
        found[~in_base] = self._delta.vectors[places[~in_base] - len(self._base)]
        return found

    def vectors(self, rows: Rows) -> Vectors:
        """float32 (n, dim) of these positions."""
        halves = self.halves(rows)
        wide = np.empty(halves.shape, np.float32)
        widen(halves, wide)
        return wide

    def blocks(self, size: int = 4096) -> Iterator[Halves]:
        """All vectors, so many at a time."""
        for start in range(0, len(self), size):
            yield self.halves(np.arange(start, min(start + size, len(self))))
