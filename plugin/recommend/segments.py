"""Scenes that show what was seen of the chosen ones."""

from __future__ import annotations

from plugin.recommend.config import DIVERSITY, FILTERS, WATCHED
from plugin.recommend.constraints import preferred
from plugin.recommend.profile import Wish
from plugin.recommend.reasons import history_of, shows, tag_reasons, with_variety
from plugin.recommend.scoring import dot, finish, pivot
from plugin.recommend.seeds import seed_terms, the_seeds
from plugin.recommend.sentences import sentence
from plugin.recommend.tfidf import ALL_LEFT_OUT, why_nothing
from plugin.recommend.values import Choice, Field, Question, Ranking, SceneReason, Spec, Why

NO_SEEDS = "Choose a scene to compare with."
NOTHING_KNOWN = (
    "Nothing is known of what this scene shows: it has no tags, and the sidecar has not looked at it. Analyse it, or "
    "give it tags."
)

PART = Field(
    "part",
    "select",
    "Compare with",
    "What you watched of the scene, or all of it. Scenes that you did not watch are compared wholly.",
    "watched",
    choices=(Choice("watched", "what I watched of it"), Choice("whole", "the whole scene")),
)
MAY_COME = Field(WATCHED.name, WATCHED.type, WATCHED.label, WATCHED.help, "keep", choices=WATCHED.choices)
LITTLE_DIVERSITY = Field(
    DIVERSITY.name,
    DIVERSITY.type,
    DIVERSITY.label,
    DIVERSITY.help,
    0.0,
    low=DIVERSITY.low,
    high=DIVERSITY.high,
    step=DIVERSITY.step,
)


class SegmentSimilarity:
    """Implements Recommender."""

    spec = Spec(
        "segment_similarity",
        "Shows the same",
        "Scenes that show what you watched of this one, for as long.",
        ("similar_scene",),
        (PART, LITTLE_DIVERSITY, MAY_COME, *FILTERS),
        needs_seeds=True,
    )

    def rank(self, question: Question) -> Ranking:
        if not question.seeds:
            return Ranking((), NO_SEEDS)
        wishes = seed_terms(question, question.config["part"])
        if not wishes:
            return Ranking((), NOTHING_KNOWN)
        catalogue = question.catalogue
        scores = dot(catalogue, wishes)
        unit_score = max(scores, default=0.0)
        factor = 1 / unit_score if unit_score > 0 else 0.0
        scored, lost = finish(question, [factor * score for score in scores], wishes)
        detail = {
            "terms": [[wish.id, wish.weight, wish.scenes] for wish in wishes],
            "factor": factor,
            "pivot": pivot(catalogue),
            "lost": lost,
            "strength": question.config["diversity"],
        }
        return Ranking(scored, "" if scored else why_nothing(question, ALL_LEFT_OUT), detail)

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why:
        catalogue, detail = question.catalogue, ranking.detail
        wishes = [Wish(*each) for each in detail["terms"]]
        tags, alike = tag_reasons(catalogue, wishes, ordinal, detail)
        parts = {"tags": alike, "preferred": preferred(question).get(ordinal, 0.0)}
        clause = shows(tags, f", like {the_seeds(question)}")
        return Why(
            sentence([clause] if clause else [], f"Is a little like {the_seeds(question)}."),
            with_variety(parts, detail, catalogue.scene_ids[ordinal]),
            tuple(tags),
            scenes=tuple(seed_reasons(question, alike)),
            history=history_of(question, ordinal),
        )


def seed_reasons(question: Question, similarity: float) -> list[SceneReason]:
    catalogue = question.catalogue
    return [
        SceneReason(ordinal, catalogue.name("scene", catalogue.scene_ids[ordinal]), similarity, "seed")
        for ordinal in question.seeds
    ]
