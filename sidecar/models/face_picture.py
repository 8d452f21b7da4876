"""Small pictures of faces for people to look at. The only file of this room that imports Pillow."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from sidecar.faces import FoundFace
from sidecar.values import RgbImage

_MARGIN = 0.25
"""Added on each side of the face's box, in its longer edges: hair and chin, by which people know people."""

_JPEG_QUALITY = 85


def crop(image: RgbImage, face: FoundFace, size_px: int = 112) -> bytes:
    """A square JPEG (size_px, size_px) of a face and a little around it; black where the picture ends.

    Upright as the picture is, not as the face is. About 4 KB at 112 px.
    """
    left, top, right, bottom = face.box_px
    half = max(right - left, bottom - top, 1.0) * (0.5 + _MARGIN)
    x, y = round((left + right) / 2 - half), round((top + bottom) / 2 - half)
    edge_px = max(round(2 * half), 1)
    cut = Image.new("RGB", (edge_px, edge_px))
    part = image[max(y, 0) : max(y + edge_px, 0), max(x, 0) : max(x + edge_px, 0)]
    if part.size:
        cut.paste(Image.fromarray(np.ascontiguousarray(part)), (max(-x, 0), max(-y, 0)))
    out = io.BytesIO()
    cut.resize((size_px, size_px), Image.Resampling.LANCZOS, reducing_gap=2.0).save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()


def resized(image: RgbImage, longest_px: int) -> RgbImage:
    """The picture with its longer edge at that many pixels, smaller or larger than it was, undistorted."""
    height, width = image.shape[:2]
    scale = longest_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.array(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC), dtype=np.uint8)
