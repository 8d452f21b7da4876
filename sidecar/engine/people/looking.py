"""Finds and embeds the faces of frames, one frame at a time, in a thread of its own."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from sidecar.faces import Face, FaceBox, FoundFace
from sidecar.media.frames import Detail, Frame
from sidecar.models.cache import Lease
from sidecar.models.face_model import FaceModel
from sidecar.models.face_picture import crop
from sidecar.models.face_quality import grade, measure

WORTH_FULL_SCALE = 1.15
"""A source this much finer than the picture that was searched is worth its own pixels."""

ENOUGH_PX = 150
"""Edge of the square that embedders see (112 to 150 pixels): a face that fills it gains nothing from more pixels."""


class FaceLooker:
    """The one thread that looks for faces, so that analyses that run side by side do not fight for the cores."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def look(self, lease: Lease[FaceModel], frame: Frame) -> Future[tuple[Face, ...]]:
        """Queue a frame that has a detail. The lease must be held until the future is done."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, thread_name_prefix="faces")
            return self._pool.submit(faces_in_frame, lease.model, frame)

    def close(self) -> None:
        """Drop what waits and end the thread."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)


def faces_in_frame(model: FaceModel, frame: Frame) -> tuple[Face, ...]:
    """Faces of a frame that are of any use. Raises ValueError where the frame has no detail."""
    if frame.detail is None:
        raise ValueError("the frame was decoded without detail_px")
    return faces_in(model, frame.detail, frame.pts_s)


def faces_in(model: FaceModel, detail: Detail, pts_s: float) -> tuple[Face, ...]:
    """Faces of a picture that are of any use, best score first.

    The source's own pixels are asked for only where a face is promising (good by what is seen of it) and yet smaller
    in the searched picture than what embedders look at.
    """
    found = []
    for face in model.detect(detail.image):
        quality = measure(detail.image, face, detail.scale, model.score_share(face.score))
        graded = grade(quality)
        if graded is not None:
            found.append((face, quality, graded))
    if not found:
        return ()
    image, scale = detail.image, 1.0
    gains = any(graded == "good" and quality.size_px / detail.scale < ENOUGH_PX for _, quality, graded in found)
    if gains and detail.full is not None and detail.scale >= WORTH_FULL_SCALE:
        image = detail.full()
        scale = max(image.shape[:2]) / max(detail.image.shape[:2])
    faces = [scaled(face, scale) for face, _, _ in found]
    vectors = model.embed(image, faces)
    traits = model.traits(image, faces)
    height, width = image.shape[:2]
    return tuple(
        Face(
            pts_s=pts_s,
            box=_box(face, width, height),
            quality=quality,
            grade=graded,
            vector=vector,
            traits=trait,
            jpeg=crop(image, face),
        )
        for face, (_, quality, graded), vector, trait in zip(faces, found, vectors, traits, strict=True)
    )


def scaled(face: FoundFace, scale: float) -> FoundFace:
    """The same face in the same picture, `scale` times as large."""
    if scale == 1.0:
        return face
    left, top, right, bottom = face.box_px
    box_px = (left * scale, top * scale, right * scale, bottom * scale)
    return replace(face, box_px=box_px, landmarks_px=face.landmarks_px * scale)


def _box(face: FoundFace, width_px: int, height_px: int) -> FaceBox:
    left, top, right, bottom = face.box_px
    return FaceBox(left / width_px, top / height_px, (right - left) / width_px, (bottom - top) / height_px)
