"""What recommending remembers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.store.recommendations import KEPT_FOR_S, KEPT_RANKINGS, Preference, StoredRanking
from plugin.store.store import Store
from tests.plugin.clock import Hands

RANKING = StoredRanking("one", {"context": "global_feed"}, [3, 1 << 40], [0.75, 0.1], {"lost": {"3": 0.5}})


def test_one_recommender_of_a_context_is_chosen(store: Store) -> None:
    rooms = store.recommendations
    rooms.prefer("global_feed", "fresh", {"chance": 1}, chosen=True)
    rooms.prefer("global_feed", "blend", {}, chosen=False)
    rooms.prefer("similar_scene", "blend", {}, chosen=True)
    assert rooms.preferences("global_feed") == {
        "blend": Preference("blend", {}, False),
        "fresh": Preference("fresh", {"chance": 1}, True),
    }
    rooms.prefer("global_feed", "blend", {}, chosen=True)
    assert [name for name, one in rooms.preferences("global_feed").items() if one.chosen] == ["blend"]
    assert rooms.preferences("similar_scene")["blend"].chosen


def test_saving_a_configuration_leaves_the_choice_as_it_was(store: Store) -> None:
    store.recommendations.prefer("global_feed", "fresh", {}, chosen=True)
    store.recommendations.prefer("global_feed", "fresh", {"chance": 0.5}, chosen=False)
    assert store.recommendations.preferences("global_feed")["fresh"] == Preference("fresh", {"chance": 0.5}, True)
    store.recommendations.forget_preference("global_feed", "fresh")
    assert store.recommendations.preferences("global_feed") == {}


def test_feedback_is_replaced_and_taken_back(store: Store) -> None:
    for scene_id, verdict in ((1, "more"), (2, "less"), (1, "hide"), (2, "none"), (7, "none")):
        store.recommendations.tell(scene_id, verdict)
    assert [(one.scene_id, one.verdict) for one in store.recommendations.feedback()] == [(1, "hide")]


def test_rankings_come_back_as_they_were(store: Store) -> None:
    store.recommendations.keep_ranking(RANKING)
    found = store.recommendations.ranking("one")
    assert found is not None
    assert (list(found.scenes), list(found.scores)) == (RANKING.scenes, RANKING.scores)
    assert (found.request, found.detail) == (RANKING.request, RANKING.detail)
    assert store.recommendations.ranking("two") is None
    store.watches.forget_what_came_of_it()
    assert store.recommendations.ranking("one") is None


def test_old_rankings_go(store: Store, clock: Hands) -> None:
    for number in range(KEPT_RANKINGS + 3):
        store.recommendations.keep_ranking(replace(RANKING, id=str(number)))
        clock.now_s += 1.0
    kept = [number for number in range(KEPT_RANKINGS + 3) if store.recommendations.ranking(str(number))]
    assert kept == list(range(3, KEPT_RANKINGS + 3))
    clock.now_s += KEPT_FOR_S
    store.recommendations.keep_ranking(RANKING)
    assert store.recommendations.ranking(str(kept[-1])) is None


@pytest.mark.parametrize("verdict", ["", "love", "MORE"])
def test_the_store_takes_no_other_verdict(store: Store, verdict: str) -> None:
    with pytest.raises(Exception, match="CHECK"):
        store.recommendations.tell(1, verdict)
