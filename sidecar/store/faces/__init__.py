"""What the sidecar remembers of faces: those seen in media, and those of persons who are known."""

from sidecar.store.faces.groups import ChangeKind, GroupChange, StoredGroup
from sidecar.store.faces.identities import OWN_LIBRARY, Identities
from sidecar.store.faces.imports import Imported, ImportedReference, ImportHeader, RolledBack
from sidecar.store.faces.people import PeoplePage, PersonRow
from sidecar.store.faces.references import (
    BOOTSTRAP,
    IMPORT,
    TRACK,
    NewReference,
    Outcome,
    ReferenceChanges,
    ReferenceRow,
)
from sidecar.store.faces.rows import FaceSizes, LookedFaces, StoredFace, StoredTrack
from sidecar.store.faces.store import FaceStore
from sidecar.store.faces.verdicts import TrackVerdict

__all__ = [
    "BOOTSTRAP",
    "IMPORT",
    "OWN_LIBRARY",
    "TRACK",
    "ChangeKind",
    "FaceSizes",
    "FaceStore",
    "GroupChange",
    "Identities",
    "ImportHeader",
    "Imported",
    "ImportedReference",
    "LookedFaces",
    "NewReference",
    "Outcome",
    "PeoplePage",
    "PersonRow",
    "ReferenceChanges",
    "ReferenceRow",
    "RolledBack",
    "StoredFace",
    "StoredGroup",
    "StoredTrack",
    "TrackVerdict",
]
