"""Where the pixels of a frame go in the model's square. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.values import FrameGeometry

# Beyond this a pixel aspect is a broken header, and no film (anamorphic pixels are between 0.5 and 2.7).
_MAX_PIXEL_ASPECT = 8.0


@dataclass(frozen=True, slots=True)
class Placement:
    """How a frame becomes the square: scale to (scaled_width_px, scaled_height_px) *before* rotation, rotate, then
    cut the centre (crop) or centre it on black (pad) to size_px.
    """

    scaled_width_px: int
    scaled_height_px: int
    rotation_deg: int
    size_px: int


def display_size(width_px: int, height_px: int, pixel_aspect: float, rotation_deg: int) -> tuple[int, int]:
    """(width, height) as a player shows it: pixel aspect widens, then rotation turns. At least 1 x 1."""
    if not 1 / _MAX_PIXEL_ASPECT <= pixel_aspect <= _MAX_PIXEL_ASPECT:
        pixel_aspect = 1.0
    width, height = max(1, round(width_px * pixel_aspect)), max(1, height_px)
    return (height, width) if rotation_deg in (90, 270) else (width, height)


def place(display_width_px: int, display_height_px: int, rotation_deg: int, geometry: FrameGeometry) -> Placement:
    """The placement of a frame whose upright size is given."""
    size = geometry.size_px
    if geometry.fit == "squash":
        return Placement(size, size, rotation_deg, size)
    edges = (display_width_px, display_height_px)
    scale = size / (min(edges) if geometry.fit == "crop" else max(edges))
    width, height = (_scaled_edge(edge, scale, geometry) for edge in edges)
    if rotation_deg in (90, 270):
        width, height = height, width
    return Placement(width, height, rotation_deg, size)


def _scaled_edge(edge_px: int, scale: float, geometry: FrameGeometry) -> int:
    scaled = max(1, round(edge_px * scale))
    if geometry.fit == "pad":
        return min(scaled, geometry.size_px)
    # A ribbon of 1 x 10,000 pixels must not become an image of gigabytes: beyond 8 squares it is squeezed.
    return min(max(scaled, geometry.size_px), 8 * geometry.size_px)
