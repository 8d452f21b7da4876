"""What the first bytes of a file say that it is. Pure."""

from __future__ import annotations

from typing import Literal, TypeAlias

ImageFormat: TypeAlias = Literal["jpeg", "png", "gif", "webp", "bmp", "tiff", "avif", "heic", "jpeg2000", "jpegxl"]

SNIFF_BYTES = 4096
_TEXT_MARKERS = (
    (b"ffconcat", "an ffconcat script"),
    (b"#EXTM3U", "an HLS playlist"),
    (b"<MPD", "a DASH manifest"),
    (b"<SmoothStreamingMedia", "a Smooth Streaming manifest"),
    (b"<smil", "a SMIL playlist"),
    (b"[playlist]", "a playlist"),
    (b"v=0", "an SDP description"),
    (b"<asx", "an ASX playlist"),
    (b"<svg", "an SVG drawing"),
)
_AVIF_BRANDS = (b"avif", b"avis")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def sniff_image(head: bytes) -> ImageFormat | None:
    """The image format that head (the first bytes of a file) begins, animated ones included, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if (
        head.startswith(b"BM")
        and len(head) >= 18
        and head[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    ):
        return "bmp"
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "tiff"
    if head.startswith((b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")):
        return "jpeg2000"
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        return "jpegxl"
    if head[4:8] == b"ftyp":
        return _sniff_heif(head[8:12])
    return None


def _sniff_heif(brand: bytes) -> ImageFormat | None:
    if brand in _AVIF_BRANDS:
        return "avif"
    return "heic" if brand in _HEIC_BRANDS else None


def is_animated(head: bytes, image_format: ImageFormat) -> bool:
    """Whether the head announces an animation. A GIF always may be one, so it counts as animated."""
    if image_format == "gif":
        return True
    if image_format == "webp":
        return head[12:16] == b"VP8X" and len(head) > 20 and bool(head[20] & 0x02)
    if image_format == "png":
        animation, pixels = head.find(b"acTL"), head.find(b"IDAT")
        return animation >= 0 and not 0 <= pixels < animation
    return False


def describe_text(head: bytes) -> str | None:
    """What kind of text the head is ("an HLS playlist", "plain text"), or None if it is binary.

    Text is UTF-8 without control characters other than white space; a cut last character is allowed.
    """
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not body or b"\0" in head or any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return None
    try:
        body[: max(1, len(body) - 3)].decode()
    except UnicodeDecodeError:
        return None
    lowered = body[:1024].lower()
    for marker, name in _TEXT_MARKERS:
        if (marker in body[:1024] or marker.lower() in lowered) if marker.startswith(b"<") else body.startswith(marker):
            return name
    return "plain text"
