"""What looks like what was watched: several tastes in turn, or scenes that look like the chosen one."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from plugin.recommend.config import DIVERSITY, FILTERS, HALF_LIFE, WATCHED
from plugin.recommend.constraints import allowed, preferred
from plugin.recommend.diversity import arrange
from plugin.recommend.reasons import WORTH_SAYING, history_of, with_variety
from plugin.recommend.scoring import every_newness, looks
from plugin.recommend.seeds import the_seeds
from plugin.recommend.segments import NO_SEEDS
from plugin.recommend.sentences import ago, listed, sentence
from plugin.recommend.tfidf import ALL_LEFT_OUT, NEWNESS, newness_of, why_nothing
from plugin.recommend.values import Centre, Field, Question, Ranking, SceneReason, Spec, Taste, Why

TOO_LITTLE = (
    "Too little was watched of the scenes that were analysed to know a taste. Watch a few, or analyse what you "
    "watched, and run the task Recompute recommendations."
)
NEVER_SEEN = (
    "It is not known what this scene looks like. Analyse it, and run the task Recompute recommendations while the "
    "sidecar runs."
)
MOST = 1000
"""Scenes of a ranking: more than anybody pages through."""
HALF_PLACE = 25.0
"""The place among all tastes whose score is half of the first, as in the blend."""
FEEDBACK = {"more": 0.3, "less": -0.5}
"""Times the likeness to a scene of which more or less is wanted: what a scene gains or loses."""
MUCH_ALIKE = 0.6
"""Cosine from which on two scenes look much like each other. For words alone."""
SHOWN = 3
"""Seeds that a sentence names."""

EVENNESS = Field(
    "evenness",
    "slider",
    "Small tastes",
    "0: each of your tastes comes as often as you watch it. 1: all come equally often.",
    0.3,
    low=0.0,
    high=1.0,
    step=0.05,
)


class LooksLike:
    """Implements Recommender."""

    spec = Spec(
        "taste",
        "Looks like what you watch",
        "Scenes whose pictures are like those of what you watched, from each of your tastes in turn.",
        ("global_feed", "similar_scene"),
        (EVENNESS, DIVERSITY, WATCHED, *FILTERS, NEWNESS, HALF_LIFE),
    )

    def rank(self, question: Question) -> Ranking:
        return _like_seeds(question) if question.context == "similar_scene" else _like_tastes(question)

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why:
        return _why_seeds(question, ranking, ordinal) if "seeds" in ranking.detail else _why(question, ranking, ordinal)


def alike(taste: Taste, ordinals: Sequence[int]) -> dict[int, float]:
    """By ordinal, how much scenes look like these: the mean of their cosines, 0 where one is no neighbour."""
    total: dict[int, float] = {}
    for ordinal in ordinals:
        for other, cosine in taste.neighbours(ordinal):
            total[other] = total.get(other, 0.0) + cosine / len(ordinals)
    return total


def shares(centres: Sequence[Centre], evenness: float) -> dict[int, float]:
    """By the centre's id, how often each may come: all together 1."""
    raised = {centre.id: max(centre.share, 0.0) ** (1.0 - evenness) for centre in centres}
    whole = sum(raised.values()) or 1.0
    return {key: value / whole for key, value in raised.items()}


def in_turn(lists: Mapping[int, Iterable[int]], share_of: Mapping[int, float]) -> Iterator[tuple[int, int, float]]:
    """(scene, centre, place among all, from 0), best first, each scene once.

    lists: scenes by centre, best first. Each place goes to the centre whose share is largest for what it has had:
    Webster's method of apportionment, as seats are given to parties. The place is where the scene would stand if its
    centre's scenes were spread evenly, by its share; it never falls from one to the next.
    """
    taken: set[int] = set()
    left = {centre: iter(scenes) for centre, scenes in lists.items() if share_of[centre] > 0}
    turns = [(0.5 / share_of[centre], centre, 0) for centre in left]
    heapq.heapify(turns)
    while turns:
        at, centre, had = heapq.heappop(turns)
        scene = next((one for one in left[centre] if one not in taken), None)
        if scene is not None:
            taken.add(scene)
            yield scene, centre, at - 0.5
            heapq.heappush(turns, ((had + 1.5) / share_of[centre], centre, had + 1))


def _like_tastes(question: Question) -> Ranking:
    centres = question.taste.centres()
    if not centres:
        return Ranking((), question.taste.note() or TOO_LITTLE)
    gains, news = _gains(question), _news(question)
    lists = {centre.id: _best(question, centre, gains, news) for centre in centres}
    share_of = shares(centres, question.config["evenness"])
    placed = list(islice(in_turn(lists, share_of), MOST))
    scored = [(ordinal, HALF_PLACE / (HALF_PLACE + place)) for ordinal, _, place in placed]
    scored.sort(key=lambda one: (-one[1], one[0]))
    ids = question.catalogue.scene_ids
    detail = {
        "shares": {str(centre.id): centre.share for centre in centres},
        "of": {str(ids[ordinal]): [centre, round(place, 6)] for ordinal, centre, place in placed},
    }
    return _arranged(question, scored, detail, question.taste.note() if scored else "")


def _best(question: Question, centre: Centre, gains: Mapping[int, float], news: Mapping[int, float]) -> Iterator[int]:
    """Scenes of a taste that may come, best first, as far as they are asked for. Only those that gain or lose are
    looked up one by one. Being new counts, beside looking like the taste, as much as that does at most, times news.
    """
    mask, scores = allowed(question), centre.scores
    most = max(0.0, next(iter(scores.values()), 0.0))
    others = gains.keys() | news.keys()
    plain = ((score, ordinal) for ordinal, score in scores.items() if mask[ordinal] and ordinal not in others)
    moved = [
        (score + gains.get(one, 0.0) + (most * news.get(one, 0.0) if score > 0 else 0.0), one)
        for one in others
        if mask[one] and (score := scores.get(one)) is not None
    ]
    moved.sort(key=_best_first)
    for score, ordinal in heapq.merge(plain, moved, key=_best_first):
        if score <= 0:
            return
        yield ordinal


def _news(question: Question) -> Mapping[int, float]:
    """By ordinal, of new scenes, how much that counts: as far as the owner watches what is new."""
    weight = question.config["newness_weight"] * newness_of(question)
    key = ("looks_news", weight)
    if key not in question.shared:
        every = enumerate(every_newness(question)) if weight else ()
        question.shared[key] = {one: weight * new for one, new in every if new}
    known: Mapping[int, float] = question.shared[key]
    return known


def _best_first(one: tuple[float, int]) -> tuple[float, int]:
    return -one[0], one[1]


def _gains(question: Question) -> Mapping[int, float]:
    """What scenes gain or lose by what is preferred, and by looking like what more or less is wanted of."""
    key = ("looks_gains", repr((question.config.get("tags"), question.config.get("performers"))))
    if key not in question.shared:
        gains = question.shared[key] = dict(preferred(question))
        for ordinal, verdict in question.history.feedback.items():
            if weight := FEEDBACK.get(verdict):
                for other, cosine in question.taste.neighbours(ordinal):
                    gains[other] = gains.get(other, 0.0) + weight * cosine
    known: Mapping[int, float] = question.shared[key]
    return known


def _like_seeds(question: Question) -> Ranking:
    if not question.seeds:
        return Ranking((), NO_SEEDS)
    likeness = alike(question.taste, question.seeds)
    if not likeness:
        return Ranking((), question.taste.note() or NEVER_SEEN)
    mask, gains, news, ids = allowed(question), _gains(question), _news(question), question.catalogue.scene_ids
    most = max(likeness.values())
    raised = {one: score + gains.get(one, 0.0) + most * news.get(one, 0.0) for one, score in likeness.items()}
    scored = [(one, score) for one, score in raised.items() if mask[one] and score > 0]
    scored.sort(key=lambda one: (-one[1], one[0]))
    detail = {"seeds": [ids[ordinal] for ordinal in question.seeds], "most": most}
    return _arranged(question, scored[:MOST], detail, "")


def _arranged(question: Question, scored: Sequence[tuple[int, float]], detail: dict[str, Any], note: str) -> Ranking:
    catalogue, strength = question.catalogue, question.config["diversity"]
    arranged, lost = arrange(scored, looks(catalogue, scored, ()) if strength else {}, strength)
    detail["lost"] = {str(catalogue.scene_ids[ordinal]): share for ordinal, share in lost.items()}
    detail["strength"] = strength
    return Ranking(tuple(arranged), note if scored else why_nothing(question, ALL_LEFT_OUT), detail)


def _why(question: Question, ranking: Ranking, ordinal: int) -> Why:
    """Because of what was watched of the taste that the scene came by."""
    catalogue, detail = question.catalogue, ranking.detail
    scene_id = catalogue.scene_ids[ordinal]
    number, place = detail["of"].get(str(scene_id), (None, 0.0))
    centre = next((one for one in question.taste.centres() if one.id == number), None)
    if centre is None:  # computed anew since the ranking was made
        return Why("Looks like what you watch.", history=history_of(question, ordinal))
    nearest = centre.nearest.get(ordinal)
    standing = [one for one in centre.because if one not in (nearest, ordinal)][:SHOWN]
    reasons = [_reason(question, one, 0.0, "watched") for one in standing]
    clauses = []
    if nearest is not None:
        closest = _reason(question, nearest, centre.likeness.get(ordinal, 0.0), "looks")
        reasons.insert(0, closest)
        clauses.append(f"looks {_how(closest.similarity)} {closest.title}, which you watched")
    age_s = question.history.now_s - catalogue.created_s[ordinal]
    if _news(question).get(ordinal, 0.0) >= WORTH_SAYING:
        clauses.append(f"came {ago(age_s)}")
    elif len(detail["shares"]) > 1:
        clauses.append(f"belongs to a taste that is {_share(centre.share)} of what you watch")
    return Why(
        sentence(clauses, "Looks like what you watch."),
        with_variety({"looks": HALF_PLACE / (HALF_PLACE + place)}, detail, scene_id),
        scenes=tuple(reasons),
        history=history_of(question, ordinal),
        debug={"taste": number, "share": centre.share, "cosine": centre.scores.get(ordinal, 0.0), "place": place},
    )


def _why_seeds(question: Question, ranking: Ranking, ordinal: int) -> Why:
    catalogue = question.catalogue
    seeds = [
        _reason(question, seed, dict(question.taste.neighbours(seed)).get(ordinal, 0.0), "seed")
        for seed in question.seeds
    ]
    seeds.sort(key=lambda reason: (-reason.similarity, reason.ordinal))
    likeness = sum(reason.similarity for reason in seeds) / max(1, len(seeds))
    liked = preferred(question).get(ordinal, 0.0)
    parts = {
        "looks": likeness,
        "new": ranking.detail["most"] * _news(question).get(ordinal, 0.0),
        "preferred": liked,
        "feedback": _gains(question).get(ordinal, 0.0) - liked,
    }
    named = [reason.title for reason in seeds if reason.similarity > 0 and reason.title][:SHOWN]
    whom = the_seeds(question) if len(seeds) == 1 or not named else listed(named)
    return Why(
        sentence([f"looks {_how(likeness)} {whom}"], ""),
        with_variety(parts, ranking.detail, catalogue.scene_ids[ordinal]),
        scenes=tuple(reason for reason in seeds if reason.similarity > 0),
        history=history_of(question, ordinal),
    )


def _reason(question: Question, ordinal: int, similarity: float, how: str) -> SceneReason:
    scene_id = question.catalogue.scene_ids[ordinal]
    title = question.catalogue.name("scene", scene_id) or f"scene {scene_id}"
    return SceneReason(ordinal, title, similarity, how)


def _how(cosine: float) -> str:
    return "much like" if cosine >= MUCH_ALIKE else "like"


def _share(share: float) -> str:
    """In words; a share is no score, so it may be told."""
    if share >= 0.45:
        return "about half" if share < 0.6 else "most"
    return "a third" if share >= 0.29 else "a fifth" if share >= 0.15 else "a small part"
