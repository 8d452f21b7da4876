"""The files that are measured where none are given: made once from photos with moving grain, then kept."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.sample_video import SAMPLE_SHOTS, Shot, VideoFormat, write_video


@dataclass(frozen=True, slots=True)
class BenchFile:
    """A file, what is special about it, and its cuts where they are known."""

    name: str
    path: Path
    note: str
    shots: tuple[Shot, ...] = ()


_GRAIN = 8
"""Strength of FFmpeg's noise filter: at x264 veryfast, crf 23, about 5 Mbit/s at 1080p30, as films do. More than this
is kept by the encoder as if it were detail (34 Mbit/s at 12)."""

_HD = VideoFormat(width_px=1920, height_px=1080, fps=30, noise=_GRAIN)
_CALM = (Shot("coffee", 44.6), Shot("chelsea", 51.3), Shot("motorcycle_left", 24.1))


def generated_files(folder: Path, quick: bool) -> list[BenchFile]:
    """Make what is missing and return all. quick: the first shots only."""
    wanted = [
        (
            "h264 1080p calm",
            "keyframes 2 s apart, one cut a minute at most",
            _CALM,
            replace(
                _HD, options={"preset": "veryfast", "crf": "23", "g": "60", "keyint_min": "60", "sc_threshold": "0"}
            ),
            "calm.mp4",
        ),
        ("h264 1080p cuts", "x264's own keyframes (up to 8.3 s apart), a cut every 7 s", SAMPLE_SHOTS, _HD, "cuts.mp4"),
        (
            "hevc 1080p cuts",
            "x265's own keyframes, a cut every 7 s",
            SAMPLE_SHOTS,
            replace(_HD, codec="libx265", options={"preset": "superfast", "x265-params": "log-level=none"}),
            "hevc.mp4",
        ),
        (
            "h264 2160p",
            "x264's own keyframes, a cut every 7 s",
            SAMPLE_SHOTS[:3],
            replace(_HD, width_px=3840, height_px=2160),
            "uhd.mp4",
        ),
    ]
    files = []
    for name, note, shots, video, file_name in wanted:
        cut = shots[: 1 + len(shots) // 3] if quick else shots
        path = folder / f"{'quick-' if quick else ''}{file_name}"
        if not path.exists():
            print(f"making {name} ({sum(s.seconds for s in cut):.0f} s) ...", file=sys.stderr, flush=True)
            write_video(path, cut, video)
        files.append(BenchFile(name, path, note, cut))
    return files
