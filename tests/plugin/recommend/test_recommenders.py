"""What holds of every recommender, whatever its formula."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.memory_taste import MemoryTaste
from plugin.recommend.values import History, Ranking
from tests.plugin.recommend.samples import (
    ALL,
    BEACH,
    CATALOGUE,
    CONCERTS,
    EVERY,
    GUITAR,
    HISTORY,
    NAMES,
    NOW_S,
    ROOM,
    SAND,
    STAGE,
    TERMS,
    asked,
    library,
    ranked,
    said,
    watched,
    without,
)

every = pytest.mark.parametrize(("name", "context"), EVERY)
FEEDS = [(name, context) for name, context in EVERY if context == "global_feed"]


@every
def test_it_finds_something_best_first_without_doubles(name: str, context: str) -> None:
    scored = ALL[name].rank(asked(name, context)).scored
    assert scored
    assert len({ordinal for ordinal, _ in scored}) == len(scored)
    assert all(math.isfinite(score) and score > 0 for _, score in scored)
    for (before, above), (after, below) in itertools.pairwise(scored):
        assert above >= below - 1e-12
        assert above > below or before < after or math.isclose(above, below, rel_tol=1e-9)


@every
def test_the_same_question_has_the_same_answer(name: str, context: str) -> None:
    first = ALL[name].rank(asked(name, context))
    assert ALL[name].rank(asked(name, context)) == first


@every
def test_equal_scenes_come_by_their_ids(name: str, context: str) -> None:
    """The same scene, over and over. Luck and variety tell equal scenes apart, so they are left out."""
    if name == "blend":
        pytest.skip("its sources have luck")
    scenes = [CatalogueScene(n, "same", 600.0, NOW_S - 9e6, 1, (3,), {GUITAR: 60.0}, size_mb=5.0) for n in range(1, 40)]
    others = [CatalogueScene(n, "other", 600.0, NOW_S - 9e6, 2, (4,), {BEACH: 60.0}) for n in range(40, 80)]
    catalogue = MemoryCatalogue.build([*scenes, *others], TERMS, NAMES)
    history = History(NOW_S, watched(catalogue, (5, 1)))
    config = {"diversity": 0, "chance": 0, "watched": "leave_out"}
    taste = MemoryTaste((), {1: [(n, 0.5) for n in range(2, 39)]})
    found = [one for one in ranked(name, context, config, catalogue, history, taste=taste) if one < 39]
    assert found == sorted(found)
    assert bool(found) == (name != "taste" or context == "similar_scene")


@every
def test_parts_of_a_score_sum_up_to_it(name: str, context: str) -> None:
    config = {"tags": [{"tag_id": 101, "presence": "prefer"}], "diversity": 0.4}
    question = asked(name, context, config)
    ranking = ALL[name].rank(question)
    for ordinal, score in ranking.scored:
        why = ALL[name].explain(question, ranking, ordinal)
        assert math.fsum(why.parts.values()) == pytest.approx(score, abs=1e-6)
        assert why.sentence.endswith(".") and why.sentence[0].isupper()


@every
def test_reasons_are_the_same_after_a_night_in_the_store(name: str, context: str) -> None:
    ranking = ALL[name].rank(asked(name, context))
    stored = Ranking((), "", json.loads(json.dumps(ranking.detail)))
    for ordinal, _ in ranking.scored[::7]:
        told = ALL[name].explain(asked(name, context), stored, ordinal)
        assert told == ALL[name].explain(asked(name, context), ranking, ordinal)


@every
def test_seeds_and_exclusions_never_come(name: str, context: str) -> None:
    leave_out = frozenset(ranked(name, context)[:5])
    found = ranked(name, context, exclude=leave_out, seeds=(1, 8))
    assert found and not set(found) & (leave_out | {1, 8})


@every
def test_what_is_gone_never_comes(name: str, context: str) -> None:
    gone = ranked(name, context)[:4]
    found = ranked(name, context, catalogue=without(library(), *gone))
    assert found and not set(found) & set(gone)


@every
def test_what_is_hidden_never_comes(name: str, context: str) -> None:
    first, second = ranked(name, context)[:2]
    found = ranked(name, context, history=said(HISTORY, **{f"_{first}": "hide", f"_{second}": "less"}))
    if context == "prune_candidates":
        assert {first, second} <= set(found)  # whoever hides a scene could do without it
    else:
        assert found and not {first, second} & set(found)


@every
@pytest.mark.parametrize(
    ("config", "fits"),
    [
        ({"tags": [{"tag_id": 100 + SAND}]}, lambda share, _: share(SAND) > 0),
        ({"tags": [{"tag_id": 100 + SAND, "presence": "exclude"}]}, lambda share, _: share(SAND) == 0),
        ({"tags": [{"label": "ROOM", "min_share": 0.5}]}, lambda share, _: share(ROOM) >= 0.5),
        ({"tags": [{"label": "room", "max_share": 0.5}]}, lambda share, _: 0 < share(ROOM) <= 0.5),
        (
            {"tags": [{"label": "room", "min_share": 0.6, "presence": "exclude"}]},
            lambda share, _: share(ROOM) < 0.6,
        ),
        (
            {"tags": [{"tag_id": 100 + STAGE}, {"label": "room", "min_share": 0.4}]},
            lambda share, _: share(STAGE) > 0 and share(ROOM) >= 0.4,
        ),
        ({"performers": [{"id": 3}]}, lambda _, ordinal: 3 in CATALOGUE.performers_of(ordinal)),
        (
            {"performers": [{"id": 3, "presence": "exclude"}]},
            lambda _, ordinal: 3 not in CATALOGUE.performers_of(ordinal),
        ),
        (
            {"min_minutes": 10, "max_minutes": 30},
            lambda _, ordinal: 600 <= CATALOGUE.duration_s[ordinal] <= 1800,
        ),
    ],
)
def test_constraints_filter(name: str, context: str, config: dict[str, Any], fits: Any) -> None:
    def share_of(ordinal: int) -> Any:
        seconds = {term: shown for term, _, shown in CATALOGUE.terms_of(ordinal)}
        return lambda term: seconds.get(term, 0.0) / CATALOGUE.duration_s[ordinal]

    found = ranked(name, context, config)
    assert all(fits(share_of(ordinal), ordinal) for ordinal in found)
    # And nothing else is left out: all that fits and came before still comes.
    before = {ordinal for ordinal in ranked(name, context) if fits(share_of(ordinal), ordinal)}
    assert set(found) >= before or name == "blend"


@every
def test_what_is_preferred_rises(name: str, context: str) -> None:
    if name in ("taste", "blend"):
        pytest.skip("they rank by places")
    plain = ranked(name, context, {"diversity": 0})
    last = next(ordinal for ordinal in reversed(plain) if CATALOGUE.performers_of(ordinal))
    wish = {"id": CATALOGUE.performers_of(last)[0], "presence": "prefer"}
    rising = ranked(name, context, {"diversity": 0, "performers": [wish]})
    assert rising.index(last) < plain.index(last)
    little = {"tag_id": 100 + SAND, "presence": "prefer", "importance": 0.5}
    shown = set(CATALOGUE.posting(SAND).ordinals)
    little_gain, much_gain = (
        _mean_place(ranked(name, context, {"tags": [wish], "diversity": 0}), shown)
        for wish in (little, {**little, "importance": 3})
    )
    assert much_gain < little_gain < _mean_place(plain, shown)


def _mean_place(found: list[int], chosen: set[int]) -> float:
    places = [place for place, ordinal in enumerate(found) if ordinal in chosen]
    return sum(places) / len(places)


@every
def test_a_required_tag_that_nobody_has_is_told(name: str, context: str) -> None:
    ranking = ALL[name].rank(asked(name, context, {"tags": [{"label": "unicorn"}]}))
    assert ranking.scored == ()
    assert "unicorn" in ranking.note


@every
def test_an_empty_library_has_a_sentence(name: str, context: str) -> None:
    nothing = MemoryCatalogue.build([], TERMS)
    ranking = ALL[name].rank(
        asked(name, context, catalogue=nothing, history=History(NOW_S), taste=MemoryTaste(), seeds=())
    )
    assert ranking.scored == () and ranking.note.endswith(".")


@pytest.mark.parametrize(("name", "context"), FEEDS)
def test_without_a_history_there_is_a_sentence_or_something_fresh(name: str, context: str) -> None:
    ranking = ALL[name].rank(asked(name, context, history=History(NOW_S), taste=MemoryTaste()))
    if name in ("fresh", "blend"):
        assert ranking.scored and not ranking.note
    else:
        assert ranking.scored == () and ranking.note.endswith(".")


@pytest.mark.parametrize(("name", "context"), FEEDS)
def test_what_was_watched_comes_if_it_may(name: str, context: str) -> None:
    assert not set(ranked(name, context)) & set(CONCERTS)
    old = History(NOW_S + 95 * 86_400.0, HISTORY.scenes)
    kept = set(ranked(name, context, {"watched": "keep"}))
    later = set(ranked(name, context, {"watched": "after_90_days"}, history=old))
    assert kept & set(CONCERTS) and later & set(CONCERTS)
    assert not set(ranked(name, context, {"watched": "after_90_days"})) & set(CONCERTS)


@pytest.mark.parametrize(("name", "context"), FEEDS)
def test_when_all_was_watched_it_says_so(name: str, context: str) -> None:
    ranking = ALL[name].rank(asked(name, context, history=History(NOW_S, watched(CATALOGUE, range(60)))))
    assert ranking.scored == () and ranking.note.endswith(".")


@every
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(1, 10_000), gone=st.sets(st.integers(0, 59), max_size=10), data=st.data())
def test_any_library_is_ranked(name: str, context: str, seed: int, gone: set[int], data: st.DataObject) -> None:
    catalogue = without(library(60, seed), *gone)
    places = data.draw(st.lists(st.integers(0, 59), unique=True, max_size=8))
    scenes = watched(catalogue, places, data.draw(st.sampled_from((0.01, 0.3, 1.0))))
    feedback = data.draw(st.dictionaries(st.integers(0, 59), st.sampled_from(("more", "less", "hide")), max_size=4))
    question = asked(name, context, catalogue=catalogue, history=History(NOW_S, scenes, feedback))
    ranking = ALL[name].rank(question)
    assert ranking.scored or ranking.note
    for ordinal, score in ranking.scored:
        assert ordinal not in gone and score > 0
        assert ALL[name].explain(question, ranking, ordinal).sentence


def test_those_who_watch_concerts_get_concerts() -> None:
    for name in ("personalized_tfidf", "performer_tag_hybrid"):
        first = ranked(name, config={"newness_weight": 0, "performers_weight": 0})[:8]
        assert all(ordinal % 2 for ordinal in first), name
    similar = ranked("segment_similarity", config={"watched": "keep"})[:8]
    assert all(ordinal % 2 for ordinal in similar)
    pruned = ranked("least_wanted", config={"size_weight": 0})[:5]
    assert not any(ordinal % 2 for ordinal in pruned)


def test_scenes_that_nothing_is_known_of_do_not_break_it() -> None:
    scenes = [CatalogueScene(1), CatalogueScene(2, terms={BEACH: 5.0}), CatalogueScene(3, duration_s=60.0)]
    catalogue = MemoryCatalogue.build(scenes, TERMS)
    for name, context in EVERY:
        question = asked(name, context, catalogue=catalogue, history=History(NOW_S), taste=MemoryTaste(), seeds=(0,))
        ranking = ALL[name].rank(question)
        assert ranking.scored or ranking.note
