"""The Models service."""

from __future__ import annotations

import grpc

from protos import models_pb2, models_pb2_grpc
from sidecar.convert import models as convert
from sidecar.engine.engine import Engine
from sidecar.servicer.errors import guard
from sidecar.version import VERSION


class ModelsServicer(models_pb2_grpc.ModelsServicer):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._models = engine.models

    @guard
    def ListModels(  # noqa: N802
        self, request: models_pb2.ListModelsRequest, context: grpc.ServicerContext
    ) -> models_pb2.ListModelsResponse:
        return models_pb2.ListModelsResponse(
            models=map(convert.from_model, self._models.statuses()),
            decoders=map(convert.from_backend, self._models.decoders()),
            default_model=self._models.default_id,
            version=VERSION,
            vocabulary_version=self._engine.vocabulary_version(),
            default_face_model=self._models.default_face_id,
        )

    @guard
    def LoadModel(  # noqa: N802
        self, request: models_pb2.LoadModelRequest, context: grpc.ServicerContext
    ) -> models_pb2.LoadModelResponse:
        return models_pb2.LoadModelResponse(model=convert.from_model(self._models.load(request.id)))

    @guard
    def UnloadModel(  # noqa: N802
        self, request: models_pb2.UnloadModelRequest, context: grpc.ServicerContext
    ) -> models_pb2.UnloadModelResponse:
        self._models.unload(request.id)
        return models_pb2.UnloadModelResponse()

    @guard
    def DownloadModel(  # noqa: N802
        self, request: models_pb2.DownloadModelRequest, context: grpc.ServicerContext
    ) -> models_pb2.DownloadModelResponse:
        status = self._models.download(request.id, request.agreed_licence)
        return models_pb2.DownloadModelResponse(model=convert.from_model(status))

    @guard
    def CancelDownload(  # noqa: N802
        self, request: models_pb2.CancelDownloadRequest, context: grpc.ServicerContext
    ) -> models_pb2.CancelDownloadResponse:
        self._models.cancel_download(request.id)
        return models_pb2.CancelDownloadResponse()

    @guard
    def ListVocabulary(  # noqa: N802
        self, request: models_pb2.ListVocabularyRequest, context: grpc.ServicerContext
    ) -> models_pb2.ListVocabularyResponse:
        return convert.from_vocabulary(self._engine.vocabulary(request.model, lambda: not context.is_active()))
