"""What is told of the people in a medium: its tracks, and who they may be."""

from __future__ import annotations

from sidecar.engine.events import FaceMark, FaceReport, FaceTrack
from sidecar.engine.views import feature_key
from sidecar.models.face_model import FaceModel
from sidecar.store import FaceStore
from sidecar.values import ContentKey, View


class Reports:
    """Thread-safe."""

    def __init__(self, store: FaceStore) -> None:
        self._store = store

    def of_medium(self, key: ContentKey, model: FaceModel, view: View, date: str) -> FaceReport:
        """From what is stored; decodes nothing. media_id is left empty. Raises StoreError."""
        model_key = feature_key(model.model_key, view)
        looked = self._store.looked(key, model_key)
        faces = {stored.id: stored.face for stored in looked.faces} if looked else {}
        tracks = []
        for track in self._store.tracks(key, model_key):
            marks = tuple(FaceMark(faces[one].pts_s, faces[one].box) for one in track.face_ids if one in faces)
            best = faces[track.best_face]
            tracks.append(
                FaceTrack(
                    id=track.id,
                    spans=track.spans,
                    faces=len(track.face_ids),
                    views=track.views,
                    quality=track.quality,
                    best=FaceMark(best.pts_s, best.box),
                    marks=marks,
                )
            )
        frames = len(looked.looked_s) if looked else 0
        return FaceReport("", model.spec.id, tuple(tracks), frames, len(faces), "")
