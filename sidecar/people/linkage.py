"""Average-linkage clustering of unit vectors under cannot-links, without ever holding all pairs in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from sidecar.values import Cancelled, IsCancelled, Vectors

OnProgress = Callable[[float], None]
"""Is told how much is done, 0 to 1, never less than before."""

_BLOCK_COSINES = 2_000_000
"""Cosines that are held at one time: 8 MB, and well under 100 ms of work on one core at 512 dimensions."""

_SAME_COSINE = np.float32(2e-6)
"""Cosines nearer to each other than this are equal: sums in float32 are not exact to more."""

_AS_NEAR = np.float32(0.02)
"""A cluster takes in all those whose nearest it is and that are at most this much less near than its own nearest.
Joining one at a time, a person with thousands of tracks would cost as many rounds."""

_BAND = np.float32(0.04)
"""Who lost their nearest is looked at again once no others that might be nearer than this are left: until then most of
what they might be near to has become one."""


def average_linkage(
    means: Vectors,
    sizes: NDArray[np.int64],
    teams: NDArray[np.int64],
    apart: Iterable[tuple[int, int]],
    threshold: float,
    fixed: NDArray[np.bool_] | None = None,
    on_progress: OnProgress = lambda share: None,
    is_cancelled: IsCancelled = lambda: False,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which clusters are one, and which teams: two int64 (N,), the same number for the same cluster, and team.

    means: float32 (N, dim), the mean (not the direction) of the unit vectors of a cluster to begin with; sizes (N,):
    how many they are. threshold: the lowest mean cosine between the members of two clusters at which they are joined.
    teams: (N,), 0 to T - 1. Clusters of a team are certainly one, yet each is compared for itself: somebody who looks
    quite different at times attracts either look. Teams whose clusters are joined become one. apart: pairs of teams
    that never do, nor anything that holds them. fixed: bool (T,), teams that take others in but never become one with
    each other.
    Raises Cancelled. Deterministic for one order of rows.

    The mean cosine of all pairs between two clusters is the dot product of their means, so no pair needs to be kept.
    It never rises above the larger of what it was before a merge, nor does a cannot-link ever go away: average linkage
    is reducible (Bruynooghe 1977; Müllner 2011, "Modern hierarchical, agglomerative clustering algorithms", 2.3). So
    pairs that are each other's nearest may be joined in any order, what was second to the nearest bounds all others for
    good, and who has nothing above the threshold is done. The result is that of joining the nearest pair again and
    again, but that a cluster also takes in who is nearly as near (_AS_NEAR) and nearer to it than to anything else.
    Time: O(N² dim) for the first look; each round then looks at clusters that changed, and at who lost their nearest,
    as a rule a few N² dim altogether. Memory: two copies of `means` and a block of cosines.
    """
    if not len(means):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    work = _Clusters(means, sizes, teams, apart, threshold, fixed, on_progress, is_cancelled)
    while work.step():
        pass
    return work.clusters(), work.teams()


class _Clusters:
    def __init__(
        self,
        means: Vectors,
        sizes: NDArray[np.int64],
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
        # Of each row: its nearest and how near that is, where `known`; else how near it can be at most. And how near
        # all but the nearest can be at most.
        self._nearest = np.arange(n)
        self._cosine = np.full(n, np.inf, dtype=np.float32)
        self._second = np.full(n, np.inf, dtype=np.float32)
        self._known = np.zeros(n, dtype=np.bool_)
        self._active = np.arange(n)
        self._on_progress, self._is_cancelled = on_progress, is_cancelled
        # Columns are looked at in a copy without gaps, made anew once a fifth of it is gone.
        self._columns = self._active
        self._column_means = self._means
        self._position = np.arange(n)

    def step(self) -> bool:
        """One round; whether another one is needed."""
        bounds = np.where(self._known, -np.inf, self._cosine)[self._active]
        wanted = (bounds >= self._cosine[self._active].max() - _BAND) & ~self._known[self._active]
        self._look(self._active[wanted], changed=False)
        near = self._cosine[self._active] >= self._threshold
        self._leave(self._active[~near])
        self._active = self._active[near]
        if not len(self._active):
            self._on_progress(1.0)
            return False
        if len(self._active) < 0.8 * len(self._columns):
            self._columns = self._active
            self._column_means = self._means[self._columns]
            self._position[self._columns] = np.arange(len(self._columns))
        self._look(self._join(), changed=True)
        return True

    def clusters(self) -> NDArray[np.int64]:
        return _roots(self._parent)

    def teams(self) -> NDArray[np.int64]:
        return np.asarray(_roots(self._team_parent)[self._first_team], dtype=np.int64)

    def _look(self, rows: NDArray[np.int64], changed: bool) -> None:
        """Finds the nearest of these rows; where they have changed, others whose nearest they are learn of it."""
        first = len(rows) == len(self._parent)
        gone = np.ones(len(self._columns), dtype=np.bool_)
        gone[self._position[self._active]] = False
        gone_columns = np.flatnonzero(gone)
        at_once = max(1, _BLOCK_COSINES // len(self._columns))
        for start in range(0, len(rows), at_once):
            if self._is_cancelled():
                raise Cancelled
            block = rows[start : start + at_once]
            cosines = self._means[block] @ self._column_means.T
            cosines[:, gone_columns] = -np.inf
            self._part(cosines, block)
            if changed:
                self._tell(cosines, block)
            at, columns = np.arange(len(block)), cosines.argmax(axis=1)
            self._nearest[block], self._cosine[block] = self._columns[columns], cosines[at, columns]
            cosines[at, columns] = -np.inf
            self._second[block] = cosines.max(axis=1)
            self._known[block] = True
            if first:
                self._on_progress(0.5 * (start + len(block)) / len(rows))
        if not first:
            self._on_progress(1.0 - 0.5 * len(self._active) / len(self._parent))

    def _part(self, cosines: NDArray[np.float32], rows: NDArray[np.int64]) -> None:
        """Makes -inf of the cosines to itself and to whatever a row must not be joined with."""
        cosines[np.arange(len(rows)), self._position[rows]] = -np.inf
        column_teams = self._team[self._columns]
        fixed_columns = np.flatnonzero(self._fixed[column_teams])
        for at, row in enumerate(rows.tolist()):
            team = int(self._team[row])
            if self._fixed[team]:
                cosines[at, fixed_columns[column_teams[fixed_columns] != team]] = -np.inf
            others = [other for apart in self._apart.get(team, ()) for other in self._rows_of[apart]]
            if others:
                cosines[at, self._position[others]] = -np.inf

    def _tell(self, cosines: NDArray[np.float32], rows: NDArray[np.int64]) -> None:
        """Tells rows whose nearest changed how near it is; it may no longer be their nearest then."""
        place = np.full(len(self._parent), -1)
        place[rows] = np.arange(len(rows))
        told = self._active[self._known[self._active] & (place[self._nearest[self._active]] >= 0)]
        now = cosines[place[self._nearest[told]], self._position[told]]
        self._known[told] = now >= self._second[told] - _SAME_COSINE
        self._cosine[told] = np.maximum(now, self._second[told])

    def _leave(self, rows: NDArray[np.int64]) -> None:
        """Who is done is nobody's neighbour, so nobody needs to be kept from them."""
        for row in rows.tolist():
            team = int(self._team[row])
            self._rows_of[team].discard(row)
            if not self._rows_of[team]:
                for other in self._apart.pop(team, ()):
                    self._apart[other].discard(team)

    def _join(self) -> NDArray[np.int64]:
        """Joins who is near; the rows that have changed."""
        rows = self._active[self._known[self._active]]
        near = self._nearest[rows]
        rows = rows[self._known[near] & (self._cosine[rows] >= self._cosine[near] - _AS_NEAR)]
        rows = rows[np.argsort(-self._cosine[rows], kind="stable")]
        changed = np.zeros(len(self._parent), dtype=np.bool_)
        for gone, nearest in zip(rows.tolist(), self._nearest[rows].tolist(), strict=True):
            kept = nearest
            while self._parent[kept] != kept:
                kept = int(self._parent[kept])
            # Who took others in is no longer who was looked at; who is near to such a one may still be nearest to it.
            if changed[gone]:
                continue
            bound = max(self._threshold, self._second[gone] - _SAME_COSINE)
            if changed[kept] and float(self._means[gone] @ self._means[kept]) < bound:
                continue
            team = self._join_teams(int(self._team[kept]), int(self._team[gone]))
            changed[[kept, gone]] = True
            if team is None:
                continue
            both = self._sizes[kept] + self._sizes[gone]
            # In this form the mean of equal vectors is exactly that vector.
            self._means[kept] += np.float32(self._sizes[gone] / both) * (self._means[gone] - self._means[kept])
            self._sizes[kept] = both
            self._parent[gone] = kept
            self._column_means[self._position[kept]] = self._means[kept]
            self._rows_of[team].discard(gone)
            if len(self._rows_of[team]) > 1:
                changed[list(self._rows_of[team])] = True
        self._active = self._active[self._parent[self._active] == self._active]
        self._nearest[self._active] = _roots(self._parent)[self._nearest[self._active]]
        return np.asarray(self._active[changed[self._active]])

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


def _roots(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    while not np.array_equal(parent, parent[parent]):
        parent = parent[parent]
    return parent
