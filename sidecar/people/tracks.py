"""From the faces of one medium to tracks: which of them are one person, and when that person is on screen."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceRules
from sidecar.people.linkage import average_linkage
from sidecar.values import IsCancelled, Vectors

POOR_SLACK_SD = 0.5
"""A poor face may be this much less like a track than two good faces must be alike, in standard deviations of the
cosines of different people: blur and a turned head cost about that much, and a poor face founds nothing and moves no
centroid. In standard deviations, for the models' cosines lie on quite different scales."""

FIRST_FRAME_S = 0.5
"""A first frame until here stands for the beginning: streams seldom begin at exactly 0."""

_TOLERANCE_S = 0.002
"""Frames rarely fall on multiples of a step; two of them 0.501 s apart are as good as 0.5 s apart."""

_COHESION_TOLERANCE = 1e-4
"""Rounding of a mean over many cosines in float32."""


def group_faces(
    pts_s: NDArray[np.float64],
    vectors: Vectors,
    weights: NDArray[np.float64],
    good: NDArray[np.bool_],
    before: NDArray[np.int64],
    rules: FaceRules,
    is_cancelled: IsCancelled = lambda: False,
) -> NDArray[np.int64]:
    """Which person each face of one medium is: a label, int64 (N,), or -1 for none.

    pts_s: float64 (N,), to the microsecond: faces of one moment are different people, whatever they look like, and
    never share a label. vectors: float32 (N, dim), unit rows. weights: float (N,), what each face counts in a centroid.
    good: bool (N,): only good faces found a label and decide which faces are one person, by average linkage down to
    rules.same_track; so a chain of look-alikes does not turn a crowd into one. A poor face then joins the nearest
    track, good faces only being looked at, that is near enough (POOR_SLACK_SD) and has no other face of that moment;
    one that is near nothing gets -1.
    before: int64 (N,), the labels of an earlier call, -1 for new faces. Faces that shared one still do, as long as
    their mean cosine still reaches rules.same_track and they are of different moments. A label stays with most of its
    faces; new ones count on from the highest in `before`.
    Does not depend on the order of the faces. Raises Cancelled. About O(N² dim); no square matrix is held.
    """
    labels = np.full(len(pts_s), -1, dtype=np.int64)
    if not len(pts_s):
        return labels
    moments = np.rint(np.asarray(pts_s) * 1e6).astype(np.int64)
    rows = zip(moments, np.ascontiguousarray(vectors), strict=True)
    names = np.array([zlib.crc32(row.tobytes(), zlib.crc32(moment.tobytes())) for moment, row in rows], dtype=np.uint32)
    order = np.lexsort((before, weights, good, names, moments))
    found = _group_in_order(
        moments[order], vectors[order], weights[order], good[order], before[order], rules, is_cancelled
    )
    labels[order] = found
    return labels


def centroid(vectors: Vectors, weights: NDArray[np.float64], good: NDArray[np.bool_]) -> NDArray[np.float32]:
    """What a track looks like: float32 (dim,), the unit direction of its good faces' sum, each times its weight.

    vectors: float32 (N, dim), unit rows; weights: (N,), not negative; all 0 means all equal.
    Raises ValueError without a good face, or where the good ones have no common direction.
    """
    if not good.any():
        raise ValueError("A centroid is made of good faces only, and there is none.")
    shares = np.maximum(np.asarray(weights[good], dtype=np.float64), 1e-9)
    total = shares / shares.sum() @ np.asarray(vectors[good], dtype=np.float64)
    length = float(np.linalg.norm(total))
    if length < 1e-6:
        raise ValueError("The faces of a track have no common direction: their sum is 0.")
    return np.asarray(total / length, dtype=np.float32)


def spans(
    seen_s: Sequence[float], looked_s: Sequence[float], duration_s: float, cuts_s: Sequence[float] = ()
) -> tuple[tuple[float, float], ...]:
    """When a person is on screen: (start_s, end_s), in time order, disjoint, within the medium.

    looked_s: pts of all frames that were looked at; seen_s: of those that show the person; both in any order. cuts_s:
    pts of frames that are the first after a cut. A bound lies midway between the last frame that shows the person and
    the next that does not, exactly at a cut where one lies between (at the one nearest the middle of several).
    A frame looked at that does not show the person always ends a span. Seen on a first frame near 0 (FIRST_FRAME_S)
    means from 0, and on the last frame to the end; before a later first frame nothing is claimed.
    An image (duration_s 0) has one span of no length at 0.
    """
    if not len(seen_s):
        return ()
    if duration_s <= 0:
        return ((0.0, 0.0),)
    looked, shown = _looked_and_shown(seen_s, looked_s)
    edges = _edges(looked, duration_s, np.unique(np.asarray(cuts_s, dtype=np.float64)))
    flips = np.flatnonzero(np.diff(np.concatenate(([False], shown, [False])).astype(np.int8)))
    return tuple((float(edges[first]), float(edges[end])) for first, end in zip(flips[::2], flips[1::2], strict=True))


def windows(
    seen_s: Sequence[float],
    looked_s: Sequence[float],
    duration_s: float,
    step_s: float,
    covered: Sequence[tuple[float, float]] = (),
) -> tuple[tuple[float, float], ...]:
    """Where to look closer to find a bound: gaps (start_s, end_s) between neighbouring frames looked at, in time order.

    Those wider than step_s of which exactly one side shows the person, and which are not within stretches of which
    every frame that step_s asks for is known (covered: (start_s, end_s), in any order). None in an image.
    """
    if duration_s <= 0 or not len(seen_s):
        return ()
    looked, shown = _looked_and_shown(seen_s, looked_s)
    wanted = (np.diff(looked) > step_s + _TOLERANCE_S) & (shown[1:] != shown[:-1])
    for start_s, end_s in _joined(covered):
        wanted &= ~((looked[:-1] >= start_s - _TOLERANCE_S) & (looked[1:] <= end_s + _TOLERANCE_S))
    return tuple((float(looked[gap]), float(looked[gap + 1])) for gap in np.flatnonzero(wanted))


def _group_in_order(
    moments: NDArray[np.int64],
    vectors: Vectors,
    weights: NDArray[np.float64],
    good: NDArray[np.bool_],
    before: NDArray[np.int64],
    rules: FaceRules,
    is_cancelled: IsCancelled,
) -> NDArray[np.int64]:
    tracks = np.full(len(moments), -1, dtype=np.int64)
    founders = np.flatnonzero(good)
    if len(founders):
        start = _kept_together(moments[founders], vectors[founders], before[founders], rules.same_track)
        _, start, sizes = np.unique(start, return_inverse=True, return_counts=True)
        means = np.zeros((len(sizes), vectors.shape[1]), dtype=np.float32)
        np.add.at(means, start, vectors[founders])
        means /= sizes[:, None].astype(np.float32)
        joined, _ = average_linkage(
            means,
            sizes,
            np.arange(len(sizes)),
            _apart(moments[founders], start),
            rules.same_track,
            is_cancelled=is_cancelled,
        )
        tracks[founders] = np.unique(joined[start], return_inverse=True)[1]
        _join_poor(tracks, moments, vectors, weights, good, before, rules)
    return _named(tracks, before, good)


def _kept_together(
    moments: NDArray[np.int64], vectors: Vectors, before: NDArray[np.int64], threshold: float
) -> NDArray[np.int64]:
    """Any number per face, equal for those whose earlier label still holds."""
    start = np.arange(len(moments))
    for label in np.unique(before[before >= 0]):
        rows = np.flatnonzero(before == label)
        if len(rows) == 1 or len(np.unique(moments[rows])) < len(rows):
            continue
        length = float(np.linalg.norm(vectors[rows].sum(axis=0, dtype=np.float64)))
        mean_cosine = (length**2 - len(rows)) / (len(rows) * (len(rows) - 1))
        if mean_cosine >= threshold - _COHESION_TOLERANCE:
            start[rows] = rows[0]
    return start


def _apart(moments: NDArray[np.int64], start: NDArray[np.int64]) -> set[tuple[int, int]]:
    """Pairs of clusters that hold faces of one moment; moments are sorted."""
    pairs: set[tuple[int, int]] = set()
    for rows in np.split(np.arange(len(moments)), np.flatnonzero(np.diff(moments)) + 1):
        pairs.update(combinations(sorted(start[rows].tolist()), 2))
    return pairs


def _join_poor(
    tracks: NDArray[np.int64],
    moments: NDArray[np.int64],
    vectors: Vectors,
    weights: NDArray[np.float64],
    good: NDArray[np.bool_],
    before: NDArray[np.int64],
    rules: FaceRules,
) -> None:
    """Gives poor faces the number of a track: first where they were before, then the nearest pairs first."""
    poor = np.flatnonzero(~good)
    if not len(poor):
        return
    count = int(tracks.max()) + 1
    members = [np.flatnonzero(tracks == track) for track in range(count)]
    centroids = np.stack([centroid(vectors[rows], weights[rows], good[rows]) for rows in members])
    cosines = vectors[poor] @ centroids.T
    names = _earlier(tracks, before, good)
    before_here = (before[poor][:, None] >= 0) & (before[poor][:, None] == names[None, :])
    faces, nearest = np.nonzero(cosines >= rules.same_track - POOR_SLACK_SD * rules.impostor_sd)
    order = np.lexsort((nearest, faces, -cosines[faces, nearest], ~before_here[faces, nearest]))
    taken = set(zip(tracks[good].tolist(), moments[good].tolist(), strict=True))
    for face, track in zip(poor[faces[order]].tolist(), nearest[order].tolist(), strict=True):
        at = (track, int(moments[face]))
        if tracks[face] < 0 and at not in taken:
            tracks[face] = track
            taken.add(at)


def _earlier(tracks: NDArray[np.int64], before: NDArray[np.int64], good: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The earlier label of each track, or -1: the larger overlap of good faces first, each label once."""
    names = np.full(int(tracks.max()) + 1, -1, dtype=np.int64)
    counted = (tracks >= 0) & (before >= 0) & good
    pairs, overlaps = np.unique(np.stack((before[counted], tracks[counted]), axis=1), axis=0, return_counts=True)
    used: set[int] = set()
    for at in np.lexsort((pairs[:, 1], pairs[:, 0], -overlaps)):
        label, track = pairs[at].tolist()
        if label not in used and names[track] < 0:
            names[track] = label
            used.add(label)
    return names


def _named(tracks: NDArray[np.int64], before: NDArray[np.int64], good: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Labels of faces: earlier ones, then new ones in order of first appearance."""
    if not (tracks >= 0).any():
        return tracks
    names = _earlier(tracks, before, good)
    present, first = np.unique(tracks[tracks >= 0], return_index=True)
    new = [track for track in present[np.argsort(first)].tolist() if names[track] < 0]
    names[new] = max(int(before.max()), -1) + 1 + np.arange(len(new))
    return np.where(tracks >= 0, names[tracks], -1)


def _looked_and_shown(
    seen_s: Sequence[float], looked_s: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Frames looked at in time order, and which of them show the person. What was seen was looked at."""
    seen = np.unique(np.rint(np.asarray(seen_s, dtype=np.float64) * 1e6).astype(np.int64))
    looked = np.union1d(np.rint(np.asarray(looked_s, dtype=np.float64) * 1e6).astype(np.int64), seen)
    return looked / 1e6, np.isin(looked, seen)


def _edges(looked: NDArray[np.float64], duration_s: float, cuts: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64 (N + 1,): frame i stands for [edges[i], edges[i + 1])."""
    edges = np.empty(len(looked) + 1)
    edges[0] = 0.0 if looked[0] <= FIRST_FRAME_S else looked[0]
    edges[-1] = max(duration_s, looked[-1])
    middles = (looked[:-1] + looked[1:]) / 2
    edges[1:-1] = middles
    if len(cuts) and len(middles):
        # The frame after a cut may bear the cut's own time.
        at = np.searchsorted(cuts, middles)
        for candidate in (np.clip(at, 0, len(cuts) - 1), np.clip(at - 1, 0, len(cuts) - 1)):
            cut = cuts[candidate]
            between = (cut > looked[:-1] + 1e-6) & (cut <= looked[1:] + 1e-6)
            nearer = (edges[1:-1] == middles) | (np.abs(cut - middles) < np.abs(edges[1:-1] - middles))
            edges[1:-1] = np.where(between & nearer, np.minimum(cut, looked[1:]), edges[1:-1])
    return edges


def _joined(ranges: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Ranges that touch or overlap become one."""
    held: tuple[float, float] | None = None
    for start_s, end_s in sorted(ranges):
        if held is not None and start_s <= held[1] + _TOLERANCE_S:
            held = (held[0], max(held[1], end_s))
        else:
            if held is not None:
                yield held
            held = (start_s, end_s)
    if held is not None:
        yield held
