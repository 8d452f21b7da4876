"""Small pictures of one medium at given moments. Decodes one keyframe each; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sidecar.media.ffmpeg import open_input
from sidecar.media.frames import Frame
from sidecar.media.info import MediaInfo
from sidecar.media.meter import Meter
from sidecar.media.passes import lone_keyframe, next_keyframe
from sidecar.media.probe import probe
from sidecar.media.reel import Reel
from sidecar.media.shape import viewed_size
from sidecar.media.source import Source
from sidecar.media.still import encode_jpeg, read_image
from sidecar.media.video_decoder import cpu_codec
from sidecar.values import FrameGeometry, IsCancelled, RgbImage, View


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """at_s: the moment asked for; pts_s: the moment shown; jpeg: sRGB."""

    at_s: float
    pts_s: float
    jpeg: bytes


def thumbnails(
    source: Source, at_s: Sequence[float], size_px: int, view: View, is_cancelled: IsCancelled
) -> Iterator[Thumbnail]:
    """The view of the keyframes at or before the given seconds, longer edge size_px, in the order given.

    Moments at which nothing can be decoded are left out. Raises MediaError, Cancelled.
    """
    info = probe(source)
    geometry = FrameGeometry(size_px, "pad", view)
    if info.kind == "image":
        picture = encode_jpeg(_without_bars(read_image(source, geometry), info, view))
        yield from (Thumbnail(moment, 0.0, picture) for moment in at_s)
        return
    with open_input(source) as video:
        codec = cpu_codec(1)(video, info)
        codec.aim(geometry)
        video.only_keyframes(True)
        for moment in at_s:
            reel = Reel(video, codec, Meter(), is_cancelled, info.average_fps)
            frame = _keyframe_at(reel, max(0.0, moment), geometry)
            if frame is not None:
                yield Thumbnail(moment, frame.pts_s, encode_jpeg(_without_bars(frame.image, info, view)))


def _keyframe_at(reel: Reel, moment_s: float, geometry: FrameGeometry) -> Frame | None:
    if not reel.seek(moment_s) and not reel.rewind():
        return None
    packet = next_keyframe(reel)
    return None if packet is None else next(lone_keyframe(reel, packet, geometry, None), None)


def _without_bars(image: RgbImage, info: MediaInfo, view: View) -> RgbImage:
    """Cut the bars off that "pad" put beside the picture."""
    size_px = image.shape[0]
    width_px, height_px = viewed_size(info.display_width_px, info.display_height_px, view)
    longer = max(width_px, height_px)
    width = max(1, round(size_px * width_px / longer))
    height = max(1, round(size_px * height_px / longer))
    left, top = (size_px - width) // 2, (size_px - height) // 2
    return image[top : top + height, left : left + width]
