"""Pictures of people that a made-up face model knows, so that what is tested is what becomes of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from sidecar.faces import FaceRules, FaceTraits, FoundFace
from sidecar.models.catalogue import resolve
from sidecar.models.spec import ModelSpec
from sidecar.values import Note, RgbImage, Vectors

DIM = 32
SIDE_PX = 128
FACE_PX = 90


def portrait(person: int, view: int = 0, *, faces: int = 1, side_px: int = FACE_PX, kind: str = "PNG") -> bytes:
    """A picture with `faces` squares of the colour (person, view, 200): the "faces" that PaintedFaces finds."""
    image = Image.new("RGB", (SIDE_PX * faces, SIDE_PX))
    draw = ImageDraw.Draw(image)
    for at in range(faces):
        left = at * SIDE_PX + 10
        draw.rectangle((left, 10, left + side_px - 1, 10 + side_px - 1), (person + at, view, 200))
        for line in range(0, side_px, 2):  # something to be sharp
            draw.line((left, 10 + line, left + side_px - 1, 10 + line), (person + at, view, 90 + line))
    out = io.BytesIO()
    image.save(out, kind, lossless=True)
    return out.getvalue()


def vector_of(person: int, view: int) -> np.ndarray:
    """A unit vector: views 0 to 9 of one person are one picture, 10 to 19 another, and so on."""
    base = np.random.default_rng(person).standard_normal(DIM)
    shift = np.random.default_rng(person * 100 + view // 10 + 1).standard_normal(DIM)
    detail = np.random.default_rng(person * 1000 + view + 1).standard_normal(DIM)
    vector = _unit(base) + 0.6 * _unit(shift) + 0.02 * _unit(detail)
    return _unit(vector).astype(np.float32)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))


@dataclass
class PaintedFaces:
    """A face model that finds what portrait() painted, in lossless pictures of the size that they were painted in."""

    model_key: str = "painted-1"
    rules: FaceRules = field(default_factory=lambda: FaceRules(0.5, 0.6, 0.0, 0.17, 0.55, 0.45))
    spec: ModelSpec = field(default_factory=lambda: resolve("dlib"))
    detect_px: int = 2000
    dim: int = DIM
    device: str = "cpu"
    runtime: str = "numpy"
    memory_bytes: int = 0
    notes: tuple[Note, ...] = ()
    looked_at: int = 0

    def detect(self, image: RgbImage) -> tuple[FoundFace, ...]:
        self.looked_at += 1
        found = []
        for left in range(0, image.shape[1], SIDE_PX):
            rows = np.flatnonzero(image[:, min(left + 10, image.shape[1] - 1), 2] > 0)
            if len(rows):
                top, size = int(rows[0]), len(rows)
                x, y = left + 10, top
                points = [(0.3, 0.35), (0.7, 0.35), (0.5, 0.55), (0.35, 0.75), (0.65, 0.75)]
                landmarks = np.array([(x + a * size, y + b * size) for a, b in points], np.float32)
                found.append(FoundFace((x, y, x + size, y + size), landmarks, 1.0))
        return tuple(found)

    def score_share(self, score: float) -> float:
        return score

    def embed(self, image: RgbImage, faces: Sequence[FoundFace]) -> Vectors:
        colours = [image[int(face.box_px[1]) + 1, int(face.box_px[0])] for face in faces]
        return np.array([vector_of(int(red), int(green)) for red, green, _ in colours], np.float32).reshape(-1, DIM)

    def traits(self, image: RgbImage, faces: Sequence[FoundFace]) -> tuple[FaceTraits, ...]:
        return tuple(FaceTraits() for _ in faces)

    def close(self) -> None:
        """Nothing is held."""
