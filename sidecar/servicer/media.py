"""The Media service."""

from __future__ import annotations

import grpc

from protos import media_pb2, media_pb2_grpc
from sidecar.convert import media as convert
from sidecar.engine.engine import Engine
from sidecar.servicer.errors import guard


class MediaServicer(media_pb2_grpc.MediaServicer):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @guard
    def CheckPaths(  # noqa: N802
        self, request: media_pb2.CheckPathsRequest, context: grpc.ServicerContext
    ) -> media_pb2.CheckPathsResponse:
        checks = self._engine.check_paths(request.paths, lambda: not context.is_active())
        return media_pb2.CheckPathsResponse(
            checks=map(convert.from_check, checks),
            media_roots=map(str, self._engine.access.media_roots),
            allowed_origins=self._engine.access.allowed_origins,
        )

    @guard
    def FindFiles(  # noqa: N802
        self, request: media_pb2.FindFilesRequest, context: grpc.ServicerContext
    ) -> media_pb2.FindFilesResponse:
        wanted = convert.to_wanted(request)
        found = self._engine.find_files(
            wanted,
            time_limit_s=request.time_limit_s or convert.DEFAULT_TIME_LIMIT_S,
            max_folders=request.max_folders or convert.DEFAULT_MAX_FOLDERS,
            is_cancelled=lambda: not context.is_active(),
        )
        return convert.from_found(wanted, found, self._engine.access.media_roots)
