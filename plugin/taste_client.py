"""Tastes as the sidecar computes them: protos/taste.proto as the plugin sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import grpc

from plugin.sidecar_client import VIEWS, SidecarClient, as_sidecar_error
from plugin.taste_values import (
    TasteAnswer,
    TasteCentre,
    TasteDone,
    TasteFound,
    TasteNeighbours,
    TasteProgress,
    TasteScene,
    TasteScores,
)
from protos import taste_pb2, taste_pb2_grpc

SCENES_PER_PAGE = 1000
TASTE_S = 3600.0
"""Time for a whole library whose vectors were never summed up, on a slow disk."""


class TasteClient:
    """Stubs over the channel of a client that is connected. Every method raises SidecarError."""

    def __init__(self, sidecar: SidecarClient) -> None:
        self.address = sidecar.address
        self._taste = taste_pb2_grpc.TasteStub(sidecar.channel)

    def compute(self, scenes: Iterable[TasteScene], model: str = "", neighbours: int = 50) -> Iterator[TasteAnswer]:
        """Answers in the order of the contract; the last is TasteDone. Leaving the loop early stops the work."""
        call: Any = self._taste.ComputeTaste(_pages(scenes, model, neighbours), timeout=TASTE_S)
        try:
            for event in call:
                yield _answer(event)
        except grpc.RpcError as error:
            raise as_sidecar_error(error, self.address) from error
        finally:
            call.cancel()


def _pages(scenes: Iterable[TasteScene], model: str, neighbours: int) -> Iterator[taste_pb2.TasteRequest]:
    yield taste_pb2.TasteRequest(model=model, neighbours=neighbours)
    left = iter(scenes)
    while page := list(islice(left, SCENES_PER_PAGE)):
        yield taste_pb2.TasteRequest(scenes=map(_scene, page))


def _scene(scene: TasteScene) -> taste_pb2.TasteScene:
    return taste_pb2.TasteScene(
        scene_id=scene.scene_id,
        content_key=scene.content_key,
        view=VIEWS[scene.view],
        watched=[taste_pb2.WatchedSpan(start_s=s.start_s, end_s=s.end_s, weight=s.weight) for s in scene.watched],
    )


def _answer(event: taste_pb2.TasteEvent) -> TasteAnswer:
    kind = event.WhichOneof("event")
    if kind == "neighbours":
        return [TasteNeighbours(one.scene_id, one.scene_ids, one.scores) for one in event.neighbours.scenes]
    if kind == "scores":
        page = event.scores
        return TasteScores(page.centre, page.scene_ids, page.scores, page.nearest, page.likeness)
    if kind == "centre":
        return TasteCentre(event.centre.number, event.centre.share, tuple(event.centre.because))
    if kind == "found":
        found = event.found
        return TasteFound(found.model, found.scenes, found.missing, found.of_other_models, found.watched)
    if kind == "done":
        return TasteDone(event.done.total_s, event.done.read_s, event.done.from_cache)
    return TasteProgress(event.progress.stage, event.progress.done, event.progress.total)
