"""What any recommender must beat: chance, popularity, and the rivals' formulas."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from plugin.recommend.evaluation import Rank
from plugin.recommend.replay import Moment
from scripts.evaluation import compat

PAGE = 200
"""Asked of the baseline: a page five times as long as it would show, so that leaving out what was watched before costs
it nothing."""


def at_random(moment: Moment) -> Sequence[int]:
    """The same at the same moment."""
    ordinals = [ordinal for ordinal, alive in enumerate(moment.catalogue.alive) if alive and ordinal not in moment.seen]
    random.Random(moment.case.moment_s).shuffle(ordinals)  # noqa: S311
    return ordinals


def by_popularity(moment: Moment) -> Sequence[int]:
    """Most played, then best rated, then newest."""
    catalogue = moment.catalogue
    ordinals = [ordinal for ordinal, alive in enumerate(catalogue.alive) if alive and ordinal not in moment.seen]
    ordinals.sort(
        key=lambda one: (catalogue.play_count[one], catalogue.rating100[one], catalogue.created_s[one]), reverse=True
    )
    return ordinals


def compat_ranks(
    context: str, library: compat.Library, watched: Callable[[float], compat.Watched]
) -> Mapping[str, Rank]:
    """Those of the rivals' formulas that serve a context, by name. watched: by moment."""
    formulas: Mapping[str, Callable[..., compat.Scored]]
    if context == "global_feed":
        formulas = {"compat personalized_tfidf": compat.personalized_tfidf}
    else:
        formulas = {
            "compat segment_similarity": compat.segment_similarity,
            "compat performer_tag_hybrid": compat.performer_tag_hybrid,
        }

    def of(formula: Callable[..., compat.Scored]) -> Rank:
        def rank(moment: Moment) -> Sequence[int]:
            seeds = [moment.catalogue.scene_ids[seed] for seed in moment.case.seeds]
            ranked = formula(library, watched(moment.case.moment_s), seeds, limit=PAGE)
            places = (moment.catalogue.ordinal(scene_id) for scene_id, _ in ranked)
            return [place for place in places if place is not None]

        return rank

    return {name: of(formula) for name, formula in formulas.items()}
