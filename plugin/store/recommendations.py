"""What recommending remembers: how its owner wants it, what they said of scenes, rankings whose pages are turned."""

from __future__ import annotations

import json
import time
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plugin.store.database import ANY_OF, Database, any_of

KEPT_RANKINGS = 24
KEPT_FOR_S = 86_400.0
"""Rankings beyond so many, and older ones, go: their later pages are then computed anew."""


@dataclass(frozen=True, slots=True)
class Preference:
    """chosen: the recommender that its context opens with."""

    recommender: str
    config: Mapping[str, Any]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """verdict: "more", "less" or "hide"."""

    scene_id: int
    verdict: str
    at_s: float


@dataclass(frozen=True, slots=True)
class StoredRanking:
    """scenes, scores: beside each other, best first. request: what was asked; detail: how it was answered."""

    id: str
    request: Mapping[str, Any]
    scenes: Sequence[int]
    scores: Sequence[float]
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """How well a recommender foretold the owner's own history. weight: in the blend."""

    recommender: str
    metrics: Mapping[str, Any]
    weight: float
    at_s: float


class Recommendations:
    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = db, clock

    def preferences(self, context: str) -> dict[str, Preference]:
        """By recommender."""
        rows = self._db.rows(
            "SELECT recommender, config, chosen FROM recommend_preference WHERE context = ? ORDER BY recommender",
            context,
        )
        return {name: Preference(name, json.loads(config), bool(chosen)) for name, config, chosen in rows}

    def prefer(self, context: str, recommender: str, config: Mapping[str, Any], chosen: bool) -> None:
        """Keep a configuration. chosen: the context opens with this one from now on, and with no other."""
        with self._db.transaction():
            if chosen:
                self._db.run("UPDATE recommend_preference SET chosen = 0 WHERE context = ?", context)
            self._db.run(
                "INSERT INTO recommend_preference VALUES (?, ?, ?, ?, ?) ON CONFLICT (context, recommender) DO UPDATE"
                " SET config = excluded.config, chosen = max(chosen, excluded.chosen), at_s = excluded.at_s",
                context,
                recommender,
                json.dumps(dict(config), sort_keys=True),
                int(chosen),
                self._clock(),
            )

    def forget_preference(self, context: str, recommender: str) -> None:
        self._db.run("DELETE FROM recommend_preference WHERE context = ? AND recommender = ?", context, recommender)

    def feedback(self) -> list[Feedback]:
        """The newest first."""
        rows = self._db.rows("SELECT scene_id, verdict, at_s FROM recommend_feedback ORDER BY at_s DESC, scene_id DESC")
        return [Feedback(*row) for row in rows]

    def tell(self, scene_id: int, verdict: str) -> None:
        """verdict: "more", "less", "hide", or "none", which takes back what was said."""
        if verdict == "none":
            self._db.run("DELETE FROM recommend_feedback WHERE scene_id = ?", scene_id)
        else:
            self._db.run("INSERT OR REPLACE INTO recommend_feedback VALUES (?, ?, ?)", scene_id, verdict, self._clock())

    def take_back(self, scene_ids: Iterable[int]) -> None:
        """What was said of these scenes."""
        self._db.run(f"DELETE FROM recommend_feedback WHERE scene_id {ANY_OF}", any_of(scene_ids))

    def keep_ranking(self, ranking: StoredRanking) -> None:
        """Put it in the place of one with the same id; the oldest go."""
        now_s = self._clock()
        with self._db.transaction():
            self._db.run(
                "INSERT OR REPLACE INTO ranking VALUES (?, ?, ?, ?, ?, ?)",
                ranking.id,
                now_s,
                json.dumps(dict(ranking.request), sort_keys=True),
                array("q", ranking.scenes).tobytes(),
                array("d", ranking.scores).tobytes(),
                json.dumps(dict(ranking.detail)),
            )
            self._db.run(
                "DELETE FROM ranking WHERE made_s < ? OR id NOT IN"
                " (SELECT id FROM ranking ORDER BY made_s DESC, id LIMIT ?)",
                now_s - KEPT_FOR_S,
                KEPT_RANKINGS,
            )

    def ranking(self, ranking_id: str) -> StoredRanking | None:
        row = self._db.row("SELECT request, scenes, scores, detail FROM ranking WHERE id = ?", ranking_id)
        if row is None:
            return None
        request, scene_bytes, score_bytes, detail = row
        if len(scene_bytes) % 8 or len(score_bytes) != len(scene_bytes):
            return None  # damaged: it is computed anew
        scenes, scores = array("q"), array("d")
        scenes.frombytes(scene_bytes)
        scores.frombytes(score_bytes)
        return StoredRanking(ranking_id, json.loads(request), scenes, scores, json.loads(detail))

    def evaluations(self, context: str) -> dict[str, Evaluated]:
        """By recommender; empty where none was ever made."""
        rows = self._db.rows(
            "SELECT recommender, metrics, weight, at_s FROM recommend_evaluation WHERE context = ?", context
        )
        return {name: Evaluated(name, json.loads(metrics), weight, at_s) for name, metrics, weight, at_s in rows}

    def keep_evaluations(self, context: str, found: Sequence[Evaluated]) -> None:
        """In place of those of a context."""
        with self._db.transaction():
            self._db.run("DELETE FROM recommend_evaluation WHERE context = ?", context)
            self._db.run_many(
                "INSERT INTO recommend_evaluation VALUES (?, ?, ?, ?, ?)",
                [(context, one.recommender, json.dumps(dict(one.metrics)), one.weight, one.at_s) for one in found],
            )
