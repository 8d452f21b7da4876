"""Face models among the others: listed, leased, unloaded when idle, and never mistaken for models that judge tags."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from protos import models_pb2, models_pb2_grpc
from sidecar.engine.engine import Engine
from sidecar.engine.errors import EngineError
from sidecar.engine.models import ModelRoom
from sidecar.models.catalogue import CATALOGUE
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import UnknownModel
from sidecar.models.face_catalogue import FACE_CATALOGUE
from sidecar.models.weights import pack_folder
from sidecar.schedule.scheduler import Scheduler
from sidecar.servicer.server import Listen, Server
from sidecar.settings import parse_settings
from sidecar.store import FeatureStore
from tests.models import tiny_pack


@pytest.fixture
def room(options: EmbedderOptions, tmp_path: Path) -> Iterator[ModelRoom]:
    with contextlib.closing(ModelRoom(replace(options, models_dir=tmp_path), "", 0.0)) as found:
        yield found


def state_of(room: ModelRoom, model_id: str) -> str:
    return next(status.state for status in room.statuses() if status.id == model_id)


def test_face_models_are_listed_beside_the_others(room: ModelRoom) -> None:
    statuses = {status.id: status for status in room.statuses()}
    assert list(statuses) == [spec.id for spec in CATALOGUE]
    assert {status.job for status in statuses.values()} == {"image-text", "face"}
    dlib, pack = statuses["dlib"], statuses["insightface/buffalo_l"]
    assert (dlib.job, dlib.scoring, dlib.dim, dlib.embedded, dlib.state) == ("face", "cosine", 128, True, "not_loaded")
    assert (pack.job, pack.scoring, pack.dim, pack.state) == ("face", "cosine", 512, "not_installed")
    assert pack.licence == "non-commercial research only" and pack.size_bytes == 288_621_354
    assert statuses["lite"].scoring == "class_z"


def test_a_lease_loads_and_what_is_idle_goes(room: ModelRoom) -> None:
    with room.faces("") as lease, room.faces("dlib") as again:
        assert lease.model is again.model and lease.model.spec.id == "dlib"
        room.sweep()
        (ready,) = (status for status in room.statuses() if status.id == "dlib")
        assert (ready.state, ready.device, ready.runtime) == ("ready", "cpu", "dlib, onnxruntime fp32")
        assert ready.memory_bytes > 20_000_000
    room.sweep()
    assert state_of(room, "dlib") == "not_loaded"


def test_loading_and_unloading_by_id(room: ModelRoom) -> None:
    assert room.load("dlib").state == "ready"
    room.unload("dlib")
    assert state_of(room, "dlib") == "not_loaded"
    with pytest.raises(EngineError) as refused:
        room.load("insightface/buffalo_s")
    assert refused.value.kind == "model_not_ready" and "fetch_models" in str(refused.value)
    assert state_of(room, "insightface/buffalo_s") == "failed"


def test_a_pack_that_is_here_is_the_default(room: ModelRoom, tmp_path: Path) -> None:
    assert room.default_face_id == "dlib"
    tiny_pack.write_pack(pack_folder(FACE_CATALOGUE[2], tmp_path))
    assert room.default_face_id == "insightface/buffalo_s"
    with room.faces("") as lease:
        assert lease.model.spec.id == "insightface/buffalo_s" and lease.model.dim == 512
    tiny_pack.write_pack(pack_folder(FACE_CATALOGUE[1], tmp_path))
    assert room.default_face_id == "insightface/buffalo_l"


def test_a_pack_of_the_owners_own_is_listed_once_asked_for(room: ModelRoom, tmp_path: Path) -> None:
    name = f"insightface@{tiny_pack.write_pack(tmp_path / 'mine')}"
    with room.faces(name):
        status = room.statuses()[-1]
    assert (status.id, status.job, status.state, status.scoring) == (name, "face", "ready", "cosine")


def test_jobs_are_not_mixed_up(room: ModelRoom) -> None:
    with pytest.raises(UnknownModel, match="'dlib' is a face model"):
        room.lease("dlib")
    with pytest.raises(UnknownModel, match=r"'lite' is an image-text model.*Take one of 'dlib'"):
        room.faces("lite")
    assert state_of(room, "dlib") == state_of(room, "lite") == "not_loaded", "each is judged by its own job alone"


def test_the_service_names_the_default_face_model(tmp_path: Path) -> None:
    settings = parse_settings([f"--data={tmp_path}", f"--listen=unix:{tmp_path}/s.sock", "--device=cpu"], {})
    with (
        contextlib.closing(FeatureStore.open(tmp_path)) as store,
        contextlib.closing(Engine(settings, store)) as engine,
        contextlib.closing(Scheduler(store.schedule)) as scheduler,
    ):
        serving = Server(engine, scheduler, Listen(settings.listen))
        with grpc.insecure_channel(serving.start()) as channel:
            stub = models_pb2_grpc.ModelsStub(channel)
            answer = stub.ListModels(models_pb2.ListModelsRequest(), timeout=10)
            assert answer.default_face_model == "dlib"
            began_s = time.monotonic()
            loaded = stub.LoadModel(models_pb2.LoadModelRequest(id="dlib"), timeout=120).model
            assert (loaded.state, loaded.scoring) == (models_pb2.MODEL_STATE_READY, "cosine"), (
                time.monotonic() - began_s
            )
        serving.drain(1.0)
