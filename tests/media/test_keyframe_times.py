"""Keyframes found without decoding the frames between them keep their true times, in every container and lane."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from scripts.sample_video import Shot, VideoFormat, write_video
from sidecar.media.access import AccessPolicy
from sidecar.media.decoder import open_decoder
from sidecar.media.plan import choose_plan
from sidecar.media.probe import probe
from sidecar.media.source import open_source
from sidecar.values import FrameGeometry

# Keyframes at cuts and uneven B-frame runs before them, so that composition offsets differ from keyframe to keyframe.
SHOTS = tuple(Shot(photo, seconds) for photo in ("coffee", "chelsea", "rocket") for seconds in (1.4, 2.2, 1.6, 3.1))
CONTAINERS = {
    "film.mp4": {},
    "fragmented.mp4": {"movflags": "frag_keyframe+empty_moov"},
    "film.mov": {},
    "film.mkv": {},
    "film.ts": {},
}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = {"preset": "veryfast", "bf": "3", "g": "40"}
    return write_video(
        tmp_path_factory.mktemp("films") / "original.mp4", SHOTS, VideoFormat(320, 180, 25, options=options)
    )


@pytest.mark.parametrize("name", CONTAINERS)
@pytest.mark.parametrize("threads", [1, 2])
def test_keyframes_are_where_a_player_shows_them(film: Path, tmp_path: Path, name: str, threads: int) -> None:
    path = tmp_path / name
    with av.open(str(film)) as reader, av.open(str(path), "w", options=CONTAINERS[name]) as writer:
        template = reader.streams.video[0]
        out = writer.add_stream_from_template(template)
        for packet in reader.demux(template):
            if packet.dts is not None:
                packet.stream = out
                writer.mux(packet)
    with av.open(str(path)) as container:
        start_s = (container.start_time or 0) / 1e6
        shown = {round((f.time or 0) - start_s, 3): f.key_frame for f in container.decode(container.streams.video[0])}
    with open_source(str(path), AccessPolicy((tmp_path,), ())) as source:
        info = probe(source)
        plan = choose_plan(info, 2.0)
        assert plan.kind == "keyframes"
        with open_decoder(source, info, "cpu", threads) as decoder:
            frames = list(decoder.coarse(plan, 2.0, FrameGeometry(32, "squash"), lambda: False))
    assert len(frames) >= 12
    times_s = [frame.pts_s for frame in frames]
    assert times_s == sorted(times_s)
    for frame in frames:
        nearest_s = min(shown, key=lambda time_s: abs(time_s - frame.pts_s))
        assert frame.pts_s == pytest.approx(nearest_s, abs=0.002)
        assert frame.keyframe == shown[nearest_s]
