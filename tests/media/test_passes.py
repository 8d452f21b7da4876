"""The ways through real videos: no gap longer than asked, cuts found, windows exact, cost counted, work cancellable."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from sidecar.values import Cancelled, FrameGeometry
from tests.media.make import FITS, SQUARE, Image, Opened, largest_gap, moving, never, samples, scene, write_video

_CUTS = (97, 201, 260)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("passes")


@lru_cache(maxsize=1)
def _four_scenes() -> list[Image]:
    return list(moving([1, 2, 3, 4], _CUTS, 400, 192, 108))


def _video(folder: Path, name: str, options: dict[str, str], codec: str = "libx264") -> Path:
    path = folder / name
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    fragmented = {"movflags": "frag_keyframe+empty_moov"} if name.startswith("frag") else None
    if not path.exists():
        pictures = _four_scenes()
        write_video(path, pictures, codec=codec, options=options, pix_fmt=pix_fmt, container_options=fragmented)
    return path


_NO_SCENECUT = {"x264-params": "scenecut=0"}


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("gop1.mp4", "libx264", {"g": "25"}),
        ("gop5.mp4", "libx264", {"g": "125", **_NO_SCENECUT}),
        ("gop5.mkv", "libx264", {"g": "125", "preset": "veryfast", **_NO_SCENECUT}),
        ("gop5.ts", "libx264", {"g": "125", "bf": "2", **_NO_SCENECUT}),
        ("frag.mp4", "libx264", {"g": "125", **_NO_SCENECUT}),
        ("one_key.mp4", "libx264", {"g": "9999", **_NO_SCENECUT}),
        ("intra.avi", "mjpeg", {}),
        ("intra.mov", "mjpeg", {}),
        ("open_gop.mp4", "libx264", {"preset": "veryfast", "x264-params": "open-gop=1:keyint=60:min-keyint=5"}),
        ("open_gop.mkv", "libx265", {"x265-params": "keyint=60:log-level=none"}),
        ("vp9.webm", "libvpx-vp9", {"g": "110", "deadline": "realtime", "cpu-used": "8"}),
        ("b.avi", "mpeg4", {"g": "120", "bf": "2"}),
        ("b.mpg", "mpeg2video", {"g": "60", "bf": "2"}),
        ("b.flv", "flv", {"g": "60"}),
        ("b.wmv", "wmv2", {"g": "130"}),
    ],
)
@pytest.mark.parametrize("kind", ["planned", "sequential"])
def test_no_gap_is_longer_than_the_interval(
    folder: Path, name: str, codec: str, options: dict[str, str], kind: str
) -> None:
    path = _video(folder, name, options, codec)
    with Opened(path) as opened:
        assert opened.info.duration_s == pytest.approx(16.0, abs=0.1)
        frames = opened.coarse(2.0, kind=kind)
        times = samples(frames)
        every = [frame.pts_s for frame in frames]
        assert every == sorted(set(every))
        assert times[0] <= 0.09
        assert largest_gap([*times, opened.info.duration_s]) <= 2.0 + 0.09
        assert len(times) <= 8 * 2 + 10
        for frame in frames:
            shown = scene(1 + sum(frame.pts_s >= cut / 25 - 0.001 for cut in _CUTS), 256, 108)
            assert np.abs(frame.image.mean(axis=(0, 1)) - shown.mean(axis=(0, 1))).max() < 30
        assert opened.decoder.notes == ()


@pytest.mark.parametrize("name", ["gop5.mp4", "gop5.mkv", "gop5.ts", "one_key.mp4"])
def test_an_interrupted_pass_resumes(folder: Path, name: str) -> None:
    options = {"g": "9999" if name == "one_key.mp4" else "125", **_NO_SCENECUT}
    with Opened(_video(folder, name, options)) as opened:
        whole = opened.coarse(2.0)
        resumed = opened.coarse(2.0, start_s=7.3)
        assert all(frame.pts_s > 7.3 for frame in resumed)
        assert largest_gap([7.3, *samples(resumed), opened.info.duration_s]) <= 2.09
        assert len(resumed) < len(whole)


@pytest.mark.parametrize("suffix", ["ts", "mp4", "mkv"])
@pytest.mark.parametrize("keyframe_every", [25, 9999])
def test_long_videos_with_or_without_an_index(folder: Path, suffix: str, keyframe_every: int) -> None:
    path = folder / f"long{keyframe_every}.{suffix}"
    options = {"g": str(keyframe_every), **_NO_SCENECUT}
    write_video(path, moving([1, 2], [333], 425, 96, 54), fps=5, options=options)
    with Opened(path) as opened:
        table = opened.info.keyframes
        assert table is not None
        assert table.complete == (suffix != "ts" and not (suffix == "mkv" and keyframe_every == 9999))
        assert opened.plan(4.0).kind == ("keyframes" if keyframe_every == 25 and suffix != "ts" else "sequential")
        for plan in (opened.plan(4.0), replace(opened.plan(4.0), kind="keyframes")):
            frames = list(opened.decoder.coarse(plan, 4.0, SQUARE, never))
            assert largest_gap([*samples(frames), 85.0]) <= 4.21
            assert opened.decoder.stats.duration_s_seen >= 81.0
        cut = opened.window(65.0, 68.0, 0.5)
        assert [frame.pts_s for frame in cut if frame.after_cut] == pytest.approx([333 / 5], abs=0.01)


def test_keyframes_alone_decode_little(folder: Path) -> None:
    with Opened(_video(folder, "gop1.mp4", {"g": "25"})) as opened:
        plan = opened.plan(4.0)
        frames = opened.coarse(4.0)
        assert plan.kind == "keyframes"
        assert all(frame.keyframe for frame in frames)
        assert opened.decoder.stats.frames_decoded == len(frames) <= 6
        keyframes_cost = opened.decoder.stats.decode_cost
        opened.coarse(4.0, kind="sequential")
        assert opened.decoder.stats.decode_cost - keyframes_cost > 10 * keyframes_cost


def test_topping_up_decodes_only_what_closes_the_gap(folder: Path) -> None:
    with Opened(_video(folder, "gop5.mp4", {"g": "125", **_NO_SCENECUT})) as opened:
        plan = opened.plan(4.0)
        opened.coarse(4.0)
        assert plan.kind == "keyframes"
        # 5 s from key to key: 1.15 s of them are decoded, and a few frames for the codec's delay.
        assert opened.decoder.stats.frames_decoded <= 0.35 * 400
        assert opened.decoder.stats.frames_decoded / 400 == pytest.approx(plan.expected_decoded_share, abs=0.08)


def test_sequential_passes_find_the_cuts_and_leave_spares(folder: Path) -> None:
    with Opened(_video(folder, "one_key.mp4", {"g": "9999", **_NO_SCENECUT})) as opened:
        assert opened.plan(4.0).kind == "sequential"
        frames = opened.coarse(4.0)
    before = [frame.pts_s for frame in frames if frame.before_cut]
    after = [frame.pts_s for frame in frames if frame.after_cut]
    assert after == pytest.approx([cut / 25 for cut in _CUTS], abs=0.001)
    assert all(0 < later - earlier <= 0.13 for earlier, later in zip(before, after, strict=True))
    assert all(frame.role == "sample" for frame in frames if frame.before_cut or frame.after_cut)
    assert largest_gap([frame.pts_s for frame in frames]) <= 0.55
    assert any(frame.role == "spare" for frame in frames)


@pytest.mark.parametrize("name", ["gop5.mp4", "gop5.mkv", "gop5.ts", "one_key.mp4"])
def test_a_window_holds_its_cut_and_nothing_outside(folder: Path, name: str) -> None:
    options = {"g": "9999" if name == "one_key.mp4" else "125", **_NO_SCENECUT}
    with Opened(_video(folder, name, options)) as opened:
        for cut in _CUTS:
            start_s, end_s = cut / 25 - 1.3, cut / 25 + 1.1
            frames = opened.window(start_s, end_s, 0.5)
            times = [frame.pts_s for frame in frames]
            assert start_s < times[0]
            assert times[-1] < end_s
            assert largest_gap([start_s, *times, end_s]) <= 0.55
            assert [frame.pts_s for frame in frames if frame.after_cut] == pytest.approx([cut / 25], abs=0.13)
        assert opened.window(5.0, 5.0, 0.5) == []
        assert opened.window(100.0, 101.0, 0.5) == []


def test_a_window_costs_what_was_expected_and_stops_when_closed(folder: Path) -> None:
    with Opened(_video(folder, "gop5.mp4", {"g": "125", **_NO_SCENECUT})) as opened:
        expected = opened.decoder.window_cost(9.0, 10.0)
        before = opened.decoder.stats
        opened.window(9.0, 10.0, 0.5)
        spent = opened.decoder.stats.decode_cost - before.decode_cost
        assert spent == pytest.approx(expected, rel=0.5)
        decoded = opened.decoder.stats.frames_decoded
        lazy = opened.decoder.window(5.0, 10.0, 0.5, SQUARE, never)
        next(lazy)
        lazy.close()
        assert opened.decoder.stats.frames_decoded - decoded < 40


def test_costs_are_the_same_each_time(folder: Path) -> None:
    costs = set()
    for _ in range(2):
        with Opened(_video(folder, "gop5.mp4", {"g": "125", **_NO_SCENECUT}), threads=2) as opened:
            opened.coarse(4.0)
            opened.window(3.0, 5.0, 0.5)
            costs.add(opened.decoder.stats.decode_cost)
    assert len(costs) == 1


def test_a_new_pass_ends_the_one_before(folder: Path) -> None:
    with Opened(_video(folder, "gop1.mp4", {"g": "25"})) as opened:
        first = opened.decoder.coarse(opened.plan(2.0), 2.0, SQUARE, never)
        next(first)
        opened.window(1.0, 2.0, 0.5)
        with pytest.raises(RuntimeError, match="this pass is over"):
            next(first)


@pytest.fixture(scope="module")
def uhd(folder: Path) -> Path:
    big = [scene(number, 3840, 2160) for number in range(2)]
    return write_video(folder / "uhd.mp4", (big[number % 2] for number in range(24)), options={"g": "6"})


@pytest.mark.parametrize("kind", ["keyframes", "sequential", "window"])
def test_cancellation_is_seen_within_half_a_second(uhd: Path, kind: str) -> None:
    with Opened(uhd) as opened:
        asked: list[float] = []

        def cancelled() -> bool:
            asked.append(time.monotonic())
            return len(asked) > 1

        plan = replace(opened.plan(0.2), kind="sequential" if kind == "sequential" else "keyframes")
        frames = (
            opened.decoder.window(0.1, 0.9, 0.1, SQUARE, cancelled)
            if kind == "window"
            else opened.decoder.coarse(plan, 0.2, SQUARE, cancelled)
        )
        with pytest.raises(Cancelled):
            list(frames)
        assert time.monotonic() - asked[-1] < 0.5
        assert max(np.diff(asked), default=0.0) < 0.5


def test_geometry_is_what_was_asked_for(folder: Path) -> None:
    with Opened(_video(folder, "gop1.mp4", {"g": "25"})) as opened:
        for fit in FITS:
            image = opened.coarse(8.0, FrameGeometry(48, fit))[0].image
            assert image.shape == (48, 48, 3)
            assert image.dtype == np.uint8
            assert image.flags["C_CONTIGUOUS"]
