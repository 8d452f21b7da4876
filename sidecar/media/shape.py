"""Where the pixels of a frame go in the model's square. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sidecar.values import FrameGeometry, View

Side: TypeAlias = Literal["left", "right", "top", "bottom"]

# A picture wider than this holds the two eyes side by side (each about square, or 16:9), a narrower one over and under.
_SIDE_BY_SIDE_ASPECT = 1.5
# The side of an upright picture, and where it lies in the coded one, by the clockwise turn that makes it upright.
_CODED_SIDES: dict[tuple[Side, int], Side] = {
    ("left", 90): "bottom",
    ("left", 180): "right",
    ("left", 270): "top",
    ("top", 90): "left",
    ("top", 180): "bottom",
    ("top", 270): "right",
}
# Beyond this a pixel aspect is a broken header, and no film (anamorphic pixels are between 0.5 and 2.7).
_MAX_PIXEL_ASPECT = 8.0


@dataclass(frozen=True, slots=True)
class Placement:
    """How a frame becomes the square: take half of it on `side` as it is coded (None: all of it), scale that to
    (scaled_width_px, scaled_height_px) *before* rotation, rotate, then cut the centre (crop) or centre it on black
    (pad) to size_px.
    """

    side: Side | None
    scaled_width_px: int
    scaled_height_px: int
    rotation_deg: int
    size_px: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of pixels; right and bottom are the first column and row outside."""

    left: int
    top: int
    right: int
    bottom: int


def display_size(width_px: int, height_px: int, pixel_aspect: float, rotation_deg: int) -> tuple[int, int]:
    """(width, height) as a player shows it: pixel aspect widens, then rotation turns. At least 1 x 1."""
    if not 1 / _MAX_PIXEL_ASPECT <= pixel_aspect <= _MAX_PIXEL_ASPECT:
        pixel_aspect = 1.0
    width, height = max(1, round(width_px * pixel_aspect)), max(1, height_px)
    return (height, width) if rotation_deg in (90, 270) else (width, height)


def eye_side(display_width_px: int, display_height_px: int, view: View) -> Literal["left", "top"] | None:
    """Where the view lies in the upright picture: None for all of it; the left eye's half is the left one of a picture
    wider than 1.5:1, else the top one. A picture of one pixel across has no halves.
    """
    if view == "whole":
        return None
    if display_width_px > _SIDE_BY_SIDE_ASPECT * display_height_px:
        return "left" if display_width_px > 1 else None
    return "top" if display_height_px > 1 else None


def viewed_size(display_width_px: int, display_height_px: int, view: View) -> tuple[int, int]:
    """(width, height) of the view of an upright picture."""
    side = eye_side(display_width_px, display_height_px, view)
    width = display_width_px // 2 if side == "left" else display_width_px
    return width, display_height_px // 2 if side == "top" else display_height_px


def half(width_px: int, height_px: int, side: Side) -> Box:
    """The half of a picture on one side; of an odd number of pixels the middle one is left out."""
    half_width, half_height = max(1, width_px // 2), max(1, height_px // 2)
    if side in ("left", "right"):
        left = 0 if side == "left" else width_px - half_width
        return Box(left, 0, left + half_width, height_px)
    top = 0 if side == "top" else height_px - half_height
    return Box(0, top, width_px, top + half_height)


def place(display_width_px: int, display_height_px: int, rotation_deg: int, geometry: FrameGeometry) -> Placement:
    """The placement of a frame whose upright size is given."""
    size = geometry.size_px
    upright_side = eye_side(display_width_px, display_height_px, geometry.view)
    side = None if upright_side is None else _CODED_SIDES.get((upright_side, rotation_deg), upright_side)
    if geometry.fit == "squash":
        return Placement(side, size, size, rotation_deg, size)
    edges = viewed_size(display_width_px, display_height_px, geometry.view)
    scale = size / (min(edges) if geometry.fit == "crop" else max(edges))
    width, height = (_scaled_edge(edge, scale, geometry) for edge in edges)
    if rotation_deg in (90, 270):
        width, height = height, width
    return Placement(side, width, height, rotation_deg, size)


def place_undistorted(
    display_width_px: int, display_height_px: int, rotation_deg: int, view: View, longest_px: int
) -> Placement:
    """The placement of a view as it is, its longer edge at most longest_px: never enlarged, nothing cut, no square."""
    upright_side = eye_side(display_width_px, display_height_px, view)
    side = None if upright_side is None else _CODED_SIDES.get((upright_side, rotation_deg), upright_side)
    edges = viewed_size(display_width_px, display_height_px, view)
    scale = min(1.0, longest_px / max(edges))
    width, height = (max(1, round(edge * scale)) for edge in edges)
    longer = max(width, height)
    if rotation_deg in (90, 270):
        width, height = height, width
    return Placement(side, width, height, rotation_deg, longer)


def _scaled_edge(edge_px: int, scale: float, geometry: FrameGeometry) -> int:
    scaled = max(1, round(edge_px * scale))
    if geometry.fit == "pad":
        return min(scaled, geometry.size_px)
    # A ribbon of 1 x 10,000 pixels must not become an image of gigabytes: beyond 8 squares it is squeezed.
    return min(max(scaled, geometry.size_px), 8 * geometry.size_px)
