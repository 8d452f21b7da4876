"""Looks at a medium once, cheaply: what it is, how long, and where its keyframes lie."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sidecar.media.codec import CpuCodec, CpuPicture
from sidecar.media.errors import MediaError
from sidecar.media.ffmpeg import VideoFrame, VideoInput, open_input
from sidecar.media.info import KeyframeTable, MediaInfo
from sidecar.media.keyframes import measure_end, measure_keyframes, read_layout
from sidecar.media.picture import Scaler, frame_has_alpha, frame_rotation_deg, frame_transfer
from sidecar.media.shape import display_size
from sidecar.media.sniff import SNIFF_BYTES, is_animated, sniff_image
from sidecar.media.source import Source
from sidecar.media.still import read_image_info
from sidecar.media.truncation import is_cut_off
from sidecar.values import Note

__all__ = ["KeyframeTable", "MediaInfo", "probe"]

_FIRST_PICTURE_PACKETS = 2000
_FIRST_PICTURE_BYTES = 64 * 1024 * 1024
_DEFAULT_FPS = 25.0
_MAX_FPS = 1000.0
# Each packet counts as a keyframe though it only paints over parts of the picture before it.
_PATCHED_CODECS = frozenset({"gif", "apng"})
_UNREAD_IMAGES = {"heic": "HEIC", "jpegxl": "JPEG XL"}


def probe(source: Source) -> MediaInfo:
    """What source is. Decodes one picture and reads the index, at most about a minute of packets.

    Raises MediaError: unsupported_format, no_video_stream, unreadable, too_large, io_error, http_error.
    """
    head = source.read_head(SNIFF_BYTES)
    image_format = sniff_image(head)
    if image_format is None:
        return _probe_video(source)
    if image_format in _UNREAD_IMAGES:
        raise MediaError(
            "unsupported_format",
            f"{source.name} is a {_UNREAD_IMAGES[image_format]} image, which is not read. Allowed are JPEG, PNG, GIF, "
            "WebP, AVIF, BMP, TIFF and JPEG 2000. Convert it.",
        )
    if not is_animated(head, image_format):
        return read_image_info(source)
    try:
        info = _probe_video(source)
    except MediaError:  # FFmpeg has no decoder for animated WebP
        return read_image_info(source)
    # A GIF of one picture is a still image.
    return info if info.duration_s > 1.5 / (info.average_fps or _DEFAULT_FPS) else read_image_info(source)


@dataclass(frozen=True, slots=True)
class _Extent:
    """How far the pictures reach, and what was odd about it."""

    duration_s: float
    keyframes: KeyframeTable | None
    notes: tuple[Note, ...]


def _probe_video(source: Source) -> MediaInfo:
    with open_input(source) as video:
        frame, has_timestamps = _first_picture(video)
        fps = _average_fps(video)
        extent = _measure_extent(source, video, 1.0 / (fps or _DEFAULT_FPS), has_timestamps)
        rotation = frame_rotation_deg(frame)
        shown = display_size(frame.width, frame.height, video.pixel_aspect, rotation)
        return MediaInfo(
            kind="video",
            duration_s=extent.duration_s,
            duration_s_from_container=video.duration_s,
            width_px=frame.width,
            height_px=frame.height,
            display_width_px=shown[0],
            display_height_px=shown[1],
            rotation_deg=rotation,
            codec=video.stream.codec_context.name,
            pix_fmt=frame.format.name,
            bit_depth=frame.format.components[0].bits,
            transfer=frame_transfer(frame),
            interlaced=frame.interlaced_frame,
            average_fps=fps,
            has_alpha=frame_has_alpha(frame),
            stream_index=video.stream.index,
            start_time_s=video.origin_s,
            keyframes=extent.keyframes,
            bytes_per_s=source.size_bytes / max(extent.duration_s, 0.1),
            container=video.container_name,
            has_timestamps=has_timestamps,
            warnings=extent.notes,
        )


def _first_picture(video: VideoInput) -> tuple[VideoFrame, bool]:
    """The first frame that decodes, and whether packets carry times. Raises MediaError unreadable."""
    codec = CpuCodec(video, Scaler(1.0, 0), threads=1)
    read_bytes, timed = 0, False
    for count, packet in enumerate(video.packets()):
        timed = timed or packet.pts is not None
        for picture in codec.feed(packet):
            if isinstance(picture, CpuPicture):
                return picture.frame, timed
        read_bytes += packet.size
        if count > _FIRST_PICTURE_PACKETS or read_bytes > _FIRST_PICTURE_BYTES:
            break
    for picture in codec.drain():
        if isinstance(picture, CpuPicture):
            return picture.frame, timed
    raise MediaError(
        "unreadable",
        f"{video.name} has a video stream ({video.stream.codec_context.name}), but none of its first pictures decodes. "
        "Play it to see whether it is whole; copy or download it again.",
    )


def _average_fps(video: VideoInput) -> float:
    for rate in (video.stream.average_rate, video.stream.guessed_rate, video.stream.base_rate):
        if rate and 0 < rate <= _MAX_FPS:
            return float(rate)
    return 0.0


def _measure_extent(source: Source, video: VideoInput, frame_s: float, has_timestamps: bool) -> _Extent:
    claimed_s = video.duration_s
    layout = read_layout(video, source.size_bytes, video.stream_duration_s or claimed_s, frame_s)
    keyframes, end_s = layout.keyframes, layout.end_s
    if end_s is None and keyframes is not None and claimed_s is not None:
        end_s = measure_end(video, claimed_s, frame_s)
        if end_s is not None:
            keyframes = replace(keyframes, measured_s=max(end_s, keyframes.pts_s[-1] + frame_s))
    if keyframes is None and video.rewind():
        keyframes = measure_keyframes(video, frame_s)
        if keyframes is not None and keyframes.complete:
            end_s = keyframes.measured_s
    duration_s = end_s if end_s is not None else (video.stream_duration_s or claimed_s)
    if duration_s is None and keyframes is not None:
        duration_s = keyframes.measured_s * max(1.0, source.size_bytes / max(1, keyframes.measured_bytes))
    if keyframes is not None and video.stream.codec_context.name in _PATCHED_CODECS:
        keyframes = replace(keyframes, pts_s=(0.0,), indexed=False)
    with source.open_stream() as stream:
        cut_off = layout.truncated or is_cut_off(stream, source.size_bytes)
    return _Extent(duration_s or 0.0, keyframes, _extent_notes(cut_off, claimed_s, end_s))


def _extent_notes(cut_off: bool, claimed_s: float | None, end_s: float | None) -> tuple[Note, ...]:
    if cut_off:
        reached = f" Its pictures end at {end_s:.1f} s." if end_s is not None else ""
        return (Note("truncated", f"The end of the file is missing: what is there is looked at.{reached}"),)
    if claimed_s is not None and end_s is not None and is_mismatch(claimed_s, end_s):
        return (duration_note(claimed_s, end_s),)
    return ()


def is_mismatch(claimed_s: float, found_s: float) -> bool:
    """Whether a container's length is wrong by more than rounding and a longer sound track explain."""
    return abs(claimed_s - found_s) > max(1.0, 0.02 * claimed_s)


def duration_note(claimed_s: float, found_s: float) -> Note:
    return Note("duration_mismatch", f"The container says {claimed_s:.1f} s, but its pictures end at {found_s:.1f} s.")
