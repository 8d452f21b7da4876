"""What belongs to one face model: everybody who is known under it, who is not, and what is told of media."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from sidecar.engine.models import ModelRoom
from sidecar.engine.people.gallery import Gallery
from sidecar.engine.people.reports import Reports
from sidecar.engine.people.unknown import UnknownPeople
from sidecar.faces import FaceRules
from sidecar.models.face_model import FaceModel
from sidecar.store import FaceStore
from sidecar.values import IsCancelled


@dataclass(frozen=True, slots=True, eq=False)
class ModelPeople:
    """People under one face model. model_key: without a view."""

    model_id: str
    model_key: str
    dim: int
    rules: FaceRules
    gallery: Gallery
    unknown: UnknownPeople
    reports: Reports


class ModelsPeople:
    """One ModelPeople per model, made when it is first asked for and kept when the model is unloaded. Thread-safe.

    folder: of the indices, one below it for each model.
    """

    def __init__(self, store: FaceStore, models: ModelRoom, folder: Path) -> None:
        self._store, self._models, self._folder = store, models, folder
        self._lock = threading.Lock()
        self._of: dict[str, ModelPeople] = {}

    def of(self, model_id: str, is_cancelled: IsCancelled) -> ModelPeople:
        """Those of a model by its id; "" is the sidecar's. Loads it the first time. Raises ModelError, Cancelled."""
        model_id = model_id or self._models.default_face_id
        with self._lock:
            known = self._of.get(model_id)
        if known is not None:
            return known
        with self._models.faces(model_id, is_cancelled) as lease:
            return self.of_loaded(lease.model, model_id)

    def of_loaded(self, model: FaceModel, model_id: str = "") -> ModelPeople:
        """Those of a model that is loaded. model_id: how it was asked for."""
        with self._lock:
            name = model_id or model.spec.id
            if name not in self._of:
                same = next((one for one in self._of.values() if one.model_key == model.model_key), None)
                self._of[name] = same or self._made(model)
            return self._of[name]

    def all(self) -> list[ModelPeople]:
        """Those that were asked for since the sidecar started."""
        with self._lock:
            return list({one.model_key: one for one in self._of.values()}.values())

    def close(self) -> None:
        for people in self.all():
            people.gallery.close()

    def _made(self, model: FaceModel) -> ModelPeople:
        key, rules = model.model_key, model.rules
        gallery = Gallery(self._store, self._folder / key, key, model.dim, rules)
        unknown = UnknownPeople(self._store, key, rules)
        reports = Reports(self._store, gallery, unknown, model.spec.id, rules)
        return ModelPeople(model.spec.id, key, model.dim, rules, gallery, unknown, reports)
