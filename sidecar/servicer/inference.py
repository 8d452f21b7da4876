"""The Inference service: messages in, engine called, messages out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import grpc

from protos import inference_pb2, inference_pb2_grpc
from sidecar.convert import inference as convert
from sidecar.convert.common import to_query
from sidecar.engine.engine import Engine
from sidecar.engine.errors import EngineError
from sidecar.servicer.errors import guard, guard_stream

log = logging.getLogger(__name__)

MAX_STREAMS = 16
"""Analyze streams at once. Each holds up to two decoders, a 4k one about 200 MB."""


class InferenceServicer(inference_pb2_grpc.InferenceServicer):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._streams = threading.BoundedSemaphore(MAX_STREAMS)

    @guard_stream
    def Analyze(  # noqa: N802
        self, request_iterator: Iterator[inference_pb2.AnalyzeRequest], context: grpc.ServicerContext
    ) -> Iterator[inference_pb2.AnalyzeEvent]:
        if not self._streams.acquire(blocking=False):
            raise EngineError("too_many_streams", f"{MAX_STREAMS} streams are open already; close one or try later")
        gone = threading.Event()
        try:
            if not context.add_callback(gone.set):
                return
            session = self._engine.open_session(gone.is_set)
            for event in session.run(convert.to_commands(request_iterator)):
                yield from convert.from_event(event)
        finally:
            gone.set()
            self._streams.release()

    @guard_stream
    def Score(  # noqa: N802
        self, request: inference_pb2.ScoreRequest, context: grpc.ServicerContext
    ) -> Iterator[inference_pb2.ScoreEvent]:
        query = to_query(request.tags)
        view = convert.to_view(request.view)
        results = self._engine.score(request.content_keys, query, view, lambda: not context.is_active())
        for content_key, scored in results:
            if not context.is_active():
                return
            yield convert.from_scored(content_key, scored)

    @guard
    def SearchMoments(  # noqa: N802
        self, request: inference_pb2.SearchMomentsRequest, context: grpc.ServicerContext
    ) -> inference_pb2.SearchMomentsResponse:
        found = self._engine.search_moments(
            model=request.model,
            words=request.words,
            limit=request.limit or 20,
            min_gap_s=request.min_gap_s if request.HasField("min_gap_s") else 10.0,
            views=tuple(map(convert.to_view, request.views)),
            is_cancelled=lambda: not context.is_active(),
        )
        return inference_pb2.SearchMomentsResponse(
            moments=[
                inference_pb2.Moment(
                    content_key=m.content_key, path=m.path, pts_s=m.pts_s, score=m.score, view=convert.from_view(m.view)
                )
                for m in found.moments
            ],
            samples=found.samples,
            media=found.media,
        )

    @guard
    def Thumbnails(  # noqa: N802
        self, request: inference_pb2.ThumbnailsRequest, context: grpc.ServicerContext
    ) -> inference_pb2.ThumbnailsResponse:
        location, headers = convert.to_location(request.location)
        pictures = self._engine.thumbnails(
            location=location,
            headers=headers,
            at_s=tuple(request.at_s),
            size_px=request.size_px or 160,
            view=convert.to_view(request.view),
            is_cancelled=lambda: not context.is_active(),
        )
        return inference_pb2.ThumbnailsResponse(
            thumbnails=[inference_pb2.Thumbnail(at_s=p.at_s, pts_s=p.pts_s, jpeg=p.jpeg) for p in pictures]
        )
