"""Several recommenders as one: places in their rankings, mixed by what each is worth to this owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from plugin.recommend.config import DIVERSITY, FILTERS, HALF_LIFE, SOURCE, WATCHED, defaults
from plugin.recommend.diversity import arrange
from plugin.recommend.profile import Wish
from plugin.recommend.reasons import with_variety
from plugin.recommend.scoring import MOST_RANKED, looks
from plugin.recommend.values import Catalogue, Question, Ranking, Recommender, Spec, Why

DEPTH = 500
"""Places of each source that count."""

HALF_PLACE = 25.0
"""The place that is worth half of the first."""

FLOOR = 0.05
"""What every source keeps, of all together: little data shall not silence one."""

DEFAULT_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "global_feed": {"personalized_tfidf": 0.4, "performer_tag_hybrid": 0.25, "taste": 0.15, "fresh": 0.2},
    "similar_scene": {"segment_similarity": 0.35, "performer_tag_hybrid": 0.4, "taste": 0.25},
}
"""While there is too little history to learn them."""

Scored = Sequence[tuple[int, float]]


def worth(place: int) -> float:
    """Of the place in a ranking, from 0: 1 for the first, falling fast at first and slowly then, as in reciprocal rank
    fusion (Cormack et al., 2009).
    """
    return HALF_PLACE / (HALF_PLACE + place)


def floored(weights: Mapping[str, float], floor: float = FLOOR) -> dict[str, float]:
    """The same, none below floor, all together 1: what is below is raised, and the others keep their proportion. Done
    again, it changes nothing. Weights below 0 count as 0.
    """
    left = {name: max(0.0, weight) for name, weight in weights.items()}
    floor = min(floor, 1 / max(1, len(left)))
    raised: dict[str, float] = {}
    while left:
        rest, whole = 1 - floor * len(raised), sum(left.values())
        shares = {name: rest * (weight / whole if whole > 0 else 1 / len(left)) for name, weight in left.items()}
        below = {name for name, share in shares.items() if share < floor - 1e-12}
        if not below:
            return {name: shares.get(name, floor) for name in weights}
        raised.update(dict.fromkeys(below, floor))
        left = {name: weight for name, weight in left.items() if name not in below}
    return raised


def mix(rankings: Mapping[str, Ranking], weights: Mapping[str, float]) -> list[tuple[int, float]]:
    """One ranking of several, best first, equal scores by ordinal. Sources that have nothing leave their weight to the
    others. Scores: 0 to 1, 1 for what every source has first.
    """
    there = {name: weights.get(name, 0.0) for name, ranking in rankings.items() if ranking.scored}
    whole = sum(there.values())
    if whole <= 0:
        return []
    scores: dict[int, float] = {}
    for name, weight in there.items():
        share = weight / whole
        for place, (ordinal, _) in enumerate(rankings[name].scored[:DEPTH]):
            scores[ordinal] = scores.get(ordinal, 0.0) + share * worth(place)
    ranked = sorted((ordinal for ordinal in scores if scores[ordinal] > 0), key=lambda one: (-scores[one], one))
    return [(ordinal, scores[ordinal]) for ordinal in ranked[:MOST_RANKED]]


class Blend:
    """Implements Recommender."""

    spec = Spec(
        "blend",
        "For you",
        "All the others together, each weighted by how well it predicts what you watch.",
        ("global_feed", "similar_scene"),
        (HALF_LIFE, DIVERSITY, WATCHED, *FILTERS, SOURCE),
    )

    def __init__(self, sources: Sequence[Recommender], weights: Mapping[str, Mapping[str, float]]) -> None:
        """weights: by context, as learned; those of a context that is not there are the defaults."""
        self._sources = {source.spec.id: source for source in sources}
        self._weights = weights

    def weights(self, context: str) -> dict[str, float]:
        """Of the sources of a context, all together 1."""
        usual = DEFAULT_WEIGHTS.get(context, {})
        learned = self._weights.get(context) or usual
        sources = [name for name, source in self._sources.items() if context in source.spec.contexts and name in usual]
        return floored({name: learned.get(name, 0.0) for name in sources})

    def rank(self, question: Question) -> Ranking:
        weights = self.weights(question.context)
        rankings = {name: self._sources[name].rank(self._asked(question, name)) for name in weights}
        scored = mix(rankings, weights)
        notes = [ranking.note for ranking in rankings.values() if ranking.note]
        catalogue, strength = question.catalogue, question.config["diversity"]
        wishes = _wishes(rankings)
        arranged, lost = arrange(scored, looks(catalogue, scored, wishes) if strength else {}, strength)
        there = {name: weights[name] for name, ranking in rankings.items() if ranking.scored}
        whole = sum(there.values())
        detail = {
            "weights": {name: weight / whole for name, weight in there.items()},
            "places": {name: _places(catalogue, rankings[name]) for name in there},
            "sources": {name: dict(rankings[name].detail) for name in there},
            "lost": {str(catalogue.scene_ids[ordinal]): share for ordinal, share in lost.items()},
            "strength": strength,
        }
        return Ranking(tuple(arranged), "" if scored else (notes or [""])[0], detail)

    def explain(self, question: Question, ranking: Ranking, ordinal: int) -> Why:
        """The reasons of the source that the scene owes most to; parts by source."""
        detail, scene_id = ranking.detail, question.catalogue.scene_ids[ordinal]
        parts = {
            name: weight * worth(place)
            for name, weight in detail["weights"].items()
            if (place := detail["places"][name].get(str(scene_id))) is not None
        }
        leading = max(parts, key=lambda name: (parts[name], name), default="")
        if not leading:
            return Why("Fits a little.")
        source = self._sources[leading]
        asked = self._asked(question, leading)
        why = source.explain(asked, Ranking((), "", detail["sources"][leading]), ordinal)
        return replace(
            why,
            parts=with_variety(parts, detail, scene_id),
            debug={
                **why.debug,
                "led_by": leading,
                "its_parts": dict(why.parts),
                "places": {name: detail["places"][name][str(scene_id)] for name in parts},
                "weights": dict(detail["weights"]),
            },
        )

    def _asked(self, question: Question, name: str) -> Question:
        """The same of one source: its own defaults, with what the blend is asked for; variety comes at the end."""
        spec = self._sources[name].spec
        own = defaults(spec)
        given = {key: value for key, value in question.config.items() if key in own}
        return replace(question, config={**own, **given, **({"diversity": 0.0} if "diversity" in own else {})})


def _wishes(rankings: Mapping[str, Ranking]) -> list[Wish]:
    """What scenes are compared by: terms of the first source that has any."""
    for ranking in rankings.values():
        detail: Mapping[str, Any] = ranking.detail
        terms = detail.get("terms") or detail.get("profile", {}).get("terms")
        if terms:
            return [Wish(*each) for each in terms]
    return []


def _places(catalogue: Catalogue, ranking: Ranking) -> dict[str, int]:
    """By scene id, as text for JSON: its place, from 0."""
    return {str(catalogue.scene_ids[ordinal]): place for place, (ordinal, _) in enumerate(ranking.scored[:DEPTH])}
