"""What of a few chosen scenes others are compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from plugin.recommend.liking import unit
from plugin.recommend.profile import MOST_TERMS, Wish
from plugin.recommend.values import Question, SceneTerm
from plugin.recommend.weights import inverse_document_frequency

Spans = Sequence[tuple[float, float]]


def seed_terms(question: Question, part: str) -> tuple[Wish, ...]:
    """Terms of the seeds by weight times rarity, the greatest 1. part: "watched", for what was seen of them (all of a
    seed that was not watched), or "whole".
    """
    catalogue = question.catalogue
    total: dict[int, float] = defaultdict(float)
    having: dict[int, int] = defaultdict(int)
    for ordinal in question.seeds:
        terms = tuple(catalogue.terms_of(ordinal))
        if part == "watched":
            terms = _seen(terms, question.spans(ordinal), question.segments(ordinal))
        for term, weight in unit(terms):
            total[term] += weight
            having[term] += 1
    weights = {
        term: weight * inverse_document_frequency(catalogue.described, catalogue.document_frequency(term))
        for term, weight in total.items()
    }
    chosen = sorted(weights, key=lambda term: (-weights[term], term))[:MOST_TERMS]
    greatest = max((weights[term] for term in chosen), default=0.0)
    return tuple(Wish(term, weights[term] / greatest, having[term]) for term in chosen) if greatest > 0 else ()


def seed_performers(question: Question) -> tuple[Wish, ...]:
    """Performers of the seeds, the rarer the heavier, all together 1."""
    catalogue = question.catalogue
    keys = [key for ordinal in question.seeds for key in catalogue.performers_of(ordinal)]
    scenes = len(catalogue.scene_ids)
    weights = {
        key: keys.count(key) * inverse_document_frequency(scenes, len(catalogue.scenes_of_performer(key)))
        for key in keys
    }
    together = sum(weights.values())
    return tuple(Wish(key, weights[key] / together, 0) for key in sorted(weights, key=lambda key: (-weights[key], key)))


def seed_studios(question: Question) -> tuple[Wish, ...]:
    """Studios of the seeds, each 1."""
    studios = sorted({question.catalogue.studio[ordinal] for ordinal in question.seeds} - {0})
    return tuple(Wish(studio, 1.0, 0) for studio in studios)


def _seen(terms: tuple[SceneTerm, ...], spans: Mapping[int, Spans], segments: Spans) -> tuple[SceneTerm, ...]:
    """The same, each with the share of its weight that was seen. Terms that are not known by place stay whole."""
    if not segments:
        return terms
    found = []
    for term, weight, seconds in terms:
        where = spans.get(term)
        if where:
            there = sum(end - start for start, end in where)
            seen = overlap_s(where, segments)
            share = min(1.0, seen / there) if there > 0 else 0.0
            found.append(SceneTerm(term, weight * share, seen))
        else:
            found.append(SceneTerm(term, weight, seconds))
    return tuple(found) if any(term.weight > 0 for term in found) else terms


def overlap_s(one: Spans, other: Spans) -> float:
    """Seconds in both. Each ascending and disjoint."""
    total, a, b = 0.0, 0, 0
    while a < len(one) and b < len(other):
        total += max(0.0, min(one[a][1], other[b][1]) - max(one[a][0], other[b][0]))
        if one[a][1] <= other[b][1]:
            a += 1
        else:
            b += 1
    return total


def the_seeds(question: Question) -> str:
    """The seeds, in a sentence that is read beside them."""
    return "this scene" if len(question.seeds) == 1 else "these scenes"
