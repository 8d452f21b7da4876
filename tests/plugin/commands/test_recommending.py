"""Pages of a ranking: the same whatever their size, kept while they are turned, and made anew where they are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from plugin.commands.recommending import MODE, TASK, Asked, RecommendedPage, Recommending, ask_for_recommendations
from plugin.library.building import refresh_catalogue
from plugin.review.policy import PolicyBook
from plugin.settings import OwnerSettings
from plugin.stash.values import StashJob
from plugin.store.library import LibraryRow, NameRow
from plugin.store.store import Store
from tests.plugin.clock import Hands

DAY_S = 86_400.0
CONCERT, BEACH, HALL = 1, 2, 3
FEED = Asked("global_feed", "personalized_tfidf", limit=7)


@pytest.fixture
def full(store: Store, clock: Hands) -> Store:
    """Sixty scenes: every second one a concert, of which eight were watched, as Stash alone tells."""
    clock.now_s = 1_700_000_000.0
    store.library.replace_names(
        [NameRow("tag", CONCERT, "Concert"), NameRow("tag", BEACH, "Beach"), NameRow("tag", HALL, "Hall")]
    )
    store.library.save(_scene(scene_id, clock.now_s) for scene_id in range(1, 61))
    _catalogue(store)
    return store


def _scene(scene_id: int, now_s: float) -> LibraryRow:
    tags = (CONCERT, HALL) if scene_id % 2 and scene_id % 3 else (CONCERT,) if scene_id % 2 else (BEACH,)
    played = (now_s - scene_id * DAY_S,) if scene_id % 2 and scene_id < 17 else ()
    return LibraryRow(
        scene_id=scene_id,
        title=f"Scene {scene_id}",
        duration_s=600.0 + scene_id,
        size_bytes=10_000_000,
        studio_id=None,
        date="",
        created_s=now_s - 400 * DAY_S,
        updated_s=now_s,
        rating100=None,
        organized=False,
        o_count=0,
        play_count=len(played),
        play_duration_s=500.0 * len(played),
        resume_s=0.0,
        last_played_s=max(played, default=None),
        plays=played,
        o_times=(),
        performers=(),
        tags=tags,
        markers=(),
        base_play_s=500.0 * len(played),
        version=1,
    )


def _catalogue(store: Store) -> None:
    refresh_catalogue(store, OwnerSettings(), PolicyBook(), whole=True)


def page(store: Store, asked: Asked = FEED, **changes: Any) -> RecommendedPage:
    return Recommending(store).page(replace(asked, **changes))


def ids(found: RecommendedPage) -> list[int]:
    return [one.scene_id for one in found.items]


def through(store: Store, **changes: Any) -> list[int]:
    """All pages, one after another."""
    found = page(store, **changes)
    seen = ids(found)
    while found.next:
        found = page(store, **changes, cursor=found.next)
        seen += ids(found)
    return seen


def test_the_ranking_does_not_depend_on_the_size_of_a_page(full: Store) -> None:
    whole = through(full, limit=200)
    assert len(whole) == 22 and all(scene_id % 2 for scene_id in whole)
    assert through(full, limit=7) == through(full, limit=1) == whole


def test_a_page_says_what_it_is(full: Store) -> None:
    found = page(full)
    assert (found.total, len(found.items), found.note, found.warnings) == (22, 7, "", ())
    assert found.items[0].title == f"Scene {found.items[0].scene_id}"
    assert "you watch a lot" in found.items[0].why.sentence


def test_later_pages_are_of_the_ranking_that_was_shown_first(full: Store, clock: Hands) -> None:
    expected = through(full, limit=7)
    first = page(full)
    full.library.save([replace(_scene(2, clock.now_s), play_count=9, plays=(clock.now_s,), last_played_s=clock.now_s)])
    _catalogue(full)
    assert ids(first) + ids(page(full, cursor=first.next)) == expected[:14]


def test_what_is_hidden_or_gone_meanwhile_is_passed_over(full: Store) -> None:
    expected = through(full, limit=7)
    first = page(full)
    full.recommendations.tell(expected[8], "hide")
    full.library.forget([expected[9]])
    refresh_catalogue(full, OwnerSettings(), PolicyBook())
    second = page(full, cursor=first.next)
    assert ids(second) == [expected[7], *expected[10:16]]
    assert (
        ids(first) + ids(second) + ids(page(full, cursor=second.next))
        == [one for one in expected[:23] if one not in expected[8:10]][:21]
    )


def test_a_ranking_that_is_gone_goes_on_behind_the_last_that_was_shown(full: Store) -> None:
    expected = through(full, limit=7)
    first = page(full)
    full.watches.forget_what_came_of_it()
    second = page(full, cursor=first.next)
    assert ids(first) + ids(second) == expected[:14]
    assert ids(page(full, cursor=second.next)) == expected[14:21]


@pytest.mark.parametrize("cursor", ["x", "..", "a.b.c", "a.1.99999999999999999999", "a.3.٣", "a.5.0", "-.-.-"])
def test_any_cursor_is_answered(full: Store, cursor: str) -> None:
    assert ids(page(full, cursor=cursor))


def test_a_cursor_of_another_question_does_not_lead_into_its_ranking(full: Store) -> None:
    first = page(full)
    other = page(full, config={"diversity": 0.0, "tags": [{"tag_id": HALL}]}, cursor=first.next)
    assert other.config["tags"]
    assert {one.scene_id % 3 for one in other.items} <= {1, 2}


def test_a_saved_configuration_holds_until_another_is_given(full: Store) -> None:
    full.recommendations.prefer("global_feed", "personalized_tfidf", {"half_life_days": 10, "gone": 1}, chosen=True)
    assert page(full, recommender="").config["half_life_days"] == 10
    assert page(full, config={}).config["half_life_days"] == 60
    assert page(full, recommender="").recommender == "personalized_tfidf"


def test_a_choice_that_is_no_more_is_nobodys(full: Store) -> None:
    full.recommendations.prefer("global_feed", "astrology", {}, chosen=True)
    assert Recommending(full).chosen("global_feed") == "blend"


def test_scenes_that_are_not_known_are_told(full: Store) -> None:
    found = page(full, context="similar_scene", recommender="segment_similarity", seeds=(1, 777), exclude=(3, 888))
    assert found.warnings == ("the plugin does not know the scene 777 yet",)
    assert found.items and not {1, 3} & set(ids(found))


def test_weights_come_from_the_evaluation(full: Store) -> None:
    for name, weight in (("fresh", 1.0), ("personalized_tfidf", 0.0)):
        full.db.run("INSERT INTO recommend_evaluation VALUES ('global_feed', ?, '{}', ?, 0)", name, weight)
    found = page(full, recommender="blend")
    assert found.items[0].why.debug["weights"]["fresh"] > 0.8


def test_what_cannot_be_is_said_before_anybody_asks(full: Store) -> None:
    there = Recommending(full)
    told = {name: there.why_not("global_feed", one) for name, one in there.recommenders("global_feed").items()}
    assert told.pop("taste")
    assert told == dict.fromkeys(("blend", "personalized_tfidf", "performer_tag_hybrid", "fresh"), "")
    assert there.library().watched == 8


class _Stash:
    def __init__(self, *jobs: StashJob) -> None:
        self._jobs, self.asked = jobs, list[tuple[str, Mapping[str, Any]]]()

    def jobs(self) -> tuple[StashJob, ...]:
        return self._jobs

    def run_task(self, description: str, args: Mapping[str, Any]) -> int:
        self.asked.append((description, args))
        return 7


def test_the_task_is_asked_for_once() -> None:
    idle = _Stash()
    assert ask_for_recommendations(idle) == 7  # type: ignore[arg-type]
    assert idle.asked == [(TASK, {"mode": MODE})]
    waits = _Stash(StashJob(3, "READY", TASK))
    assert ask_for_recommendations(waits) is None  # type: ignore[arg-type]
    assert not waits.asked
