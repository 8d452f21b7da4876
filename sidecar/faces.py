"""Values about faces that several rooms of the sidecar share. Knows no room, no gRPC, no heavy library but numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Landmarks: TypeAlias = NDArray[np.float32]
"""float32 (5, 2): left eye, right eye, nose, left and right corner of the mouth, as (x, y). Left is left in the
picture. Eyes are their centres."""

SexName: TypeAlias = Literal["", "female", "male"]

FaceDecisionName: TypeAlias = Literal["unknown", "maybe", "match"]


@dataclass(frozen=True, slots=True)
class FaceBox:
    """Where a face is, as shares of the upright picture's width and height; may reach a little outside 0 to 1."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """A face that a detector found in one picture.

    box_px: (left, top, right, bottom) in pixels of that picture. landmarks_px: in pixels likewise.
    score: the detector's own, comparable only within one detector.
    """

    box_px: tuple[float, float, float, float]
    landmarks_px: Landmarks
    score: float


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How much a face is worth as evidence.

    size_px: edge of the square that the face fills in the source picture, full resolution. sharpness: 0 (blurred) to
    1 (sharp). yaw_deg: turned to the side, 0 is frontal, at most 90, sign aside. roll_deg: tilted, sign aside.
    score: the detector's, mapped to 0 to 1. overall: 0 to 1, of all of them.
    """

    size_px: float
    sharpness: float
    yaw_deg: float
    roll_deg: float
    score: float
    overall: float


@dataclass(frozen=True, slots=True)
class FaceTraits:
    """What some models guess of a face. It never leaves the sidecar and can only lower a match.

    sex: "" where not guessed; sex_confidence 0.5 to 1. age_years: None where not guessed.
    """

    sex: SexName = ""
    sex_confidence: float = 0.0
    age_years: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face of one medium.

    vector: float32 (dim,), unit length. grade: "good" may found a group and vote, "poor" may only join one; what is
    worse than poor is never made a Face. jpeg: its picture, 112 x 112, or empty.
    """

    pts_s: float
    box: FaceBox
    quality: FaceQuality
    grade: Literal["good", "poor"]
    vector: NDArray[np.float32]
    traits: FaceTraits = FaceTraits()
    jpeg: bytes = b""


@dataclass(frozen=True, slots=True)
class FaceRules:
    """What cosines between unit vectors of one face model mean.

    same_track: two good faces of one medium are one person from here on (average linkage). same_group: two tracks of
    different media are one unknown person from here on. impostor_mean, impostor_sd: of cosines between good faces of
    different people. match, maybe: operating points where nothing could be measured yet.
    """

    same_track: float
    same_group: float
    impostor_mean: float
    impostor_sd: float
    match: float
    maybe: float
