"""References that came since the generation was written: in memory, and always compared exactly."""

from __future__ import annotations

import numpy as np

from sidecar.people.index.segments import Halves, Identities, Ids, Segment


class Delta:
    """Grows at its end; what was published before is never written to again. Its owner holds a lock while calling."""

    def __init__(self, dim: int) -> None:
        self._vectors: Halves = np.zeros((64, dim), np.float16)
        self._ids: Ids = np.zeros(64, np.int64)
        self._identities: Ids = np.zeros(64, np.int64)
        self._row_of: dict[int, int] = {}
        self.segment = Segment.empty(dim)

    def add(self, ids: Ids, identities: Ids, halves: Halves) -> None:
        """Ids that are there already, removed or not, come back under these identities with the vectors they had."""
        back = [at for at, one in enumerate(ids.tolist()) if one in self._row_of]
        if back:
            rows = np.array([self._row_of[int(ids[at])] for at in back], np.int64)
            self.segment = self.segment.with_rows(rows)
            self.rename(ids[back], identities[back])
        new = [at for at, one in enumerate(ids.tolist()) if one not in self._row_of]
        if not new:
            return
        before, after = len(self.segment), len(self.segment) + len(new)
        self._make_room(after)
        self._ids[before:after], self._identities[before:after] = ids[new], identities[new]
        self._vectors[before:after] = halves[new]
        self._row_of.update(zip(ids[new].tolist(), range(before, after), strict=True))
        alive = np.concatenate([self.segment.alive, np.ones(len(new), np.bool_)])
        whose = Identities(self._identities[:after])
        self.segment = Segment(self._ids[:after], whose, self._vectors[:after], alive)

    def remove(self, ids: Ids) -> None:
        """Unknown ids are passed over."""
        rows = [self._row_of[one] for one in ids.tolist() if one in self._row_of]
        if rows:
            self.segment = self.segment.without(np.array(rows, np.int64))

    def rename(self, ids: Ids, identities: Ids) -> None:
        """These are of other identities now. Unknown ids are passed over."""
        pairs = zip(ids.tolist(), identities.tolist(), strict=True)
        whose = {self._row_of[one]: identity for one, identity in pairs if one in self._row_of}
        rows = np.array(list(whose), np.int64)
        changed = self.segment.named(rows, np.array(list(whose.values()), np.int64))
        if changed is not self.segment:
            self.segment = changed
            room = len(self._identities)
            self._identities = np.concatenate([changed.identities.of_row, np.zeros(room - len(changed), np.int64)])

    def _make_room(self, count: int) -> None:
        if count <= len(self._ids):
            return
        room = max(count, 2 * len(self._ids))
        vectors = np.zeros((room, self._vectors.shape[1]), np.float16)
        ids, identities = np.zeros(room, np.int64), np.zeros(room, np.int64)
        used = len(self.segment)
        vectors[:used], ids[:used], identities[:used] = self.segment.vectors, self.segment.ids, self._identities[:used]
        self._vectors, self._ids, self._identities = vectors, ids, identities
