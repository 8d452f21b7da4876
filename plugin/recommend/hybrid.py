"""People first: who is in a scene, then what it shows, its studio, and what the owner likes anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from plugin.recommend.config import DIVERSITY, FILTERS, HALF_LIFE, SOURCE, WATCHED
from plugin.recommend.constraints import preferred
from plugin.recommend.profile import Wish
from plugin.recommend.reasons import (
    from_where,
    history_of,
    how_often,
    is_new,
    newness,
    performer_reasons,
    shows,
    studio_reason,
    tag_reasons,
    with_variety,
    with_whom,
)
from plugin.recommend.scoring import add, dots, finish, of_studios, pivot, shares_of, sums_of_performers, with_newness
from plugin.recommend.seeds import seed_performers, seed_studios, seed_terms, the_seeds
from plugin.recommend.segments import NO_SEEDS, NOTHING_KNOWN, seed_reasons
from plugin.recommend.sentences import sentence
from plugin.recommend.tfidf import ALL_LEFT_OUT, NEWNESS, NOTHING_WATCHED, profile_of, why_nothing
from plugin.recommend.values import Field, Question, Ranking, Spec, Why

PERFORMERS = Field(
    "performers_weight", "slider", "Performers count", "What sharing performers counts.", 0.6, 0.0, 2.0, 0.05
)
TAGS_COUNT = Field("tags_weight", "slider", "Tags count", "What showing the same counts.", 0.5, 0.0, 2.0, 0.05)
STUDIO = Field(
    "studio_weight", "slider", "Studio counts", "What being of the same studio counts.", 0.05, 0.0, 2.0, 0.05
)
TASTE = Field(
    "taste_weight",
    "slider",
    "Your taste counts",
    "What fitting all that you watch counts, beside being like the chosen scene.",
    0.25,
    0.0,
    2.0,
    0.05,
)


class PerformerTagHybrid:
    """Implements Recommender. Without seeds, it compares with what was watched."""

    spec = Spec(
        "performer_tag_hybrid",
        "Same people and tags",
        "Scenes with the people of this one, or with those you come back to, that show alike.",
        ("global_feed", "similar_scene"),
        (PERFORMERS, TAGS_COUNT, STUDIO, TASTE, NEWNESS, HALF_LIFE, DIVERSITY, WATCHED, *FILTERS, SOURCE),
    )

    def rank(self, question: Question) -> Ranking:
        catalogue, config = question.catalogue, question.config
        if question.context == "similar_scene" and not question.seeds:
            return Ranking((), NO_SEEDS)
        new = 0.0
        if question.context == "similar_scene":
            terms, performers = seed_terms(question, "watched"), seed_performers(question)
            studios, taste = seed_studios(question), _taste(question)
        else:
            profile = profile_of(question)
            terms, performers, studios, taste = profile.terms, profile.performers, profile.studios, ()
            new = profile.newness
        if not (terms or performers or studios):
            return Ranking((), NOTHING_KNOWN if question.seeds else NOTHING_WATCHED)
        shares = shares_of(
            {
                "performers": config["performers_weight"] if performers else 0.0,
                "tags": config["tags_weight"] if terms else 0.0,
                "studio": config["studio_weight"] if studios else 0.0,
                "taste": config["taste_weight"] if taste else 0.0,
                "new": config["newness_weight"] * new,
            }
        )
        scores, factor = _scaled(question, terms, shares["tags"])
        taste_factor = 0.0
        if taste:
            tastes, taste_factor = _scaled(question, taste, shares["taste"])
            scores = [score + more for score, more in zip(scores, tastes, strict=True)]
        add(scores, sums_of_performers(catalogue, performers), shares["performers"])
        add(scores, of_studios(catalogue, studios), shares["studio"])
        scores = with_newness(question, scores, shares["new"])
        scored, lost = finish(question, scores, terms)
        detail = {
            "terms": _plain(terms),
            "performers": _plain(performers),
            "studios": _plain(studios),
            "taste": _plain(taste),
            "factor": factor,
            "taste_factor": taste_factor,
            "pivot": pivot(catalogue),
            "shares": shares,
            "lost": lost,
            "strength": config["diversity"],
        }
        return Ranking(scored, "" if scored else why_nothing(question, ALL_LEFT_OUT), detail)

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why:
        catalogue, detail = question.catalogue, ranking.detail
        terms, performers, studios, taste = (
            [Wish(*each) for each in detail[name]] for name in ("terms", "performers", "studios", "taste")
        )
        tags, alike = tag_reasons(catalogue, terms, ordinal, detail)
        own, of_own = tag_reasons(catalogue, taste, ordinal, {**detail, "factor": detail["taste_factor"]})
        people = performer_reasons(catalogue, performers, ordinal, detail["shares"]["performers"])
        studio = studio_reason(catalogue, studios, ordinal, detail["shares"]["studio"])
        parts = {
            "performers": sum(score for _, _, score in people),
            "tags": alike,
            "studio": studio[2] if studio else 0.0,
            "taste": of_own,
            "new": newness(question, ordinal, detail["shares"]["new"]),
            "preferred": preferred(question).get(ordinal, 0.0),
        }
        seeded = question.context == "similar_scene"
        mine = "" if seeded else how_often(tags, terms)
        clauses = [
            with_whom(people, performers),
            shows(tags, mine),
            from_where(studio, studios),
            is_new(question, ordinal, parts),
        ]
        said = [clause for clause in clauses if clause]
        if seeded and said:
            said[-1] += f", like {the_seeds(question)}"
        elif seeded and (clause := shows(own, how_often(own, taste))):
            said = [clause]
        return Why(
            sentence(said, "Fits a little."),
            with_variety(parts, detail, catalogue.scene_ids[ordinal]),
            tuple(tags),
            tuple(people),
            studio,
            scenes=tuple(seed_reasons(question, alike)) if seeded else (),
            history=history_of(question, ordinal),
        )


def _taste(question: Question) -> tuple[Wish, ...]:
    """What the owner likes whatever the seeds; none where nothing was watched."""
    return profile_of(replace(question, seeds=())).terms


def _scaled(question: Question, wishes: tuple[Wish, ...], share: float) -> tuple[list[float], float]:
    """Scores of which the greatest is share, and what they were multiplied by."""
    scores = dots(question, wishes)
    greatest = max(scores, default=0.0)
    factor = share / greatest if greatest > 0 else 0.0
    return [factor * score for score in scores], factor


def _plain(wishes: Sequence[Wish]) -> list[list[float]]:
    return [[wish.id, wish.weight, wish.scenes] for wish in wishes]
