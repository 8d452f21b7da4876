"""Killed, cancelled, drained, shared: the sidecar and its clients at their worst moments."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import psutil
import pytest

from protos import inference_pb2
from scripts.sample_video import Shot, VideoFormat, repeat_video, write_video
from scripts.sidecar_client import SidecarClient, SidecarProcess
from sidecar.engine.coarse import SAVE_EVERY_S
from tests.asking import FULL, analyze, analyze_one, request, truth
from tests.conftest import UNEVEN_CUTS

LONG_S = 132
"""Length of long_video."""
SLOW = inference_pb2.Sampling(interval_s=0.25, refine=inference_pb2.REFINE_NONE, fresh=True)


@pytest.fixture(scope="module")
def long_video(media_dir: Path) -> Path:
    """Large pictures and few keyframes: some ten seconds of work at a fine interval."""
    options = {"preset": "ultrafast", "g": "100000", "sc_threshold": "0"}
    video = VideoFormat(width_px=1280, height_px=720, fps=25, options=options)
    short = write_video(media_dir / "short.mp4", (Shot("coffee", 2), Shot("chelsea", 2), Shot("rocket", 2)), video)
    return repeat_video(short, media_dir / "long.mp4", LONG_S // 6)


def own_sidecar(data_dir: Path, media_dir: Path) -> SidecarProcess:
    return SidecarProcess(data_dir, [media_dir])


def test_kill_9_in_the_middle_gives_a_typed_error_and_the_next_run_completes(
    data_dir: Path, media_dir: Path, long_video: Path, cuts_video: Path
) -> None:
    sampling = inference_pb2.Sampling(interval_s=0.25, refine=inference_pb2.REFINE_NONE)
    with own_sidecar(data_dir, media_dir) as process:
        client = process.client()
        events = client.inference.Analyze(iter([request(long_video, "long", sampling=sampling)]))
        begun_s = 0.0
        with pytest.raises(grpc.RpcError) as broken:
            for event in events:
                assert not event.HasField("done")
                if event.HasField("progress") and event.progress.frames_embedded > 0:
                    begun_s = begun_s or time.monotonic()
                    if time.monotonic() - begun_s > SAVE_EVERY_S + 0.7:
                        assert process.process is not None
                        process.process.kill()
        assert broken.value.code() == grpc.StatusCode.UNAVAILABLE
        client.close()
    with own_sidecar(data_dir, media_dir) as process:
        client = process.client()
        resumed = analyze_one(client, long_video, sampling=sampling)
        assert resumed.done is not None
        whole = LONG_S / sampling.interval_s
        cuts = LONG_S // 2 - 1
        assert resumed.done.samples == pytest.approx(whole + 2 * cuts, abs=3), "one on each side of a cut, none twice"
        assert resumed.done.frames_embedded < resumed.done.samples, "what was stored before the kill is kept"
        starts = sorted(round(span.start_s) for span in resumed.spans)
        assert starts == [2 * n for n in range(LONG_S // 2)]
        assert analyze_one(client, cuts_video).done is not None
        client.close()


def test_a_vanished_client_stops_the_decoding_within_a_second(
    sidecar: SidecarProcess, client: SidecarClient, long_video: Path
) -> None:
    call = client.inference.Analyze(iter([request(long_video, sampling=SLOW)]))
    next(event for event in call if event.HasField("progress"))
    call.cancel()  # type: ignore[no-untyped-call]
    time.sleep(1.0)
    assert cpu_share(sidecar) < 0.2


def test_one_medium_is_cancelled_within_a_second_and_its_neighbours_finish(
    client: SidecarClient, long_video: Path, cuts_video: Path
) -> None:
    begun = threading.Event()
    cancelled_at: list[float] = []

    def requests() -> Iterator[inference_pb2.AnalyzeRequest]:
        yield request(long_video, "long", sampling=SLOW)
        yield request(cuts_video, "cuts")
        assert begun.wait(60)
        cancelled_at.append(time.monotonic())
        yield inference_pb2.AnalyzeRequest(cancel_media_id="long")

    ends: dict[str, tuple[str, float]] = {}
    for event in client.inference.Analyze(requests(), timeout=120):
        kind = event.WhichOneof("event")
        if event.media_id == "long" and kind == "progress":
            begun.set()
        if kind in ("done", "error"):
            ends[event.media_id] = (str(kind), time.monotonic())
    assert ends["cuts"][0] == "done"
    assert ends["long"][0] == "error"
    assert ends["long"][1] - cancelled_at[0] < 1.0


def test_two_clients_share_and_the_small_one_need_not_wait(
    sidecar: SidecarProcess, long_video: Path, cuts_video: Path
) -> None:
    analyze_one(sidecar.client(), cuts_video)  # warm: model loaded, tags known
    busy, finished_at = sidecar.client(), {}

    def run_long() -> None:
        answers = analyze(busy, [request(long_video, sampling=SLOW)])
        assert answers[str(long_video)].done is not None
        finished_at["long"] = time.monotonic()

    thread = threading.Thread(target=run_long)
    thread.start()
    time.sleep(0.5)
    small = sidecar.client()
    answer = analyze_one(
        small, cuts_video, sampling=inference_pb2.Sampling(refine=inference_pb2.REFINE_FULL, fresh=True)
    )
    finished_at["small"] = time.monotonic()
    thread.join()
    assert finished_at["small"] < finished_at["long"]
    for tag, ranges in truth(UNEVEN_CUTS).items():
        assert len(answer.of(tag)) == len(ranges)


def test_sigterm_drains(data_dir: Path, media_dir: Path, cuts_video: Path) -> None:
    with own_sidecar(data_dir, media_dir) as process:
        client = process.client()
        first = threading.Event()

        def requests() -> Iterator[inference_pb2.AnalyzeRequest]:
            yield request(cuts_video, "in-work", sampling=FULL)
            assert first.wait(60)
            yield request(cuts_video, "late", sampling=FULL)

        ends = {}
        for event in client.inference.Analyze(requests(), timeout=60):
            if event.HasField("started") and event.media_id == "in-work":
                assert process.process is not None
                process.process.send_signal(signal.SIGTERM)
                time.sleep(1.2)
                first.set()
            if event.HasField("done") or event.HasField("error"):
                ends[event.media_id] = event
        assert ends["in-work"].HasField("done")
        assert ends["late"].error.code == 15, ends["late"]
        assert process.process is not None
        assert process.process.wait(10) == 0
        client.close()


def test_a_second_sidecar_on_the_same_data_is_refused_and_names_the_first(data_dir: Path, media_dir: Path) -> None:
    from scripts.sidecar_client import SidecarUnavailable, running_address

    with own_sidecar(data_dir, media_dir) as process:
        assert running_address(data_dir) == process.address
        with pytest.raises(SidecarUnavailable, match="in use by") as refused, own_sidecar(data_dir, media_dir):
            pass
        assert process.address in str(refused.value)
    assert running_address(data_dir) is None


def test_the_sidecar_goes_when_its_parent_is_killed(data_dir: Path, media_dir: Path) -> None:
    process = own_sidecar(data_dir, media_dir)
    process.start()
    assert process.process is not None
    assert process.process.stdin is not None
    process.process.stdin.close()  # what the system does for a parent that dies
    assert process.process.wait(10) == 0
    process.stop()


def cpu_share(sidecar: SidecarProcess, over_s: float = 1.0) -> float:
    """CPU seconds per second that the sidecar uses now."""
    assert sidecar.process is not None
    return float(psutil.Process(sidecar.process.pid).cpu_percent(interval=over_s)) / 100
