"""Ways to get frames out of a file: the floor, ours, and what others do. Each runs in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av

from scripts.benchmark.measure import Stopwatch, serve
from sidecar.media.access import AccessPolicy
from sidecar.media.decoder import open_decoder
from sidecar.media.plan import choose_plan
from sidecar.media.probe import probe
from sidecar.media.source import open_source
from sidecar.values import FrameGeometry

SIZE_PX = 224
STEP_S = 0.5


def floor(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Decode every frame, convert nothing."""
    watch, frames = Stopwatch(), 0
    with av.open(arguments["path"]) as container:
        stream = container.streams.video[0]
        stream.thread_type, stream.codec_context.thread_count = "AUTO", arguments["threads"]
        for _ in container.decode(stream):
            frames += 1
    return {**watch.read(), "frames": frames}


def sequential(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """PyAV: decode every frame, scale one every 0.5 s."""
    watch, frames, next_s = Stopwatch(), 0, 0.0
    with av.open(arguments["path"]) as container:
        stream = container.streams.video[0]
        stream.thread_type, stream.codec_context.thread_count = "AUTO", arguments["threads"]
        for frame in container.decode(stream):
            if frame.time is not None and frame.time >= next_s:
                frame.to_ndarray(format="rgb24", width=SIZE_PX, height=SIZE_PX)
                frames, next_s = frames + 1, next_s + STEP_S
    return {**watch.read(), "frames": frames}


def decord(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """decord: get_batch of the frames at every 0.5 s, scaled by decord."""
    from decord import VideoReader, cpu

    watch, frames = Stopwatch(), 0
    reader = VideoReader(arguments["path"], ctx=cpu(0), width=SIZE_PX, height=SIZE_PX, num_threads=arguments["threads"])
    step = max(1, round(reader.get_avg_fps() * STEP_S))
    wanted = list(range(0, len(reader), step))
    for first in range(0, len(wanted), 32):
        frames += len(reader.get_batch(wanted[first : first + 32]).asnumpy())
    return {**watch.read(), "frames": frames}


def ffmpeg_pipe(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ffmpeg program: fps=2, scaled, raw video through a pipe."""
    if shutil.which("ffmpeg") is None:
        raise SystemExit("ffmpeg is not installed")
    watch, frames = Stopwatch(), 0
    scale = f"fps={1 / STEP_S:g},scale={SIZE_PX}:{SIZE_PX}"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        arguments["path"],
        "-vf",
        scale,
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while process.stdout.read(SIZE_PX * SIZE_PX * 3):
            frames += 1
    return {**watch.read(), "frames": frames}


def ours(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sidecar's own coarse plan, then the windows that a refinement decoded ([start_s, end_s] each), if given."""
    path = Path(arguments["path"])
    watch = Stopwatch()
    with open_source(str(path), AccessPolicy((path.parent,), ())) as source:
        info = probe(source)
        plan = choose_plan(info, arguments["interval_s"])
        geometry = FrameGeometry(SIZE_PX, "crop")
        with open_decoder(source, info, "cpu", arguments["threads"]) as decoder:
            frames = sum(1 for _ in decoder.coarse(plan, arguments["interval_s"], geometry, lambda: False, 0.0))
            for start_s, end_s in arguments.get("windows", ()):
                frames += sum(1 for _ in decoder.window(start_s, end_s, STEP_S, geometry, lambda: False))
            decoded = decoder.stats.frames_decoded
            spent = watch.read()
    return {**spent, "frames": frames, "decoded": decoded, "plan": plan.kind, "reason": plan.reason}


WORKS = {"floor": floor, "sequential": sequential, "decord": decord, "ffmpeg_pipe": ffmpeg_pipe, "ours": ours}

if __name__ == "__main__":
    serve(WORKS)
