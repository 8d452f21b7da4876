"""The one door to FFmpeg: opens untrusted media under an allow-list and hands out its packets.

Every other file of this room takes FFmpeg's types and errors from here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from types import TracebackType
from typing import TypeAlias

import av
import av.error
import av.filter
import av.stream
import av.video.reformatter

from sidecar.media.errors import MediaError
from sidecar.media.sniff import SNIFF_BYTES, describe_text
from sidecar.media.source import Source

Packet: TypeAlias = "av.Packet[av.VideoStream]"
VideoFrame: TypeAlias = av.VideoFrame
VideoStream: TypeAlias = av.VideoStream
Reformatter: TypeAlias = av.video.reformatter.VideoReformatter
Interpolation: TypeAlias = av.video.reformatter.Interpolation
FilterGraph: TypeAlias = av.filter.Graph
BitStreamFilter: TypeAlias = av.BitStreamFilterContext

DecodeError = (av.error.FFmpegError, ValueError)
"""What a decoder or demuxer raises on broken bytes."""

ALLOWED_DEMUXERS = (
    # Containers that carry their own data. Nothing that names other files (concat, hls, dash, image2, sdp, ...).
    "mov,mp4,m4a,3gp,3g2,mj2",
    "matroska,webm",
    *("avi", "flv", "live_flv", "asf", "asf_o", "mpegts", "mpeg", "mpegvideo", "ogg", "rm", "ivf", "nut", "mxf"),
    *("wtv", "dv", "gif", "apng", "amv", "nsv", "h264", "hevc", "m4v", "obu", "vc1", "swf"),
    # Audio, so that a song is told from garbage.
    *("mp3", "flac", "wav", "aac", "ape", "aiff", "wv", "ac3", "eac3", "dts", "w64", "caf", "tta", "tak", "amr"),
)
# 16k x 8k. The largest picture of common codecs (AV1 level 6, H.264 level 6.2) is 35.7 million.
MAX_VIDEO_PIXELS = 16384 * 8192
_OPTIONS = {
    "protocol_whitelist": "fd",
    "format_whitelist": ",".join(ALLOWED_DEMUXERS),
    "max_pixels": str(MAX_VIDEO_PIXELS),
    # mov: never open what a data reference names. The protocol whitelist stands behind it.
    "enable_drefs": "0",
    "use_absolute_path": "0",
}
# Codecs of still pictures: a one-frame stream of these beside sound is cover art, flagged as such or not.
_STILL_CODECS = frozenset({"mjpeg", "png", "bmp", "gif", "webp", "tiff", "jpeg2000", "jpegxl", "ljpeg", "jpegls"})
_BY_BYTE = frozenset({"mpegts", "mpeg", "mpegvideo", "h264", "hevc", "m4v", "obu", "vc1", "dv"})
_MICROSECOND = 1e-6
# A demuxer that meets broken bytes resumes at the next packet, unless the file simply ends there.
_READ_FAILURES_IN_A_ROW = 8


class VideoInput:
    """An open container with its one real video stream, read packet by packet. Not thread-safe.

    origin_s: what players show as time 0. time_base_s: seconds per tick of the stream. read_errors: see packets.
    """

    def __init__(self, container: av.container.InputContainer, stream: VideoStream, name: str) -> None:
        self._container = container
        self.stream = stream
        self.name = name
        self.read_errors = 0
        self.time_base_s = float(stream.time_base or Fraction(1, 90_000))
        self.origin_s: float = _origin_s(container, stream, self.time_base_s)
        for other in container.streams:
            if other.index != stream.index:
                other.discard = av.stream.Discard.all

    @property
    def container_name(self) -> str:
        return self._container.format.name

    @property
    def leaves_out_well(self) -> bool:
        """Whether time stamps stay right when the demuxer leaves packets out.

        FFmpeg 8's mov demuxer advances its table of composition offsets for delivered packets only: the keyframe after
        left-out packets came with the offset of another frame, one to three frames too early.
        """
        return "mov" not in self.container_name

    @property
    def duration_s(self) -> float | None:
        """What the header claims, or None."""
        claimed = self._container.duration
        return claimed * _MICROSECOND if claimed is not None and claimed > 0 else None

    @property
    def stream_duration_s(self) -> float | None:
        claimed = self.stream.duration
        return claimed * self.time_base_s if claimed is not None and claimed > 0 else None

    @property
    def pixel_aspect(self) -> float:
        aspect = self.stream.sample_aspect_ratio
        return float(aspect) if aspect else 1.0

    def seconds(self, ticks: int) -> float:
        """Stream ticks as seconds that players show."""
        return ticks * self.time_base_s - self.origin_s

    def ticks(self, pts_s: float) -> int:
        return int((pts_s + self.origin_s) / self.time_base_s)

    def packets(self) -> Iterator[Packet]:
        """Packets of the stream from where reading stands, in decode order, without the empty flush packet.

        Reads on after broken bytes and counts them in read_errors. MediaError comes from a source that can no longer
        be read.
        """
        failures = 0
        while failures < _READ_FAILURES_IN_A_ROW:
            try:
                for packet in self._container.demux(self.stream):
                    if packet.size:
                        failures = 0
                        yield packet
            except DecodeError:
                failures += 1
                self.read_errors += 1
            except IndexError:
                # PyAV 18 raises this at the end of a file in which further streams turned up on the way.
                return
            else:
                return

    def only_keyframes(self, wanted: bool) -> None:
        """Ask the demuxer to leave out, where it can be trusted to, or to deliver packets of other frames."""
        leave_out = wanted and self.leaves_out_well
        self.stream.discard = av.stream.Discard.nonkey if leave_out else av.stream.Discard.default

    def seek(self, pts_s: float) -> bool:
        """Go to the keyframe at or before pts_s as far as the container knows it. False if it cannot seek."""
        try:
            self._container.seek(self.ticks(pts_s), backward=True, stream=self.stream)
        except (av.error.FFmpegError, OverflowError):
            return False
        return True

    def rewind(self) -> bool:
        """Go to the first packet. False if the container cannot."""
        # MPEG streams have no index: by time they may land behind their first keyframe.
        by_byte = self.container_name in _BY_BYTE
        try:
            if by_byte:
                self._container.seek(0, unsupported_byte_offset=True)
            else:
                self._container.seek(self.stream.start_time or 0, stream=self.stream)
        except (av.error.FFmpegError, OverflowError):
            return False
        return True

    def index(self) -> list[av.index.IndexEntry]:
        """What the container's index says of the stream's packets; may be partial or empty."""
        return list(self.stream.index_entries)

    def close(self) -> None:
        self._container.close()

    def __enter__(self) -> VideoInput:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _origin_s(container: av.container.InputContainer, stream: VideoStream, time_base_s: float) -> float:
    """The earliest time of any stream, which players show as 0; MPEG-TS commonly begins at 1.4 s."""
    if container.start_time is None and stream.start_time is not None:
        return stream.start_time * time_base_s
    return (container.start_time or 0) * _MICROSECOND


def open_input(source: Source) -> VideoInput:
    """Open a source's real video stream. Raises MediaError: unsupported_format, unreadable, no_video_stream, io_error,
    http_error.
    """
    container = _open_container(source)
    try:
        return VideoInput(container, _choose_stream(container, source.name), source.name)
    except BaseException:
        container.close()
        raise


def _open_container(source: Source) -> av.container.InputContainer:
    try:
        descriptor = source.open_descriptor()
        if descriptor is None:
            return av.open(source.open_stream(), "r", options=_OPTIONS, metadata_errors="replace")
        try:
            # FFmpeg duplicates the descriptor; its position is this descriptor's own.
            options = {**_OPTIONS, "fd": str(descriptor)}
            return av.open("fd:", "r", options=options, metadata_errors="replace")
        finally:
            os.close(descriptor)
    except MediaError:
        raise
    except av.error.ArgumentError:
        raise _unsupported(source) from None
    except av.error.InvalidDataError:
        if describe_text(source.read_head(SNIFF_BYTES)) is not None:
            raise _unsupported(source) from None
        raise MediaError(
            "unreadable",
            f"{source.name} is no media file that can be read, or its beginning is damaged or missing. "
            "Play it to see whether it is whole; copy or download it again.",
        ) from None
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise MediaError(
            "unreadable", f"{source.name} could not be opened ({type(error).__name__}). Copy or download it again."
        ) from error


def _unsupported(source: Source) -> MediaError:
    kind = describe_text(source.read_head(SNIFF_BYTES)) or "a format that is not on the list of allowed containers"
    return MediaError(
        "unsupported_format",
        f"{source.name} is {kind}. Allowed are files that hold their own pictures "
        "(mp4, mkv, webm, avi, mov, wmv, flv, ts, mpg, gif and the like), never lists of other files.",
    )


def _choose_stream(container: av.container.InputContainer, name: str) -> VideoStream:
    """The video stream that a player would show: not cover art, decodable, default flag, most pixels."""
    has_sound = bool(container.streams.audio)
    streams = [stream for stream in container.streams.video if not _is_cover(stream, has_sound)]
    usable = [stream for stream in streams if stream.codec_context is not None]
    if usable:
        return max(usable, key=_preference)
    if streams:
        raise MediaError("unsupported_format", f"{name} holds video that no built-in decoder knows. Convert it.")
    held = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
    covers = " as cover art only" if container.streams.video else ""
    raise MediaError("no_video_stream", f"{name} has no moving picture (it holds {held}{covers}). Send a video.")


def _is_cover(stream: VideoStream, has_sound: bool) -> bool:
    flags = av.stream.Disposition
    if stream.disposition & (flags.attached_pic | flags.timed_thumbnails | flags.still_image):
        return True
    codec = stream.codec_context.name if stream.codec_context else ""
    return has_sound and stream.frames == 1 and codec in _STILL_CODECS


def _preference(stream: VideoStream) -> tuple[bool, bool, int, int]:
    context = stream.codec_context
    is_default = bool(stream.disposition & av.stream.Disposition.default)
    # Beside another stream, a stream of stills is a cover that nobody flagged.
    return context.name not in _STILL_CODECS, is_default, context.width * context.height, -stream.index
