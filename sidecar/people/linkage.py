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
    teams: NDArray[np.int64],
    apart: Iterable[tuple[int, int]],
    threshold: float,
    fixed: NDArray[np.bool_] | None = None,
    on_progress: OnProgress = lambda share: None,
    is_cancelled: IsCancelled = lambda: False,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which clusters are one, and which teams: two int64 (N,), the lowest row of its cluster and a team, per row.

    means: float32 (N, dim), the mean (not the direction) of the unit vectors of a cluster to begin with; sizes (N,):
    how many they are. names: uint32 (N,), any; they decide between pairs that are equally near, so that many equal
    vectors are joined in few rounds. threshold: the lowest mean cosine between the members of two clusters at which
    they are joined.
    teams: (N,), 0 to T - 1. Clusters of a team are certainly one, yet each is compared for itself: somebody who looks
    quite different at times attracts either look. Teams whose clusters are joined become one. apart: pairs of teams
    that never do, nor anything that holds them. fixed: bool (T,), teams that take others in but never become one with
    each other.
    Raises Cancelled. Deterministic for one order of rows.

    The mean cosine of all pairs between two clusters is the dot product of their means, so no pair needs to be kept.
    It never rises above the larger of what it was before a merge, nor does a cannot-link ever go away: average linkage
    is reducible (Bruynooghe 1977; Müllner 2011, "Modern hierarchical, agglomerative clustering algorithms", 2.3), so
    all mutual nearest neighbours may be joined at once, a nearest neighbour stays one until one of the two teams
    changes, and who has none above the threshold is done for good. The result is that of joining the nearest pair
    again and again.
    Time: O(N² dim) for the first look; then each round looks anew only for those who lost their neighbour, as a rule
    a few N² dim altogether. Memory: two copies of `means` and a block of cosines.
    """
    if not len(means):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    work = _Clusters(means, sizes, names, teams, apart, threshold, fixed, on_progress, is_cancelled)
    while work.step():
        pass
    return work.clusters(), work.teams()


class _Clusters:
    def __init__(
        self,
        means: Vectors,
        sizes: NDArray[np.int64],
        names: NDArray[np.uint32],
        teams: NDArray[np.int64],
        apart: Iterable[tuple[int, int]],
        threshold: float,
        fixed: NDArray[np.bool_] | None,
        on_progress: OnProgress,
        is_cancelled: IsCancelled,
    ) -> None:
        n, n_teams = len(means), int(teams.max()) + 1
        self._means = np.array(means, dtype=np.float32)
        self._sizes = np.array(sizes, dtype=np.float64)
        self._names = names
        self._threshold = np.float32(threshold)
        self._first_team, self._team = teams, teams.copy()
        self._team_parent = np.arange(n_teams)
        self._rows_of: list[set[int]] = [set() for _ in range(n_teams)]
        for row, team in enumerate(teams.tolist()):
            self._rows_of[team].add(row)
        self._fixed = np.zeros(n_teams, dtype=np.bool_) if fixed is None else fixed.copy()
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
        self._look()
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

    def clusters(self) -> NDArray[np.int64]:
        return _roots(self._parent)

    def teams(self) -> NDArray[np.int64]:
        return np.asarray(_roots(self._team_parent)[self._first_team])

    def _look(self) -> None:
        """Finds the nearest neighbour of all that are stale."""
        first = len(self._stale) == len(self._parent)
        rows_at_once = max(1, _BLOCK_COSINES // len(self._columns))
        gone = np.ones(len(self._columns), dtype=np.bool_)
        gone[self._position[self._active]] = False
        gone_columns = np.flatnonzero(gone)
        column_teams = self._team[self._columns]
        fixed_columns = np.flatnonzero(self._fixed[column_teams])
        for start in range(0, len(self._stale), rows_at_once):
            if self._is_cancelled():
                raise Cancelled
            rows = self._stale[start : start + rows_at_once]
            cosines = self._means[rows] @ self._column_means.T
            cosines[:, gone_columns] = -np.inf
            cosines[np.arange(len(rows)), self._position[rows]] = -np.inf
            for at, row in enumerate(rows.tolist()):
                team = self._team[row]
                if self._fixed[team]:
                    cosines[at, fixed_columns[column_teams[fixed_columns] != team]] = -np.inf
                others = [other for apart in self._apart.get(int(team), ()) for other in self._rows_of[apart]]
                if others:
                    cosines[at, self._position[others]] = -np.inf
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
            team = int(self._team[row])
            self._rows_of[team].discard(row)
            if not self._rows_of[team]:
                for other in self._apart.pop(team, ()):
                    self._apart[other].discard(team)

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
        touched = np.zeros(len(self._parent), dtype=np.bool_)
        for kept, gone in pairs:
            touched[[kept, gone]] = True
            team = self._join_teams(int(self._team[kept]), int(self._team[gone]))
            if team is None:  # a pair that was joined just before keeps them apart
                continue
            both = self._sizes[kept] + self._sizes[gone]
            share = np.float32(self._sizes[kept] / both)
            self._means[kept] = share * self._means[kept] + (np.float32(1) - share) * self._means[gone]
            self._sizes[kept] = both
            self._parent[gone] = kept
            self._column_means[self._position[kept]] = self._means[kept]
            self._rows_of[team].discard(gone)
            touched[list(self._rows_of[team])] = True
        self._active = self._active[self._parent[self._active] == self._active]
        self._stale = self._active[touched[self._nearest[self._active]] | touched[self._active]]

    def _join_teams(self, kept: int, gone: int) -> int | None:
        """The team that both are now, or None where they must not be one."""
        if kept == gone:
            return kept
        if gone in self._apart.get(kept, ()) or (self._fixed[kept] and self._fixed[gone]):
            return None
        for other in self._apart.pop(gone, ()):
            self._apart[other].discard(gone)
            self._apart[other].add(kept)
            self._apart.setdefault(kept, set()).add(other)
        self._fixed[kept] |= self._fixed[gone]
        self._team_parent[gone] = kept
        self._team[list(self._rows_of[gone])] = kept
        self._rows_of[kept] |= self._rows_of[gone]
        self._rows_of[gone] = set()
        return kept

    def _tell(self, share: float) -> None:
        self._told = max(self._told, share)
        self._on_progress(self._told)


def _roots(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    while not np.array_equal(parent, parent[parent]):
        parent = parent[parent]
    return np.asarray(parent, dtype=np.int64)


def _lots(name: np.uint32, names: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A number for each pair that depends on both names alike (the finaliser of MurmurHash3)."""
    mixed = np.asarray(name ^ names, dtype=np.uint32)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed
