"""Sidecars in this process, over real gRPC: one with the real engine, and one that says what a test wants."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc

from plugin.context import Context
from plugin.sidecar_client import SidecarClient
from plugin.sidecar_values import Access
from protos import inference_pb2, inference_pb2_grpc, models_pb2, models_pb2_grpc
from sidecar.engine.engine import Engine
from sidecar.schedule.scheduler import Scheduler
from sidecar.servicer.server import Listen, Server
from sidecar.settings import parse_settings
from sidecar.store import FeatureStore


@contextlib.contextmanager
def real_sidecar(folder: Path) -> Iterator[str]:
    """Its address. folder: its data."""
    settings = parse_settings([f"--data={folder}", f"--listen=unix:{folder}/s.sock", "--device=cpu"], {})
    with (
        contextlib.closing(FeatureStore.open(folder)) as store,
        contextlib.closing(Engine(settings, store)) as engine,
        contextlib.closing(Scheduler(store.schedule)) as scheduler,
    ):
        server = Server(engine, scheduler, Listen(settings.listen))
        yield server.start()
        server.drain(1.0)


class Pictures(inference_pb2_grpc.InferenceServicer):
    """Answers each moment with a few bytes. by_name: what happens instead for a location that ends with this name."""

    def __init__(self) -> None:
        self.by_name: dict[str, Callable[[inference_pb2.ThumbnailsRequest, grpc.ServicerContext], Any]] = {}
        self.asked: list[inference_pb2.ThumbnailsRequest] = []

    def Thumbnails(  # noqa: N802
        self, request: inference_pb2.ThumbnailsRequest, context: grpc.ServicerContext
    ) -> inference_pb2.ThumbnailsResponse:
        self.asked.append(request)
        location = request.location.path or request.location.remote.url
        at_s = list(request.at_s)
        for name, act in self.by_name.items():
            if location.endswith(name):
                at_s = act(request, context) or []
        thumbnails = [inference_pb2.Thumbnail(at_s=one, pts_s=one - 0.25, jpeg=b"jpeg") for one in at_s]
        return inference_pb2.ThumbnailsResponse(thumbnails=thumbnails)


def pictures_server() -> Pictures:
    return Pictures()  # type: ignore[abstract]


def refuse(code: str, message: str) -> Callable[[inference_pb2.ThumbnailsRequest, grpc.ServicerContext], None]:
    """As the sidecar refuses a medium."""
    return lambda _, context: context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"{code}: {message}")


def stall(request: inference_pb2.ThumbnailsRequest, context: grpc.ServicerContext) -> None:
    """Until nobody waits any more."""
    while context.is_active():
        time.sleep(0.01)


class Old(models_pb2_grpc.ModelsServicer):
    """Lists one model; knows nothing of downloads."""

    def ListModels(  # noqa: N802
        self, request: models_pb2.ListModelsRequest, context: grpc.ServicerContext
    ) -> models_pb2.ListModelsResponse:
        model = models_pb2.Model(id="lite", state=models_pb2.MODEL_STATE_READY)
        return models_pb2.ListModelsResponse(models=[model], default_model="lite", version="0.1.0")


@contextlib.contextmanager
def said(pictures: Pictures) -> Iterator[str]:
    """The address of a sidecar that shows these pictures and is older than this plugin."""
    server = grpc.server(futures.ThreadPoolExecutor(16))
    inference_pb2_grpc.add_InferenceServicer_to_server(pictures, server)
    models_pb2_grpc.add_ModelsServicer_to_server(Old(), server)  # type: ignore[abstract]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


@contextlib.contextmanager
def connected(context: Context, address: str) -> Iterator[Context]:
    """The context, whose sidecar is this one."""
    with contextlib.closing(SidecarClient(Access(address))) as client:
        context.connect_sidecar = lambda may_restart=False: client  # type: ignore[method-assign]
        yield context
