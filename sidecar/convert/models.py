"""Messages of the Models service from the engine's values."""

from __future__ import annotations

from protos import models_pb2
from sidecar.engine.engine import ListedVocabulary
from sidecar.engine.models import Backend, ModelStatus


def from_vocabulary(listed: ListedVocabulary) -> models_pb2.ListVocabularyResponse:
    tags = (
        models_pb2.VocabularyTag(name=tag.name, category=tag.category, phrasings=tag.phrasings, judged=tag.judged)
        for tag in listed.tags
    )
    return models_pb2.ListVocabularyResponse(vocabulary_version=listed.version, tags=tags, model=listed.model)


def from_model(status: ModelStatus) -> models_pb2.Model:
    return models_pb2.Model(
        id=status.id,
        job=status.job,
        licence=status.licence,
        licence_url=status.licence_url,
        source=status.source,
        revision=status.revision,
        size_bytes=status.size_bytes,
        checksums=status.checksums,
        dim=status.dim,
        speed_class=status.speed_class,
        embedded=status.embedded,
        state=f"MODEL_STATE_{status.state.upper()}",
        reason=status.reason,
        device=status.device,
        runtime=status.runtime,
        memory_bytes=status.memory_bytes,
        scoring=status.scoring,
        note=status.note,
        downloaded_bytes=status.downloaded_bytes,
    )


def from_backend(backend: Backend) -> models_pb2.Backend:
    return models_pb2.Backend(name=backend.name, available=backend.available, reason=backend.reason)
