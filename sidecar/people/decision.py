"""Who a track shows: somebody known, perhaps somebody known, or nobody known. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceDecisionName, FaceTraits
from sidecar.people.calibration import OperatingPoints
from sidecar.people.contradictions import PersonFacts, contradictions
from sidecar.people.index.found import Known
from sidecar.values import Vectors

MOMENT_S = 0.25
"""Views that are nearer to each other in time are one moment: neighbouring frames are nearly the same picture."""
VIEWS_FOR_MATCH = 2
CANDIDATES = 5

Search = Callable[[Vectors, int], Sequence[Sequence[Known]]]
"""ReferenceIndex.search."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackEvidence:
    """What is seen of one person in one medium.

    centroid: float32 (dim,), quality-weighted, of the good views. views: float32 (V, dim), the good ones; views_s:
    float64 (V,), when. still: an image, so that no second moment can be had. traits: of the good views, or empty.
    date: of the medium, see PersonFacts. rejected: identities that it is not. doubted: identities that somebody very
    like it is not.
    """

    centroid: NDArray[np.float32]
    views: Vectors
    views_s: NDArray[np.floating]
    still: bool = False
    traits: Sequence[FaceTraits] = ()
    date: str = ""
    rejected: AbstractSet[int] = frozenset()
    doubted: AbstractSet[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CandidateEvidence:
    """How much speaks for one identity.

    similarity: Known.similarity of the centroid. margin: to the best other identity, below 0 if that one is better;
    the similarity itself where there is no other. agreeing_views: moments whose view, for itself, finds this identity
    first, and not as strangers are found; not counted (0) where nobody reaches the point of a maybe. reference: the id
    of the one that is most alike.
    """

    identity: int
    reference: int
    similarity: float
    margin: float
    references: int
    agreeing_views: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A candidate, what it is, and why it is less than its similarity says: any of "few_views", "margin", "sex",
    "birthdate", "rejected_elsewhere"."""

    candidate: CandidateEvidence
    decision: FaceDecisionName
    lowered: tuple[str, ...] = field(default=())


def recognise(
    tracks: Sequence[TrackEvidence],
    search: Search,
    points: OperatingPoints,
    facts_of: Callable[[int], PersonFacts] = lambda _: PersonFacts(),
) -> tuple[tuple[Decided, ...], ...]:
    """For each track at most CANDIDATES identities, best first; the first one's decision is the track's.

    Two searches for all of them: of the centroids, then of the views of those tracks that may be somebody. facts_of:
    what is known of an identity.
    """
    if not tracks:
        return ()
    left_out = max(len(track.rejected) for track in tracks)
    found = search(np.stack([track.centroid for track in tracks]), left_out + CANDIDATES + 1)
    asked = [track.views for track, of_track in zip(tracks, found, strict=True) if _may_be_somebody(of_track, points)]
    by_view = iter(search(np.concatenate(asked), left_out + 1) if any(map(len, asked)) else ())
    result = []
    for track, of_track in zip(tracks, found, strict=True):
        of_views = tuple(islice(by_view, len(track.views))) if _may_be_somebody(of_track, points) else ()
        ranked = candidates(track, of_track, of_views, points)
        result.append(
            tuple(
                decide(
                    candidate,
                    points,
                    track.still,
                    contradictions(facts_of(candidate.identity), track.traits, track.date),
                    candidate.identity in track.doubted,
                )
                for candidate in ranked
            )
        )
    return tuple(result)


def candidates(
    track: TrackEvidence, found: Sequence[Known], by_view: Sequence[Sequence[Known]], points: OperatingPoints
) -> tuple[CandidateEvidence, ...]:
    """At most CANDIDATES, best first. found: what the centroid finds; by_view: what each view finds, best first; empty
    where that was not asked.
    """
    possible = [known for known in found if known.identity not in track.rejected]
    firsts: dict[int, list[float]] = {}
    for pts_s, of_view in zip(track.views_s.tolist(), by_view, strict=bool(by_view)):
        first = next((known for known in of_view if known.identity not in track.rejected), None)
        if first is not None and first.best > points.stranger:
            firsts.setdefault(first.identity, []).append(pts_s)
    ranked = []
    for place, known in enumerate(possible[:CANDIDATES]):
        other = possible[1 if place == 0 else 0] if len(possible) > 1 else None
        ranked.append(
            CandidateEvidence(
                known.identity,
                known.reference,
                known.similarity,
                known.similarity - (other.similarity if other else 0.0),
                known.references,
                _moments(firsts.get(known.identity, ())),
            )
        )
    return tuple(ranked)


def decide(
    candidate: CandidateEvidence,
    points: OperatingPoints,
    still: bool = False,
    contradicted: Sequence[str] = (),
    doubted: bool = False,
) -> Decided:
    """What a candidate is. Every reason that is given lowered it; nothing ever raises it above its similarity.

    A match needs VIEWS_FOR_MATCH agreeing moments, or, of a still picture, a similarity that unknown people reach five
    times more rarely. What rests on a single moment is a maybe, and that only where it would be a match by similarity.
    """
    point = points.of(candidate.references)
    level = 2 if candidate.similarity >= point.match else 1 if candidate.similarity >= point.maybe else 0
    lowered = []
    if still:
        if level == 2 and (candidate.similarity < point.still or not candidate.agreeing_views):
            level, lowered = 1, ["few_views"]
    elif level and candidate.agreeing_views < VIEWS_FOR_MATCH:
        level, lowered = level - 1, ["few_views"]
    if level == 2 and candidate.margin < points.margin:
        level = 1
        lowered.append("margin")
    if level and contradicted:
        level -= 1
        lowered += contradicted
    if level and doubted:
        level -= 1
        lowered.append("rejected_elsewhere")
    names: tuple[FaceDecisionName, ...] = ("unknown", "maybe", "match")
    return Decided(candidate, names[level], tuple(lowered))


def _may_be_somebody(found: Sequence[Known], points: OperatingPoints) -> bool:
    return any(known.similarity >= points.of(known.references).maybe for known in found)


def _moments(times_s: Sequence[float]) -> int:
    """How many of these lie apart from the one before, as moments do."""
    count, last_s = 0, -np.inf
    for pts_s in sorted(times_s):
        if pts_s - last_s >= MOMENT_S:
            count, last_s = count + 1, pts_s
    return count
