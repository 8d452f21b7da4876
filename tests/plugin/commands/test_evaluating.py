"""Recommenders are judged by what stands in the store, and what was found is kept."""

from __future__ import annotations

from plugin.commands.evaluating import evaluate_recommenders
from plugin.library.building import refresh_catalogue
from plugin.recommend.evaluation import CONTEXTS
from plugin.review.policy import PolicyBook
from plugin.settings import OwnerSettings
from plugin.store.library import NameRow
from plugin.store.store import Store
from tests.plugin.library.samples import analysed, known_scene, watched

DAY_S = 86_400.0


def fill(store: Store, evenings: int) -> None:
    """Scenes with one of two tags, and with a label; every evening two of the first tag were watched."""
    store.library.replace_names([NameRow("tag", 1, "kissing"), NameRow("tag", 2, "dancing")])
    store.library.save(
        [known_scene(number, duration_s=600.0, tags=(1 if number <= 40 else 2,)) for number in range(1, 61)]
    )
    for number in range(1, 61, 4):
        analysed(store, number, {"a red sofa": [(0.0, 200.0)]}, duration_s=600.0)
    refresh_catalogue(store, OwnerSettings(), PolicyBook())
    for evening in range(evenings):
        for part in range(2):
            at_s = 1_000_000.0 + evening * DAY_S + 700.0 * part
            watched(store, 2 * evening + part + 1, [(10.0, 300.0)], at_s, duration_s=600.0)


def test_what_was_found_is_kept_and_replaced(store: Store) -> None:
    fill(store, evenings=4)
    assert evaluate_recommenders(store).startswith("Too little was watched")
    assert all(store.recommendations.evaluations(context) == {} for context in CONTEXTS)

    for number in range(9, 37):
        watched(store, number, [(0.0, 200.0)], 2_000_000.0 + number // 2 * DAY_S + 300.0 * (number % 2), 600.0)
    assert "was watched, and their mix was learned" in evaluate_recommenders(store)
    first = {context: store.recommendations.evaluations(context) for context in CONTEXTS}
    assert {"blend", "personalized_tfidf", "fresh"} <= set(first["global_feed"])
    assert "segment_similarity" in first["similar_scene"]
    assert first["global_feed"]["personalized_tfidf"].metrics["hit_rate"][0] == 1.0
    evaluate_recommenders(store)
    again = {context: store.recommendations.evaluations(context) for context in CONTEXTS}
    assert {c: {n: one.metrics for n, one in each.items()} for c, each in again.items()} == {
        c: {n: one.metrics for n, one in each.items()} for c, each in first.items()
    }, "the same history says the same"

    store.watches.erase()
    evaluate_recommenders(store)
    assert all(store.recommendations.evaluations(context) == {} for context in CONTEXTS)
