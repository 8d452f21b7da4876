"""Who is this? One picture, looked at by itself; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sidecar.engine.events import FaceCandidate
from sidecar.engine.people.known_model import ModelPeople
from sidecar.engine.people.looking import faces_in
from sidecar.engine.people.reports import evidence_of
from sidecar.engine.request import InvalidRequest
from sidecar.faces import Face, FaceBox, FaceDecisionName
from sidecar.media.frames import Detail
from sidecar.models.face_model import FaceModel
from sidecar.models.face_picture import resized
from sidecar.values import RgbImage

PADDING = 0.2
"""Share of a drawn box that is added around it where nothing is found inside: boxes are drawn tightly."""

SMALLEST_SEARCHED_PX = 480
"""Longer edge to which a small part is enlarged before it is searched: detectors see no faces below 30 to 80 pixels."""


@dataclass(frozen=True, slots=True)
class IdentifiedFace:
    """A face of one picture, and who it may be. box: shares of the whole picture."""

    box: FaceBox
    quality: float
    jpeg: bytes
    candidates: tuple[FaceCandidate, ...]
    decision: FaceDecisionName
    group_id: str


@dataclass(frozen=True, slots=True)
class Identified:
    """What was found, from left to right. note: a sentence where nothing was."""

    faces: tuple[IdentifiedFace, ...]
    pts_s: float
    note: str = ""


def identify(
    image: RgbImage, pts_s: float, box: FaceBox | None, model: FaceModel, people: ModelPeople, date: str
) -> Identified:
    """The faces of a picture, or of a part of it. Raises InvalidRequest for a box outside, StoreError."""
    faces = find_faces(image, pts_s, box, model)
    if not faces:
        where = "in the box or near it" if box is not None else "in this picture"
        return Identified(
            (),
            pts_s,
            f"No face that could be compared was found {where}; try a moment at which it is larger, sharper "
            "or turned to the camera.",
        )
    decided = people.reports.recognise([evidence_of(face.vector, [face], date, True, set(), set()) for face in faces])
    found = [
        IdentifiedFace(
            box=face.box,
            quality=face.quality.overall,
            jpeg=face.jpeg,
            candidates=people.reports.told(its),
            decision=its[0].decision if its else "unknown",
            group_id=people.unknown.nearest(face.vector),
        )
        for face, its in zip(faces, decided, strict=True)
    ]
    return Identified(tuple(sorted(found, key=lambda face: face.box.left)), pts_s)


def find_faces(image: RgbImage, pts_s: float, box: FaceBox | None, model: FaceModel) -> tuple[Face, ...]:
    """Faces inside a box (or, where there are none, near it), or anywhere, with boxes of the whole picture."""
    if box is None:
        return faces_in(model, _searched(image, model.detect_px), pts_s)
    for padding in (0.0, PADDING, 1.0):
        part = _part(image, box, padding)
        left, top, right, bottom = part
        crop = np.ascontiguousarray(image[top:bottom, left:right])
        found = faces_in(model, _searched(crop, model.detect_px), pts_s)
        if found:
            return tuple(_in_whole(face, part, image) for face in found)
    return ()


def check_box(box: FaceBox) -> FaceBox:
    """Raises InvalidRequest where the box is not inside the picture."""
    numbers = (box.left, box.top, box.width, box.height)
    inside = all(np.isfinite(numbers)) and box.left >= -0.001 and box.top >= -0.001
    if not inside or box.width <= 0 or box.height <= 0 or box.left + box.width > 1.001 or box.top + box.height > 1.001:
        raise InvalidRequest(
            "box is not inside the picture: left, top, width and height are shares of it, 0 to 1, width and height "
            "more than 0"
        )
    return box


def _searched(image: RgbImage, detect_px: int) -> Detail:
    """A picture as large as the detector wants it: enlarged where it is small, with its own pixels at hand else."""
    longer = max(image.shape[:2])
    wanted = min(detect_px, max(longer, SMALLEST_SEARCHED_PX))
    scaled = image if wanted == longer else resized(image, wanted)
    # Enlarging makes no detail: what counts as a face's size is what the source has of it.
    return Detail(scaled, longer / wanted, (lambda: image) if longer > wanted else None)


def _part(image: RgbImage, box: FaceBox, padding: float) -> tuple[int, int, int, int]:
    height, width = image.shape[:2]
    left = int(max(0.0, box.left - padding * box.width) * width)
    top = int(max(0.0, box.top - padding * box.height) * height)
    right = int(np.ceil(min(1.0, box.left + (1 + padding) * box.width) * width))
    bottom = int(np.ceil(min(1.0, box.top + (1 + padding) * box.height) * height))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _in_whole(face: Face, part: Sequence[int], image: RgbImage) -> Face:
    height, width = image.shape[:2]
    left, top, right, bottom = part
    box = face.box
    whole = FaceBox(
        (left + box.left * (right - left)) / width,
        (top + box.top * (bottom - top)) / height,
        box.width * (right - left) / width,
        box.height * (bottom - top) / height,
    )
    return replace(face, box=whole)
