"""Average-linkage clustering of unit vectors under cannot-links, without ever holding all pairs in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sidecar.values import Cancelled, IsCancelled, Vectors

OnProgress = Callable[[float], None]
"""Is told how much is done, 0 to 1, never less than before."""

_BLOCK_COSINES = 2_000_000
"""Cosines that are held at one time: 8 MB, and well under 100 ms of work on one core at 512 dimensions."""

_SAME_COSINE = np.float32(2e-6)
"""Cosines nearer to each other than this are equal: sums in float32 are not exact to more."""


def average_linkage(
    means: Vectors,
    sizes: NDArray[np.int64],
    names: NDArray[np.uint32],
    apart: Iterable[tuple[int, int]],
    threshold: float,
    fixed: NDArray[np.bool_] | None = None,
    on_progress: OnProgress = lambda share: None,
    is_cancelled: IsCancelled = lambda: False,
) -> NDArray[np.int64]:
    """Which clusters are one, int64 (N,): the row of a representative, the lowest of its cluster.

    means: float32 (N, dim), the mean (not the direction) of the unit vectors of a cluster to begin with; sizes (N,):
    how many they are. names: uint32 (N,), any; they decide between pairs that are equally near, so that many equal
    vectors are joined in few rounds. apart: pairs of rows that are never joined, nor anything that holds them.
    threshold: the lowest mean cosine between the members of two clusters at which they are joined. fixed: bool (N,),
    clusters that take others in but are not joined with one another.
    Raises Cancelled. Deterministic for one order of rows.

    The mean cosine of all pairs between two clusters is the dot product of their means, so no pair needs to be kept.
    It never rises above the larger of what it was before a merge, nor does a cannot-link ever go away: average linkage
    is reducible (Bruynooghe 1977; Müllner 2011, "Modern hierarchical, agglomerative clustering algorithms", 2.3), so
    all mutual nearest neighbours may be joined at once, a nearest neighbour stays one until it is joined itself, and
    who has none above the threshold is done for good. The result is that of joining the nearest pair again and again.
    Time: O(N² dim) for the first look; then each round looks anew only for those who lost their neighbour, as a rule
    a few N² dim altogether. Memory: two copies of `means` and a block of cosines.
    """
    work = _Clusters(means, sizes, names, apart, threshold, fixed, on_progress, is_cancelled)
    while work.step():
        pass
    return work.labels()


class _Clusters:
    def __init__(
        self,
        means: Vectors,
        sizes: NDArray[np.int64],
        names: NDArray[np.uint32],
        apart: Iterable[tuple[int, int]],
        threshold: float,
        fixed: NDArray[np.bool_] | None,
        on_progress: OnProgress,
        is_cancelled: IsCancelled,
    ) -> None:
        n = len(means)
        self._means = np.array(means, dtype=np.float32)
        self._sizes = np.array(sizes, dtype=np.float64)
        self._names = names
        self._threshold = np.float32(threshold)
        self._fixed = np.zeros(n, dtype=np.bool_) if fixed is None else fixed.copy()
        self._apart: dict[int, set[int]] = {}
        for one, other in apart:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)
        self._parent = np.arange(n)
        self._nearest = np.full(n, -1)
        self._cosine = np.full(n, -np.inf, dtype=np.float32)
        self._active = np.arange(n)
        self._stale = np.arange(n)
        self._on_progress, self._is_cancelled = on_progress, is_cancelled
        self._told = 0.0
        # Columns are looked at in a copy without gaps, made anew once a fifth of it is gone.
        self._columns = self._active
        self._column_means = self._means
        self._position = np.arange(n)

    def step(self) -> bool:
        """One round; whether another one is needed."""
        first = len(self._active) == len(self._parent)
        self._look(first)
        near = self._cosine[self._active] >= self._threshold
        self._leave(self._active[~near])
        self._active = self._active[near]
        if not len(self._active):
            self._tell(1.0)
            return False
        if len(self._active) < 0.8 * len(self._columns):
            self._columns = self._active
            self._column_means = self._means[self._columns]
            self._position[self._columns] = np.arange(len(self._columns))
        self._join(self._pairs())
        return True

    def labels(self) -> NDArray[np.int64]:
        labels = self._parent
        while not np.array_equal(labels, labels[labels]):
            labels = labels[labels]
        return np.asarray(labels, dtype=np.int64)

    def _look(self, first: bool) -> None:
        """Finds the nearest neighbour of all that are stale."""
        rows_at_once = max(1, _BLOCK_COSINES // len(self._columns))
        gone = np.ones(len(self._columns), dtype=np.bool_)
        gone[self._position[self._active]] = False
        gone_columns = np.flatnonzero(gone)
        fixed_columns = np.flatnonzero(self._fixed[self._columns])
        for start in range(0, len(self._stale), rows_at_once):
            if self._is_cancelled():
                raise Cancelled
            rows = self._stale[start : start + rows_at_once]
            cosines = self._means[rows] @ self._column_means.T
            cosines[:, gone_columns] = -np.inf
            cosines[np.arange(len(rows)), self._position[rows]] = -np.inf
            if len(fixed_columns):
                cosines[np.ix_(self._fixed[rows], fixed_columns)] = -np.inf
            self._part(cosines, rows)
            best = cosines.max(axis=1)
            columns = cosines.argmax(axis=1)
            equal = cosines >= (best - _SAME_COSINE)[:, None]
            several = (np.count_nonzero(equal, axis=1) > 1) & (best >= self._threshold)
            for at in np.flatnonzero(several):
                candidates = np.flatnonzero(equal[at])
                columns[at] = candidates[_lots(self._names[rows[at]], self._names[self._columns[candidates]]).argmax()]
            self._cosine[rows], self._nearest[rows] = best, self._columns[columns]
            if first:
                self._tell(0.5 * (start + len(rows)) / len(self._stale))
        if not first:
            self._tell(1.0 - 0.5 * len(self._active) / len(self._parent))

    def _leave(self, rows: NDArray[np.int64]) -> None:
        """Who is done is nobody's neighbour, so nobody needs to be kept from them."""
        for row in rows.tolist():
            for other in self._apart.pop(row, ()):
                self._apart[other].discard(row)

    def _part(self, cosines: NDArray[np.float32], rows: NDArray[np.int64]) -> None:
        """Cosines of pairs that must stay apart become -inf."""
        for at, row in enumerate(rows.tolist()):
            others = self._apart.get(row)
            if others:
                there = self._position[np.fromiter(others, dtype=np.int64, count=len(others))]
                cosines[at, there] = -np.inf

    def _pairs(self) -> list[tuple[int, int]]:
        """Mutual nearest neighbours; the nearest pair of all where rounding leaves none."""
        ones = self._active
        others = self._nearest[ones]
        mutual = (self._nearest[others] == ones) & (ones < others)
        if mutual.any():
            return list(zip(ones[mutual].tolist(), others[mutual].tolist(), strict=True))
        one = int(ones[self._cosine[ones].argmax()])
        return [(min(one, int(self._nearest[one])), max(one, int(self._nearest[one])))]

    def _join(self, pairs: Sequence[tuple[int, int]]) -> None:
        for kept, gone in pairs:
            both = self._sizes[kept] + self._sizes[gone]
            share = np.float32(self._sizes[kept] / both)
            self._means[kept] = share * self._means[kept] + (np.float32(1) - share) * self._means[gone]
            self._sizes[kept] = both
            self._fixed[kept] |= self._fixed[gone]
            self._parent[gone] = kept
            self._column_means[self._position[kept]] = self._means[kept]
            for other in self._apart.pop(gone, ()):
                self._apart[other].discard(gone)
                self._apart[other].add(kept)
                self._apart.setdefault(kept, set()).add(other)
        kept_rows = np.array([kept for kept, _ in pairs])
        touched = np.zeros(len(self._parent), dtype=np.bool_)
        touched[kept_rows] = True
        touched[[gone for _, gone in pairs]] = True
        self._active = self._active[self._parent[self._active] == self._active]
        lost = touched[self._nearest[self._active]] | touched[self._active]
        self._stale = self._active[lost]

    def _tell(self, share: float) -> None:
        self._told = max(self._told, share)
        self._on_progress(self._told)


def _lots(name: np.uint32, names: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A number for each pair that depends on both names alike (the finaliser of MurmurHash3)."""
    mixed = np.asarray(name ^ names, dtype=np.uint32)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed
