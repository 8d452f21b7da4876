"""From scores of references to the identities that are most alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.people.index.segments import Ids

SUPPORT = 3
"""References that an identity's similarity is the mean of (fewer where it has fewer). One alone may be a wrong picture
among right ones; a mean of all would punish an identity for knowing somebody at several ages."""


@dataclass(frozen=True, slots=True)
class Known:
    """An identity that a query is like.

    similarity: mean cosine of its (at most) SUPPORT best references; best: of the best one, whose id is `reference`.
    references: how many it has.
    """

    identity: int
    reference: int
    similarity: float
    best: float
    references: int


def first_identities(scores: NDArray[np.float32], identities: Ids, k: int) -> list[int]:
    """The k identities that own the best scores, best first. scores: float32 (N,), -inf for what does not count."""
    take = 4 * k
    while True:
        best = np.argpartition(scores, -take)[-take:] if take < len(scores) else np.arange(len(scores))
        best = best[scores[best] > -np.inf]
        # By score, then by identity: which of two equals comes first must not depend on where they lie.
        best = best[np.lexsort((identities[best], -scores[best]))]
        found = list(dict.fromkeys(identities[best].tolist()))
        if len(found) >= k or take >= len(scores):
            return found[:k]
        take *= 4


def known(identity: int, ids: Ids, scores: NDArray[np.float32]) -> Known:
    """What the scores (n,) of all references of one identity mean. n is at least 1."""
    order = np.lexsort((ids, -scores))
    best = scores[order[:SUPPORT]]
    return Known(identity, int(ids[order[0]]), float(best.mean()), float(best[0]), len(ids))


def rank(found: list[Known], k: int) -> tuple[Known, ...]:
    """The k most similar, best first."""
    return tuple(sorted(found, key=lambda one: (-one.similarity, one.identity))[:k])
