"""NVIDIA's hardware decoder behind the same seam as FFmpeg's. The only file that imports PyNvVideoCodec.

FFmpeg still opens and demuxes, so the allow-list and every plan hold; PyNvVideoCodec 2.2 decodes the packets. Frames
stay on the GPU and are scaled there by a function that is handed in, for this room knows no tensor library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from sidecar.media.codec import Codec, Picture
from sidecar.media.cuts import SIGNATURE_COLUMNS, SIGNATURE_ROWS, Signature
from sidecar.media.errors import MediaError
from sidecar.media.ffmpeg import BitStreamFilter, Packet, VideoInput
from sidecar.media.frames import Detail
from sidecar.media.info import MediaInfo
from sidecar.media.picture import fit_square, turned_upright
from sidecar.media.shape import half, place, place_undistorted, viewed_size
from sidecar.media.video_decoder import CodecFactory
from sidecar.values import FrameGeometry, RgbImage

GpuResize: TypeAlias = Callable[[object, tuple[int, int, int, int] | None, int, int], RgbImage]
"""(frame, part, width_px, height_px) -> uint8 (height_px, width_px, 3) in host memory.

frame offers __dlpack__: uint8 (H, W, 3) RGB on the GPU, valid only until the function returns. part: the left, top,
right and bottom edge of what is to be scaled, None for all of it. Scale with antialiasing.
"""

_CODECS = {
    "h264": ("H264", "h264_mp4toannexb"),
    "hevc": ("HEVC", "hevc_mp4toannexb"),
    "av1": ("AV1", None),
    "libdav1d": ("AV1", None),
    "vp9": ("VP9", None),
    "libvpx-vp9": ("VP9", None),
    "vp8": ("VP8", None),
    "libvpx": ("VP8", None),
    "mpeg2video": ("MPEG2", None),
}
# Only 4:2:0 decodes on every generation; the rest is left to the CPU.
_BIT_DEPTHS = {"yuv420p": 8, "yuvj420p": 8, "nv12": 8, "yuv420p10le": 10, "p010le": 10}
_TRIAL_PACKETS = 60


def nvdec_status() -> tuple[bool, str]:
    """Whether PyNvVideoCodec can be used here, and why not (or which version). Never raises; asks the driver once."""
    module, reason = _load()
    return module is not None, reason


def nvdec_codec_factory(info: MediaInfo, resize: GpuResize | None) -> tuple[CodecFactory | None, str]:
    """A factory of hardware decoders for a video, or None and the reason why the CPU must do."""
    refusal = _refusal(info)
    if refusal is not None:
        return None, refusal
    if resize is None:
        return None, "no tensor library with GPU support is set up to scale frames on the GPU"
    module, reason = _load()
    if module is None:
        return None, reason
    scale = resize

    def make(video: VideoInput, media: MediaInfo) -> Codec:
        _try_out(module, video, media, scale)
        return NvCodec(module, video, media, scale)

    return make, reason


def _refusal(info: MediaInfo) -> str | None:
    if info.codec not in _CODECS:
        return f"NVDEC has no decoder for {info.codec}"
    if info.pix_fmt not in _BIT_DEPTHS:
        return f"NVDEC is not used for pixel format {info.pix_fmt}"
    if info.transfer != "sdr":
        return "HDR is tone-mapped on the CPU"
    if info.interlaced:
        return "interlaced video is handled on the CPU"
    return None


@lru_cache(maxsize=1)
def _load() -> tuple[Any, str]:
    """The module, or None and the reason. Its import raises RuntimeError, not ImportError, without a driver."""
    try:
        import PyNvVideoCodec
    except Exception as error:
        first_line = (str(error).strip().splitlines() or ["no reason given"])[0]
        return None, f"PyNvVideoCodec cannot be used ({type(error).__name__}: {first_line})"
    return PyNvVideoCodec, f"PyNvVideoCodec {PyNvVideoCodec.__version__}"


def _try_out(module: Any, video: VideoInput, info: MediaInfo, resize: GpuResize) -> None:
    """Decode until the first picture, so that what this GPU cannot do shows before a pass begins."""
    codec = NvCodec(module, video, info, resize)
    codec.aim(FrameGeometry(32, "squash"))
    pictures: list[Picture] = []
    for count, packet in enumerate(video.packets()):
        pictures = codec.feed(packet)
        if pictures or count >= _TRIAL_PACKETS:
            break
    if not (pictures or codec.drain()):
        raise RuntimeError(f"no picture came out of the first {_TRIAL_PACKETS} packets")
    if not video.rewind():
        raise RuntimeError("the container cannot be read from its beginning again")


@dataclass(frozen=True, slots=True)
class NvPicture:
    """A frame that has left the GPU already scaled: its surface is used again at the next packet."""

    ticks: int | None
    keyframe: bool
    pixels: int
    image: RgbImage
    luma: Signature
    larger: Detail | None = None
    corrupt: bool = False

    def signature(self) -> Signature:
        return self.luma

    def rgb(self, geometry: FrameGeometry) -> RgbImage:
        """The image scaled for the geometry that the codec was aimed at."""
        return self.image

    def detail(self, geometry: FrameGeometry) -> Detail:
        """Likewise. The source's own pixels are gone."""
        if self.larger is None:
            raise RuntimeError("the codec was not aimed at a geometry with detail_px")
        return self.larger


class NvCodec:
    """PyNvVideoCodec's packet decoder. Packet times pass through it as they are."""

    name = "nvdec"

    def __init__(self, module: Any, video: VideoInput, info: MediaInfo, resize: GpuResize) -> None:
        self.errors = 0
        codec, self._filter_name = _CODECS[info.codec]
        self._nvc = module
        self._video = video
        self._info = info
        self._resize = resize
        self._geometry = FrameGeometry(32, "squash")
        self._skip = False
        self._keyframe_ticks: set[int] = set()
        self._filter = self._new_filter()
        self._decoder = module.CreateDecoder(
            gpuid=0,
            codec=getattr(module.cudaVideoCodec, codec),
            usedevicememory=True,
            outputColorType=module.OutputColorType.RGB,
            latency=module.DisplayDecodeLatencyType.NATIVE,
        )

    def aim(self, geometry: FrameGeometry) -> None:
        self._geometry = geometry

    def feed(self, packet: Packet) -> list[Picture]:
        if self._skip and packet.is_disposable:
            return []
        if packet.is_keyframe and packet.pts is not None:
            self._keyframe_ticks.add(packet.pts)
        pictures: list[Picture] = []
        for part in self._filter.filter(packet) if self._filter else [packet]:
            pictures += self._decode(part)
        return pictures

    def drain(self) -> list[Picture]:
        pictures = self._decode(None)
        self._forget()
        return pictures

    def reset(self) -> None:
        self._decode(None)
        self._forget()

    def skip_unreferenced(self, wanted: bool) -> None:
        self._skip = wanted

    def _forget(self) -> None:
        self._keyframe_ticks.clear()
        self._filter = self._new_filter()

    def _new_filter(self) -> BitStreamFilter | None:
        return BitStreamFilter(self._filter_name, self._video.stream) if self._filter_name else None

    def _decode(self, packet: Packet | None) -> list[Picture]:
        data = self._nvc.PacketData()  # an empty one ends the stream, so everything inside comes out
        if packet is not None:
            data.bsl_data, data.bsl = packet.buffer_ptr, packet.size
            data.key = int(packet.is_keyframe)
            data.pts = packet.pts if packet.pts is not None else packet.dts or 0
            data.dts = packet.dts if packet.dts is not None else data.pts
        try:
            return [self._picture(frame) for frame in self._decoder.Decode(data)]
        except MediaError:
            raise
        except self._nvc.PyNvVCException:
            self.errors += 1
            return []

    def _picture(self, frame: Any) -> Picture:
        info = self._info
        ticks = int(frame.getPTS())
        placement = place(info.display_width_px, info.display_height_px, info.rotation_deg, self._geometry)
        box = half(info.width_px, info.height_px, placement.side) if placement.side else None
        part = (box.left, box.top, box.right, box.bottom) if box else None
        scaled = self._resize(frame, part, placement.scaled_width_px, placement.scaled_height_px)
        image = fit_square(scaled, placement, self._geometry)
        pixels = info.width_px * info.height_px
        larger = self._detail(frame, part) if self._geometry.detail_px else None
        return NvPicture(ticks, ticks in self._keyframe_ticks, pixels, image, _signature(scaled), larger)

    def _detail(self, frame: Any, part: tuple[int, int, int, int] | None) -> Detail:
        info, geometry = self._info, self._geometry
        shown = info.display_width_px, info.display_height_px
        placement = place_undistorted(*shown, info.rotation_deg, geometry.view, geometry.detail_px)
        scaled = self._resize(frame, part, placement.scaled_width_px, placement.scaled_height_px)
        image = np.ascontiguousarray(turned_upright(scaled, placement.rotation_deg))
        return Detail(image, max(1.0, max(viewed_size(*shown, geometry.view)) / max(image.shape[:2])))


def _signature(scaled: RgbImage) -> Signature:
    """Mean luma of strips, like the CPU's, from the scaled frame (of one eye, where only that is looked at)."""
    height, width = scaled.shape[:2]
    step, strip = max(1, height // SIGNATURE_ROWS), max(1, width // SIGNATURE_COLUMNS)
    rows = scaled[step // 2 :: step][:SIGNATURE_ROWS, : width // strip * strip]
    luma = rows.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    means: Signature = luma.reshape(luma.shape[0], -1, strip).mean(axis=2, dtype=np.float32)
    return means
