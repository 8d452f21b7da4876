"""The gRPC server: where it listens, who may connect, and how it goes down."""

from __future__ import annotations

import logging
import os
import socket
import stat
import threading
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from protos import (
    faces_pb2,
    faces_pb2_grpc,
    inference_pb2,
    inference_pb2_grpc,
    media_pb2,
    media_pb2_grpc,
    models_pb2,
    models_pb2_grpc,
    schedule_pb2,
    schedule_pb2_grpc,
    taste_pb2,
    taste_pb2_grpc,
)
from sidecar.engine.engine import Engine
from sidecar.schedule.scheduler import Scheduler
from sidecar.servicer.auth import TokenInterceptor
from sidecar.servicer.faces import FacesServicer
from sidecar.servicer.inference import MAX_STREAMS, InferenceServicer
from sidecar.servicer.media import MediaServicer
from sidecar.servicer.models import ModelsServicer
from sidecar.servicer.schedule import ScheduleServicer
from sidecar.servicer.taste import TasteServicer

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""gRPC's own limit is 4 MB; 20 000 tags with phrasings, or 200 thumbnails, can be more."""

_SERVICES = (
    faces_pb2.DESCRIPTOR.services_by_name["Faces"].full_name,
    inference_pb2.DESCRIPTOR.services_by_name["Inference"].full_name,
    media_pb2.DESCRIPTOR.services_by_name["Media"].full_name,
    models_pb2.DESCRIPTOR.services_by_name["Models"].full_name,
    schedule_pb2.DESCRIPTOR.services_by_name["Schedule"].full_name,
    taste_pb2.DESCRIPTOR.services_by_name["Taste"].full_name,
)


class ListenError(Exception):
    """The server cannot listen as asked. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files of the server's certificate chain and private key."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Listen:
    """address: "unix:/absolute/path" or "host:port" (port 0 picks a free one)."""

    address: str
    token: str | None = None
    tls: Tls | None = None


class Server:
    """A threaded gRPC server over one engine and one scheduler. start() returns the address that clients use."""

    def __init__(self, engine: Engine, scheduler: Scheduler, listen: Listen) -> None:
        self._engine = engine
        self._listen = listen
        self._health = health.HealthServicer()
        interceptors: list[grpc.ServerInterceptor[Any, Any]] = []
        if listen.token:
            interceptors.append(TokenInterceptor(listen.token))
        self._grpc = grpc.server(
            futures.ThreadPoolExecutor(MAX_STREAMS + 16, thread_name_prefix="grpc"),
            interceptors=interceptors,
            options=(
                ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
                ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
                ("grpc.so_reuseport", 0),
            ),
        )
        faces_pb2_grpc.add_FacesServicer_to_server(FacesServicer(engine), self._grpc)
        inference_pb2_grpc.add_InferenceServicer_to_server(InferenceServicer(engine), self._grpc)
        media_pb2_grpc.add_MediaServicer_to_server(MediaServicer(engine), self._grpc)
        models_pb2_grpc.add_ModelsServicer_to_server(ModelsServicer(engine), self._grpc)
        schedule_pb2_grpc.add_ScheduleServicer_to_server(ScheduleServicer(scheduler), self._grpc)
        taste_pb2_grpc.add_TasteServicer_to_server(TasteServicer(engine), self._grpc)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._grpc)
        names = (*_SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._grpc)

    def start(self) -> str:
        """Bind and serve. Raises ListenError."""
        address = self._bind()
        self._grpc.start()
        for service in ("", *_SERVICES):
            self._health.set(service, health_pb2.HealthCheckResponse.SERVING)
        return address

    def drain(self, patience_s: float) -> None:
        """Go down politely: report NOT_SERVING, finish media in work, refuse new ones, then close.

        Streams that are still open after patience_s are cut.
        """
        self._health.enter_graceful_shutdown()
        self._engine.drain()
        stopped: threading.Event = self._grpc.stop(patience_s)
        stopped.wait(patience_s + 5)
        if self._listen.address.startswith("unix:"):
            Path(self._listen.address.removeprefix("unix:")).unlink(missing_ok=True)

    def _bind(self) -> str:
        address = self._listen.address
        if address.startswith("unix:"):
            return self._bind_socket(Path(address.removeprefix("unix:")))
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ListenError(
                f"cannot listen on {address!r}; give host:port (for instance 127.0.0.1:7860) or unix:/path"
            )
        if not self._listen.token and not is_loopback(host):
            raise ListenError(
                f"{address} can be reached from other machines, so a token is needed: "
                "start with --token-file FILE (and better with --tls-cert and --tls-key), or listen on 127.0.0.1"
            )
        if not self._listen.tls and not is_loopback(host):
            log.warning("listening on %s without TLS: the token and file names can be read on the network", address)
        try:
            bound = self._add_port(address)
        except (RuntimeError, OSError) as error:
            raise ListenError(f"cannot listen on {address}: {error}; is the port taken?") from error
        return f"{host}:{bound}"

    def _add_port(self, address: str) -> int:
        tls = self._listen.tls
        if tls is None:
            return int(self._grpc.add_insecure_port(address))
        try:
            pair = (tls.key.read_bytes(), tls.certificate.read_bytes())
        except OSError as error:
            raise ListenError(f"cannot read the TLS files: {error}") from error
        return int(self._grpc.add_secure_port(address, grpc.ssl_server_credentials([pair])))

    def _bind_socket(self, path: Path) -> str:
        if not path.is_absolute():
            raise ListenError(f"the socket path {str(path)!r} is not absolute; write unix:/absolute/path")
        if len(os.fsencode(path)) > 103:
            raise ListenError(
                f"the socket path {str(path)!r} is longer than the system allows (103 bytes); use a shorter one"
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_stale_socket(path)
        before = os.umask(0o177)  # the socket must never be open to others, not even between bind and chmod
        try:
            self._grpc.add_insecure_port(f"unix:{path}")
        except (RuntimeError, OSError) as error:
            raise ListenError(f"cannot listen on unix:{path}: {error}") from error
        finally:
            os.umask(before)
        return f"unix:{path}"


def is_loopback(host: str) -> bool:
    """True where only this machine can connect."""
    bare = host.strip("[]")
    return bare in ("localhost", "::1") or bare.startswith("127.")


def _remove_stale_socket(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ListenError(f"{path} exists and is no socket; remove it or choose another path")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink()
            return
    raise ListenError(f"another process listens on unix:{path}; stop it or choose another path")
