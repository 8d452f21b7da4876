"""What the sidecar remembers of faces: those seen in media, and those of persons who are known."""

from sidecar.store.faces.rows import LookedFaces, StoredFace, StoredTrack
from sidecar.store.faces.store import FaceStore

__all__ = ["FaceStore", "LookedFaces", "StoredFace", "StoredTrack"]
