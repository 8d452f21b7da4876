"""Recommendations from the store: a question put together, a ranking kept for its later pages, its reasons told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import read_history, term_spans, watched_spans
from plugin.library.stored_taste import StoreTaste
from plugin.recommend.config import defaults, parse_config
from plugin.recommend.registry import recommenders
from plugin.recommend.values import Question, Ranking, Recommender, Why
from plugin.store.library import SYNCED
from plugin.store.recommendations import StoredRanking

if TYPE_CHECKING:
    from plugin.stash.client import StashClient
    from plugin.store.store import Store

TASK = "Recompute recommendations"
"""The task of the manifest; Stash describes it by this name, and so do we when we ask for it."""
STALE_S = 7 * 86_400.0
"""After a week without the task, the library may well be another one."""
MODE = "recompute_recommendations"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. config: None for what was saved. seeds, exclude: scene ids."""

    context: str
    recommender: str = ""
    config: Mapping[str, Any] | None = None
    seeds: tuple[int, ...] = ()
    exclude: tuple[int, ...] = ()
    limit: int = 40
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Recommended:
    """One scene of a page."""

    scene_id: int
    title: str
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class RecommendedPage:
    """next: the cursor of the page that follows, None behind the last. total: scenes in the whole ranking."""

    recommender: str
    config: Mapping[str, Any]
    warnings: tuple[str, ...]
    items: tuple[Recommended, ...]
    next: str | None
    total: int
    note: str


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """scenes: that the plugin knows; described: of them, with any tag; watched: of them, by us or as Stash says.
    synced_s: when Stash was last read, Unix seconds, None for never; stale: longer ago than STALE_S.
    """

    scenes: int
    described: int
    synced_s: float | None
    stale: bool
    watched: int


class Recommending:
    """Everything that recommending needs of the store, each part read when it is first asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.catalogue = StoreCatalogue(store)
        self.taste = StoreTaste(store, self.catalogue)
        self._facts: LibraryFacts | None = None

    def recommenders(self, context: str) -> dict[str, Recommender]:
        """Those that work in a context, by id, with what the owner's history taught of it."""
        learned = {name: row.weight for name, row in self.store.recommendations.evaluations(context).items()}
        every = recommenders({context: learned} if learned else {})
        return {name: one for name, one in every.items() if context in one.spec.contexts}

    def config(self, context: str, recommender: Recommender) -> dict[str, Any]:
        """As saved, or the defaults."""
        saved = self.store.recommendations.preferences(context).get(recommender.spec.id)
        return parse_config(recommender.spec, saved.config)[0] if saved else defaults(recommender.spec)

    def chosen(self, context: str) -> str:
        """The id of the recommender that the context opens with."""
        there = self.recommenders(context)
        for preference in self.store.recommendations.preferences(context).values():
            if preference.chosen and preference.recommender in there:
                return preference.recommender
        return next(iter(there))

    def why_not(self, context: str, recommender: Recommender) -> str:
        """Why nothing can come of a recommender here; "" where something can."""
        facts = self.library()
        if not facts.scenes:
            return "The library was not read yet." if facts.synced_s is None else "There are no scenes in the library."
        if recommender.spec.id == "taste":
            return self.taste.why_not(context)
        if recommender.spec.id == "personalized_tfidf" and not facts.watched:
            return "Nothing that you watched is known yet."
        if recommender.spec.needs_seeds and not facts.described:
            return "No scene has tags, and none was analysed."
        return ""

    def library(self) -> LibraryFacts:
        if self._facts is None:
            store = self.store
            synced_s = (store.meta.get(SYNCED) or {}).get("at_s")
            self._facts = LibraryFacts(
                sum(self.catalogue.alive),
                self.catalogue.described,
                synced_s,
                synced_s is None or store.now_s() - synced_s > STALE_S,
                # Counting them in the tables themselves would take longer than many a ranking.
                max(sum(map(bool, self.catalogue.play_count)), store.watched.count()),
            )
        return self._facts

    def page(self, asked: Asked) -> RecommendedPage:
        """Raises KeyError where the context has no such recommender."""
        recommender = self.recommenders(asked.context)[asked.recommender or self.chosen(asked.context)]
        warnings: tuple[str, ...] = ()
        if asked.config is None:
            config = self.config(asked.context, recommender)
        else:
            config, warnings = parse_config(recommender.spec, asked.config)
        unknown = [str(one) for one in asked.seeds if self.catalogue.ordinal(one) is None]
        if unknown:
            warnings = (*warnings, f"the plugin does not know the scene {', '.join(unknown)} yet")
        request = _request(asked, recommender, config)
        question = self.question(asked, config)
        kept, offset = self._continued(asked.cursor, request)
        if kept is None:
            ranking = recommender.rank(question)
            kept, offset = self._keep(request, ranking, asked.cursor, offset)
        else:
            ranking = Ranking((), "", kept.detail)
        items, places = self._items(recommender, question, ranking, kept, offset, asked.limit)
        following = f"{kept.id}.{places}.{items[-1].scene_id}" if items and places < len(kept.scenes) else None
        if following and not asked.cursor:
            self.store.recommendations.keep_ranking(kept)
        return RecommendedPage(
            recommender.spec.id,
            config,
            warnings,
            items,
            following,
            len(kept.scenes),
            ranking.note,
        )

    def question(self, asked: Asked, config: Mapping[str, Any]) -> Question:
        """What recommenders are asked. Scenes that the catalogue does not know are left out."""
        catalogue, store = self.catalogue, self.store
        history = read_history(store, catalogue, store.now_s(), config.get("source", "plugin+stash"))
        return Question(
            catalogue,
            history,
            self.taste,
            asked.context,
            config,
            self._ordinals(asked.seeds),
            frozenset(self._ordinals(asked.exclude)),
            segments=lambda ordinal: watched_spans(store, catalogue.scene_ids[ordinal]),
            spans=lambda ordinal: term_spans(store, catalogue, ordinal),
        )

    def _ordinals(self, scene_ids: Sequence[int]) -> tuple[int, ...]:
        found = (self.catalogue.ordinal(scene_id) for scene_id in dict.fromkeys(scene_ids))
        return tuple(ordinal for ordinal in found if ordinal is not None)

    def _continued(self, cursor: str, request: Mapping[str, Any]) -> tuple[StoredRanking | None, int]:
        """The ranking that a cursor goes on in, and where; None where it is gone, or is of another question."""
        if not cursor:
            return None, 0
        ranking_id, offset, _ = _parsed(cursor)
        kept = self.store.recommendations.ranking(ranking_id)
        return (kept, offset) if kept is not None and kept.request == request else (None, offset)

    def _keep(
        self, request: Mapping[str, Any], ranking: Ranking, cursor: str, offset: int
    ) -> tuple[StoredRanking, int]:
        """As it is stored, and where it goes on: behind the scene that was shown last, if a cursor tells."""
        scenes = [self.catalogue.scene_ids[ordinal] for ordinal, _ in ranking.scored]
        scores = [score for _, score in ranking.scored]
        identity = json.dumps([dict(request), self.store.now_s()], sort_keys=True)
        kept = StoredRanking(
            hashlib.sha256(identity.encode()).hexdigest()[:20], request, scenes, scores, ranking.detail
        )
        if cursor:
            last = _parsed(cursor)[2]
            offset = scenes.index(last) + 1 if last in scenes else min(offset, len(scenes))
            self.store.recommendations.keep_ranking(kept)
        return kept, offset

    def _items(
        self,
        recommender: Recommender,
        question: Question,
        ranking: Ranking,
        kept: StoredRanking,
        offset: int,
        limit: int,
    ) -> tuple[tuple[Recommended, ...], int]:
        """A page, and the place behind it. What is gone by now, or was hidden meanwhile, is passed over."""
        found: list[Recommended] = []
        passed = {"hide", "less"} if question.context != "prune_candidates" else set()
        place = offset
        while place < len(kept.scenes) and len(found) < limit:
            scene_id, score = kept.scenes[place], kept.scores[place]
            place += 1
            ordinal = self.catalogue.ordinal(scene_id)
            if ordinal is None or not self.catalogue.alive[ordinal]:
                continue
            if question.history.feedback.get(ordinal) in passed:
                continue
            why = recommender.explain(question, ranking, ordinal)
            found.append(Recommended(scene_id, self.catalogue.name("scene", scene_id), score, why))
        return tuple(found), place


def ask_for_recommendations(stash: StashClient) -> int | None:
    """Put the task into Stash's queue unless one waits there. Returns the job's id. Raises StashError."""
    if any(job.status == "READY" and job.description == TASK for job in stash.jobs()):
        return None
    return stash.run_task(TASK, {"mode": MODE})


def _request(asked: Asked, recommender: Recommender, config: Mapping[str, Any]) -> dict[str, Any]:
    request = {
        "context": asked.context,
        "recommender": recommender.spec.id,
        "config": dict(config),
        "seeds": list(asked.seeds),
        "exclude": sorted(asked.exclude),
    }
    same: dict[str, Any] = json.loads(json.dumps(request))  # as it comes back from the store
    return same


def _parsed(cursor: str) -> tuple[str, int, int]:
    """Ranking, offset, the scene that was shown last. Whatever else was sent begins at the beginning."""
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts[1:]):
        return "", 0, 0
    return parts[0], int(parts[1]), int(parts[2])
