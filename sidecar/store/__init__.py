"""What the sidecar remembers: vectors of frames with their times, how far each medium was looked at, the schedule."""

from sidecar.store.coverage import Coverage, covers, normalise
from sidecar.store.errors import StoreDamaged, StoreError, StoreFull, StoreLocked, StoreTooNew
from sidecar.store.faces import FaceStore, LookedFaces, StoredFace, StoredTrack
from sidecar.store.lock import Owner, owner_of
from sidecar.store.pooled import PooledSet
from sidecar.store.rows import (
    AFTER_CUT,
    BEFORE_CUT,
    KEYFRAME,
    FeatureSet,
    Flags,
    Float16Vectors,
    MediaRow,
    PassState,
    PtsSeconds,
    RefineLevel,
    Usage,
)
from sidecar.store.schedule import Job, Outcome, RunState, ScheduleTable, WakeTarget
from sidecar.store.search import Moment, search_moments
from sidecar.store.store import FeatureStore

__all__ = [
    "AFTER_CUT",
    "BEFORE_CUT",
    "KEYFRAME",
    "Coverage",
    "FaceStore",
    "FeatureSet",
    "FeatureStore",
    "Flags",
    "Float16Vectors",
    "Job",
    "LookedFaces",
    "MediaRow",
    "Moment",
    "Outcome",
    "Owner",
    "PassState",
    "PooledSet",
    "PtsSeconds",
    "RefineLevel",
    "RunState",
    "ScheduleTable",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreLocked",
    "StoreTooNew",
    "StoredFace",
    "StoredTrack",
    "Usage",
    "WakeTarget",
    "covers",
    "normalise",
    "owner_of",
    "search_moments",
]
