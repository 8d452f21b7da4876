"""Small pictures of faces for people to look at. The only file of this room that imports Pillow."""

from __future__ import annotations

import io

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
    x, y = (left + right) / 2, (top + bottom) / 2
    # Pillow reads only the part that is cut out, and fills what lies outside with black.
    cut = Image.fromarray(image).crop((round(x - half), round(y - half), round(x + half), round(y + half)))
    out = io.BytesIO()
    cut.resize((size_px, size_px), Image.Resampling.LANCZOS, reducing_gap=2.0).save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()
