"""What a decoder hands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sidecar.values import RgbImage


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame, scaled for the model.

    pts_s: seconds as a player shows them, never negative. image: uint8 (size_px, size_px, 3) RGB, upright.
    role: "sample" was asked for; "spare" was decoded on the way and costs nothing more.
    after_cut: a cut lies between the frame before this one and this one; before_cut: between this one and the next.
    keyframe: the codec can start here.
    """

    pts_s: float
    image: RgbImage
    role: Literal["sample", "spare"]
    after_cut: bool
    before_cut: bool
    keyframe: bool
