"""Every recommender by its id, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.recommend.blend import Blend
from plugin.recommend.fresh import Fresh
from plugin.recommend.hybrid import PerformerTagHybrid
from plugin.recommend.least_wanted import LeastWanted
from plugin.recommend.segments import SegmentSimilarity
from plugin.recommend.taste import LooksLike
from plugin.recommend.tfidf import PersonalizedTfidf
from plugin.recommend.values import Recommender

CONTEXTS = ("global_feed", "similar_scene", "prune_candidates")

Weights = Mapping[str, Mapping[str, float]]
"""By context, by recommender: what each weighs in the blend."""


def recommenders(weights: Weights | None = None) -> dict[str, Recommender]:
    """weights: as learned from the owner's history; the defaults where there are none."""
    sources: tuple[Recommender, ...] = (
        PersonalizedTfidf(),
        SegmentSimilarity(),
        PerformerTagHybrid(),
        LooksLike(),
        Fresh(),
    )
    return {one.spec.id: one for one in (Blend(sources, weights or {}), *sources, LeastWanted())}
