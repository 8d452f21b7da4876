"""Recommenders are judged by this owner's own history, and the blend learns what each is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from plugin.library.catalogue import StoreCatalogue
from plugin.library.history import read_history, settle_watched, term_spans
from plugin.library.stored_taste import StoreTaste
from plugin.recommend.evaluation import CONTEXTS, MOST_CASES, MOST_CPU_S, evaluate_owner
from plugin.recommend.replay import NeighbourTaste, World
from plugin.store.recommendations import Evaluated
from plugin.telemetry.coverage import union

if TYPE_CHECKING:
    from plugin.store.store import Store

WATCHED_AT_ONCE = 50
"""Scenes whose watches are summed up in one transaction."""

MOST_SCENES = 2000
"""Of the history, the last watched."""


def world_of(store: Store) -> World:
    """What is in the store, to be gone through once more. Read as far as it is asked for, watches summed up before.
    Raises StoreError.
    """
    while settle_watched(store, WATCHED_AT_ONCE):
        pass
    catalogue = StoreCatalogue(store)
    taste = StoreTaste(store, catalogue)

    def segments_at(moment_s: float) -> Callable[[int], Sequence[tuple[float, float]]]:
        def segments(ordinal: int) -> Sequence[tuple[float, float]]:
            played = store.watches.segments_of_scene(catalogue.scene_ids[ordinal])
            return union([(one.start_s, one.end_s) for one in played if one.at_s < moment_s])

        return segments

    def spans(ordinal: int) -> Mapping[int, Sequence[tuple[float, float]]]:
        return term_spans(store, catalogue, ordinal)

    history = read_history(store, catalogue, store.now_s(), most=MOST_SCENES)
    return World(catalogue, history, lambda _, known: NeighbourTaste(taste, known), segments_at, spans)


def evaluate_recommenders(store: Store, most_cases: int = MOST_CASES, most_cpu_s: float = MOST_CPU_S) -> str:
    """Judge every recommender and keep what was found in place of what was found before. Returns a sentence for people.

    Where too little was watched, what was kept is dropped: the blend then weighs as it does for everybody. Takes about
    most_cpu_s at most, and writes in one transaction at the end. Raises StoreError.
    """
    found = evaluate_owner(world_of(store), most_cases, most_cpu_s)
    now_s = store.now_s()
    with store.transaction():
        for context in CONTEXTS:
            store.recommendations.keep_evaluations(
                context,
                [
                    Evaluated(one.recommender, one.metrics(), one.weight, now_s)
                    for one in found
                    if one.context == context
                ],
            )
    cases = {one.context: one.quality.cases for one in found}
    if not cases:
        return "Too little was watched to tell which recommendations fit; the usual mix stays."
    return (
        f"Recommendations were tried on {sum(cases.values())} moments of what was watched, and their mix was learned."
    )
