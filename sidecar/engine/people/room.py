"""All that the sidecar does about people, behind one door."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sidecar.engine.analysis import FaceEye
from sidecar.engine.events import FaceReport
from sidecar.engine.models import ModelRoom
from sidecar.engine.people.looking import FaceLooker
from sidecar.engine.people.reports import Reports
from sidecar.engine.request import FaceQuery
from sidecar.engine.views import feature_key
from sidecar.models.cache import Lease
from sidecar.models.face_model import FaceModel
from sidecar.store import FaceStore
from sidecar.values import ContentKey, IsCancelled, View


class PeopleRoom:
    """Thread-safe."""

    def __init__(self, store: FaceStore, models: ModelRoom, folder: Path) -> None:
        self._store, self._models = store, models
        self._looker = FaceLooker()
        self.reports = Reports(store)

    @contextlib.contextmanager
    def eye(self, query: FaceQuery, view: View, is_cancelled: IsCancelled) -> Iterator[FaceEye]:
        """How a medium's faces are found and told; its model is leased meanwhile. Raises ModelError, Cancelled."""
        with self._models.faces(query.model, is_cancelled) as lease:
            yield FaceEye(
                model_key=feature_key(lease.model.model_key, view),
                rules=lease.model.rules,
                detect_px=lease.model.detect_px,
                look=lambda frame: self._looker.look(lease, frame),
                tell=self._teller(lease, query, view),
            )

    def close(self) -> None:
        self._looker.close()

    def _teller(
        self, lease: Lease[FaceModel], query: FaceQuery, view: View
    ) -> Callable[[ContentKey, float], FaceReport]:
        model = lease.model
        return lambda key, duration_s: self.reports.of_medium(key, model, view, query.date)
