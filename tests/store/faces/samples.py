"""Faces whose vectors follow from who they are, so that any stored one can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import Face, FaceBox, FaceQuality, FaceTraits
from sidecar.store import FaceStore, StoredFace, StoredTrack
from sidecar.store.faces import NewReference, Outcome, PersonRow

MODEL = "dlib@1"
DIM = 32


def person_vector(person: int, view: int = 0, spread: float = 0.15, dim: int = DIM) -> NDArray[np.float32]:
    """A unit vector of a person; views of one person are about cos = 1 - spread² apart, persons are near 0."""
    base = np.random.default_rng(person).standard_normal(dim)
    noise = np.random.default_rng(1000 * person + view + 7).standard_normal(dim)
    vector = base / np.linalg.norm(base) + (spread * noise / np.linalg.norm(noise) if view else 0.0)
    unit: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit


def face(pts_s: float, person: int = 1, view: int = 0, *, good: bool = True, jpeg: bytes = b"") -> Face:
    """A face of a person at a moment, with a picture of a few bytes."""
    return Face(
        pts_s=pts_s,
        box=FaceBox(0.25, 0.125, 0.5, 0.375),
        quality=FaceQuality(180.0, 0.75, 12.0, 3.0, 0.875, 0.625 if good else 0.25),
        grade="good" if good else "poor",
        vector=person_vector(person, view),
        traits=FaceTraits("female", 0.9375, 31.5) if person % 2 else FaceTraits(),
        jpeg=jpeg or f"jpeg of {person} at {pts_s}".encode(),
    )


def track(name: int, faces: Sequence[StoredFace]) -> StoredTrack:
    """A track of these faces, on screen from the first to half a second after the last."""
    vectors = np.array([stored.face.vector for stored in faces])
    centroid = vectors.mean(axis=0)
    start_s, end_s = faces[0].face.pts_s, faces[-1].face.pts_s + 0.5
    return StoredTrack(
        id=f"{name:016x}",
        face_ids=tuple(stored.id for stored in faces),
        spans=((start_s, end_s),),
        centroid=(centroid / np.linalg.norm(centroid)).astype(np.float32),
        views=sum(stored.face.grade == "good" for stored in faces),
        seconds=end_s - start_s,
        quality=max(stored.face.quality.overall for stored in faces),
        best_face=max(faces, key=lambda stored: stored.face.quality.overall).id,
    )


def reference(person: int, view: int, source: str = "stash", **more: Any) -> NewReference:
    """A reference of a person, one of many views of them."""
    return NewReference(source, person_vector(person, view), 0.5 + view / 100, f"jpeg {person}.{view}".encode(), **more)


def enrol(store: FaceStore, key: str, name: str, *references: NewReference, **told: Any) -> None:
    """Take a person in with these references, all of the first one's source."""
    named = [replace(one, image_id=one.image_id or f"sha256:{key}.{at}") for at, one in enumerate(references)]
    source = references[0].source if references else "stash"
    outcomes: list[tuple[str, Outcome]] = [(one.image_id, "enrolled") for one in named]
    store.references.take_in(PersonRow(key, name, **told), source, MODEL, outcomes, named)
