"""How much a face is worth as evidence, measured on its pixels and landmarks alone."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from sidecar.faces import FaceQuality, FoundFace
from sidecar.models import face_pose
from sidecar.models.face_align import ARCFACE_POINTS, CROP_PX, similarity, warp
from sidecar.values import RgbImage

SMALLEST_PX, GOOD_PX = 30.0, 44.0
"""A smaller face is none; from here on it is good. Two levels as PhotoPrism has for detecting and clustering (50, 80),
but lower: eight people's faces scaled to 48 px are 0.93 and more alike to themselves at 100 px, at 32 px 0.82, while
different people are at most 0.62 alike (dlib, enlarged before it is searched)."""

WIDEST_YAW_DEG, GOOD_YAW_DEG = 75.0, 45.0
"""Beyond the first, one eye is hidden; up to the second, both sides of the face are seen."""

LEAST_SHARPNESS, GOOD_SHARPNESS = 0.1, 0.4
"""A face blurred by a Gaussian of 3 % of its edge has about the first, by 2 % the second; unblurred ones 0.85 and more
(nine faces of 87 to 216 px)."""

LEAST_SCORE, GOOD_SCORE = 0.03, 0.07
"""Shares of the detector's range, see FaceDetector.score_share."""

_SHARPNESS_PX = 64
_BLURRED, _SHARP = 0.01, 0.25
_FULL_PX = 112.0


def measure(image: RgbImage, face: FoundFace, scale: float = 1.0, score: float = 1.0) -> FaceQuality:
    """Measure one face of a picture.

    scale: pixels of the source per pixel of this picture. score: the detector's, from FaceDetector.score_share.
    overall: the geometric mean of four shares: size (1 from 112 px on, which is what embedders look at), sharpness,
    pose (the cosine of yaw, times that of half the roll) and score; so one that is nearly 0 cannot be made up for.
    """
    left, top, right, bottom = face.box_px
    size_px = math.sqrt(max(right - left, 0.0) * max(bottom - top, 0.0)) * scale
    yaw, roll = abs(face_pose.yaw_deg(face.landmarks_px)), abs(face_pose.roll_deg(face.landmarks_px))
    sharp = sharpness(image, face)
    pose = math.cos(math.radians(min(yaw, 90.0))) * math.cos(math.radians(roll / 2))
    overall = (min(size_px / _FULL_PX, 1.0) * sharp * pose * score) ** 0.25
    return FaceQuality(size_px, sharp, yaw, roll, score, overall)


def sharpness(image: RgbImage, face: FoundFace) -> float:
    """0 (blurred) to 1 (sharp), whatever the face's size, brightness and contrast.

    The variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000) of the
    aligned face, scaled to 64 px and to a standard deviation of 1 first; its logarithm between those of a face blurred
    by 4 % of its edge (0.01) and of a plain sharp one (0.25). 0 where the landmarks coincide.
    """
    try:
        matrix = similarity(face.landmarks_px, ARCFACE_POINTS * (_SHARPNESS_PX / CROP_PX))
    except ValueError:
        return 0.0
    grey = warp(image, matrix, _SHARPNESS_PX, outside="edge").astype(np.float64) @ (0.299, 0.587, 0.114)
    grey /= max(float(grey.std()), 4.0)  # less contrast than that is noise alone
    inner = grey[1:-1, 1:-1]
    laplacian = 4 * inner - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    share = math.log(max(float(laplacian.var()), 1e-6) / _BLURRED) / math.log(_SHARP / _BLURRED)
    return min(max(share, 0.0), 1.0)


def grade(quality: FaceQuality) -> Literal["good", "poor"] | None:
    """What a face may do: "good" may found a group and vote, "poor" may only join one, None is worth nothing."""
    if (
        quality.size_px < SMALLEST_PX
        or quality.yaw_deg > WIDEST_YAW_DEG
        or quality.sharpness < LEAST_SHARPNESS
        or quality.score < LEAST_SCORE
    ):
        return None
    is_good = (
        quality.size_px >= GOOD_PX
        and quality.yaw_deg <= GOOD_YAW_DEG
        and quality.sharpness >= GOOD_SHARPNESS
        and quality.score >= GOOD_SCORE
    )
    return "good" if is_good else "poor"
