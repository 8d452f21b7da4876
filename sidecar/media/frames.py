"""What a decoder hands out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sidecar.values import RgbImage

FULL_PX = 4096
"""Longer edge of the largest picture that Detail.full gives."""


@dataclass(frozen=True, slots=True, eq=False)
class Detail:
    """A frame larger than the model's square, undistorted, for what is small in it.

    image: uint8 (H, W, 3) RGB, upright, its longer edge at most FrameGeometry.detail_px. scale: pixels of the source
    per pixel of image, 1 or more. full: gives the same with the source's own pixels (at most FULL_PX on the longer
    edge), from any thread; None where they are gone. Holding on to it holds the decoded frame.
    """

    image: RgbImage
    scale: float
    full: Callable[[], RgbImage] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame, scaled for the model.

    pts_s: seconds as a player shows them, never negative. image: uint8 (size_px, size_px, 3) RGB, upright.
    role: "sample" was asked for; "spare" was decoded on the way and costs nothing more.
    after_cut: a cut lies between the frame before this one and this one; before_cut: between this one and the next.
    keyframe: the codec can start here. detail: where FrameGeometry.detail_px asked for it; a spare's has no `full`.
    """

    pts_s: float
    image: RgbImage
    role: Literal["sample", "spare"]
    after_cut: bool
    before_cut: bool
    keyframe: bool
    detail: Detail | None = None
