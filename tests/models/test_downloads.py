"""Downloads in the background, over real gRPC and from a real HTTP server: told of, stopped, gone on with."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest

from protos import models_pb2, models_pb2_grpc
from sidecar.engine import models as engine_models
from sidecar.engine.engine import Engine
from sidecar.models.catalogue import LITE
from sidecar.models.spec import ModelSpec
from sidecar.schedule.scheduler import Scheduler
from sidecar.servicer.server import Listen, Server
from sidecar.settings import parse_settings
from sidecar.store import FeatureStore
from tests.models.weights_server import CONTENT, HALF, LICENCE, WeightsServer, weights_server

NOT_INSTALLED, DOWNLOADING, NOT_LOADED, FAILED = (
    models_pb2.MODEL_STATE_NOT_INSTALLED,
    models_pb2.MODEL_STATE_DOWNLOADING,
    models_pb2.MODEL_STATE_NOT_LOADED,
    models_pb2.MODEL_STATE_FAILED,
)


class Asked:
    """A sidecar in this process whose catalogue is the embedded model and one of the test's own."""

    def __init__(self, engine: Engine, stub: models_pb2_grpc.ModelsStub, spec: ModelSpec, folder: Path) -> None:
        self.engine, self.stub, self.spec, self.folder = engine, stub, spec, folder / "models" / spec.folder_name

    def download(self, model_id: str = "", licence: str = LICENCE) -> models_pb2.Model:
        request = models_pb2.DownloadModelRequest(id=model_id or self.spec.id, agreed_licence=licence)
        return self.stub.DownloadModel(request, timeout=10).model

    def cancel(self, model_id: str = "") -> None:
        self.stub.CancelDownload(models_pb2.CancelDownloadRequest(id=model_id or self.spec.id), timeout=10)

    def model(self) -> models_pb2.Model:
        answer = self.stub.ListModels(models_pb2.ListModelsRequest(), timeout=10)
        return next(model for model in answer.models if model.id == self.spec.id)

    def until(self, condition: Callable[[models_pb2.Model], bool]) -> models_pb2.Model:
        deadline = time.monotonic() + 20
        while not condition(found := self.model()):
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return found


@pytest.fixture
def server() -> Iterator[WeightsServer]:
    with weights_server() as found:
        yield found


@contextlib.contextmanager
def asked(spec: ModelSpec, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setattr(engine_models, "CATALOGUE", (LITE, spec))
    arguments = [f"--data={folder}", f"--listen=unix:{folder}/s.sock", "--device=cpu"]
    settings = parse_settings(arguments, {})
    with (
        contextlib.closing(FeatureStore.open(folder)) as store,
        contextlib.closing(Engine(settings, store)) as engine,
        contextlib.closing(Scheduler(store.schedule)) as scheduler,
    ):
        serving = Server(engine, scheduler, Listen(settings.listen))
        address = serving.start()
        with grpc.insecure_channel(address) as channel:
            yield Asked(engine, models_pb2_grpc.ModelsStub(channel), spec, folder)
        serving.drain(1.0)


@pytest.fixture
def sidecar(server: WeightsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    with asked(server.spec(), tmp_path, monkeypatch) as found:
        yield found


def test_a_download_is_told_of_while_it_runs_and_then_the_model_is_here(server: WeightsServer, sidecar: Asked) -> None:
    before = sidecar.model()
    assert (before.state, before.downloaded_bytes) == (NOT_INSTALLED, 0)
    assert before.reason == ""
    assert sidecar.download().state == DOWNLOADING
    half = sidecar.until(lambda model: model.downloaded_bytes >= HALF)
    assert (half.state, half.downloaded_bytes, half.reason) == (DOWNLOADING, HALF, "")
    assert sidecar.download().state == DOWNLOADING, "asked twice, it runs once"
    server.go_on.set()
    after = sidecar.until(lambda model: model.state != DOWNLOADING)
    assert (after.state, after.reason, after.downloaded_bytes) == (NOT_LOADED, "", 0)
    assert (sidecar.folder / "open_clip_model.safetensors").read_bytes() == CONTENT
    assert sidecar.download().state == NOT_LOADED, "what is here is not fetched again"
    assert server.starts == [0]


def test_one_that_was_stopped_goes_on_where_it_was(server: WeightsServer, sidecar: Asked) -> None:
    sidecar.download()
    sidecar.until(lambda model: model.downloaded_bytes >= HALF)
    sidecar.cancel()
    stopped = sidecar.model()
    assert (stopped.state, stopped.downloaded_bytes) == (NOT_INSTALLED, HALF)
    assert "was stopped; what has arrived is kept" in stopped.reason
    assert sidecar.download().state == DOWNLOADING, "also while the stopped one still waits for its server"
    server.go_on.set()
    assert sidecar.until(lambda model: model.state != DOWNLOADING).state == NOT_LOADED
    assert (sidecar.folder / "open_clip_model.safetensors").read_bytes() == CONTENT
    assert server.starts == [0, HALF]
    sidecar.cancel()
    sidecar.cancel("nonsense")


def test_a_sidecar_that_stops_does_not_wait_for_a_silent_server(
    server: WeightsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asked(server.spec(), tmp_path, monkeypatch) as first:
        first.download()
        first.until(lambda model: model.downloaded_bytes >= HALF)
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 10
    with pytest.raises(Exception, match="the sidecar is stopping"):
        first.engine.models.download(first.spec.id, LICENCE)
    server.go_on.set()
    with asked(server.spec(), tmp_path, monkeypatch) as second:
        second.download()
        assert second.until(lambda model: model.state != DOWNLOADING).state == NOT_LOADED
    assert server.starts == [0, HALF], "the next sidecar goes on with it"


@pytest.mark.parametrize(
    ("model_id", "licence", "code", "said"),
    [
        (
            "",
            "",
            grpc.StatusCode.INVALID_ARGUMENT,
            f"'' is not the licence of open_clip/Test/weights, which is '{LICENCE}'",
        ),
        ("", LICENCE.lower(), grpc.StatusCode.INVALID_ARGUMENT, "read it at https://"),
        ("", "x" * 100_000, grpc.StatusCode.INVALID_ARGUMENT, "is not the licence"),
        ("lite", LITE.licence, grpc.StatusCode.INVALID_ARGUMENT, "needs no download"),
        ("nonsense", "MIT", grpc.StatusCode.NOT_FOUND, "'nonsense' is not in the catalogue"),
        ("hf-hub:someone/something", "MIT", grpc.StatusCode.NOT_FOUND, "fetch others with scripts/fetch_models"),
        ("../../etc", "MIT", grpc.StatusCode.NOT_FOUND, "is not in the catalogue"),
    ],
)
def test_what_is_refused(sidecar: Asked, model_id: str, licence: str, code: grpc.StatusCode, said: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        sidecar.download(model_id, licence)
    assert refused.value.code() == code
    details = refused.value.details() or ""
    assert said in details and len(details) < 1000
    assert not sidecar.folder.exists()


def test_a_failure_is_a_sentence_and_the_next_try_forgets_it(
    server: WeightsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.go_on.set()
    with asked(server.spec(path="absent"), tmp_path, monkeypatch) as sidecar:
        sidecar.download()
        failed = sidecar.until(lambda model: model.state != DOWNLOADING)
        assert failed.state == NOT_INSTALLED
        assert failed.reason.startswith("the download failed: ") and "does not exist (404)" in failed.reason
    with asked(server.spec(sha256="0" * 64), tmp_path, monkeypatch) as sidecar:
        sidecar.download()
        refused = sidecar.until(lambda model: model.state != DOWNLOADING)
        assert "expected is sha256 0000" in refused.reason and refused.downloaded_bytes == 0
    with asked(server.spec(), tmp_path, monkeypatch) as sidecar:
        assert sidecar.model().reason == ""
        sidecar.download()
        assert sidecar.until(lambda model: model.state != DOWNLOADING).state == NOT_LOADED


def test_a_full_disk_is_said(sidecar: Asked, server: WeightsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    server.go_on.set()
    monkeypatch.setattr(os, "fsync", full)
    sidecar.download()
    failed = sidecar.until(lambda model: model.state != DOWNLOADING)
    assert failed.state == NOT_INSTALLED and "No space left on device" in failed.reason


def test_what_could_not_be_loaded_for_want_of_weights_can_be_once_they_are_here(
    server: WeightsServer, sidecar: Asked
) -> None:
    server.go_on.set()
    with pytest.raises(grpc.RpcError):
        sidecar.stub.LoadModel(models_pb2.LoadModelRequest(id=sidecar.spec.id), timeout=60)
    assert sidecar.model().state == FAILED
    sidecar.download()
    after = sidecar.until(lambda model: model.state != DOWNLOADING)
    assert (after.state, after.reason) == (NOT_LOADED, "")
