"""Faces brought into the position that recognisers were trained on: turned upright, scaled, cut out."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import Landmarks
from sidecar.values import RgbImage

Affine = NDArray[np.float64]
"""float64 (2, 3): (x, y) of the picture is A[:, :2] @ (x, y) + A[:, 2] in the crop. Pixels lie at whole numbers."""

CROP_PX = 112

ARCFACE_POINTS: Landmarks = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Where ArcFace's 112 px crops have the five landmarks (Deng et al. 2019, as published in insightface's face_align)."""


def similarity(source: NDArray[np.floating], target: NDArray[np.floating]) -> Affine:
    """The rotation, scale and shift (never a reflection) that bring points (N, 2) nearest to others, least squares.

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991. Points that all
    coincide have no scale: raises ValueError.
    """
    from_mean, to_mean = source.mean(axis=0, dtype=np.float64), target.mean(axis=0, dtype=np.float64)
    a, b = source - from_mean, target - to_mean
    spread = float((a**2).sum())
    if not np.isfinite(spread) or spread < 1e-12:
        raise ValueError("the landmarks of a face coincide")
    u, singular, vt = np.linalg.svd(b.T @ a)
    signs = np.array([1.0, 1.0 if np.linalg.det(u @ vt) >= 0 else -1.0])
    linear = (u * signs) @ vt * ((singular * signs).sum() / spread)
    return np.column_stack([linear, to_mean - linear @ from_mean])


def warp(image: RgbImage, matrix: Affine, size_px: int, outside: Literal["black", "edge"] = "black") -> RgbImage:
    """The square crop (size_px, size_px, 3) of a picture under a similarity.

    outside: what is seen where the picture ends, black or its outermost pixels.

    Bilinear; what shrinks by 2 or more is averaged over blocks first, so that no pixel goes unseen. Costs time by the
    crop's area, not the picture's.
    """
    factor = int(1 / max(np.sqrt(abs(np.linalg.det(matrix[:, :2]))), 1e-6))
    image, matrix = _part(image, matrix, size_px, margin_px=2 * max(factor, 1))
    if factor >= 2:
        image, matrix = _shrunk(image, matrix, factor)
    y, x = np.mgrid[0:size_px, 0:size_px]
    source_x, source_y = _undo(matrix, np.stack([x.ravel(), y.ravel()], axis=1)).T
    return _bilinear(image, source_x, source_y, outside == "black").reshape(size_px, size_px, 3)


def arcface_crop(image: RgbImage, landmarks_px: Landmarks) -> RgbImage:
    """The 112 px crop that ArcFace's recognisers take. Raises ValueError where the landmarks coincide."""
    return warp(image, similarity(landmarks_px, ARCFACE_POINTS), CROP_PX)


def _undo(matrix: Affine, points: NDArray[np.floating]) -> NDArray[np.float64]:
    undone: NDArray[np.float64] = (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    return undone


def _part(image: RgbImage, matrix: Affine, size_px: int, margin_px: int) -> tuple[RgbImage, Affine]:
    """The part of a picture that a crop is made from, and the matrix for that part."""
    corners = _undo(matrix, np.array([[0, 0], [size_px, 0], [0, size_px], [size_px, size_px]], np.float64))
    height, width = image.shape[:2]
    left, top = (int(v) for v in np.floor(corners.min(axis=0) - margin_px).clip(0, [width - 1, height - 1]))
    right, bottom = (
        int(v) for v in np.ceil(corners.max(axis=0) + margin_px + 1).clip([left + 1, top + 1], [width, height])
    )
    return image[top:bottom, left:right], _moved(matrix, np.array([left, top], np.float64))


def _moved(matrix: Affine, by: NDArray[np.float64]) -> Affine:
    moved: Affine = np.column_stack([matrix[:, :2], matrix[:, 2] + matrix[:, :2] @ by])
    return moved


def _shrunk(image: RgbImage, matrix: Affine, factor: int) -> tuple[RgbImage, Affine]:
    height, width = -(-image.shape[0] // factor), -(-image.shape[1] // factor)
    margins = ((0, height * factor - image.shape[0]), (0, width * factor - image.shape[1]), (0, 0))
    whole = np.pad(image, margins, mode="edge").astype(np.uint32)
    rows = np.add.reduce([whole[i::factor] for i in range(factor)])  # ten times as fast as a mean over two axes
    blocks = np.add.reduce([rows[:, i::factor] for i in range(factor)])
    small = ((blocks + factor**2 // 2) // factor**2).astype(np.uint8)
    moved = _moved(matrix, np.full(2, (factor - 1) / 2))  # a block's centre lies so far behind its first pixel
    return small, np.column_stack([moved[:, :2] * factor, moved[:, 2]])


def _bilinear(image: RgbImage, x: NDArray[np.float64], y: NDArray[np.float64], black: bool) -> RgbImage:
    height, width = image.shape[:2]
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right_share, low_share = (x - left)[:, None], (y - top)[:, None]

    def pixels(columns: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = image[rows.clip(0, height - 1), columns.clip(0, width - 1)].astype(np.float64)
        if black:
            found[(columns < 0) | (columns >= width) | (rows < 0) | (rows >= height)] = 0
        return found

    upper = pixels(left, top) * (1 - right_share) + pixels(left + 1, top) * right_share
    lower = pixels(left, top + 1) * (1 - right_share) + pixels(left + 1, top + 1) * right_share
    return (upper * (1 - low_share) + lower * low_share).round().clip(0, 255).astype(np.uint8)
