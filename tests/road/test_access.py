"""Who may connect, and how: private sockets, tokens, TLS, and what the other services say."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from protos import inference_pb2, models_pb2
from scripts.sidecar_client import REPO, Access, SidecarClient, SidecarProcess
from sidecar.servicer.inference import MAX_STREAMS
from tests.asking import analyze_one, tag_query

HUGE = "oshash-0123456789abcdef-99999999999999999999"
TOKEN = "correct-horse-battery-staple"


class TcpSidecar(SidecarProcess):
    """A sidecar on a free loopback port."""

    def __init__(self, data_dir: Path, media_roots: Sequence[Path], extra: Sequence[str]) -> None:
        super().__init__(data_dir, media_roots, ["--listen=127.0.0.1:0", *extra])


def token_file(folder: Path, mode: int = 0o600) -> Path:
    file = folder / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(mode)
    return file


def run_sidecar(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sidecar", *arguments]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_socket_is_private(sidecar: SidecarProcess) -> None:
    path = Path(sidecar.address.removeprefix("unix:"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_is_asked_for_everywhere_but_at_the_health_service(tmp_path: Path, media_dir: Path) -> None:
    with TcpSidecar(tmp_path, [media_dir], [f"--token-file={token_file(tmp_path)}"]) as process:
        for access, allowed in (
            (Access(process.address), False),
            (Access(process.address, "wrong-horse-battery-staple"), False),
            (Access(process.address, TOKEN), True),
        ):
            client = SidecarClient(access)
            assert client.is_serving()
            try:
                client.models.ListModels(models_pb2.ListModelsRequest())
                list(client.inference.Analyze(iter([])))
                assert allowed
            except grpc.RpcError as error:
                assert not allowed
                assert error.code() == grpc.StatusCode.UNAUTHENTICATED
            client.close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def test_tls(tmp_path: Path, data_dir: Path, media_dir: Path, cuts_video: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    extra = [f"--tls-cert={certificate}", f"--tls-key={key}", f"--token-file={token_file(tmp_path)}"]
    with TcpSidecar(data_dir, [media_dir], extra) as process:
        secure = SidecarClient(Access(process.address, TOKEN, certificate))
        assert analyze_one(secure, cuts_video).of("cat")
        plain = SidecarClient(Access(process.address, TOKEN))
        assert not plain.is_serving()
        secure.close()
        plain.close()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--listen=0.0.0.0:0"], 1, "a token is needed"),
        (["--listen=nonsense"], 1, "give host:port"),
        (["--listen=unix:relative"], 1, "is not absolute"),
        (["--media-root=relative"], 2, "is not absolute"),
        (["--tls-cert=/a"], 2, "belong together"),
        (["--token-file=/nonexistent"], 2, "cannot read --token-file"),
        (["--threads=0"], 2, "must be at least 1"),
        (["--nonsense"], 2, "unrecognized arguments"),
    ],
)
def test_wrong_settings_are_refused_with_a_sentence(
    tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    answer = run_sidecar(f"--data={tmp_path}", *arguments)
    assert answer.returncode == status
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_token_that_others_can_read_is_refused(tmp_path: Path) -> None:
    answer = run_sidecar(f"--data={tmp_path}", f"--token-file={token_file(tmp_path, 0o644)}")
    assert answer.returncode == 2
    assert "chmod 600" in answer.stderr
    assert TOKEN not in answer.stderr


def test_health_and_reflection(sidecar: SidecarProcess) -> None:
    with grpc.insecure_channel(sidecar.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        answer = health.Check(health_pb2.HealthCheckRequest(service="stash_sense.v1.Inference"))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        reflection = reflection_pb2_grpc.ServerReflectionStub(channel)
        question = reflection_pb2.ServerReflectionRequest(list_services="")
        (listed,) = reflection.ServerReflectionInfo(iter([question]))
        names = {service.name for service in listed.list_services_response.service}
        assert {"stash_sense.v1.Inference", "stash_sense.v1.Models", "grpc.health.v1.Health"} <= names


def test_the_stream_too_many_is_refused(sidecar: SidecarProcess) -> None:
    client, hold = sidecar.client(), threading.Event()

    def waiting() -> Iterator[inference_pb2.AnalyzeRequest]:
        hold.wait(30)
        yield from ()

    calls = [client.inference.Analyze(waiting()) for _ in range(MAX_STREAMS)]
    time.sleep(0.5)
    with pytest.raises(grpc.RpcError) as refused:
        list(client.inference.Analyze(iter([])))
    assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    hold.set()
    for call in calls:
        assert list(call) == []
    client.close()


def test_models_are_listed_loaded_and_unloaded(client: SidecarClient) -> None:
    client.models.LoadModel(models_pb2.LoadModelRequest(id="lite"))
    listed = client.models.ListModels(models_pb2.ListModelsRequest())
    by_id = {model.id: model for model in listed.models}
    assert by_id["lite"].state == models_pb2.MODEL_STATE_READY
    assert by_id["lite"].memory_bytes > 10_000_000
    assert by_id["lite"].embedded
    assert len(by_id["lite"].checksums[0].split(":")[1]) == 64
    production = by_id["open_clip/ViT-B-32-256/datacomp_s34b_b86k"]
    assert production.state == models_pb2.MODEL_STATE_NOT_INSTALLED
    assert production.reason == ""
    assert production.licence == "MIT"
    decoders = {decoder.name: decoder for decoder in listed.decoders}
    assert decoders["pyav-cpu"].available
    assert decoders["nvdec"].reason
    client.models.UnloadModel(models_pb2.UnloadModelRequest(id="lite"))
    listed = client.models.ListModels(models_pb2.ListModelsRequest())
    assert next(m for m in listed.models if m.id == "lite").state == models_pb2.MODEL_STATE_NOT_LOADED


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("no-such-model", grpc.StatusCode.NOT_FOUND),
        ("", grpc.StatusCode.INVALID_ARGUMENT),
        ("open_clip/ViT-B-32-256/datacomp_s34b_b86k", grpc.StatusCode.FAILED_PRECONDITION),
    ],
)
def test_a_model_that_cannot_be_loaded_says_why(client: SidecarClient, model: str, code: grpc.StatusCode) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        client.models.LoadModel(models_pb2.LoadModelRequest(id=model))
    assert refused.value.code() == code
    assert len(refused.value.details() or "") > 20


def test_an_unknown_model_fails_the_medium_and_not_the_stream(client: SidecarClient, cuts_video: Path) -> None:
    query = tag_query()
    query.model = "no-such-model"
    answer = analyze_one(client, cuts_video, query=query)
    assert answer.code == "MODEL_NOT_READY"


def test_score_needs_no_file_and_search_finds_the_moment(client: SidecarClient, cuts_video: Path) -> None:
    answer = analyze_one(client, cuts_video)
    assert answer.done is not None
    asked = inference_pb2.ScoreRequest(content_keys=[answer.done.content_key, "oshash-00ff-1", HUGE], tags=tag_query())
    scored, unknown, huge = client.inference.Score(asked)
    assert [(s.tag, s.start_s) for s in scored.timeline.spans] == [(s.tag, s.start_s) for s in answer.spans]
    assert unknown.error.code == 1
    assert huge.error.code == 17
    found = client.inference.SearchMoments(
        inference_pb2.SearchMomentsRequest(model="lite", words="a cat looking at the camera", limit=1)
    )
    (moment,) = found.moments
    assert Path(moment.path).suffix in (".mp4", ".mkv", ".png")
    assert found.samples >= answer.done.samples
    if moment.path == str(cuts_video):
        assert 5.3 <= moment.pts_s <= 13.2


@pytest.mark.parametrize(
    "asked",
    [
        inference_pb2.SearchMomentsRequest(model="lite", words=" "),
        inference_pb2.SearchMomentsRequest(model="lite", words="cat", limit=5000),
        inference_pb2.SearchMomentsRequest(model="lite", words="cat", min_gap_s=-1),
    ],
)
def test_search_refuses_nonsense(client: SidecarClient, asked: inference_pb2.SearchMomentsRequest) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        client.inference.SearchMoments(asked)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_thumbnails_show_the_moment(client: SidecarClient, cuts_video: Path) -> None:
    import io

    import numpy as np
    from PIL import Image

    from scripts.sample_video import VideoFormat, frame_of

    asked = inference_pb2.ThumbnailsRequest(
        location=inference_pb2.MediaLocation(path=str(cuts_video)), at_s=[14.0, 1.0], size_px=160
    )
    rocket, coffee = client.inference.Thumbnails(asked).thumbnails
    assert (rocket.at_s, coffee.at_s) == (14.0, 1.0)
    assert rocket.pts_s == pytest.approx(13.2, abs=0.1)
    for thumbnail, photo in ((rocket, "rocket"), (coffee, "coffee")):
        shown = np.asarray(Image.open(io.BytesIO(thumbnail.jpeg)).convert("RGB"), np.float32)
        assert shown.shape == (90, 160, 3)
        expected = frame_of(photo, 0.0, VideoFormat(width_px=160, height_px=90)).astype(np.float32)
        assert np.abs(shown - expected).mean() < 12
    asked.location.path = "/etc/passwd"
    with pytest.raises(grpc.RpcError) as refused:
        client.inference.Thumbnails(asked)
    assert "outside_media_roots" in (refused.value.details() or "")
