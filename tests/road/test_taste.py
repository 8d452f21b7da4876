"""Tastes over the whole road: real pictures, the embedded model, a real sidecar. Who watches cats is shown cats."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest

from protos import taste_pb2
from scripts.sample_video import Shot, VideoFormat, write_video
from scripts.sidecar_client import SidecarClient
from tests.asking import analyze, request

PHOTOS = {"cat": "chelsea", "coffee": "coffee", "rocket": "rocket", "motorcycle": "motorcycle_left"}
SMALL = {"width_px": 320, "height_px": 180, "fps": 10}
NUMBER = {name: 10 * (n + 1) for n, name in enumerate(PHOTOS)}
"""Scenes of cats are 10, 11, 12, of coffee 20, 21, 22, ..."""
MIXED = 99


@pytest.fixture(scope="module")
def content_keys(sidecar: object, media_dir: Path) -> dict[int, str]:
    """Three scenes of each thing, none like another, and one that shows coffee, then a cat: analysed once."""
    paths = {}
    for thing, photo in PHOTOS.items():
        for n in range(3):
            video = VideoFormat(**SMALL, zoom_per_s=0.01 + 0.05 * n)  # type: ignore[arg-type]
            path = media_dir / f"taste-{thing}-{n}.mp4"
            paths[NUMBER[thing] + n] = write_video(path, [Shot(photo, 4.0 + n, centre_y=0.4 + 0.1 * n)], video)
    shots = [Shot("coffee", 6.0), Shot("chelsea", 4.0)]
    paths[MIXED] = write_video(media_dir / "taste-mixed.mp4", shots, VideoFormat(**SMALL))  # type: ignore[arg-type]
    client = sidecar.client()  # type: ignore[attr-defined]
    answers = analyze(client, [request(path, media_id=str(scene_id)) for scene_id, path in paths.items()])
    client.close()
    found = {}
    for media_id, answer in answers.items():
        assert answer.done is not None, answer.error
        found[int(media_id)] = answer.done.content_key
    return found


def scenes(keys: dict[int, str], *watched: tuple[int, float, float, float]) -> list[taste_pb2.TasteScene]:
    spans: dict[int, list[taste_pb2.WatchedSpan]] = {}
    for scene_id, start_s, end_s, weight in watched:
        spans.setdefault(scene_id, []).append(taste_pb2.WatchedSpan(start_s=start_s, end_s=end_s, weight=weight))
    return [
        taste_pb2.TasteScene(scene_id=scene_id, content_key=keys[scene_id], watched=spans.get(scene_id))
        for scene_id in sorted(keys)
    ]


def compute(
    client: SidecarClient, all_scenes: Sequence[taste_pb2.TasteScene], page: int = 5
) -> list[taste_pb2.TasteEvent]:
    def pages() -> Iterator[taste_pb2.TasteRequest]:
        yield taste_pb2.TasteRequest(model="lite", neighbours=3)
        for start in range(0, len(all_scenes), page):
            yield taste_pb2.TasteRequest(scenes=all_scenes[start : start + page])

    events = list(client.taste.ComputeTaste(pages(), timeout=60))
    assert events[-1].WhichOneof("event") == "done"
    return [event for event in events if event.WhichOneof("event") != "progress"]


def best_of(events: Sequence[taste_pb2.TasteEvent], centre: int) -> list[int]:
    return [
        n
        for event in events
        if event.HasField("scores") and event.scores.centre == centre
        for n in event.scores.scene_ids
    ]


def test_scenes_look_like_scenes_of_the_same_thing(client: SidecarClient, content_keys: dict[int, str]) -> None:
    events = compute(client, scenes(content_keys))
    assert [event.WhichOneof("event") for event in events] == ["found", "neighbours", "done"]
    for found in events[1].neighbours.scenes:
        if found.scene_id != MIXED:
            others = [n for n in found.scene_ids if n != MIXED]  # six seconds of coffee: rightly near to that
            assert {n // 10 for n in others[:2]} == {found.scene_id // 10}, found


def test_who_watches_cats_is_shown_cats(client: SidecarClient, content_keys: dict[int, str]) -> None:
    events = compute(client, scenes(content_keys, (NUMBER["cat"], 0, 4, 1.0)))
    assert (events[0].found.model, events[0].found.scenes, events[0].found.watched) == ("lite", 13, 1)
    (centre,) = [event.centre for event in events if event.HasField("centre")]
    assert centre.share == pytest.approx(1.0)
    assert list(centre.because) == [NUMBER["cat"]]
    assert set(best_of(events, 0)[:3]) == {10, 11, 12}
    scores = next(event.scores for event in events if event.HasField("scores"))
    nearest = dict(zip(scores.scene_ids, scores.nearest, strict=True))
    assert nearest.pop(NUMBER["cat"]) == 0
    assert set(nearest.values()) == {NUMBER["cat"]}


def test_two_things_are_two_tastes(client: SidecarClient, content_keys: dict[int, str]) -> None:
    watched = [(10, 0, 4, 1.0), (11, 0, 4, 1.0), (30, 0, 4, 3.0), (31, 0, 4, 3.0)]
    events = compute(client, scenes(content_keys, *watched))
    centres = [event.centre for event in events if event.HasField("centre")]
    assert [centre.share for centre in centres] == pytest.approx([0.75, 0.25])
    assert [sorted(centre.because) for centre in centres] == [[30, 31], [10, 11]]
    assert best_of(events, 0)[:3].count(32) == best_of(events, 1)[:3].count(12) == 1


def test_of_a_mixed_scene_only_what_was_watched_counts(client: SidecarClient, content_keys: dict[int, str]) -> None:
    cats = compute(client, scenes(content_keys, (MIXED, 6.5, 10, 1.0)))
    coffee = compute(client, scenes(content_keys, (MIXED, 0, 5.5, 1.0)))
    assert set(best_of(cats, 0)[:3]) == {10, 11, 12}
    assert set(best_of(coffee, 0)[:4]) == {20, 21, 22, MIXED}


def test_a_second_call_reads_nothing_and_pages_change_nothing(
    client: SidecarClient, content_keys: dict[int, str]
) -> None:
    first = compute(client, scenes(content_keys, (10, 0, 4, 1.0)))
    second = compute(client, scenes(content_keys, (10, 0, 4, 1.0)), page=100)
    assert second[-1].done.from_cache == len(content_keys)
    assert [event for event in first if not event.HasField("done")] == [
        event for event in second if not event.HasField("done")
    ]


def test_unknown_contents_and_models_are_told(client: SidecarClient, content_keys: dict[int, str]) -> None:
    unknown = taste_pb2.TasteScene(scene_id=500, content_key="oshash-00000000deadbeef-1")
    broken = taste_pb2.TasteScene(scene_id=501, content_key="\u2603" * 5000)
    events = compute(client, [*scenes(content_keys), unknown, broken])
    assert (events[0].found.scenes, events[0].found.missing, events[0].found.of_other_models) == (13, 2, 0)
    with pytest.raises(grpc.RpcError) as refused:
        list(client.taste.ComputeTaste(iter([taste_pb2.TasteRequest(model="no/such/model")])))
    assert refused.value.code() in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (taste_pb2.TasteRequest(neighbours=201), "201 neighbours"),
        (taste_pb2.TasteRequest(scenes=[taste_pb2.TasteScene(content_key="x")]), "ids begin with 1"),
        (taste_pb2.TasteRequest(scenes=[taste_pb2.TasteScene(scene_id=1, view=9)]), "view is 9"),  # type: ignore[arg-type]
        (taste_pb2.TasteRequest(scenes=[taste_pb2.TasteScene(scene_id=1)] * 2), "sent twice"),
    ],
)
def test_hostile_requests_are_refused_with_a_sentence(
    client: SidecarClient, bad: taste_pb2.TasteRequest, said: str
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        list(client.taste.ComputeTaste(iter([bad]), timeout=30))
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert said in str(refused.value.details())


def test_who_vanishes_makes_room_at_once(client: SidecarClient, content_keys: dict[int, str]) -> None:
    """Broken off while its pages still come, and while its answers are read."""
    hold = threading.Event()

    def endless() -> Iterator[taste_pb2.TasteRequest]:
        yield taste_pb2.TasteRequest(model="lite", scenes=scenes(content_keys))
        hold.wait(30)

    compute_taste: Any = client.taste.ComputeTaste  # a call's own methods are untyped
    waiting = compute_taste(endless())
    waiting.cancel()
    hold.set()
    answering = compute_taste(iter([taste_pb2.TasteRequest(model="lite", scenes=scenes(content_keys))]))
    next(answering)
    answering.cancel()
    for _ in range(100):
        try:
            assert compute(client, scenes(content_keys))
            return
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
            hold.clear()
            hold.wait(0.05)
    pytest.fail("the abandoned call still holds its place")
