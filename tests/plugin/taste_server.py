"""A sidecar that compares scenes as the real one does, over real gRPC, with vectors that a test puts there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from concurrent import futures
from pathlib import Path

import grpc
import numpy as np

from protos import taste_pb2_grpc
from sidecar.engine.taste import TasteEvent, TasteModel, TasteRoom, WatchedScene
from sidecar.servicer.taste import TasteServicer
from sidecar.store import FeatureStore
from sidecar.values import ContentKey, IsCancelled
from tests.taste.clusters import DIM, scenes_of, things

MODEL = TasteModel("lite", "lite-1")
THINGS = things(3)


class Room:
    """What the servicer asks of the engine; stop_after: breaks off behind so many events, as a sidecar that dies."""

    def __init__(self, store: FeatureStore) -> None:
        self.store, self._room = store, TasteRoom(store, 1)
        self.stop_after: int | None = None
        self.asked: list[WatchedScene] = []

    def taste(
        self, model: str, scenes: Sequence[WatchedScene], n_neighbours: int, is_cancelled: IsCancelled
    ) -> Iterator[TasteEvent]:
        self.asked = list(scenes)
        for number, event in enumerate(self._room.compute(MODEL, scenes, n_neighbours, is_cancelled)):
            if number == self.stop_after:
                return
            yield event

    def show(self, scene_id: int, of: Sequence[int]) -> str:
        """A sample each 2 s, of these things in turn. Returns its content key."""
        key = ContentKey("oshash", f"{scene_id:016x}", 1000 + scene_id)
        vectors = scenes_of(THINGS, of, spread=0.3, shared=1.0, seed=scene_id)
        self.store.append(key, MODEL.key, DIM, np.arange(len(of), dtype=np.float64) * 2, None, vectors)
        return str(key)


@contextlib.contextmanager
def taste_sidecar(folder: Path) -> Iterator[tuple[str, Room]]:
    """Its address, and what it knows. folder: its data."""
    with FeatureStore.open(folder) as store:
        room = Room(store)
        server = grpc.server(futures.ThreadPoolExecutor(4))
        taste_pb2_grpc.add_TasteServicer_to_server(TasteServicer(room), server)  # type: ignore[arg-type]
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield f"127.0.0.1:{port}", room
        finally:
            server.stop(0).wait()
