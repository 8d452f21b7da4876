"""How a face is turned, from five landmarks and the mean shape of a head."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import Landmarks

NOSE_TIP_DEPTH = 0.59
"""How far the tip of the nose lies before the plane of the eyes, in distances between the eyes' centres.

This and the numbers below are of the mean head of 68 landmarks that insightface ships (data/objects/meanshape_68.pkl):
eyes: the midpoints of 36, 39 and of 42, 45; tip: 30; base: 33; mouth: 48, 54. Rounded to two digits; heads differ by
more."""

NOSE_BASE_DEPTH = 0.43
_MOUTH_DEPTH, _NOSE_TIP_DOWN, _NOSE_BASE_DOWN, _MOUTH_DOWN, _MOUTH_HALF_WIDTH = 0.17, 0.32, 0.67, 1.04, 0.40


def yaw_deg(landmarks_px: Landmarks) -> float:
    """How far the head is turned to the side: 0 is frontal, positive where the nose points to the picture's right.

    Seen from afar, a head turned by y has its eyes d cos y apart and the tip of its nose k d sin y beside their middle
    (k = NOSE_TIP_DEPTH), so the offset measured in eye distances is k tan y. Within -90 to 90; about 5 degrees of
    error are usual, since noses differ. Landmarks whose eyes coincide count as a profile.
    """
    eye, nose = landmarks_px[1] - landmarks_px[0], landmarks_px[2] - (landmarks_px[0] + landmarks_px[1]) / 2
    return _turned_deg(nose, eye, NOSE_TIP_DEPTH)


def roll_deg(landmarks_px: Landmarks) -> float:
    """How far the line through the eyes is tilted: 0 is upright, positive clockwise, within -180 to 180."""
    x, y = landmarks_px[1] - landmarks_px[0]
    return math.degrees(math.atan2(float(y), float(x)))


def _turned_deg(nose: NDArray[np.floating], eye: NDArray[np.floating], depth: float) -> float:
    across = float(nose @ eye)
    square = float(eye @ eye)
    return math.degrees(math.atan2(across, depth * square)) if square > 0 else 90.0


def complete(
    left_eye: NDArray[np.floating], right_eye: NDArray[np.floating], nose_base: NDArray[np.floating]
) -> Landmarks:
    """Five landmarks from three: the tip of the nose and the corners of the mouth lie where the mean head has them.

    For detectors that find eyes and the base of the nose only: the base says how far the head is turned, and the mean
    head, turned as far, has the rest. Points are (x, y) in pixels. float32 (5, 2).
    """
    eye, middle = right_eye - left_eye, (left_eye + right_eye) / 2
    turned = math.radians(_turned_deg(nose_base - middle, eye, NOSE_BASE_DEPTH))
    across = eye / max(math.cos(turned), 0.2)  # one eye distance of the head itself, as a vector
    down = np.array([-across[1], across[0]])
    stretch = float((nose_base - middle) @ down) / max(float(down @ down) * _NOSE_BASE_DOWN, 1e-9)
    stretch = min(max(stretch, 0.6), 1.5)  # a head that looks up or down

    def at(right: float, below: float, depth: float) -> NDArray[np.floating]:
        sideways = right * math.cos(turned) + depth * math.sin(turned)
        return middle + sideways * across + below * stretch * down

    return np.stack(
        [
            left_eye,
            right_eye,
            at(0, _NOSE_TIP_DOWN, NOSE_TIP_DEPTH),
            at(-_MOUTH_HALF_WIDTH, _MOUTH_DOWN, _MOUTH_DEPTH),
            at(_MOUTH_HALF_WIDTH, _MOUTH_DOWN, _MOUTH_DEPTH),
        ]
    ).astype(np.float32)
