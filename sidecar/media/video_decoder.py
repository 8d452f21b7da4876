"""The decoder of videos: runs passes over one container with whatever codec it was given."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TypeAlias

from sidecar.media.codec import Codec, CpuCodec
from sidecar.media.discover import discovered_keyframes
from sidecar.media.errors import MediaError
from sidecar.media.ffmpeg import VideoInput, open_input
from sidecar.media.frames import Frame
from sidecar.media.info import KeyframeTable, MediaInfo
from sidecar.media.lanes import keyframes_in_lanes
from sidecar.media.meter import DecodeStats, Meter, decode_cost
from sidecar.media.passes import KeyframeWalk, planned_keyframes, sequential, window
from sidecar.media.picture import Scaler
from sidecar.media.plan import DecodePlan, choose_stops, skips_unreferenced
from sidecar.media.probe import duration_note, is_mismatch
from sidecar.media.reel import Reel
from sidecar.media.source import Source
from sidecar.values import FrameGeometry, IsCancelled, Note

CodecFactory: TypeAlias = Callable[[VideoInput, MediaInfo], Codec]

# Windows that want frames this close together get every frame.
_FINE_STEP_S = 0.2
# Opening the medium once more per lane costs about as much as a few keyframes.
_MIN_LANE_STOPS = 8


def cpu_codec(threads: int) -> CodecFactory:
    """A factory of FFmpeg's software decoders with the given number of threads."""

    def make(video: VideoInput, info: MediaInfo) -> Codec:
        return CpuCodec(video, Scaler(video.pixel_aspect, info.rotation_deg), threads)

    return make


class VideoDecoder:
    """Fulfils Decoder for a video. Not thread-safe. lanes: keyframes that may be decoded side by side on the CPU."""

    def __init__(
        self, source: Source, info: MediaInfo, make_codec: CodecFactory, notes: tuple[Note, ...] = (), lanes: int = 1
    ) -> None:
        self._source = source
        self._info = info
        self._make_codec = make_codec
        self._lanes = lanes
        self._meter = Meter()
        self._notes = list(notes)
        self._turn = 0
        self._lost_errors = 0
        self._video = open_input(source)
        try:
            self._codec = make_codec(self._video, info)
        except BaseException:
            self._video.close()
            raise
        self.name = self._codec.name

    @property
    def stats(self) -> DecodeStats:
        return self._meter.stats(self._errors)

    @property
    def notes(self) -> tuple[Note, ...]:
        if not self._errors:
            return tuple(self._notes)
        text = f"{self._errors} pieces of the video are broken and were left out."
        return (*self._notes, Note("decode_errors", text))

    def coarse(
        self,
        plan: DecodePlan,
        interval_s: float,
        geometry: FrameGeometry,
        is_cancelled: IsCancelled,
        start_s: float = 0.0,
    ) -> Generator[Frame, None, None]:
        """See Decoder.coarse."""
        if self._turn:
            self._reopen()  # cheaper than trusting that every container seeks back to its very beginning
        reel = self._begin(is_cancelled)
        after_s = start_s if start_s > 0 else None
        reel.codec.aim(geometry)
        reel.codec.skip_unreferenced(plan.skip_unreferenced)
        table = self._info.keyframes
        if plan.kind == "sequential":
            frames = sequential(reel, table, interval_s, geometry, after_s)
        elif table is not None and table.complete:
            frames = self._along_table(reel, table, interval_s, geometry, after_s)
        else:
            if after_s is not None:
                reel.seek(after_s)
            frames = discovered_keyframes(reel, interval_s, geometry, after_s)
        scaled = self._meter.frames_scaled
        yield from self._in_turn(frames)
        if after_s is None and self._meter.frames_scaled == scaled:
            raise MediaError(
                "unreadable",
                f"{self._source.name} holds no picture that decodes whole ({self._errors} are broken). "
                "Copy or download it again.",
            )
        # Along a complete table nothing is read beyond the last sample, so only the other ways see the end.
        if plan.kind == "sequential" or table is None or not table.complete:
            self._note_end(reel)

    def _along_table(
        self, reel: Reel, table: KeyframeTable, interval_s: float, geometry: FrameGeometry, after_s: float | None
    ) -> Iterator[Frame]:
        stops = choose_stops(table, max(table.measured_s, self._info.duration_s), interval_s, after_s)
        walk = KeyframeWalk(reel, self._info, table, geometry)
        if self._lanes < 2 or len(stops) < _MIN_LANE_STOPS or any(stop.until_s is not None for stop in stops):
            yield from planned_keyframes(walk, stops, after_s)
            return
        with ExitStack() as stack:
            walks = []
            for _ in range(self._lanes):
                video = stack.enter_context(open_input(self._source))
                codec = cpu_codec(1)(video, self._info)
                stack.callback(lambda codec=codec, video=video: self._count_errors(codec, video))  # type: ignore[misc]
                own = Reel(video, codec, Meter(), reel.is_cancelled, self._info.average_fps)
                walks.append(KeyframeWalk(own, self._info, table, geometry))
            yield from keyframes_in_lanes(walks, stops, after_s, self._meter)

    def _count_errors(self, codec: Codec, video: VideoInput) -> None:
        self._lost_errors += codec.errors + video.read_errors

    def window(
        self, start_s: float, end_s: float, step_s: float, geometry: FrameGeometry, is_cancelled: IsCancelled
    ) -> Generator[Frame, None, None]:
        """See Decoder.window."""
        if end_s <= start_s:
            return
        reel = self._begin(is_cancelled)
        reel.video.only_keyframes(False)
        reel.codec.aim(geometry)
        reel.codec.skip_unreferenced(step_s >= _FINE_STEP_S and skips_unreferenced(self._info))
        yield from self._in_turn(window(reel, self._info.keyframes, start_s, end_s, step_s, geometry))

    def window_cost(self, start_s: float, end_s: float) -> float:
        """See Decoder.window_cost."""
        info = self._info
        table = info.keyframes
        if table is not None and table.complete:
            from_s = table.at_or_before(start_s)
        else:
            from_s = max(0.0, start_s - (table.gap_median_s if table is not None else start_s) / 2)
        length_s = max(0.0, end_s - from_s)
        pixels = info.width_px * info.height_px * (info.average_fps or 25.0)
        return decode_cost(length_s * info.bytes_per_s, length_s * pixels)

    def close(self) -> None:
        self._turn += 1
        self._video.close()

    def __enter__(self) -> VideoDecoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _errors(self) -> int:
        return self._lost_errors + self._codec.errors + self._video.read_errors + self._meter.corrupt_pictures

    def _begin(self, is_cancelled: IsCancelled) -> Reel:
        self._turn += 1
        return Reel(self._video, self._codec, self._meter, is_cancelled, self._info.average_fps)

    def _in_turn(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        turn = self._turn
        for frame in frames:
            yield frame
            if turn != self._turn:
                raise RuntimeError("another pass over this medium began, or its decoder was closed: this pass is over")

    def _reopen(self) -> None:
        self._lost_errors += self._codec.errors + self._video.read_errors
        self._video.close()
        self._video = open_input(self._source)
        self._codec = self._make_codec(self._video, self._info)

    def _note_end(self, reel: Reel) -> None:
        """After a whole pass: what the container said of the length, against what there was."""
        info = self._info
        seen_s = self._meter.duration_s_seen
        known = any(note.code in ("duration_mismatch", "truncated") for note in (*info.warnings, *self._notes))
        if not known and info.duration_s > seen_s and is_mismatch(info.duration_s, seen_s):
            self._notes.append(duration_note(info.duration_s, seen_s))
        if reel.clock_restarts and not any(note.code == "clock_restart" for note in self._notes):
            text = f"Time stamps start anew {reel.clock_restarts} times; times after that are counted on."
            self._notes.append(Note("clock_restart", text))
