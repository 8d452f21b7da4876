"""What could go: large scenes that nobody plays and that do not fit what is watched. Nothing is deleted by it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from plugin.recommend.config import FILTERS, HALF_LIFE, SOURCE
from plugin.recommend.constraints import allowed, preferred
from plugin.recommend.fresh import EMPTY
from plugin.recommend.liking import FAIR_RATING, faded
from plugin.recommend.reasons import history_of
from plugin.recommend.scoring import add, best, dots
from plugin.recommend.sentences import ago, sentence, size, stars
from plugin.recommend.tfidf import profile_of, why_nothing
from plugin.recommend.values import Catalogue, Field, Question, Ranking, Spec, Why

NONE = "Nothing stands out: everything is new, was played, or is rated well."

GRACE = Field(
    "grace_days",
    "slider",
    "Time to be watched",
    "Scenes that came later than so many days ago are never listed.",
    60,
    low=0,
    high=730,
    step=1,
    unit="days",
)
SIZE = Field("size_weight", "slider", "Size counts", "What being large counts.", 0.5, 0.0, 2.0, 0.05)
FIT = Field("fit_weight", "slider", "Taste counts", "What not fitting what you watch counts.", 0.7, 0.0, 2.0, 0.05)

UNPLAYED, DISLIKED = 1.0, 1.0
"""What never being played counts, however long it had time, and what being skipped, or rated as low as can be, does."""

UNPLAYED_DAYS = 365
"""Days in the library without being played that count half."""


class LeastWanted:
    """Implements Recommender. What was rated well, has an o-counter, is with favourites, or of which the owner wants
    more, never comes.
    """

    spec = Spec(
        "least_wanted",
        "Least wanted",
        "Scenes you could do without: long here and never played, rated low, unlike what you watch, large. Nothing is "
        "deleted.",
        ("prune_candidates",),
        (GRACE, SIZE, FIT, HALF_LIFE, *FILTERS, SOURCE),
    )

    def rank(self, question: Question) -> Ranking:
        catalogue = question.catalogue
        if not any(catalogue.alive):
            return Ranking((), EMPTY)
        profile = profile_of(question)
        fits = dots(question, profile.terms)
        best_fit = max(fits, default=0.0)
        now_s = question.history.now_s
        largest = max(catalogue.size_mb, default=0.0)
        disliked = _disliked(question)
        detail: dict[str, Any] = {"now_s": now_s, "best_fit": best_fit, "largest": largest, "fits": {}}
        mask = _may_go(question)
        scores = [0.0] * len(mask)
        for ordinal, may in enumerate(mask):
            if may:
                scores[ordinal] = sum(
                    _parts(question, detail, ordinal, fits[ordinal], disliked.get(ordinal, 0.0)).values()
                )
        add(scores, preferred(question))
        scored = tuple(best(scores, mask))
        detail["fits"] = {str(catalogue.scene_ids[ordinal]): fits[ordinal] for ordinal, _ in scored}
        return Ranking(scored, "" if scored else why_nothing(question, NONE), detail)

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why:
        catalogue, detail = question.catalogue, ranking.detail
        fit = detail["fits"].get(str(catalogue.scene_ids[ordinal]), 0.0)
        parts = _parts(question, detail, ordinal, fit, _disliked(question).get(ordinal, 0.0))
        parts["preferred"] = preferred(question).get(ordinal, 0.0)
        return Why(
            sentence(_clauses(question, ordinal, parts), "Was not missed so far."),
            {name: value for name, value in parts.items() if value},
            history=history_of(question, ordinal),
            debug={"size_mb": catalogue.size_mb[ordinal]},
        )


def _parts(
    question: Question, detail: dict[str, Any] | Any, ordinal: int, fit: float, disliked: float
) -> dict[str, float]:
    catalogue, config = question.catalogue, question.config
    age_s = detail["now_s"] - catalogue.created_s[ordinal]
    parts = {"unplayed": 0.0, "disliked": DISLIKED * disliked, "unlike": 0.0, "size": 0.0}
    if not catalogue.play_count[ordinal]:
        parts["unplayed"] = UNPLAYED * (1 - faded(age_s, UNPLAYED_DAYS))
    if detail["best_fit"] > 0 and catalogue.norm[ordinal] > 0:
        parts["unlike"] = config["fit_weight"] * (1 - max(0.0, fit) / detail["best_fit"])
    wanted_less = parts["unplayed"] + parts["disliked"] + parts["unlike"]
    if detail["largest"] > 0:
        # Size alone is no reason: it makes others weightier.
        share = math.log1p(catalogue.size_mb[ordinal]) / math.log1p(detail["largest"])
        parts["size"] = config["size_weight"] * share * wanted_less
    return parts


def _may_go(question: Question) -> bytearray:
    catalogue, history = question.catalogue, question.history
    said = {ordinal: verdict for ordinal, verdict in history.feedback.items() if verdict == "more"}
    mask = bytearray(allowed(replace(question, history=replace(history, feedback={}))))
    newest_s = history.now_s - question.config["grace_days"] * 86_400
    columns = zip(catalogue.created_s, catalogue.rating100, catalogue.o_count, strict=True)
    for ordinal, (created_s, rating, o_count) in enumerate(columns):
        if created_s > newest_s or rating > FAIR_RATING or o_count or ordinal in said:
            mask[ordinal] = 0
    for performer_id in catalogue.favorites("performer"):
        for ordinal in catalogue.scenes_of_performer(performer_id):
            mask[ordinal] = 0
    for scene in history.scenes:
        if not scene.skipped and scene.ordinal not in history.feedback:
            mask[scene.ordinal] = 0
    return mask


def _disliked(question: Question) -> dict[int, float]:
    """By ordinal, 0 to 1. Computed once per question."""
    catalogue, history = question.catalogue, question.history
    if "disliked" in question.shared:
        known: dict[int, float] = question.shared["disliked"]
        return known
    found = {
        ordinal: 1 - rating / FAIR_RATING
        for ordinal, rating in enumerate(catalogue.rating100)
        if 0 <= rating < FAIR_RATING
    }
    for scene in history.scenes:
        if scene.skipped:
            found[scene.ordinal] = max(0.5, found.get(scene.ordinal, 0.0))
    for ordinal, verdict in history.feedback.items():
        if verdict in ("less", "hide"):
            found[ordinal] = 1.0
    question.shared["disliked"] = found
    return found


def _clauses(question: Question, ordinal: int, parts: dict[str, float]) -> list[str]:
    catalogue: Catalogue = question.catalogue
    clauses = []
    verdict = question.history.feedback.get(ordinal)
    if catalogue.size_mb[ordinal] >= 1:
        clauses.append(f"takes {size(catalogue.size_mb[ordinal])}")
    if parts["unplayed"]:
        clauses.append(f"came {ago(question.history.now_s - catalogue.created_s[ordinal])} and was never played")
    if parts["disliked"]:
        if verdict in ("less", "hide"):
            clauses.append("was hidden by you" if verdict == "hide" else "is what you want less of")
        elif 0 <= catalogue.rating100[ordinal] < FAIR_RATING:
            clauses.append(f"is rated {stars(catalogue.rating100[ordinal])}")
        else:
            clauses.append("was left soon after it began")
    if parts["unlike"] > 0.6 * question.config["fit_weight"] > 0:
        clauses.append("shows little of what you watch")
    return clauses
