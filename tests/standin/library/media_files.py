"""What a file on disk says of itself: hashes as Stash computes them, size, duration. Alone imports PyAV and Pillow."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHUNK_BYTES = 64 * 1024

CONTAINERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    "asf": "wmv",
    "avi": "avi",
    "flv": "flv",
    "mpegts": "mpegts",
}


class NotMedia(Exception):
    """The file cannot be read as a video or an image."""


@dataclass(frozen=True)
class VideoFacts:
    """Of the first video stream, and of the first audio stream if there is one."""

    format: str
    width: int
    height: int
    duration: float
    """seconds"""
    frame_rate: float
    bit_rate: int
    video_codec: str
    audio_codec: str


@dataclass(frozen=True)
class ImageFacts:
    format: str
    width: int
    height: int


def oshash(path: Path) -> str:
    """Size plus the sums of the first and last 64 KiB as little-endian 64-bit numbers, as 16 hex digits.

    Raises NotMedia for 8 bytes or less, as Stash refuses them.
    """
    size = path.stat().st_size
    if size <= 8:
        raise NotMedia(f"cannot calculate oshash where size < 8 ({size})")
    chunk = min(CHUNK_BYTES, size // 8 * 8)
    total = size
    with path.open("rb") as file:
        for start in (0, size - chunk):
            file.seek(start)
            total += sum(number for (number,) in struct.iter_unpack("<Q", file.read(chunk)))
    return f"{total % 2**64:016x}"


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def md5_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest() if hasattr(hashlib, "file_digest") else md5(file.read())


def probe_video(path: Path) -> VideoFacts:
    """Raises NotMedia."""
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise NotMedia(f"{path} has no video stream")
            stream = container.streams.video[0]
            sound = container.streams.audio[0] if container.streams.audio else None
            return VideoFacts(
                format=_container_name(container.format.name, path),
                width=stream.codec_context.width,
                height=stream.codec_context.height,
                duration=round((container.duration or 0) / 1_000_000, 2),
                frame_rate=round(float(stream.average_rate or 0), 2),
                bit_rate=container.bit_rate or 0,
                video_codec=stream.codec_context.name,
                audio_codec=sound.codec_context.name if sound else "",
            )
    except (av.FFmpegError, OSError) as error:
        raise NotMedia(f"{path}: {error}") from error


def probe_image(data: bytes) -> ImageFacts:
    """Raises NotMedia."""
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            return ImageFacts((image.format or "").lower(), image.width, image.height)
    except (UnidentifiedImageError, OSError) as error:
        raise NotMedia(str(error)) from error


def thumbnail(data: bytes, width_px: int = 640) -> bytes:
    """A JPEG no wider than width_px. Raises NotMedia."""
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            small = image.convert("RGB")
            small.thumbnail((width_px, width_px))
            out = io.BytesIO()
            small.save(out, "JPEG", quality=85)
            return out.getvalue()
    except (UnidentifiedImageError, OSError) as error:
        raise NotMedia(str(error)) from error


def portrait_of_nobody() -> bytes:
    """A PNG like those that Stash shows of performers without a picture: a silhouette, no face."""
    import PIL.Image
    import PIL.ImageDraw

    picture = PIL.Image.new("RGB", (60, 90), (57, 75, 89))
    draw = PIL.ImageDraw.Draw(picture)
    draw.ellipse((20, 14, 40, 40), fill=(138, 155, 168))
    draw.ellipse((8, 44, 52, 120), fill=(138, 155, 168))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def frame_jpeg(path: Path, at_s: float, width_px: int) -> bytes:
    """The frame on screen at a time, scaled to a width, as a JPEG. Raises NotMedia."""
    import io

    out = io.BytesIO()
    picture = _frames(path, [at_s], width_px)[0]
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def write_sprite(path: Path, sprite: Path, vtt: Path, duration_s: float) -> None:
    """Stash's sheet of 9 x 9 frames, 160 pixels wide each, and the WebVTT that says when each is on screen.

    Raises NotMedia.
    """
    from PIL import Image

    rows = columns = 9
    step_s = duration_s / (rows * columns)
    frames = _frames(path, [n * step_s for n in range(rows * columns)], 160)
    width, height = frames[0].size
    sheet = Image.new("RGB", (width * columns, height * rows))
    lines = ["WEBVTT", ""]
    for number, frame in enumerate(frames):
        x, y = width * (number % columns), height * (number // rows)
        sheet.paste(frame, (x, y))
        lines += [
            f"{_vtt_time(number * step_s)} --> {_vtt_time((number + 1) * step_s)}",
            f"{sprite.name}#xywh={x},{y},{width},{height}",
            "",
        ]
    sprite.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(sprite, "JPEG", quality=85)
    vtt.write_text("\n".join(lines), "utf-8")


def write_clip(path: Path, clip: Path, start_s: float) -> None:
    """A second of the video, 160 pixels wide, ten frames a second, without sound. Raises NotMedia."""
    import av

    pictures = _frames(path, [start_s + n / 10 for n in range(10)], 160)
    clip.parent.mkdir(parents=True, exist_ok=True)
    partial = clip.with_suffix(".partial.mp4")
    with av.open(str(partial), "w") as container:
        stream: Any = container.add_stream("libx264", rate=10)
        # The codec halves both sides.
        stream.width, stream.height, stream.pix_fmt = 160, pictures[0].height // 2 * 2, "yuv420p"
        frame_of: Any = av.VideoFrame.from_image
        for picture in pictures:
            container.mux(stream.encode(frame_of(picture)))
        container.mux(stream.encode())
    partial.replace(clip)


def read_member(zip_path: Path, member: str) -> bytes:
    """The bytes of a zip's member. Raises OSError if zip or member are not there."""
    try:
        with zipfile.ZipFile(zip_path) as archive:
            return archive.read(member)
    except (KeyError, zipfile.BadZipFile) as error:
        raise FileNotFoundError(f"{zip_path}/{member}") from error


def _frames(path: Path, times_s: list[float], width_px: int) -> list[Any]:
    """Pillow images, one per ascending time: the last frame that began by then."""
    import av

    found: list[Any] = []
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            start_s = float((stream.start_time or 0) * (stream.time_base or 0))
            height_px = max(2, round(stream.codec_context.height * width_px / stream.codec_context.width))
            last = None
            for frame in container.decode(stream):
                while (
                    len(found) < len(times_s) and last is not None and (frame.time or 0) - start_s > times_s[len(found)]
                ):
                    found.append(_picture(last, width_px, height_px))
                last = frame
                if len(found) == len(times_s):
                    break
            if last is None:
                raise NotMedia(f"{path} has no frames")
            while len(found) < len(times_s):
                found.append(_picture(last, width_px, height_px))
    except (av.FFmpegError, OSError) as error:
        raise NotMedia(f"{path}: {error}") from error
    return found


def _picture(frame: Any, width_px: int, height_px: int) -> Any:
    return frame.reformat(width_px, height_px).to_image()


def _container_name(ffmpeg_name: str, path: Path) -> str:
    if ffmpeg_name == "matroska,webm":
        with path.open("rb") as file:
            return "webm" if b"webm" in file.read(64) else "matroska"
    return CONTAINERS.get(ffmpeg_name, ffmpeg_name)


def _vtt_time(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, whole = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{whole:02d}.{milliseconds:03d}"
