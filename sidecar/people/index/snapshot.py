"""What can be found at one moment, and how: any number of threads may search while others change the index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sidecar.people.index.found import Known, best_of_groups, first_identities, known, most_similar
from sidecar.people.index.generations import Generation
from sidecar.people.index.references import References
from sidecar.people.index.segments import Segment
from sidecar.values import Vectors


@dataclass(frozen=True, eq=False)
class Snapshot:
    """base: the rows of a generation as they are now. delta: what was added since it was written."""

    generation: Generation
    base: Segment
    delta: Segment

    @property
    def live(self) -> int:
        """References that can be found."""
        return self.base.live + self.delta.live

    @property
    def changed(self) -> int:
        """Rows by which the generation on disk has fallen behind."""
        return len(self.delta) + len(self.base) - self.base.live

    @cached_property
    def references(self) -> References:
        """All that can be found."""
        return References(self.base, self.delta)


def search_exactly(snapshot: Snapshot, queries: Vectors, k: int) -> list[tuple[Known, ...]]:
    """For each unit query (Q, dim) the k most similar identities: every reference is compared."""
    base, delta = snapshot.base, snapshot.delta
    scores = np.empty((len(queries), len(base) + len(delta)), np.float32)
    base.score(queries, scores[:, : len(base)])
    delta.score(queries, scores[:, len(base) :])
    of_groups = best_of_groups(scores)
    identities = np.concatenate([base.identities.of_row, delta.identities.of_row])
    found = []
    for of_query, groups in zip(scores, of_groups, strict=True):

        def look(identity: int, scores: NDArray[np.float32] = of_query) -> Known:
            rows, newer = base.rows_of(identity), delta.rows_of(identity)
            ids = np.concatenate([base.ids[rows], delta.ids[newer]])
            return known(identity, ids, scores[np.concatenate([rows, len(base) + newer])])

        firsts = first_identities(of_query, groups, identities, _looked_at(k))
        found.append(most_similar(firsts, k, look))
    return found


def search_proposed(snapshot: Snapshot, queries: Vectors, k: int) -> list[tuple[Known, ...]]:
    """The same among what annoy proposes and all that came since."""
    base, delta = snapshot.base, snapshot.delta
    near = snapshot.generation.proposals
    assert near is not None
    of_deltas = np.empty((len(queries), len(delta)), np.float32)
    delta.score(queries, of_deltas)
    found = []
    for query, of_delta in zip(queries, of_deltas, strict=True):
        proposed = near.near(query)
        proposed = proposed[base.alive[proposed]]
        scores = np.concatenate([base.read(proposed) @ query, of_delta])
        identities = np.concatenate([base.identities.of_row[proposed], delta.identities.of_row])

        def look(identity: int, query: Vectors = query, of_delta: NDArray[np.float32] = of_delta) -> Known:
            rows, newer = base.rows_of(identity), delta.rows_of(identity)
            ids = np.concatenate([base.ids[rows], delta.ids[newer]])
            return known(identity, ids, np.concatenate([base.read(rows) @ query, of_delta[newer]]))

        [groups] = best_of_groups(scores[None])
        firsts = first_identities(scores, groups, identities, _looked_at(k))
        found.append(most_similar(firsts, k, look))
    return found


def _looked_at(k: int) -> int:
    """Identities whose references are all looked at: the most similar one may not own the most similar reference."""
    return 2 * k + 6
