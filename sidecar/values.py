"""Values that every room of the sidecar shares. Knows no room, no gRPC, no heavy library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

RgbImage: TypeAlias = NDArray[np.uint8]
"""uint8 (H, W, 3), RGB, rows top to bottom, upright, C-contiguous."""

Vectors: TypeAlias = NDArray[np.float32]
"""float32 (N, dim); rows are L2-normalised unless the docstring says otherwise."""

IsCancelled: TypeAlias = Callable[[], bool]
"""True once nobody wants the result any more; asked often (at least every 100 ms of work)."""


class Cancelled(Exception):
    """Work stopped because its asker went away. Not a failure: never reported as one."""


View: TypeAlias = Literal["whole", "left_eye"]
"""Which part of a picture is looked at. "left_eye": see sidecar.media.shape.eye_side."""


@dataclass(frozen=True, slots=True)
class FrameGeometry:
    """What a model wants to see of a frame.

    view: the part of the frame that is meant by "frame" below.
    size_px: edge of the square that the model takes.
    fit: how a frame of any shape becomes that square.
        "crop" scales the shorter edge to size_px and keeps the centre (CLIP's own preprocessing);
        "squash" scales both edges to size_px, so the whole frame is seen, distorted;
        "pad" scales the longer edge to size_px and centres it on black, so the whole frame is seen, undistorted.
    detail_px: longer edge of a second picture of each frame, undistorted and never enlarged; 0: none is wanted.
    """

    size_px: int
    fit: Literal["crop", "squash", "pad"]
    view: View = "whole"
    detail_px: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A warning about one medium: a code for machines, a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ContentKey:
    """Names the bytes of a medium, wherever it lies. Two files with one key have one set of features.

    algorithm: "oshash" (video), "md5" (image). digest: lower-case hex. size_bytes: exact size of the file.
    """

    algorithm: Literal["oshash", "md5"]
    digest: str
    size_bytes: int

    def __str__(self) -> str:
        return f"{self.algorithm}-{self.digest}-{self.size_bytes}"
