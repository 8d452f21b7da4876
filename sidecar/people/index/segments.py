"""Rows of references that never change once they are published: what a search reads while others write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.halves import widen
from sidecar.values import Vectors

Ids: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = NDArray[np.int64]
"""Positions within a segment."""
Halves: TypeAlias = NDArray[np.float16]
"""float16 (N, dim): unit vectors as they are stored."""

BLOCK_BYTES = 1 << 19
"""Of float32 rows at a time, so that they stay in the second-level cache between widening and multiplying."""


@dataclass(frozen=True, eq=False)
class Identities:
    """Whose each row is. of_row: int64 (N,)."""

    of_row: Ids

    @cached_property
    def _order(self) -> tuple[Rows, Ids]:
        order = np.argsort(self.of_row, kind="stable")
        return order, self.of_row[order]

    def rows(self, identity: int) -> Rows:
        """The rows of one identity, ascending, removed ones included."""
        order, ordered = self._order
        return order[np.searchsorted(ordered, identity) : np.searchsorted(ordered, identity, "right")]


@dataclass(frozen=True, eq=False)
class Segment:
    """N references. ids: int64 (N,). alive: bool (N,), False where a reference was removed (a tombstone)."""

    ids: Ids
    identities: Identities
    vectors: Halves
    alive: NDArray[np.bool_]
    live: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "live", int(np.count_nonzero(self.alive)))

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def empty(cls, dim: int) -> Segment:
        """No references."""
        return cls.of(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, dim), np.float16))

    @classmethod
    def of(cls, ids: Ids, identities: Ids, vectors: Halves) -> Segment:
        """All alive."""
        return cls(ids, Identities(identities), vectors, np.ones(len(ids), np.bool_))

    def without(self, rows: Rows) -> Segment:
        """The same with these rows removed."""
        alive = self.alive.copy()
        alive[rows] = False
        return replace(self, alive=alive)

    def with_rows(self, rows: Rows) -> Segment:
        """The same with these rows back."""
        alive = self.alive.copy()
        alive[rows] = True
        return replace(self, alive=alive)

    def named(self, rows: Rows, identities: Ids) -> Segment:
        """The same with these rows being of other identities."""
        if np.array_equal(self.identities.of_row[rows], identities):
            return self
        of_row = self.identities.of_row.copy()
        of_row[rows] = identities
        return replace(self, identities=Identities(of_row))

    def rows_of(self, identity: int) -> Rows:
        """The rows of one identity that are alive, ascending."""
        rows = self.identities.rows(identity)
        return rows[self.alive[rows]]

    def read(self, rows: Rows) -> Vectors:
        """These rows as float32 (n, dim)."""
        halves = np.ascontiguousarray(self.vectors[rows])
        wide = np.empty(halves.shape, np.float32)
        widen(halves, wide)
        return wide

    def score(self, queries: Vectors, scores: NDArray[np.float32]) -> None:
        """Write dot products with every row into scores (Q, N), -inf where it was removed. queries: (Q, dim)."""
        dim = queries.shape[1]
        block = np.empty((max(64, BLOCK_BYTES // (4 * dim)), dim), np.float32)
        for start in range(0, len(self), len(block)):
            halves = np.ascontiguousarray(self.vectors[start : start + len(block)])
            rows = block[: len(halves)]
            widen(halves, rows)
            np.matmul(queries, rows.T, out=scores[:, start : start + len(halves)])
        if self.live < len(self):
            scores[:, ~self.alive] = -np.inf
