"""One frame of one medium: the one that is shown at a moment, with all its pixels. Nothing is stored."""

from __future__ import annotations

from sidecar.media.errors import MediaError
from sidecar.media.ffmpeg import open_input
from sidecar.media.frames import Frame
from sidecar.media.meter import Meter
from sidecar.media.passes import shown_at
from sidecar.media.probe import probe
from sidecar.media.reel import Reel
from sidecar.media.source import Source
from sidecar.media.still import read_pictures
from sidecar.media.video_decoder import cpu_codec
from sidecar.values import FrameGeometry, IsCancelled


def frame_at(source: Source, at_s: float, geometry: FrameGeometry, is_cancelled: IsCancelled) -> Frame:
    """The frame of a video that is shown at at_s (its last one, where that is beyond the end), or the image itself.

    Raises MediaError (unreadable where no frame can be decoded there), Cancelled.
    """
    info = probe(source)
    if info.kind == "image":
        image, detail = read_pictures(source, geometry)
        return Frame(0.0, image, "sample", after_cut=False, before_cut=False, keyframe=True, detail=detail)
    with open_input(source) as video:
        reel = Reel(video, cpu_codec(2)(video, info), Meter(), is_cancelled, info.average_fps)
        shown = shown_at(reel, info.keyframes, max(0.0, at_s))
        if shown is None:
            raise MediaError("unreadable", f"{source.name} shows no picture at {at_s:.1f} s that can be decoded.")
        return reel.frame(shown, geometry)
