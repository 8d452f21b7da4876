"""A library of people who do not exist: hard enough that being right about them means something.

Cosines of two pictures of one person lie between 0.15 and 0.85; families of look-alikes have cosines up to 0.55; most
people have one reference; half of those who are looked for are not known at all, and may look like somebody who is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceRules
from sidecar.people.calibration import OperatingPoints
from sidecar.people.decision import TrackEvidence, recognise
from sidecar.people.index import ReferenceIndex
from sidecar.values import Vectors

LEAST, MOST = 0.45, 0.92
"""How much of a picture is the person: two pictures have the cosine of the product, about 0.2 to 0.85."""
LOOK_ALIKE = 0.55
FAMILY_SHARE, FAMILY_SIZE = 0.2, 4
ONE_REFERENCE_SHARE = 0.6
REFERENCES = 6
VIEWS = 8
SHARED = 0.35
"""Of what a view has besides the person: light, make-up, lens, that all views of one track have in common."""
LUCKY_SHARE = 0.1
"""Tracks with one view that looks like a picture of somebody else who is known."""


@dataclass(frozen=True, eq=False)
class SyntheticPeople:
    """identities: int64 (N,) of the references; vectors: float32 (N, dim). Queries are tracks: of_track: int64 (T,),
    the identity or -1 for people who are not known; views: for each track float32 (V, dim), 1 to VIEWS of them.
    """

    identities: NDArray[np.int64]
    vectors: Vectors
    of_track: NDArray[np.int64]
    views: tuple[Vectors, ...]


def make(seed: int, people: int, dim: int, tracks: int) -> SyntheticPeople:
    """people known ones, and tracks, half of which show somebody else."""
    rng = np.random.default_rng(seed)
    strangers = tracks - tracks // 2
    centres = _centres(rng, people + strangers, dim)
    # Anybody may be the stranger, families included.
    order = rng.permutation(len(centres))
    centres = centres[order]
    counts = np.where(rng.random(people) < ONE_REFERENCE_SHARE, 1, rng.integers(2, REFERENCES + 1, people))
    identities = np.repeat(np.arange(people, dtype=np.int64), counts)
    vectors = _pictures(rng, centres[identities], 0.6)
    shown = np.concatenate([rng.choice(people, tracks // 2, replace=False), people + np.arange(strangers)])
    views = []
    for one in shown.tolist():
        own = _track(rng, centres[one], int(rng.integers(1, VIEWS + 1)))
        if rng.random() < LUCKY_SHARE:
            own[0] = _pictures(rng, vectors[rng.integers(len(vectors), size=1)], 0.85)[0]
        views.append(own)
    return SyntheticPeople(identities, vectors, np.where(shown < people, shown, -1), tuple(views))


def rules(dim: int) -> FaceRules:
    """What one would know of such a model without a library: cosines of strangers are those of random directions."""
    return FaceRules(same_track=0.3, same_group=0.4, impostor_mean=0.0, impostor_sd=dim**-0.5, match=0.4, maybe=0.3)


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows of length 1."""
    rows: Vectors = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return rows


@dataclass(frozen=True, slots=True)
class Share:
    """count of `of`; low, high: its 95 % interval (Clopper and Pearson 1934)."""

    count: int
    of: int
    low: float
    high: float

    def __str__(self) -> str:
        rate = self.count / self.of if self.of else 0.0
        return f"{100 * rate:.2f} % ({100 * self.low:.2f} to {100 * self.high:.2f}), {self.count} of {self.of}"


@dataclass(frozen=True, slots=True)
class Identified:
    """How tracks were decided. identified: of those of known people, matched with themselves; misidentified: with
    somebody else; offered: matched or maybe, with themselves. false_accepts: of strangers' tracks, matched;
    false_maybes: matched or maybe. by_similarity: what the points would say of the mean of a track alone.
    """

    identified: Share
    misidentified: Share
    offered: Share
    false_accepts: Share
    false_maybes: Share
    identified_by_similarity: Share
    false_accepts_by_similarity: Share
    identified_of_one_view: Share
    false_accepts_of_one_view: Share
    identified_of_four_views: Share

    def rows(self) -> list[tuple[str, str]]:
        """What, and how much of it."""
        return [
            ("identified (match)", str(self.identified)),
            ("  of 4 views and more", str(self.identified_of_four_views)),
            ("  if similarity alone decided", str(self.identified_by_similarity)),
            ("offered (match or maybe)", str(self.offered)),
            ("taken for somebody else", str(self.misidentified)),
            ("strangers matched", str(self.false_accepts)),
            ("  if similarity alone decided", str(self.false_accepts_by_similarity)),
            ("strangers offered as maybe", str(self.false_maybes)),
        ]

    def text(self) -> str:
        """One line each."""
        return "\n".join(f"{name:<34}{value}" for name, value in self.rows())


def identify(people: SyntheticPeople, points: OperatingPoints, folder: Path) -> Identified:
    """Look every track up in an exact index of all references, and decide."""
    index = ReferenceIndex(folder, people.vectors.shape[1], exact_limit=1 << 60, rebuild_least=1 << 60)
    index.sync(np.arange(len(people.vectors)), people.identities, lambda ids: people.vectors[ids])
    tracks = [TrackEvidence(unit(views.mean(axis=0)), views, 4.0 * np.arange(len(views))) for views in people.views]
    firsts = [found[0] for found in recognise(tracks, index.search, points)]
    known = people.of_track >= 0
    right = np.array([one.candidate.identity for one in firsts]) == people.of_track
    match = np.array([one.decision == "match" for one in firsts])
    offered = np.array([one.decision != "unknown" for one in firsts])
    needed = [points.of(one.candidate.references).match for one in firsts]
    alike = np.array([one.candidate.similarity for one in firsts]) >= np.array(needed)
    views = np.array([len(one.views) for one in tracks])

    def share(what: NDArray[np.bool_], of: NDArray[np.bool_]) -> Share:
        return interval(int(np.count_nonzero(what & of)), int(np.count_nonzero(of)))

    return Identified(
        identified=share(match & right, known),
        misidentified=share(match & ~right, known),
        offered=share(offered & right, known),
        false_accepts=share(match, ~known),
        false_maybes=share(offered, ~known),
        identified_by_similarity=share(alike & right, known),
        false_accepts_by_similarity=share(alike, ~known),
        identified_of_one_view=share(match & right, known & (views == 1)),
        false_accepts_of_one_view=share(match, ~known & (views == 1)),
        identified_of_four_views=share(match & right, known & (views >= 4)),
    )


def interval(count: int, of: int) -> Share:
    """The 95 % interval of a share that was seen count times in `of`: where either binomial tail is 2.5 %."""

    def at_most(k: int, rate: float) -> float:
        if rate <= 0 or rate >= 1:
            return 1.0 if rate <= 0 or k >= of else 0.0
        logs = (
            math.lgamma(of + 1)
            - math.lgamma(n + 1)
            - math.lgamma(of - n + 1)
            + n * math.log(rate)
            + (of - n) * math.log1p(-rate)
            for n in range(k + 1)
        )
        return math.fsum(map(math.exp, logs))

    def where(k: int, tail: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(25):
            middle = (low + high) / 2
            low, high = (middle, high) if at_most(k, middle) > tail else (low, middle)
        return low

    low = where(count - 1, 0.975) if count else 0.0
    high = where(count, 0.025) if count < of else 1.0
    return Share(count, of, low, high)


def _centres(rng: np.random.Generator, n: int, dim: int) -> Vectors:
    centres = unit(rng.normal(size=(n, dim)))
    relatives = int(n * FAMILY_SHARE) // FAMILY_SIZE * FAMILY_SIZE
    ancestors = np.repeat(unit(rng.normal(size=(relatives // FAMILY_SIZE, dim))), FAMILY_SIZE, axis=0)
    likeness = np.repeat(rng.uniform(0.2, LOOK_ALIKE, relatives // FAMILY_SIZE), FAMILY_SIZE)[:, None]
    centres[:relatives] = unit(np.sqrt(likeness) * ancestors + np.sqrt(1 - likeness) * centres[:relatives])
    return centres


def _pictures(rng: np.random.Generator, centres: Vectors, least: float) -> Vectors:
    """A picture of each."""
    person = rng.uniform(least, MOST, (len(centres), 1))
    return unit(person * centres + np.sqrt(1 - person**2) * unit(rng.normal(size=centres.shape)))


def _track(rng: np.random.Generator, centre: NDArray[np.float32], n: int) -> Vectors:
    shared = unit(rng.normal(size=centre.shape))
    person = rng.uniform(LEAST, MOST, (n, 1))
    other = np.sqrt(SHARED) * shared + np.sqrt(1 - SHARED) * unit(rng.normal(size=(n, len(centre))))
    return unit(person * centre + np.sqrt(1 - person**2) * other)
