"""All that the sidecar does about people, behind one door."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sidecar.engine.analysis import FaceEye
from sidecar.engine.events import FaceReport
from sidecar.engine.models import ModelRoom
from sidecar.engine.people.known_model import ModelPeople, ModelsPeople
from sidecar.engine.people.looking import FaceLooker
from sidecar.engine.request import FaceQuery
from sidecar.engine.views import feature_key
from sidecar.store import FaceStore
from sidecar.values import ContentKey, IsCancelled, View


class PeopleRoom:
    """Thread-safe."""

    def __init__(self, store: FaceStore, models: ModelRoom, folder: Path) -> None:
        self._store, self._models = store, models
        self._looker = FaceLooker()
        self.of_models = ModelsPeople(store, models, folder)

    @contextlib.contextmanager
    def eye(self, query: FaceQuery, view: View, is_cancelled: IsCancelled) -> Iterator[FaceEye]:
        """How a medium's faces are found and told; its model is leased meanwhile. Raises ModelError, Cancelled."""
        with self._models.faces(query.model, is_cancelled) as lease:
            people = self.of_models.of_loaded(lease.model, query.model)
            model_key = feature_key(people.model_key, view)
            yield FaceEye(
                model_key=model_key,
                rules=people.rules,
                detect_px=lease.model.detect_px,
                look=lambda frame: self._looker.look(lease, frame),
                tell=_teller(people, model_key, query.date),
            )

    def close(self) -> None:
        self._looker.close()
        self.of_models.close()


def _teller(people: ModelPeople, model_key: str, date: str) -> Callable[[ContentKey], FaceReport]:
    def tell(key: ContentKey) -> FaceReport:
        report = people.reports.of_medium(key, model_key, date)
        assert report is not None  # its faces were just looked at
        return report

    return tell
