"""What is new here and what this library says of itself: for owners of whom nothing is known yet, and for a change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from plugin.recommend.config import DIVERSITY, FILTERS, SOURCE, WATCHED
from plugin.recommend.constraints import preferred
from plugin.recommend.liking import DAY_S, FAIR_RATING
from plugin.recommend.profile import new_at, news
from plugin.recommend.reasons import history_of, with_variety
from plugin.recommend.scoring import finish
from plugin.recommend.sentences import ago, listed, sentence, stars, times
from plugin.recommend.tfidf import why_nothing
from plugin.recommend.values import Catalogue, Field, Question, Ranking, Spec, Why

EMPTY = (
    "There are no scenes that the plugin knows of. Run the task Recompute recommendations once Stash has scanned some."
)
ALL_LEFT_OUT = "Every scene was watched, hidden or filtered out. Allow watched scenes, or loosen the configuration."

LARGEST_LUCK = 0xFFFFFFFF

NEW_FOR = Field(
    "new_days",
    "slider",
    "New for",
    "After so many days in the library, being new counts half as much.",
    30,
    low=1,
    high=365,
    step=1,
    unit="days",
)
NEWNESS = Field(
    "newness", "slider", "New scenes count", "How much being new counts.", 1.0, low=0.0, high=2.0, step=0.05
)
LIKED = Field(
    "popularity",
    "slider",
    "Popular scenes count",
    "How much ratings, plays, the o-counter, favourites and studios that you collect count.",
    1.0,
    low=0.0,
    high=2.0,
    step=0.05,
)
CHANCE = Field(
    "chance",
    "slider",
    "Chance counts",
    "How much luck counts, drawn anew each day.",
    0.2,
    low=0.0,
    high=2.0,
    step=0.05,
)
MUCH_DIVERSITY = Field(
    DIVERSITY.name,
    DIVERSITY.type,
    DIVERSITY.label,
    DIVERSITY.help,
    0.5,
    low=DIVERSITY.low,
    high=DIVERSITY.high,
    step=DIVERSITY.step,
)

RATING, PLAYS, O_COUNT, FAVOURITE, COLLECTED = 0.4, 0.1, 0.3, 0.4, 0.2
"""Parts of popularity: of the best rating, of each doubling of plays and of the o-counter up to COUNTED of them, of a
favourite, of the studio with most scenes.
"""

COUNTED = 3.0


class Fresh:
    """Implements Recommender. Needs no history."""

    spec = Spec(
        "fresh",
        "Fresh",
        "New and well-rated scenes, favourites, and a little luck: needs nothing to have been watched.",
        ("global_feed",),
        (NEWNESS, NEW_FOR, LIKED, CHANCE, MUCH_DIVERSITY, WATCHED, *FILTERS, SOURCE),
    )

    def rank(self, question: Question) -> Ranking:
        catalogue, config = question.catalogue, question.config
        if not any(catalogue.alive):
            return Ranking((), EMPTY)
        now_s, new_days, day = question.history.now_s, config["new_days"], int(question.history.now_s // DAY_S)
        newness, chance = config["newness"], config["chance"]
        factor, whole = luck_factor(day), chance / LARGEST_LUCK
        scores = [
            newness * new + whole * ((scene_id * factor) & LARGEST_LUCK)
            for scene_id, new in zip(catalogue.scene_ids, news(catalogue, now_s, new_days), strict=True)
        ]
        much = config["popularity"]
        scores = [score + much * popular for score, popular in zip(scores, popularity(question), strict=True)]
        scored, lost = finish(question, scores, ())
        detail = {"lost": lost, "strength": config["diversity"], "day": day, "now_s": now_s}
        return Ranking(scored, "" if scored else why_nothing(question, ALL_LEFT_OUT), detail)

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why:
        catalogue, config, detail = question.catalogue, question.config, ranking.detail
        scene_id = catalogue.scene_ids[ordinal]
        age_s = detail["now_s"] - catalogue.created_s[ordinal]
        parts = {
            "new": config["newness"] * new_at(age_s, config["new_days"]),
            "chance": config["chance"] * luck(scene_id, detail["day"]),
            "popular": config["popularity"] * popularity(question)[ordinal],
            "preferred": preferred(question).get(ordinal, 0.0),
        }
        return Why(
            sentence(_clauses(catalogue, ordinal, parts, age_s), "Drawn by luck, for a change."),
            with_variety(parts, detail, scene_id),
            history=history_of(question, ordinal),
        )


def luck(scene_id: int, day: int) -> float:
    """0 to 1, the same all day."""
    return ((scene_id * luck_factor(day)) & LARGEST_LUCK) / LARGEST_LUCK


def luck_factor(day: int) -> int:
    """Knuth's multiplicative hash, with another factor each day."""
    return 2_654_435_761 + 7_919_042 * day


def popularity(question: Question) -> list[float]:
    """By ordinal, about 0 to 1. Computed once per question."""
    if "popularity" in question.shared:
        known: list[float] = question.shared["popularity"]
        return known
    catalogue = question.catalogue
    favourites, sizes = catalogue.favorites("studio"), Counter(catalogue.studio)
    del sizes[0]
    largest = max(sizes.values(), default=0)
    of_studio = {
        studio: (FAVOURITE if studio in favourites else 0.0)
        + (COLLECTED * math.log(count) / math.log(largest) if largest > 1 else 0.0)
        for studio, count in sizes.items()
    }
    of_studio[0] = 0.0
    found = [of_studio[studio] for studio in catalogue.studio]
    for ordinal, rating in enumerate(catalogue.rating100):
        if rating > FAIR_RATING:
            found[ordinal] += RATING * (rating - FAIR_RATING) / (100 - FAIR_RATING)
    for column, weight in ((catalogue.play_count, PLAYS), (catalogue.o_count, O_COUNT)):
        for ordinal, count in enumerate(column):
            if count:
                found[ordinal] += weight * min(COUNTED, math.log2(1 + count)) / COUNTED
    for performer_id in sorted(catalogue.favorites("performer")):
        for ordinal in catalogue.scenes_of_performer(performer_id):
            found[ordinal] += FAVOURITE
    question.shared["popularity"] = found
    return found


def _clauses(catalogue: Catalogue, ordinal: int, parts: Mapping[str, Any], age_s: float) -> list[str]:
    clauses = []
    if parts["new"] >= max(parts["popular"], parts["chance"]) * 0.5 and parts["new"] > 0.1:
        clauses.append(f"came into the library {ago(age_s)}")
    if parts["popular"] <= 0:
        return clauses
    favourites = catalogue.favorites("performer")
    names = [catalogue.name("performer", key) for key in catalogue.performers_of(ordinal) if key in favourites]
    if any(names):
        clauses.append(f"is with {listed([name for name in names if name][:3])}, whom you marked as favourite")
    rating, o_count, plays = catalogue.rating100[ordinal], catalogue.o_count[ordinal], catalogue.play_count[ordinal]
    if rating > FAIR_RATING:
        clauses.append(f"is rated {stars(rating)}")
    if o_count:
        clauses.append(f"has an o-counter of {o_count}")
    elif plays:
        clauses.append(f"was played {times(plays)}")
    studio = catalogue.studio[ordinal]
    name = catalogue.name("studio", studio) if studio else ""
    if name and studio in catalogue.favorites("studio"):
        clauses.append(f"is from {name}, a favourite studio")
    elif name and not clauses:
        clauses.append(f"is from {name}, of which you have {len(catalogue.scenes_of_studio(studio))} scenes")
    return clauses
