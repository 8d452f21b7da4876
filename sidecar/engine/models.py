"""The models of this machine as the rest of the engine sees them: named, leased, listed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sidecar.engine.errors import EngineError
from sidecar.engine.request import InvalidRequest
from sidecar.media.nvdec import nvdec_status
from sidecar.models.batcher import Batcher
from sidecar.models.cache import Lease, ModelCache
from sidecar.models.catalogue import CATALOGUE, DEFAULT_PRODUCTION_ID, LITE_ID, resolve
from sidecar.models.download import arrived_bytes
from sidecar.models.downloads import Downloads
from sidecar.models.embedder import EmbedderOptions, Images, ImageTextEmbedder
from sidecar.models.errors import ModelError, UnknownModel
from sidecar.models.face_catalogue import DLIB_ID, FACE_CATALOGUE, is_face_name
from sidecar.models.face_model import FaceModel
from sidecar.models.loading import load_embedder, load_face_model
from sidecar.models.spec import ModelSpec
from sidecar.models.weights import is_present
from sidecar.values import Cancelled, IsCancelled, Vectors

StateName: TypeAlias = Literal["not_installed", "not_loaded", "loading", "ready", "failed", "downloading"]

_POLL_S = 0.1

_SCORING = {"lite": "class_z", "open_clip": "background_softmax", "dlib": "cosine", "insightface": "cosine"}
"""Model.scoring by ModelSpec.family."""


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One row of ListModels; see Model in protos/models.proto."""

    id: str
    job: str
    licence: str
    licence_url: str
    source: str
    revision: str
    size_bytes: int
    checksums: tuple[str, ...]
    dim: int
    speed_class: str
    embedded: bool
    state: StateName
    reason: str
    device: str
    runtime: str
    memory_bytes: int
    scoring: str
    note: str
    downloaded_bytes: int = 0


@dataclass(frozen=True, slots=True)
class _Running:
    """What a loaded model says of itself."""

    spec: ModelSpec
    device: str
    runtime: str
    scoring: str
    notes: str


@dataclass(frozen=True, slots=True)
class Backend:
    """Something that can decode, and why it can or cannot here."""

    name: str
    available: bool
    reason: str


class ModelRoom:
    """Models by id, shared by all clients. Thread-safe."""

    def __init__(
        self, options: EmbedderOptions, wanted_default: str, idle_unload_s: float, wanted_face_default: str = ""
    ) -> None:
        self._options = options
        self._wanted_default, self._wanted_face_default = wanted_default, wanted_face_default
        self._cache: ModelCache[ImageTextEmbedder] = ModelCache(
            lambda model_id: load_embedder(model_id, options), idle_unload_s, time.monotonic
        )
        self._face_cache: ModelCache[FaceModel] = ModelCache(
            lambda model_id: load_face_model(model_id, options), idle_unload_s, time.monotonic
        )
        self._batcher = Batcher()
        self._downloads = Downloads(options.models_dir, self._forget_failure)

    @property
    def default_id(self) -> str:
        """What an empty model name means: the owner's choice, else the production model, else the embedded one."""
        if self._wanted_default:
            return self._wanted_default
        return DEFAULT_PRODUCTION_ID if self._is_installed(resolve(DEFAULT_PRODUCTION_ID)) else LITE_ID

    @property
    def default_face_id(self) -> str:
        """What an empty name of a face model means: the owner's choice, else the first insightface pack that is here,
        else the embedded one.
        """
        if self._wanted_face_default:
            return self._wanted_face_default
        here = (spec.id for spec in FACE_CATALOGUE if not spec.embedded and self._is_installed(spec))
        return next(here, DLIB_ID)

    def lease(self, model_id: str, is_cancelled: IsCancelled = lambda: False) -> Lease[ImageTextEmbedder]:
        """A loaded model. Raises ModelError, Cancelled."""
        return self._cache.lease(model_id or self.default_id, is_cancelled)

    def faces(self, model_id: str, is_cancelled: IsCancelled = lambda: False) -> Lease[FaceModel]:
        """A loaded face model, under the same rules as `lease`. Raises ModelError, Cancelled."""
        return self._face_cache.lease(model_id or self.default_face_id, is_cancelled)

    def embed_images(
        self, client_id: str, lease: Lease[ImageTextEmbedder], is_cancelled: IsCancelled
    ) -> Callable[[Images], Future[Vectors]]:
        """The way of one client's images to the accelerator's owner."""
        return lambda images: self._batcher.submit(client_id, lease, images, is_cancelled)

    def embed_texts(
        self, client_id: str, lease: Lease[ImageTextEmbedder], is_cancelled: IsCancelled = lambda: False
    ) -> Callable[[Sequence[str]], Vectors]:
        """The same for texts; waits for the vectors."""

        def embed(texts: Sequence[str]) -> Vectors:
            future = self._batcher.submit_texts(client_id, lease, texts, is_cancelled)
            while True:
                if is_cancelled():
                    future.cancel()
                    raise Cancelled
                try:
                    return future.result(timeout=_POLL_S)
                except FutureTimeout:
                    if future.done():
                        raise

        return embed

    def forget_client(self, client_id: str) -> None:
        """Drop what a client that went away still has waiting."""
        self._batcher.cancel(client_id)

    def statuses(self) -> tuple[ModelStatus, ...]:
        """The catalogue, and whatever else was asked for."""
        known = {spec.id: spec for spec in CATALOGUE}
        asked_for = (*self._cache.states(), *self._face_cache.states())
        others = dict.fromkeys(state.model_id for state in asked_for if state.model_id not in known)
        return tuple(self._status(model_id, known.get(model_id)) for model_id in (*known, *others))

    def decoders(self) -> tuple[Backend, ...]:
        """What can decode on this machine."""
        available, reason = nvdec_status()
        return (Backend("pyav-cpu", True, ""), Backend("nvdec", available, reason), Backend("pillow", True, ""))

    def load(self, model_id: str) -> ModelStatus:
        """Load now. Raises EngineError (unknown_model, model_not_ready) and InvalidRequest."""
        if not model_id:
            raise InvalidRequest("id is empty; take one that ListModels names")
        try:
            self._cache_of(model_id).load(model_id)
        except UnknownModel as error:
            raise EngineError("unknown_model", str(error)) from error
        except ModelError as error:
            raise EngineError("model_not_ready", str(error)) from error
        return self._status(model_id, None)

    def unload(self, model_id: str) -> None:
        self._cache_of(model_id).unload(model_id)

    def download(self, model_id: str, agreed_licence: str) -> ModelStatus:
        """Begin to fetch a model of the catalogue in the background, under the licence that its owner agreed to.

        Raises EngineError (unknown_model, model_not_ready) and InvalidRequest.
        """
        spec = next((spec for spec in CATALOGUE if spec.id == model_id), None)
        if spec is None:
            raise EngineError(
                "unknown_model",
                f"{model_id[:200]!r} is not in the catalogue, and only its models are downloaded on request; fetch "
                "others with scripts/fetch_models where the sidecar runs",
            )
        if spec.embedded:
            raise InvalidRequest(f"{spec.id} comes with the sidecar's packages: it needs no download")
        if agreed_licence != spec.licence:
            raise InvalidRequest(
                f"{agreed_licence[:200]!r} is not the licence of {spec.id}, which is {spec.licence!r}: read it at "
                f"{spec.licence_url}, and agree to that"
            )
        if not self._is_installed(spec):
            self._forget_failure(spec.id)  # it was that the weights are not here
            try:
                self._downloads.start(spec)
            except ModelError as error:
                raise EngineError("model_not_ready", str(error)) from error
        return self._status(spec.id, spec)

    def cancel_download(self, model_id: str) -> None:
        """Stop a download; nothing where there is none."""
        self._downloads.cancel(model_id)

    def stop_downloads(self) -> None:
        """Those that run end, and none begins any more."""
        self._downloads.stop()

    def sweep(self) -> None:
        """Unload what has been idle for long."""
        self._cache.sweep()
        self._face_cache.sweep()

    def close(self) -> None:
        self._downloads.close()
        self._batcher.close()
        self._cache.close()
        self._face_cache.close()

    def _cache_of(self, model_id: str) -> ModelCache[ImageTextEmbedder] | ModelCache[FaceModel]:
        return self._face_cache if is_face_name(model_id) else self._cache

    def _forget_failure(self, model_id: str) -> None:
        self._cache_of(model_id).forget_failure(model_id)

    def _is_installed(self, spec: ModelSpec) -> bool:
        return is_present(spec, self._options.models_dir)

    def _look(self, model_id: str) -> _Running | None:
        if is_face_name(model_id):
            return self._face_cache.look(model_id, _running)
        return self._cache.look(model_id, _running)

    def _status(self, model_id: str, spec: ModelSpec | None) -> ModelStatus:
        found = self._cache_of(model_id).state(model_id)
        state: StateName = found.state
        reason, device, runtime, scoring = found.reason, "", "", ""
        running = self._look(model_id) if found.state == "ready" else None
        if running is not None:
            spec, device, runtime, scoring = running.spec, running.device, running.runtime, running.scoring
            reason = running.notes
        elif found.state == "ready":  # it was unloaded since
            state = "not_loaded"
        if spec is None:
            try:
                spec = resolve(model_id)
            except ModelError as error:
                return _unknown(model_id, str(error))
        downloaded_bytes = 0
        download = self._downloads.state(spec.id)
        if download is not None and download.running:
            state, reason = "downloading", ""
            downloaded_bytes = arrived_bytes(spec, self._options.models_dir)
        elif state == "not_loaded" and not self._is_installed(spec):
            state = "not_installed"
            reason = download.message if download else ""
            downloaded_bytes = arrived_bytes(spec, self._options.models_dir)
        return ModelStatus(
            id=spec.id,
            job=spec.job,
            licence=spec.licence,
            licence_url=spec.licence_url,
            source=spec.source,
            revision=spec.revision,
            size_bytes=sum(file.size_bytes or 0 for file in spec.files) or spec.approximate_bytes or 0,
            checksums=tuple(f"{file.name}:{file.sha256 or 'unknown'}" for file in spec.files),
            dim=spec.dim,
            speed_class=spec.speed_class,
            embedded=spec.embedded,
            state=state,
            reason=reason,
            device=device,
            runtime=runtime,
            memory_bytes=found.memory_bytes,
            scoring=scoring or _SCORING[spec.family],
            note=spec.note,
            downloaded_bytes=downloaded_bytes,
        )


def _running(model: ImageTextEmbedder | FaceModel) -> _Running:
    notes = "; ".join(note.message for note in model.notes)
    return _Running(model.spec, model.device, model.runtime, _SCORING[model.spec.family], notes)


def _unknown(model_id: str, reason: str) -> ModelStatus:
    return ModelStatus(model_id, "", "", "", "", "", 0, (), 0, "", False, "failed", reason, "", "", 0, "", "")
