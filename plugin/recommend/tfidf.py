"""What fits what was watched: tags that the owner watches more than the library shows, performers, studios."""

from __future__ import annotations

from plugin.recommend.config import DIVERSITY, FILTERS, HALF_LIFE, SOURCE, WATCHED
from plugin.recommend.constraints import missing_tags, preferred
from plugin.recommend.liking import Liked, liked_scenes, unit
from plugin.recommend.profile import Profile, fondness_of_new, make_profile
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
from plugin.recommend.sentences import listed, sentence
from plugin.recommend.values import Field, Question, Ranking, Spec, Why

NOTHING_WATCHED = (
    "Nothing that you watched is known yet, so nothing can be said of what you like. Watch a few scenes, rate some, or "
    "begin with Fresh."
)
ALL_LEFT_OUT = "Nothing is left that fits: every scene that would was watched, hidden or filtered out."
NOTHING_FITS = (
    "What you watched is no different from the rest of the library, as far as tags and performers tell, so nothing "
    "stands out. Watch more, or analyse more."
)

SEED_COUNTS = 1.5
"""A seed in a profile, beside a scene that was watched to its end today, which counts 1."""

PERFORMERS = Field(
    "performers_weight",
    "slider",
    "Performers count",
    "What favourite performers count beside tags, which count 1.",
    0.5,
    low=0.0,
    high=2.0,
    step=0.05,
)
STUDIO = Field(
    "studio_weight",
    "slider",
    "Studio counts",
    "What favourite studios count beside tags, which count 1.",
    0.1,
    low=0.0,
    high=2.0,
    step=0.05,
)
NEWNESS = Field(
    "newness_weight",
    "slider",
    "New scenes count",
    "What being new counts at most, beside tags; as far as you watch new scenes more often than chance would.",
    1.0,
    low=0.0,
    high=2.0,
    step=0.05,
)


def profile_of(question: Question) -> Profile:
    """Of what was watched, with seeds beside. Made once per question and half-life."""
    half_life_days = question.config["half_life_days"]
    key = ("profile", half_life_days, question.seeds)
    if key not in question.shared:
        liked = liked_scenes(question.catalogue, question.history, half_life_days)
        for ordinal in question.seeds:
            liked.append(Liked(ordinal, SEED_COUNTS, unit(question.catalogue.terms_of(ordinal))))
        question.shared[key] = make_profile(question.catalogue, liked, question.history.now_s)
    profile: Profile = question.shared[key]
    return profile


def newness_of(question: Question) -> float:
    """Profile.newness, without making the profile where there is none yet."""
    half_life_days = question.config["half_life_days"]
    if profile := question.shared.get(("profile", half_life_days, question.seeds)):
        newness: float = profile.newness
        return newness
    key = ("newness", half_life_days)
    if key not in question.shared:
        liked = liked_scenes(question.catalogue, question.history, half_life_days)
        question.shared[key] = fondness_of_new(question.catalogue, liked, question.history.now_s)
    known: float = question.shared[key]
    return known


def why_nothing(question: Question, otherwise: str) -> str:
    """A sentence for an empty ranking."""
    if missing := missing_tags(question):
        return f"No scene has the tag {listed(missing)}, which the configuration requires."
    return otherwise


class PersonalizedTfidf:
    """Implements Recommender."""

    spec = Spec(
        "personalized_tfidf",
        "What you watch",
        "Scenes that show what you watch more than the library does, with people you come back to.",
        ("global_feed",),
        (HALF_LIFE, DIVERSITY, WATCHED, *FILTERS, PERFORMERS, STUDIO, NEWNESS, SOURCE),
    )

    def rank(self, question: Question) -> Ranking:
        catalogue, config = question.catalogue, question.config
        profile = profile_of(question)
        if not (profile.terms or profile.performers or profile.studios):
            return Ranking((), NOTHING_WATCHED)
        shares = shares_of(
            {
                "tags": 1.0,
                "performers": config["performers_weight"],
                "studio": config["studio_weight"],
                "new": config["newness_weight"] * profile.newness,
            }
        )
        scores = dots(question, profile.terms)
        unit_score = max(scores, default=0.0)
        factor = shares["tags"] / unit_score if unit_score > 0 else 0.0
        scores = [factor * score for score in scores]
        add(scores, sums_of_performers(catalogue, profile.performers), shares["performers"])
        add(scores, of_studios(catalogue, profile.studios), shares["studio"])
        scores = with_newness(question, scores, shares["new"])
        scored, lost = finish(question, scores, profile.terms)
        detail = {
            "profile": profile.as_json(),
            "factor": factor,
            "pivot": pivot(catalogue),
            "shares": shares,
            "lost": lost,
            "strength": config["diversity"],
        }
        return Ranking(
            scored, "" if scored else why_nothing(question, ALL_LEFT_OUT if max(scores) > 0 else NOTHING_FITS), detail
        )

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why:
        catalogue, detail = question.catalogue, ranking.detail
        profile, shares = Profile.from_json(detail["profile"]), detail["shares"]
        tags, of_tags = tag_reasons(catalogue, profile.terms, ordinal, detail)
        people = performer_reasons(catalogue, profile.performers, ordinal, shares["performers"])
        studio = studio_reason(catalogue, profile.studios, ordinal, shares["studio"])
        parts = {
            "tags": of_tags,
            "performers": sum(score for _, _, score in people),
            "studio": studio[2] if studio else 0.0,
            "new": newness(question, ordinal, shares["new"]),
            "preferred": preferred(question).get(ordinal, 0.0),
        }
        clauses = [
            shows(tags, how_often(tags, profile.terms)),
            with_whom(people, profile.performers),
            from_where(studio, profile.studios),
            is_new(question, ordinal, parts),
        ]
        return Why(
            sentence([clause for clause in clauses if clause], "Fits what you watch a little."),
            with_variety(parts, detail, catalogue.scene_ids[ordinal]),
            tuple(tags),
            tuple(people),
            studio,
            history=history_of(question, ordinal),
            debug={"liked_scenes": profile.scenes},
        )
