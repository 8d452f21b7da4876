"""What the sidecar computed from vectors: tastes, and which scenes look alike; always a whole computation."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from plugin.store.database import Database
from plugin.store.errors import CacheDamaged

DELETED_AT_ONCE = 2000
"""Rows of an old generation per transaction: others wait no longer than that takes."""


class StoredCentre(NamedTuple):
    """One taste. scenes: ids, ascending. Beside them scores, nearest (ids of watched scenes, 0 where there is none) and
    likeness to these. best: places in scenes, the best first. because: ids, the best first. array("I") or array("f").
    """

    number: int
    share: float
    because: Sequence[int]
    scenes: Sequence[int]
    best: Sequence[int]
    scores: Sequence[float]
    nearest: Sequence[int]
    likeness: Sequence[float]


class StoredNeighbours(NamedTuple):
    """Scenes that look most like one, best first, and their cosines."""

    scene_id: int
    scenes: Sequence[int]
    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class TasteSummary:
    """What a generation is made of. missing: scenes that were left out; of_other_models: those of them that have
    vectors of another model. Nothing here tells of what was watched: that is in taste_centre alone, which goes when it
    is erased, while which scenes look alike stays.
    """

    model: str = ""
    scenes: int = 0
    missing: int = 0
    of_other_models: int = 0


class Tastes:
    """One generation counts: the newest that was finished. Readers never see half of one, whoever is killed."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = db, clock

    def analysed_scenes(self) -> list[tuple[int, str, str, float]]:
        """Scene id, content key, view and seconds of each that was analysed, ascending: what can be compared."""
        return self._db.rows(
            "SELECT media_id, content_key, view, duration_s FROM analysis WHERE kind = 'scene' ORDER BY media_id"
        )

    def begin(self) -> int:
        """A new generation, which does not count yet. One that was cut off before goes. Not for two at once."""
        self._delete("SELECT generation FROM taste WHERE done_s IS NULL")
        return self._db.run("INSERT INTO taste (begun_s) VALUES (?)", self._clock())

    def add_centre(self, generation: int, centre: StoredCentre) -> None:
        self._db.run(
            "INSERT INTO taste_centre (generation, number, share, because, scenes, best, scores, nearest, likeness)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(generation, centre.number, centre.share, _ids(centre.because), _ids(centre.scenes), _ids(centre.best)),
            *(_floats(centre.scores), _ids(centre.nearest), _floats(centre.likeness)),
        )

    def add_neighbours(self, generation: int, rows: Sequence[StoredNeighbours]) -> None:
        """In one transaction."""
        self._db.run_many(
            "INSERT INTO neighbour (generation, scene_id, scenes, scores) VALUES (?, ?, ?, ?)",
            [(generation, row.scene_id, _ids(row.scenes), _floats(row.scores)) for row in rows],
        )

    def finish(self, generation: int, summary: TasteSummary) -> None:
        """From now on this one counts; call forget_earlier() then."""
        self._db.run(
            "UPDATE taste SET done_s = ?, summary = ? WHERE generation = ?",
            *(self._clock(), json.dumps(asdict(summary)), generation),
        )

    def forget_earlier(self, generation: int) -> None:
        """Those before the one that counts. Killed, they go after the next one."""
        self._delete(f"SELECT generation FROM taste WHERE generation < {int(generation)}")

    def abandon(self, generation: int) -> None:
        self._delete(f"SELECT generation FROM taste WHERE generation = {int(generation)}")

    def summary(self) -> tuple[float, TasteSummary] | None:
        """When what counts was computed, Unix seconds, and of what; None where nothing was."""
        row = self._db.row(
            "SELECT done_s, summary FROM taste WHERE done_s IS NOT NULL ORDER BY generation DESC LIMIT 1"
        )
        return None if row is None else (row[0], TasteSummary(**json.loads(row[1])))

    def centres(self) -> list[StoredCentre]:
        """By number."""
        rows = self._db.rows(
            "SELECT number, share, because, scenes, best, scores, nearest, likeness FROM taste_centre"
            f" WHERE generation = ({_CURRENT}) ORDER BY number"
        )
        return [
            StoredCentre(
                *(number, share, _ints(because), _ints(scenes), _ints(best)),
                *(_reals(scores), _ints(nearest), _reals(likeness)),
            )
            for number, share, because, scenes, best, scores, nearest, likeness in rows
        ]

    def neighbours(self, scene_id: int) -> StoredNeighbours:
        """Of one scene; empty where it was not compared."""
        sql = f"SELECT scenes, scores FROM neighbour WHERE generation = ({_CURRENT}) AND scene_id = ?"
        scenes, scores = self._db.row(sql, scene_id) or (b"", b"")
        return StoredNeighbours(scene_id, _ints(scenes), _reals(scores))

    def _delete(self, generations: str) -> None:
        """All of these, the many rows of neighbours little by little."""
        rows = f"SELECT rowid FROM neighbour WHERE generation IN ({generations}) LIMIT {DELETED_AT_ONCE}"
        while self._db.changed(f"DELETE FROM neighbour WHERE rowid IN ({rows})"):
            pass
        self._db.run(f"DELETE FROM taste WHERE generation IN ({generations})")


_CURRENT = "SELECT max(generation) FROM taste WHERE done_s IS NOT NULL"


def _ids(ids: Sequence[int]) -> bytes:
    return array("I", ids).tobytes()


def _floats(values: Sequence[float]) -> bytes:
    return array("f", values).tobytes()


# What lies in a store stays on its machine, in the machine's own order of bytes.


def _ints(blob: bytes) -> array[int]:
    return _sound(array("I"), blob)


def _reals(blob: bytes) -> array[float]:
    return _sound(array("f"), blob)


def _sound(numbers: array[Any], blob: bytes) -> array[Any]:
    if len(blob) % numbers.itemsize:
        raise CacheDamaged
    numbers.frombytes(blob)
    return numbers
