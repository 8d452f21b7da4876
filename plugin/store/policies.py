"""What the owner decided per label, and the defaults for all others."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from plugin.store.database import Database

_COLUMNS = (
    "label, mode, stash_tag, required_s, required_share, marker, min_marker_s, max_gap_s, threshold, scoring, phrasings"
)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One label's own values; None follows the default. See plugin.review.policy.Policy for their meaning."""

    label: str
    mode: str | None = None
    stash_tag: str | None = None
    required_s: float | None = None
    required_share: float | None = None
    marker: bool | None = None
    min_marker_s: float | None = None
    max_gap_s: float | None = None
    threshold: float | None = None
    scoring: str | None = None
    phrasings: tuple[str, ...] | None = None

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, item.name) is None for item in fields(self) if item.name != "label")


class Policies:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def rows(self) -> list[PolicyRow]:
        return [_row(values) for values in self._db.rows(f"SELECT {_COLUMNS} FROM policy ORDER BY label")]

    def save(self, rows: Sequence[PolicyRow]) -> None:
        """Replace the rows of these labels; a row without values of its own is deleted. All or nothing."""
        with self._db.transaction():
            for row in rows:
                self._db.run("DELETE FROM policy WHERE label = ?", row.label)
                if row.is_empty:
                    continue
                self._db.run(
                    f"INSERT INTO policy ({_COLUMNS}, updated_s) VALUES ({', '.join('?' * 12)})",
                    row.label,
                    row.mode,
                    row.stash_tag,
                    row.required_s,
                    row.required_share,
                    row.marker,
                    row.min_marker_s,
                    row.max_gap_s,
                    row.threshold,
                    row.scoring,
                    None if row.phrasings is None else json.dumps(row.phrasings),
                    self._clock(),
                )


def _row(values: Sequence[Any]) -> PolicyRow:
    label, mode, stash_tag, seconds, share, marker, shortest, gap, threshold, scoring, phrasings = values
    return PolicyRow(
        label=label,
        mode=mode,
        stash_tag=stash_tag,
        required_s=seconds,
        required_share=share,
        marker=None if marker is None else bool(marker),
        min_marker_s=shortest,
        max_gap_s=gap,
        threshold=threshold,
        scoring=scoring,
        phrasings=None if phrasings is None else tuple(json.loads(phrasings)),
    )
