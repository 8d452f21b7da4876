"""Tastes from a real store: what is compared, what is left out, and what a second call need not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from sidecar.engine.errors import EngineError
from sidecar.engine.request import InvalidRequest
from sidecar.engine.taste import (
    MAX_SPANS_OF_SCENE,
    Centre,
    CentreScores,
    Done,
    Found,
    NeighboursPage,
    SceneNeighbours,
    TasteEvent,
    TasteModel,
    TasteRoom,
    WatchedScene,
    gather,
)
from sidecar.engine.views import feature_key
from sidecar.store import FeatureStore
from sidecar.taste.pooling import Span
from sidecar.values import Cancelled, ContentKey, View
from tests.taste.clusters import DIM, scenes_of, things

MODEL = TasteModel("lite", "lite-1")
THINGS = things(3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeatureStore]:
    with FeatureStore.open(tmp_path / "data") as opened:
        yield opened


def key(scene_id: int) -> ContentKey:
    return ContentKey("oshash", f"{scene_id:016x}", 1000 + scene_id)


def show(store: FeatureStore, scene_id: int, of: Sequence[int], model_key: str = MODEL.key, start_s: float = 0) -> None:
    """A scene with a sample each 2 s, of these things in turn."""
    vectors = scenes_of(THINGS, of, spread=0.3, shared=1.0, seed=scene_id)
    store.append(key(scene_id), model_key, DIM, np.arange(len(of), dtype=np.float64) * 2 + start_s, None, vectors)


def scene(scene_id: int, *watched: tuple[float, float, float], view: View = "whole") -> WatchedScene:
    return WatchedScene(scene_id, str(key(scene_id)), view, tuple(Span(*span) for span in watched))


def ask(
    store: FeatureStore, scenes: Sequence[WatchedScene], n_neighbours: int = 5, model: TasteModel = MODEL
) -> list[TasteEvent]:
    return list(TasteRoom(store, 2).compute(model, gather(iter([tuple(scenes)])), n_neighbours, lambda: False))


def one(events: Sequence[TasteEvent], kind: type[Found] | type[Done]) -> Found | Done:
    (found,) = [event for event in events if isinstance(event, kind)]
    return found


def found_of(events: Sequence[TasteEvent]) -> Found:
    found = one(events, Found)
    assert isinstance(found, Found)
    return found


def done_of(events: Sequence[TasteEvent]) -> Done:
    assert isinstance(events[-1], Done)
    return events[-1]


def centres_of(events: Sequence[TasteEvent]) -> list[Centre]:
    return [event for event in events if isinstance(event, Centre)]


def scores_of(events: Sequence[TasteEvent], centre: int) -> dict[int, tuple[float, int]]:
    """Scene -> (score, nearest), best first."""
    return {
        int(scene_id): (float(score), int(nearest))
        for event in events
        if isinstance(event, CentreScores) and event.centre == centre
        for scene_id, score, nearest in zip(event.scene_ids, event.scores, event.nearest, strict=True)
    }


def neighbours_of(events: Sequence[TasteEvent]) -> dict[int, SceneNeighbours]:
    return {one.scene_id: one for event in events if isinstance(event, NeighboursPage) for one in event.scenes}


@pytest.fixture
def library(store: FeatureStore) -> FeatureStore:
    """Scenes 1 to 30: the thing of scene n is n % 3."""
    for scene_id in range(1, 31):
        show(store, scene_id, [scene_id % 3] * 10)
    return store


def all_scenes(*watched: int) -> list[WatchedScene]:
    return [scene(n, (0, 20, 1.0)) if n in watched else scene(n) for n in range(1, 31)]


def test_each_taste_finds_scenes_of_its_thing_and_says_what_of(library: FeatureStore) -> None:
    events = ask(library, all_scenes(3, 6, 9, 12, 1, 4, 7))
    first, second = centres_of(events)
    assert [first.share, second.share] == pytest.approx([4 / 7, 3 / 7])
    assert (sorted(first.because.tolist()), sorted(second.because.tolist())) == ([3, 6, 9, 12], [1, 4, 7])
    scores = scores_of(events, 0)
    assert sorted(scores) == list(range(1, 31))
    assert {n % 3 for n in list(scores)[:10]} == {0}
    assert all(nearest in (3, 6, 9, 12) and nearest != n for n, (_, nearest) in scores.items())
    assert {n % 3 for n in list(scores_of(events, 1))[:10]} == {1}
    assert [score for score, _ in scores.values()] == sorted((score for score, _ in scores.values()), reverse=True)


def test_neighbours_are_of_the_same_thing(library: FeatureStore) -> None:
    neighbours = neighbours_of(ask(library, all_scenes()))
    assert list(neighbours) == list(range(1, 31))
    for n, found in neighbours.items():
        assert len(found.scene_ids) == 5
        assert {int(other) % 3 for other in found.scene_ids} == {n % 3}


def test_what_was_watched_is_the_taste_and_not_what_else_the_scene_shows(library: FeatureStore) -> None:
    show(library, 99, [0] * 30 + [1] * 10)
    events = ask(library, [*all_scenes(), scene(99, (60, 80, 1.0))])
    (centre,) = centres_of(events)
    assert centre.because.tolist() == [99]
    assert {n % 3 for n in list(scores_of(events, 0))[:9]} == {1}


def test_nothing_watched_still_gives_neighbours(library: FeatureStore) -> None:
    events = ask(library, all_scenes())
    assert centres_of(events) == []
    assert found_of(events) == Found("lite", 30, 0, 0, 0)
    assert [event for event in ask(library, all_scenes(), n_neighbours=0) if isinstance(event, NeighboursPage)] == []


def test_an_empty_library_is_answered(store: FeatureStore) -> None:
    events = ask(store, [])
    assert found_of(events) == Found("lite", 0, 0, 0, 0)
    assert done_of(events).from_cache == 0


def test_what_cannot_be_compared_is_counted_and_harms_nothing(library: FeatureStore) -> None:
    show(library, 50, [0] * 5, model_key="clip-7")
    foreign = WatchedScene(70, "no content key at all", "whole", (Span(0, 5, 1.0),))
    never = scene(60, (0, 5, 1.0))
    beyond = scene(2, (500, 600, 1.0))
    events = ask(library, [*all_scenes(3)[:1], beyond, *all_scenes(3)[2:], scene(50, (0, 5, 1.0)), never, foreign])
    assert found_of(events) == Found("lite", 30, 3, 1, 1)
    assert [centre.because.tolist() for centre in centres_of(events)] == [[3]]
    assert found_of(ask(library, all_scenes(), model=TasteModel("clip", "clip-7"))).scenes == 0


def test_a_scene_is_compared_in_the_view_that_it_was_analysed_in(library: FeatureStore) -> None:
    show(library, 40, [2] * 10, model_key=feature_key(MODEL.key, "left_eye"))
    events = ask(library, [*all_scenes(), scene(40, view="left_eye")])
    assert {int(n) % 3 for n in neighbours_of(events)[40].scene_ids} == {2}
    assert found_of(ask(library, [scene(40)])).missing == 1


def test_pages_and_their_order_change_nothing(library: FeatureStore) -> None:
    scenes = all_scenes(3, 6, 1, 4)
    forwards = ask(library, scenes)
    room = TasteRoom(library, 1)
    pages = iter([tuple(scenes[20:]), (), tuple(reversed(scenes[:20]))])
    backwards = list(room.compute(MODEL, gather(pages), 5, lambda: False))
    assert scores_of(forwards, 0) == scores_of(backwards, 0)
    assert [c.because.tolist() for c in centres_of(forwards)] == [c.because.tolist() for c in centres_of(backwards)]
    first, second = neighbours_of(forwards), neighbours_of(backwards)
    assert {n: found.scene_ids.tolist() for n, found in first.items()} == {
        n: found.scene_ids.tolist() for n, found in second.items()
    }


def test_a_second_call_reads_only_what_changed_and_says_the_same(
    library: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[ContentKey] = []
    features = library.features

    def watched_features(content: ContentKey, model_key: str) -> object:
        read.append(content)
        return features(content, model_key)

    monkeypatch.setattr(library, "features", watched_features)
    first = ask(library, all_scenes(3))
    assert (len(read), done_of(first).from_cache) == (30, 0)
    read.clear()
    second = ask(library, all_scenes(3))
    assert (read, done_of(second).from_cache) == ([key(3)], 30)  # scene 3 for what of it was watched
    assert scores_of(first, 0) == scores_of(second, 0)
    show(library, 5, [0] * 60, start_s=100)
    library.forget(key(7))
    read.clear()
    third = ask(library, all_scenes())
    assert (read, done_of(third).from_cache, found_of(third).missing) == ([key(5)], 28, 1)
    assert {int(n) % 3 for n in neighbours_of(third)[5].scene_ids} == {0}


def test_means_go_with_their_content(library: FeatureStore) -> None:
    ask(library, all_scenes())
    library.forget(key(4))
    library.forget_features(key(5), MODEL.key)
    assert key(4) not in library.pooled_sets(MODEL.key)
    show(library, 5, [0] * 4)
    assert library.pooled_sets(MODEL.key)[key(5)].mean is None


def test_who_vanishes_stops_it_and_keeps_what_was_read(library: FeatureStore) -> None:
    asked = iter([False] * 12 + [True] * 100)
    room = TasteRoom(library, 1)
    with pytest.raises(Cancelled):
        list(room.compute(MODEL, all_scenes(), 5, lambda: next(asked)))
    assert sum(found.mean is not None for found in library.pooled_sets(MODEL.key).values()) == 12
    assert done_of(list(room.compute(MODEL, all_scenes(), 5, lambda: False))).from_cache == 12


def test_one_at_a_time_and_an_abandoned_call_makes_room(library: FeatureStore) -> None:
    room = TasteRoom(library, 1)
    first = room.compute(MODEL, all_scenes(), 5, lambda: False)
    next(first)
    with pytest.raises(EngineError, match="computed for somebody else") as refused:
        next(room.compute(MODEL, all_scenes(), 5, lambda: False))
    assert refused.value.kind == "too_many_streams"
    first.close()  # type: ignore[attr-defined]
    assert list(room.compute(MODEL, all_scenes(), 5, lambda: False))


@pytest.mark.parametrize(
    ("scene_id", "spans", "said"),
    [
        (0, [], "ids begin with 1"),
        (7, [(5.0, 5.0, 1.0)], "watched stretch is not within"),
        (7, [(-1.0, 5.0, 1.0)], "watched stretch"),
        (7, [(0.0, float("inf"), 1.0)], "watched stretch"),
        (7, [(float("nan"), 5.0, 1.0)], "watched stretch"),
        (7, [(0.0, 5.0, 0.0)], "weight 0.0"),
        (7, [(0.0, 5.0, float("nan"))], "weight nan"),
        (7, [(0.0, 5.0, 1.0)] * (MAX_SPANS_OF_SCENE + 1), "more than 1000"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    scene_id: int, spans: Sequence[tuple[float, float, float]], said: str
) -> None:
    with pytest.raises(InvalidRequest, match=said):
        WatchedScene(scene_id, "x", "whole", tuple(Span(*span) for span in spans))


def test_too_much_is_refused_before_all_of_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sidecar.engine.taste.MAX_SCENES", 10)
    monkeypatch.setattr("sidecar.engine.taste.MAX_SPANS", 10)
    pages = ((scene(5 * n + k) for k in range(1, 6)) for n in range(1_000_000))
    with pytest.raises(InvalidRequest, match="more than 10 scenes"):
        gather(tuple(page) for page in pages)
    with pytest.raises(InvalidRequest, match="more than 10 watched stretches"):
        gather(iter([(scene(1, *[(0, 5, 1.0)] * 11),)]))
    with pytest.raises(InvalidRequest, match="scene 3 was sent twice"):
        gather(iter([(scene(3),), (scene(3),)]))
