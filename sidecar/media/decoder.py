"""Hands out frames of one medium: the contract, and the choice of who fulfils it."""

from __future__ import annotations

from collections.abc import Generator
from types import TracebackType
from typing import Literal, Protocol, TypeAlias

from sidecar.media.errors import MediaError
from sidecar.media.frames import Frame
from sidecar.media.image_decoder import ImageDecoder
from sidecar.media.info import MediaInfo
from sidecar.media.meter import DecodeStats
from sidecar.media.nvdec import GpuResize, nvdec_codec_factory
from sidecar.media.plan import DecodePlan
from sidecar.media.source import Source
from sidecar.media.video_decoder import VideoDecoder, cpu_codec
from sidecar.values import FrameGeometry, IsCancelled, Note

Device: TypeAlias = Literal["auto", "cpu", "cuda"]


class Decoder(Protocol):
    """Frames of one medium. One pass at a time: beginning one ends the one before. Close it when done.

    name: "pyav-cpu", "nvdec" or "pillow". notes: what was odd while decoding (codes decode_errors, duration_mismatch,
    clock_restart, nvdec_unavailable), besides MediaInfo.warnings.
    """

    @property
    def name(self) -> str: ...

    @property
    def stats(self) -> DecodeStats: ...

    @property
    def notes(self) -> tuple[Note, ...]: ...

    def coarse(
        self,
        plan: DecodePlan,
        interval_s: float,
        geometry: FrameGeometry,
        is_cancelled: IsCancelled,
        start_s: float = 0.0,
    ) -> Generator[Frame, None, None]:
        """Frames in strictly increasing pts_s, samples no further apart than interval_s (as far as the medium has
        frames), the first one of the medium included.

        start_s > 0 resumes an interrupted pass: only frames after start_s, the next sample at most interval_s after it.
        The sequential plan adds both frames of every cut as samples and spares every 0.5 s; so does the keyframes plan
        where it decodes on. Raises Cancelled, MediaError (unreadable if no frame came out, io_error, http_error).
        """
        ...

    def window(
        self, start_s: float, end_s: float, step_s: float, geometry: FrameGeometry, is_cancelled: IsCancelled
    ) -> Generator[Frame, None, None]:
        """Frames of (start_s, end_s) no further apart than step_s, and both frames of every cut. Lazy: the consumer may
        close it early. Raises as coarse does.
        """
        ...

    def window_cost(self, start_s: float, end_s: float) -> float:
        """What window(start_s, end_s) is expected to add to stats.decode_cost; deterministic."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Decoder: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_decoder(
    source: Source,
    info: MediaInfo,
    device: Device = "auto",
    threads: int = 0,
    gpu_resize: GpuResize | None = None,
) -> Decoder:
    """The decoder for a probed medium.

    device: "auto" takes NVDEC where it works and gpu_resize is given, else the CPU; "cuda" asks for NVDEC and adds the
    note nvdec_unavailable with the reason if it cannot be had; "cpu" never tries. threads: of the CPU decoder; 0: two.
    """
    if info.kind == "image":
        return ImageDecoder(source, info)
    if device == "cpu":
        return VideoDecoder(source, info, cpu_codec(threads or 2), lanes=threads or 2)
    factory, reason = nvdec_codec_factory(info, gpu_resize)
    if factory is not None:
        try:
            return VideoDecoder(source, info, factory)
        except MediaError:
            raise
        except Exception as error:  # the driver's errors have no common class
            reason = f"{type(error).__name__}: {error}"
    notes = (Note("nvdec_unavailable", f"Decoded on the CPU: {reason}"),) if device == "cuda" else ()
    return VideoDecoder(source, info, cpu_codec(threads or 2), notes, lanes=threads or 2)
