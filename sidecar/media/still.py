"""Still images: what they are, and their one frame. The only file of this room that imports Pillow."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from sidecar.media.errors import MediaError
from sidecar.media.frames import FULL_PX, Detail
from sidecar.media.info import MediaInfo
from sidecar.media.picture import fit_square
from sidecar.media.shape import Box, half, place, place_undistorted, viewed_size
from sidecar.media.source import Source
from sidecar.values import FrameGeometry, Note, RgbImage

MAX_IMAGE_PIXELS = 256_000_000
"""Larger pictures are refused before their pixels are touched: 256 million take 768 MB."""

MAX_PORTRAIT_BYTES = 20 * 1024 * 1024
MAX_PORTRAIT_PIXELS = 50_000_000
"""Of pictures that came over the wire: 50 million pixels take 150 MB while they are looked at."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000", "MPO", "DIB")
_PORTRAIT_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "MPO", "DIB")
_EXIF_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})
_ROTATION_DEG = {3: 180, 6: 90, 8: 270}


def read_image_info(source: Source, notes: tuple[Note, ...] = ()) -> MediaInfo:
    """What a still image is, from its header. Raises MediaError: unsupported_format, too_large, unreadable."""
    with source.open_stream() as stream, _open(stream, source.name) as image:
        width, height = image.size
        shown = _shown_size(image)
        frames = int(getattr(image, "n_frames", 1))
        if frames > 1:
            notes += (Note("animation_ignored", f"Only the first of {frames} pictures of this image is looked at."),)
        return MediaInfo(
            kind="image",
            duration_s=0.0,
            duration_s_from_container=None,
            width_px=width,
            height_px=height,
            display_width_px=shown[0],
            display_height_px=shown[1],
            rotation_deg=_ROTATION_DEG.get(_orientation(image), 0),
            codec=(image.format or "").lower(),
            pix_fmt=image.mode,
            bit_depth=16 if image.mode.startswith(("I", "F")) else 8,
            transfer="sdr",
            interlaced=False,
            average_fps=0.0,
            has_alpha=_has_alpha(image),
            stream_index=0,
            start_time_s=0.0,
            keyframes=None,
            bytes_per_s=0.0,
            container=(image.format or "").lower(),
            warnings=notes,
        )


def read_image(source: Source, geometry: FrameGeometry) -> RgbImage:
    """The image upright, over black, in the square of geometry. Raises MediaError as read_image_info does."""
    return read_pictures(source, replace(geometry, detail_px=0))[0]


def read_pictures(source: Source, geometry: FrameGeometry) -> tuple[RgbImage, Detail | None]:
    """The image upright, over black: in the square of geometry, and in detail where it asks for that.

    Raises MediaError as read_image_info does.
    """
    with source.open_stream() as stream, _open(stream, source.name) as image:
        # Taken now: a draft is rounded to whole pixels, and one may lie on the other side of what is side by side.
        placement = place(*_shown_size(image), 0, geometry)
        try:
            # A JPEG decoder can leave out detail that scaling would throw away: 8 times faster on a 24-megapixel photo.
            if not geometry.detail_px:
                draft_px = geometry.size_px * (2 if geometry.view == "whole" else 4)
                image.draft("RGB", (draft_px, draft_px))
            upright = ImageOps.exif_transpose(image)
            colours = _to_rgb(upright)
        except MediaError:
            raise
        except Exception as error:  # Pillow's decoders raise whatever their format's author thought of
            raise _unreadable(source.name, error) from None
    size = (placement.scaled_width_px, placement.scaled_height_px)
    box = half(colours.width, colours.height, placement.side) if placement.side else None
    part = (box.left, box.top, box.right, box.bottom) if box else None
    scaled = colours.resize(size, Image.Resampling.BICUBIC, part)
    square = fit_square(np.asarray(scaled, dtype=np.uint8), placement, geometry)
    return square, _detail(colours, geometry) if geometry.detail_px else None


def read_portrait(data: bytes, detail_px: int) -> Detail:
    """A picture that somebody sent, upright, over black: its longer edge is detail_px at most.

    Of an animation the first picture. Raises MediaError: too_large (more than MAX_PORTRAIT_BYTES, or
    MAX_PORTRAIT_PIXELS before any is decoded), unreadable (damaged, or none of JPEG, PNG, WebP, GIF, BMP, TIFF).
    """
    name = "The picture"
    if len(data) > MAX_PORTRAIT_BYTES:
        raise MediaError("too_large", f"{name} has {len(data)} bytes; at most {MAX_PORTRAIT_BYTES:,} are read.")
    with _open(io.BytesIO(data), name, _PORTRAIT_FORMATS, MAX_PORTRAIT_PIXELS) as image:
        try:
            upright = _to_rgb(ImageOps.exif_transpose(image))
        except Exception as error:  # as above
            raise _unreadable(name, error) from None
    return _detail(upright, FrameGeometry(16, "pad", detail_px=detail_px))


def _detail(upright: Image.Image, geometry: FrameGeometry) -> Detail:
    """Of an upright RGB image."""
    view_px = max(viewed_size(*upright.size, geometry.view))

    def undistorted(longest_px: int) -> RgbImage:
        placement = place_undistorted(*upright.size, 0, geometry.view, longest_px)
        box = half(*upright.size, placement.side) if placement.side else Box(0, 0, *upright.size)
        size = (placement.scaled_width_px, placement.scaled_height_px)
        part = (box.left, box.top, box.right, box.bottom)
        return np.array(upright.resize(size, Image.Resampling.BICUBIC, part), dtype=np.uint8)

    image = undistorted(geometry.detail_px)
    scale = view_px / max(image.shape[:2])
    return Detail(image, max(1.0, scale), (lambda: undistorted(FULL_PX)) if scale > 1.0 else None)


def encode_jpeg(image: RgbImage) -> bytes:
    """The image as an sRGB JPEG of middling quality: a thumbnail of 192 x 108 takes about 6 kB."""
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=80)
    return out.getvalue()


def _open(
    stream: BinaryIO, name: str, formats: tuple[str, ...] = _FORMATS, most_pixels: int = MAX_IMAGE_PIXELS
) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns from 89 million pixels on; the limit here is checked below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(stream, formats=formats)
    except Image.DecompressionBombError:
        raise _too_large(name, "more than 178 million", most_pixels) from None
    except UnidentifiedImageError:
        raise MediaError(
            "unreadable", f"{name} begins like an image but is none that can be read. Open it in a viewer to check."
        ) from None
    except Exception as error:
        raise _unreadable(name, error) from None
    if image.width * image.height > most_pixels:
        raise _too_large(name, f"{image.width} x {image.height}", most_pixels)
    return image


def _too_large(name: str, size: str, most_pixels: int) -> MediaError:
    return MediaError("too_large", f"{name} has {size} pixels; at most {most_pixels:,} are read. Save it smaller.")


def _unreadable(name: str, error: Exception) -> MediaError:
    return MediaError(
        "unreadable", f"{name} is damaged or cut off ({type(error).__name__}). Copy or download it again."
    )


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # a broken EXIF block must not cost the picture
        return 1


def _shown_size(image: Image.Image) -> tuple[int, int]:
    """(width, height) as a viewer shows it."""
    return (image.height, image.width) if _orientation(image) in _TURNED else image.size


def _has_alpha(image: Image.Image) -> bool:
    return "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _sixteen_bit_to_rgb(image)
    if _has_alpha(image):
        picture = image.convert("RGBA")
        black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
        return Image.alpha_composite(black, picture).convert("RGB")
    return image.convert("RGB")


def _sixteen_bit_to_rgb(image: Image.Image) -> Image.Image:
    """Greys of 16 or 32 bits: Pillow's own conversion would clip all above 255 to white."""
    grey = np.asarray(image).astype(np.float64)
    if image.mode == "F":
        low, high = float(np.nanmin(grey)), float(np.nanmax(grey))
        grey = np.nan_to_num((grey - low) / ((high - low) or 1.0)) * 65535.0
    levels = np.clip(grey / 257.0 + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(levels, "L").convert("RGB")
