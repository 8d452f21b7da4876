"""The Taste service: pages in, engine called, pages out."""

from __future__ import annotations

from collections.abc import Iterator

import grpc

from protos import taste_pb2, taste_pb2_grpc
from sidecar.convert import taste as convert
from sidecar.engine.engine import Engine
from sidecar.engine.taste import WatchedScene, gather
from sidecar.servicer.errors import guard_stream


class TasteServicer(taste_pb2_grpc.TasteServicer):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @guard_stream
    def ComputeTaste(  # noqa: N802
        self, request_iterator: Iterator[taste_pb2.TasteRequest], context: grpc.ServicerContext
    ) -> Iterator[taste_pb2.TasteEvent]:
        model, n_neighbours = "", convert.DEFAULT_NEIGHBOURS

        def pages() -> Iterator[tuple[WatchedScene, ...]]:
            nonlocal model, n_neighbours
            for number, request in enumerate(request_iterator):
                if number == 0:
                    model, n_neighbours = request.model, convert.to_neighbours(request)
                yield convert.to_scenes(request)

        scenes = gather(pages())
        for event in self._engine.taste(model, scenes, n_neighbours, lambda: not context.is_active()):
            yield convert.from_event(event)
