"""Means of sets of vectors: a cache of what reading thousands of vector files gives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.store.database import Database
from sidecar.values import ContentKey


@dataclass(frozen=True, slots=True, eq=False)
class PooledSet:
    """A set of vectors as it was at one moment. last_chunk: tells whether it has changed since.

    mean: float16 (dim,), as it was remembered of exactly this state; None where it was not.
    """

    id: int
    last_chunk: int
    dim: int
    mean: NDArray[np.float16] | None


def find_pooled(db: Database, model_key: str) -> dict[ContentKey, PooledSet]:
    """All sets of a model that have samples."""
    rows = db.rows(
        """SELECT c.algorithm, c.digest, c.size_bytes, s.id, s.dim, p.last_chunk, p.vector,
             (SELECT max(id) FROM chunk WHERE feature_set_id = s.id) AS newest
           FROM feature_set s JOIN content c ON c.id = s.content_id JOIN model m ON m.id = s.model_id
           LEFT JOIN pooled_vector p ON p.feature_set_id = s.id
           WHERE m.model_key = ? AND newest IS NOT NULL""",
        model_key,
    )
    found = {}
    for algorithm, digest, size_bytes, set_id, dim, last_chunk, blob, newest in rows:
        is_true = last_chunk == newest and len(blob) == 2 * dim
        found[_key(algorithm, digest, size_bytes)] = PooledSet(
            set_id, newest, dim, np.frombuffer(blob, "<f2") if is_true else None
        )
    return found


def save_pooled(db: Database, sets: Sequence[tuple[PooledSet, NDArray[np.float32]]]) -> None:
    """Replace what was remembered; sets that are gone meanwhile are left out. Raises StoreError."""
    with db.transaction():
        for pooled, mean in sets:
            blob = np.asarray(mean).astype("<f2").tobytes()
            db.run(
                """INSERT OR REPLACE INTO pooled_vector (feature_set_id, last_chunk, vector)
                   SELECT id, ?, ? FROM feature_set WHERE id = ?""",
                *(pooled.last_chunk, blob, pooled.id),
            )


def contents_of_others(db: Database, model_keys: Sequence[str]) -> set[ContentKey]:
    """Contents that have a set under any other key."""
    rows = db.rows(
        """SELECT DISTINCT c.algorithm, c.digest, c.size_bytes FROM content c
           JOIN feature_set s ON s.content_id = c.id JOIN model m ON m.id = s.model_id
           WHERE m.model_key NOT IN (SELECT value FROM json_each(?))""",
        json.dumps(model_keys),
    )
    return {_key(*row) for row in rows}


def _key(algorithm: str, digest: str, size_bytes: int) -> ContentKey:
    return ContentKey("md5" if algorithm == "md5" else "oshash", digest, size_bytes)
