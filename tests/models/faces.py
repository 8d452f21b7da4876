"""Real faces that ship in packages, and copies of them as further views."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from sidecar.faces import FoundFace
from sidecar.values import RgbImage


def _inside(package: str, path: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found and found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / path


@cache
def photo(name: str) -> RgbImage:
    """t1: six people; hanks, astronaut, hopper: one each."""
    path = {
        "t1": _inside("insightface", "data/images/t1.jpg"),
        "hanks": _inside("insightface", "data/images/Tom_Hanks_54745.png"),
        "astronaut": _inside("skimage", "data/astronaut.png"),
        "hopper": _inside("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    }[name]
    return np.asarray(Image.open(path).convert("RGB"))


PEOPLE = {"t1": 6, "hanks": 1, "astronaut": 1, "hopper": 1}
"""Photo -> how many people are in it."""


def _edited(edit: Callable[[Image.Image], Image.Image]) -> Callable[[RgbImage], RgbImage]:
    return lambda image: np.asarray(edit(Image.fromarray(image)))


def _jpeg(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=25)
    return Image.open(out).convert("RGB")


COPIES: Mapping[str, Callable[[RgbImage], RgbImage]] = {
    "mirrored": lambda image: np.ascontiguousarray(image[:, ::-1]),
    "half size": _edited(lambda image: image.resize((image.width // 2, image.height // 2), Image.Resampling.BICUBIC)),
    "darkened": _edited(lambda image: image.point(lambda value: int(value * 0.4))),
    "jpeg 25": _edited(_jpeg),
    "blurred": _edited(lambda image: image.filter(ImageFilter.GaussianBlur(2))),
}


VIEWS = (*COPIES, "cropped")


def copied(name: str, image: RgbImage, face: FoundFace) -> tuple[RgbImage, FoundFace]:
    """A copy of a picture, and where the face is in it. "cropped" leaves a sixth of the face's size around it."""
    left, top, right, bottom = face.box_px
    points = face.landmarks_px.copy()
    if name == "cropped":
        margin = (right - left) / 6
        x, y = round(max(left - margin, 0)), round(max(top - margin, 0))
        part = np.ascontiguousarray(image[y : round(bottom + margin), x : round(right + margin)])
        shift = np.array([x, y], np.float32)
        return part, FoundFace((left - x, top - y, right - x, bottom - y), points - shift, face.score)
    copy = COPIES[name](image)
    if name == "mirrored":
        width = image.shape[1]
        left, right = width - right, width - left
        points[:, 0] = width - 1 - points[:, 0]
        points = points[[1, 0, 2, 4, 3]]
    if name == "half size":
        left, top, right, bottom, points = left / 2, top / 2, right / 2, bottom / 2, points * np.float32(0.5)
    return copy, FoundFace((left, top, right, bottom), points, face.score)
