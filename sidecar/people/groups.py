"""Groups of unknown people over the whole library: new tracks find their place, or all of them are grouped anew."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceRules
from sidecar.people.constraints import Apart, conflict, first_fit, kept_apart, kept_together
from sidecar.people.linkage import OnProgress, average_linkage
from sidecar.people.unknown import Decision, Group, GroupTrack, Merge, Split
from sidecar.values import Cancelled, IsCancelled, Vectors

__all__ = ["Decision", "Group", "GroupTrack", "Merge", "Split", "assign", "conflict", "new_group_id", "regroup"]

FOUNDING_VIEWS = 2
"""Good faces that a group needs to come into being, in one track or in several that agree: one lucky frame is nobody,
the same face in two images is somebody. What the owner put together by hand is a group whatever it has."""

_BLOCK_COSINES = 4_000_000


def new_group_id() -> str:
    """16 hex digits."""
    return uuid.uuid4().hex[:16]


def assign(
    tracks: Sequence[GroupTrack],
    groups: Sequence[Group],
    decisions: Sequence[Decision],
    rules: FaceRules,
    new_id: Callable[[], str] = new_group_id,
) -> tuple[Group, ...]:
    """All groups, sorted by id, after every track that is in none has been offered a place.

    tracks: all unnamed ones, in any order; those that are in no group are the new ones, and those left over earlier.
    decisions: the owner's, oldest first. A new track joins the group whose tracks it is most like on average
    (rules.same_group at least; only good tracks are looked at), unless it must be apart from one of them. New good
    tracks that are like one another found a group, see FOUNDING_VIEWS; poor ones only join. Groups keep their ids and
    tracks and are never joined with each other; tracks that are no longer there leave them, and so do those that turn
    out to be on screen together with better ones of their group. Empty groups go.
    Time: O(new x (groups + new) x dim) besides one pass over all centroids.
    """
    pool = _Pool(tracks, decisions)
    start = []
    for group in groups:
        here = [pool.tracks[track_id] for track_id in group.track_ids if track_id in pool.tracks]
        best_first = sorted(here, key=lambda track: (not track.good, -track.views, track.id))
        start.append(first_fit((track.id for track in best_first), pool.apart))
    kept = [(group, ids) for group, ids in zip(groups, start, strict=True) if ids]
    seeds = kept_together([ids for _, ids in kept], pool.tracks, decisions, pool.apart)
    found = pool.grouped(seeds, len(kept), rules, lambda share: None, lambda: False)
    old = [Group(group.id, ids, group.ignored) for (group, _), ids in zip(kept, found, strict=False)]
    new = [Group(new_id(), ids) for ids in found[len(kept) :]]
    return tuple(sorted(old + new, key=lambda group: group.id))


def regroup(
    tracks: Sequence[GroupTrack],
    earlier: Sequence[Group],
    decisions: Sequence[Decision],
    rules: FaceRules,
    new_id: Callable[[], str] = new_group_id,
    on_progress: OnProgress = lambda share: None,
    is_cancelled: IsCancelled = lambda: False,
) -> tuple[Group, ...]:
    """All groups, sorted by id, made anew from all tracks, whatever groups there were.

    tracks: all unnamed ones; their order does not matter. decisions: the owner's, oldest first. Good tracks are joined
    by average linkage down to rules.same_group, poor ones then join the nearest group. Tracks on screen together, and
    split ones, never share a group; merged ones do unless they must be apart.
    A group takes over the id of the earlier group that it shares most tracks with; each id goes to one group, and where
    several claim it, to the one that shares most with it. Ignored is a group that has at least half of its known tracks
    from ignored ones.
    Raises Cancelled. Time: a few N² dim, see average_linkage; memory: about four copies of the centroids. Measured with
    20 000 tracks of 512 dimensions: 4 000 people 11 s of processor time, 40 people 19 s, all one person 36 s, with a
    peak of 120 to 250 MB above the tracks themselves. For now and then, not per medium: that is what assign is for.
    """
    pool = _Pool(tracks, decisions)
    seeds = kept_together([], pool.tracks, decisions, pool.apart)
    found = pool.grouped(seeds, 0, rules, on_progress, is_cancelled)
    group_of = {track_id: group for group in earlier for track_id in group.track_ids}
    ids = _kept_ids(found, group_of)
    groups = []
    for at, track_ids in enumerate(found):
        flags = [group_of[track_id].ignored for track_id in track_ids if track_id in group_of]
        ignored = any(flags) and 2 * sum(flags) >= len(flags)
        groups.append(Group(ids[at] if at in ids else new_id(), track_ids, ignored))
    return tuple(sorted(groups, key=lambda group: group.id))


def likeness(centroids: Vectors) -> NDArray[np.float32]:
    """How much each track of a group is like the rest of it: float32 (N,), mean cosine; 1 for the only one.

    centroids: float32 (N, dim), unit rows.
    """
    if len(centroids) == 1:
        return np.ones(1, dtype=np.float32)
    to_all = centroids @ centroids.sum(axis=0)
    own = np.einsum("nd,nd->n", centroids, centroids)
    return np.asarray((to_all - own) / (len(centroids) - 1), dtype=np.float32)


def _kept_ids(found: Sequence[Sequence[str]], group_of: Mapping[str, Group]) -> dict[int, str]:
    """Index of a group -> the earlier id that it takes over."""
    overlaps: Counter[tuple[int, str]] = Counter()
    for at, track_ids in enumerate(found):
        overlaps.update((at, group_of[track_id].id) for track_id in track_ids if track_id in group_of)
    ids: dict[int, str] = {}
    used: set[str] = set()
    for (at, group_id), _ in sorted(overlaps.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
        if at not in ids and group_id not in used:
            ids[at] = group_id
            used.add(group_id)
    return ids


class _Pool:
    """All unnamed tracks by id, in order of id, and who must be apart."""

    def __init__(self, tracks: Sequence[GroupTrack], decisions: Sequence[Decision]) -> None:
        self.tracks = {track.id: track for track in sorted(tracks, key=lambda track: track.id)}
        self.apart: Apart = kept_apart(self.tracks.values(), decisions)
        self._merged = [decision.own_track_ids for decision in decisions if isinstance(decision, Merge)]

    def grouped(
        self,
        seeds: Sequence[Sequence[str]],
        given: int,
        rules: FaceRules,
        on_progress: OnProgress,
        is_cancelled: IsCancelled,
    ) -> list[tuple[str, ...]]:
        """Sorted track ids of every group: the first `given` in order of the seeds, then by lowest id.

        seeds: disjoint sets that stay together, of which the first `given` are not joined with one another.
        """
        seeded = {track_id for seed in seeds for track_id in seed}
        teams = [list(seed) for seed in seeds]
        teams += [[track.id] for track in self.tracks.values() if track.good and track.id not in seeded]
        rows = [self._compared(team, at < given) for at, team in enumerate(teams)]
        clusters, joined = self._joined(teams, rows, given, rules.same_group, on_progress, is_cancelled)
        members: dict[int, list[str]] = {}
        for team, label in zip(teams, joined.tolist(), strict=True):
            members.setdefault(label, []).extend(team)
        by_hand = set(joined[: len(seeds)].tolist())
        groups = {label: ids for label, ids in members.items() if label in by_hand or self._may_found(ids)}
        placed = {track_id for ids in groups.values() for track_id in ids}
        poor = [track for track in self.tracks.values() if not track.good and track.id not in placed]
        looks = [(label, cluster) for label, cluster in clusters if label in groups]
        self._join_poor(poor, groups, looks, rules.same_group, is_cancelled)
        first = [groups.pop(label) for label in joined[:given].tolist()]
        return [tuple(sorted(ids)) for ids in first] + sorted(tuple(sorted(ids)) for ids in groups.values())

    def _may_found(self, track_ids: Iterable[str]) -> bool:
        return sum(self.tracks[track_id].views for track_id in track_ids) >= FOUNDING_VIEWS

    def _compared(self, team: Sequence[str], given: bool) -> list[list[str]]:
        """The tracks of a team that others are compared with, those together that are looked at as one.

        What the owner put together may look like two people: each look is found anew and attracts for itself.
        """
        good = [track_id for track_id in team if self.tracks[track_id].good] or list(team)
        by_hand = not given or any(len(merged.intersection(good)) > 1 for merged in self._merged)
        return [[track_id] for track_id in good] if by_hand else [good]

    def _joined(
        self,
        teams: Sequence[Sequence[str]],
        rows: Sequence[Sequence[Sequence[str]]],
        given: int,
        threshold: float,
        on_progress: OnProgress,
        is_cancelled: IsCancelled,
    ) -> tuple[list[tuple[int, list[str]]], NDArray[np.int64]]:
        """Clusters, each as (label, track ids), and the label of each team: the lowest index of a team that it is."""
        flat = [ids for its_rows in rows for ids in its_rows]
        team_of = np.repeat(np.arange(len(teams)), [len(its_rows) for its_rows in rows])
        means, sizes = self._means(flat)
        taking = np.ones(len(teams), dtype=np.bool_)
        if given:
            old = team_of < given
            near = _any_near(means[~old], means[old], threshold)
            taking[:given] = np.bincount(team_of[old], near, given) > 0
        at = np.flatnonzero(taking[team_of])
        compact = np.cumsum(taking) - 1
        place = {track_id: int(compact[team]) for team in np.flatnonzero(taking) for track_id in teams[team]}
        cluster, label = average_linkage(
            means[at],
            sizes[at],
            compact[team_of[at]],
            self._pairs_apart(place),
            threshold,
            np.flatnonzero(taking) < given,
            on_progress,
            is_cancelled,
        )
        cluster_of, joined = np.arange(len(flat)), np.arange(len(teams))
        cluster_of[at] = at[cluster]
        lowest = np.full(len(teams), len(teams))
        np.minimum.at(lowest, label, team_of[at])
        joined[team_of[at]] = lowest[label]
        members: dict[int, list[str]] = {}
        for ids, row in zip(flat, cluster_of.tolist(), strict=True):
            members.setdefault(row, []).extend(ids)
        return [(int(joined[team_of[row]]), ids) for row, ids in members.items()], joined

    def _pairs_apart(self, place: Mapping[str, int]) -> set[tuple[int, int]]:
        return {
            (place[track_id], place[other])
            for track_id, others in self.apart.items()
            if track_id in place
            for other in others
            if other in place and place[track_id] < place[other]
        }

    def _means(self, clusters: Sequence[Sequence[str]]) -> tuple[Vectors, NDArray[np.int64]]:
        """Mean centroid of each cluster's tracks, float32 (N, dim), and how many they are, (N,)."""
        dim = next((track.centroid.size for track in self.tracks.values()), 0)
        means = np.empty((len(clusters), dim), dtype=np.float32)
        for at, ids in enumerate(clusters):
            centroids = [self.tracks[track_id].centroid for track_id in ids]
            means[at] = np.mean(centroids, axis=0, dtype=np.float32) if len(centroids) > 1 else centroids[0]
        return means, np.array([len(ids) for ids in clusters], dtype=np.int64)

    def _join_poor(
        self,
        poor: Sequence[GroupTrack],
        groups: Mapping[int, list[str]],
        looks: Sequence[tuple[int, list[str]]],
        threshold: float,
        is_cancelled: IsCancelled,
    ) -> None:
        """Adds poor tracks to the lists of their groups, the nearest pairs first. They do not move the groups."""
        if not poor or not looks:
            return
        means, _ = self._means([ids for _, ids in looks])
        pairs: list[tuple[float, int, int]] = []
        at_once = max(1, _BLOCK_COSINES // len(looks))
        for start in range(0, len(poor), at_once):
            if is_cancelled():
                raise Cancelled
            cosines = np.stack([track.centroid for track in poor[start : start + at_once]]) @ means.T
            rows, columns = np.nonzero(cosines >= threshold)
            nearness = cosines[rows, columns]
            pairs.extend(zip((-nearness).tolist(), (rows + start).tolist(), columns.tolist(), strict=True))
        others = {label: set[str]().union(*(self.apart.get(at, ()) for at in ids)) for label, ids in groups.items()}
        placed: set[int] = set()
        for _, row, column in sorted(pairs):
            track_id, label = poor[row].id, looks[column][0]
            if row not in placed and track_id not in others[label]:
                groups[label].append(track_id)
                others[label] |= self.apart.get(track_id, set())
                placed.add(row)


def _any_near(means: Vectors, others: Vectors, threshold: float) -> NDArray[np.bool_]:
    """bool (len(others),): whether any of `means` is near."""
    near = np.zeros(len(others), dtype=np.bool_)
    at_once = max(1, _BLOCK_COSINES // max(1, len(others)))
    for start in range(0, len(means), at_once):
        near |= (means[start : start + at_once] @ others.T >= np.float32(threshold)).any(axis=0)
    return near
