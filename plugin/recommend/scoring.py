"""Scores of all scenes at once: plain loops over postings, and nothing that is read scene by scene."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from plugin.recommend.constraints import allowed, preferred
from plugin.recommend.diversity import HEAD, Looks, arrange, looks_of
from plugin.recommend.profile import NEW_DAYS, Wish, news
from plugin.recommend.values import Catalogue, Posting, Question

MOST_RANKED = 1000
"""More than anybody pages through."""

SLOPE = 0.7
"""How much the length of a scene's term vector counts (Singhal et al., Pivoted Document Length Normalization, 1996): at
1, cosine, which favours scenes that little is known of; at 0, the dot product, which favours those with many tags.
"""


def dot(catalogue: Catalogue, wishes: Sequence[Wish]) -> list[float]:
    """By ordinal: the weights of a scene's terms times those that are wished, over the pivoted length of all its terms.
    0 for scenes with none of them.
    """
    scores = [0.0] * len(catalogue.scene_ids)
    if not wishes:
        return scores
    for wish in wishes:
        posting, factor = catalogue.posting(wish.id), wish.weight
        for ordinal, weight in zip(posting.ordinals, posting.weights, strict=True):
            scores[ordinal] += factor * weight
    base = pivot(catalogue)
    return [score and score / (base + SLOPE * norm) for score, norm in zip(scores, catalogue.norm, strict=True)]


def dots(question: Question, wishes: tuple[Wish, ...]) -> list[float]:
    """dot(), computed once per question. Not to be changed."""
    key = ("dot", wishes)
    if key not in question.shared:
        question.shared[key] = dot(question.catalogue, wishes)
    scores: list[float] = question.shared[key]
    return scores


def pivot(catalogue: Catalogue) -> float:
    """The part of what dot() divides by that is the same for all scenes; SLOPE times the scene's norm is the other."""
    return (1 - SLOPE) * typical_norm(catalogue)


def typical_norm(catalogue: Catalogue) -> float:
    """Mean over scenes that have terms."""
    return sum(catalogue.norm) / max(1, catalogue.described) or 1.0


def sums_of_performers(catalogue: Catalogue, wishes: Sequence[Wish]) -> dict[int, float]:
    """By ordinal, for scenes with any of them."""
    sums: dict[int, float] = {}
    for wish in wishes:
        for ordinal in catalogue.scenes_of_performer(wish.id):
            sums[ordinal] = sums.get(ordinal, 0.0) + wish.weight
    return sums


def of_studios(catalogue: Catalogue, wishes: Sequence[Wish]) -> dict[int, float]:
    """By ordinal, for scenes of any of them."""
    weights = {wish.id: wish.weight for wish in wishes}
    return {ordinal: weights[studio] for ordinal, studio in enumerate(catalogue.studio) if studio and studio in weights}


def shares_of(weights: Mapping[str, float]) -> dict[str, float]:
    """The same, all together 1."""
    whole = sum(weights.values()) or 1.0
    return {name: weight / whole for name, weight in weights.items()}


def with_newness(question: Question, scores: list[float], share: float) -> list[float]:
    """The same, with what each scene gains by being new."""
    if not share:
        return scores
    return [score + share * new for score, new in zip(scores, every_newness(question), strict=True)]


def every_newness(question: Question) -> Sequence[float]:
    """By ordinal, new_at() of all scenes; computed once per question."""
    if "new" not in question.shared:
        question.shared["new"] = news(question.catalogue, question.history.now_s, NEW_DAYS)
    known: Sequence[float] = question.shared["new"]
    return known


def weight_at(posting: Posting, ordinal: int) -> float:
    """0 where the scene does not have the term."""
    place = bisect_left(posting.ordinals, ordinal)
    found = place < len(posting.ordinals) and posting.ordinals[place] == ordinal
    return posting.weights[place] if found else 0.0


def best(scores: Sequence[float], mask: Sequence[int]) -> list[tuple[int, float]]:
    """Those above 0 that may come, best first, equal ones by ordinal; MOST_RANKED at most."""
    chosen = [ordinal for ordinal, score in enumerate(scores) if score > 0 and mask[ordinal]]
    chosen.sort(key=scores.__getitem__, reverse=True)  # stable: equal ones stay in order
    return [(ordinal, scores[ordinal]) for ordinal in chosen[:MOST_RANKED]]


def add(scores: list[float], more: Mapping[int, float], factor: float = 1.0) -> None:
    for ordinal, value in more.items():
        scores[ordinal] += factor * value


def looks(catalogue: Catalogue, scored: Sequence[tuple[int, float]], wishes: Sequence[Wish]) -> dict[int, Looks]:
    """What the first of them are compared by, in the terms that are wished."""
    postings = [(wish.weight, catalogue.posting(wish.id)) for wish in wishes]
    return {
        ordinal: looks_of(catalogue, ordinal, [factor * weight_at(posting, ordinal) for factor, posting in postings])
        for ordinal, _ in scored[:HEAD]
    }


def finish(
    question: Question, scores: list[float], wishes: Sequence[Wish]
) -> tuple[tuple[tuple[int, float], ...], dict[str, float]]:
    """Add what is preferred, leave out what may not come, and arrange. Returns the ranking, and by scene id (as text,
    for JSON) the share of its score that each of the first has lost to variety.
    """
    catalogue = question.catalogue
    add(scores, preferred(question))
    scored = best(scores, allowed(question))
    strength = question.config.get("diversity", 0.0)
    arranged, lost = arrange(scored, looks(catalogue, scored, wishes) if strength else {}, strength)
    return tuple(arranged), {str(catalogue.scene_ids[ordinal]): share for ordinal, share in lost.items()}
