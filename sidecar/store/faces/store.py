"""The face store: everything about faces in the sidecar's database, room by room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sidecar.faces import Face
from sidecar.store.coverage import Coverage
from sidecar.store.database import Database
from sidecar.store.faces import media, tracks
from sidecar.store.faces.rows import LookedFaces, StoredFace, StoredTrack
from sidecar.store.rows import PassState, PtsSeconds
from sidecar.values import ContentKey


class FaceStore:
    """Thread-safe; each call is one transaction. Every method raises StoreError; vectors are kept as float16.

    A model key here is the face model's, with the view in it where that is not the whole picture.
    """

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        """Use FeatureStore.faces."""
        self._db, self._clock = db, clock

    # Faces of media

    def looked(self, key: ContentKey, model_key: str) -> LookedFaces | None:
        """All faces of a medium, without their pictures; None where it was never looked at."""
        return media.load(self._db, key, model_key)

    def add(
        self,
        key: ContentKey,
        model_key: str,
        looked_s: Sequence[float] | PtsSeconds,
        faces: Sequence[Face],
        coverage: Sequence[Coverage] = (),
    ) -> None:
        """Add frames that were looked at, the faces in them (with pictures), and what is covered once they are in.

        A frame that was looked at before (to the microsecond) is left out with its faces, so a call
        that is made twice is one. Raises ValueError for a face in no such frame and for vectors that do not fit.
        """
        media.add(self._db, key, model_key, looked_s, faces, coverage, self._clock())

    def set_state(self, key: ContentKey, model_key: str, state: PassState) -> None:
        """Replace the record of how far the passes have come. Call it after the faces that it speaks of."""
        media.set_state(self._db, key, model_key, state, self._clock())

    def faces(self, face_ids: Sequence[int]) -> dict[int, StoredFace]:
        """Faces by StoredFace.id, without their pictures; those that are gone are left out."""
        return media.faces_by_id(self._db, face_ids)

    def face_pictures(self, face_ids: Sequence[int]) -> dict[int, bytes]:
        """JPEGs by StoredFace.id; a face that has none is left out."""
        return media.pictures(self._db, face_ids)

    def keep_pictures(self, key: ContentKey, model_key: str, face_ids: Sequence[int]) -> None:
        """Drop the pictures of all other faces of the medium."""
        media.keep_pictures(self._db, key, model_key, face_ids)

    def forget(self, key: ContentKey, model_key: str) -> None:
        """Delete the faces and tracks of a medium under one model. What was said of its tracks stays."""
        media.forget(self._db, key, model_key)

    # Tracks

    def save_tracks(self, key: ContentKey, model_key: str, found: Sequence[StoredTrack]) -> None:
        """Make these the tracks of a medium.

        What was said of a track that is gone goes over to the one that has more than half of its faces. Raises
        ValueError for ids that are none, and for a medium that was never looked at.
        """
        tracks.save(self._db, key, model_key, found, self._clock())

    def tracks(self, key: ContentKey, model_key: str) -> tuple[StoredTrack, ...]:
        """The tracks of a medium, in the order in which they were saved."""
        return tracks.load(self._db, key, model_key)

    def find_tracks(self, track_ids: Sequence[str]) -> dict[str, tuple[ContentKey, str, StoredTrack]]:
        """(content, model key, track) by id; those that are not there are left out."""
        return tracks.find(self._db, track_ids)

    def iter_tracks(self, *model_keys: str) -> Iterator[tuple[ContentKey, StoredTrack]]:
        """Every track under these keys, some at a time; what is saved meanwhile may be in or out."""
        return tracks.of_model(self._db, model_keys)
