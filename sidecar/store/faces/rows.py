"""Faces of media as the store takes and gives them, and as the bytes that they are on the disk."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import Face, FaceBox, FaceQuality, FaceTraits
from sidecar.store.coverage import Coverage, normalise
from sidecar.store.rows import PassState, PtsSeconds

_MEASURES = struct.Struct("<10f")
"""left, top, width, height, size_px, sharpness, yaw_deg, roll_deg, score, overall."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredFace:
    """A face and the id that it keeps for ever. Its picture is left out: see FaceStore.pictures and face_pictures."""

    id: int
    face: Face


@dataclass(frozen=True, slots=True, eq=False)
class LookedFaces:
    """All that is known of the faces of one medium under one model.

    looked_s: float64 (N,), ascending: every frame that was looked at, also those that show nobody. faces: by time, of
    one frame in the order in which they were added. coverage: normalised. state: how far the passes came; None until
    it is told.
    """

    looked_s: PtsSeconds
    faces: tuple[StoredFace, ...]
    coverage: tuple[Coverage, ...]
    state: PassState | None


@dataclass(frozen=True, slots=True, eq=False)
class StoredTrack:
    """One person's appearances in one medium.

    id: 16 hex digits. face_ids: StoredFace.id, in order of time. spans: [start_s, end_s) each. centroid: float32
    (dim,), unit length. views: faces of it that are good enough to vote. quality: of the best face, 0 to 1.
    best_face: StoredFace.id. found_at_s: Unix time at which a track of this id was first saved here; the store says it.
    """

    id: str
    face_ids: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]
    centroid: NDArray[np.float32]
    views: int
    seconds: float
    quality: float
    best_face: int
    found_at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceSizes:
    """How much is stored; see FaceState in protos/faces.proto. people: those who have references."""

    people: int
    references: int
    references_by_source: dict[str, int]
    media: int
    faces: int
    tracks: int
    groups: int
    size_bytes: int


def half_bytes(vector: NDArray[Any]) -> bytes:
    """A vector as little-endian float16. Raises ValueError where it is no (dim,) of finite float16 values."""
    with np.errstate(over="ignore"):
        half = np.asarray(vector).astype("<f2")
    if half.ndim != 1 or not len(half) or not np.isfinite(half).all():
        raise ValueError(f"expected one finite vector (dim,), got shape {np.shape(vector)}")
    return half.tobytes()


def unit_vector(blob: bytes) -> NDArray[np.float32]:
    """float32 (dim,) of unit length again: as float16 it had lost a little of that."""
    unit: NDArray[np.float32] = unit_vectors([blob], len(blob) // 2)[0]
    return unit


def unit_vectors(blobs: Sequence[bytes], dim: int) -> NDArray[np.float32]:
    """float32 (N, dim) of unit rows."""
    rows = np.frombuffer(b"".join(blobs), "<f2").astype(np.float32).reshape(len(blobs), dim)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.where(lengths > 0, lengths, np.float32(1.0))
    return unit


def doubles(values: Sequence[float] | PtsSeconds) -> bytes:
    """Numbers as little-endian float64."""
    return np.ascontiguousarray(values, "<f8").tobytes()


def numbers_of(blob: bytes) -> PtsSeconds:
    """The numbers that doubles() was given."""
    return np.frombuffer(blob, "<f8").astype(np.float64)


def pairs_of(blob: bytes) -> tuple[tuple[float, float], ...]:
    """The (N, 2) numbers that doubles() was given, row by row."""
    return tuple((float(start), float(end)) for start, end in numbers_of(blob).reshape(-1, 2))


def coverage_bytes(coverage: Sequence[Coverage]) -> bytes:
    """Coverage, normalised, as (N, 3) numbers."""
    parts = [number for c in normalise(coverage) for number in (c.start_s, c.end_s, c.max_gap_s)]
    return doubles(parts)


def coverage_of(blob: bytes) -> tuple[Coverage, ...]:
    """The coverage that coverage_bytes() was given."""
    return tuple(Coverage(*map(float, row)) for row in numbers_of(blob).reshape(-1, 3))


def face_row(face: Face) -> tuple[Any, ...]:
    """pts_s, good, measures, sex, sex_confidence, age_years, vector: the columns of a face."""
    box, quality, traits = face.box, face.quality, face.traits
    measures = _MEASURES.pack(
        *(box.left, box.top, box.width, box.height),
        *(quality.size_px, quality.sharpness, quality.yaw_deg, quality.roll_deg, quality.score, quality.overall),
    )
    return (
        *(face.pts_s, face.grade == "good", measures),
        *(traits.sex, traits.sex_confidence, traits.age_years, half_bytes(face.vector)),
    )


def stored_face(
    face_id: int,
    pts_s: float,
    good: int,
    measures: bytes,
    sex: str,
    sex_confidence: float,
    age_years: float | None,
    vector: bytes,
) -> StoredFace:
    """The face whose columns face_row() gave, but for its picture."""
    numbers = measures_of(measures)
    traits = FaceTraits("female" if sex == "female" else "male" if sex == "male" else "", sex_confidence, age_years)
    box, quality = FaceBox(*numbers[:4]), FaceQuality(*numbers[4:])
    return StoredFace(face_id, Face(pts_s, box, quality, "good" if good else "poor", unit_vector(vector), traits))


def measures_of(blob: bytes) -> tuple[float, ...]:
    """The 10 numbers of a face; see _MEASURES."""
    return _MEASURES.unpack(blob)


def micros(pts_s: Sequence[float] | PtsSeconds) -> NDArray[np.int64]:
    """Moments as whole microseconds: two that agree there are one."""
    return np.round(np.asarray(pts_s, np.float64) * 1e6).astype(np.int64)
