"""Finds or starts a sidecar, and talks to it over gRPC as the plugin will."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from protos import faces_pb2_grpc, inference_pb2_grpc, models_pb2_grpc, taste_pb2_grpc

REPO = Path(__file__).resolve().parent.parent
MAX_MESSAGE_BYTES = 64 * 1024 * 1024
START_TIMEOUT_S = 120.0


class SidecarUnavailable(Exception):
    """No sidecar could be reached or started. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a sidecar is reached. token and tls_ca (PEM file) are needed beyond this machine."""

    address: str
    token: str | None = None
    tls_ca: Path | None = None


class SidecarClient:
    """Stubs over one channel."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._channel = _channel(access)
        self.inference = inference_pb2_grpc.InferenceStub(self._channel)
        self.models = models_pb2_grpc.ModelsStub(self._channel)
        self.faces = faces_pb2_grpc.FacesStub(self._channel)
        self.taste = taste_pb2_grpc.TasteStub(self._channel)
        self._health = health_pb2_grpc.HealthStub(self._channel)

    def is_serving(self, timeout_s: float = 2.0) -> bool:
        """Ask the health service; False also where nothing answers."""
        try:
            answer = self._health.Check(health_pb2.HealthCheckRequest(), timeout=timeout_s)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def close(self) -> None:
        self._channel.close()


@contextlib.contextmanager
def connect(
    data_dir: Path, media_roots: Sequence[Path], access: Access | None = None, extra: Sequence[str] = ()
) -> Iterator[SidecarClient]:
    """A client of the sidecar at `access`, else of the one that runs on data_dir, else of one started for this block.

    extra: further arguments for a sidecar that is started. Raises SidecarUnavailable.
    """
    if access is not None:
        with contextlib.closing(SidecarClient(access)) as client:
            if not client.is_serving(timeout_s=5.0):
                raise SidecarUnavailable(
                    f"no sidecar answers at {access.address}; is it running, and is the address right?"
                )
            yield client
        return
    running = running_address(data_dir)
    if running is not None:
        with contextlib.closing(SidecarClient(Access(running))) as client:
            yield client
        return
    with SidecarProcess(data_dir, media_roots, extra) as process, contextlib.closing(process.client()) as client:
        yield client


def running_address(data_dir: Path) -> str | None:
    """Address of the healthy sidecar that owns data_dir, or None."""
    from sidecar.store.lock import owner_of

    owner = owner_of(data_dir)
    if owner is None or not owner.address:
        return None
    with contextlib.closing(SidecarClient(Access(owner.address))) as client:
        return owner.address if client.is_serving() else None


class SidecarProcess:
    """A sidecar of our own, on a private socket. It goes when we do, killed or not: its standard input closes."""

    def __init__(self, data_dir: Path, media_roots: Sequence[Path], extra: Sequence[str] = ()) -> None:
        self._data_dir = data_dir
        self._arguments = [*(f"--media-root={root}" for root in media_roots), *extra]
        self._folder = tempfile.TemporaryDirectory(prefix="stash-sense-")
        self.log_file = data_dir / "logs" / "sidecar.log"
        self.address = ""
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> SidecarProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it serves. Raises SidecarUnavailable with the end of its log."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        listen = "127.0.0.1:0" if os.name == "nt" else f"unix:{self._folder.name}/sidecar.sock"
        command = [sys.executable, "-m", "sidecar", "--exit-on-stdin-eof", f"--listen={listen}"]
        command += [f"--data={self._data_dir}", *self._arguments]
        with self.log_file.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.address = self._wait_for_address()

    def client(self) -> SidecarClient:
        return SidecarClient(Access(self.address))

    def stop(self, timeout_s: float = 30.0) -> None:
        """Ask it to drain, wait, and kill it only if it does not go."""
        process, self.process = self.process, None
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.terminate()
            process.stdin.close()
            try:
                process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        self._folder.cleanup()

    def _wait_for_address(self) -> str:
        process = self.process
        assert process is not None
        assert process.stdout is not None
        stdout = process.stdout
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.append(stdout.readline()), daemon=True)
        reader.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not lines and time.monotonic() < deadline:
            reader.join(0.05)
        line = lines[0] if lines else ""
        if not line:
            status = process.poll()
            tail = self.log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
            self.stop(timeout_s=1.0)
            said = "\n  ".join(tail) or "(nothing)"
            raise SidecarUnavailable(f"the sidecar did not start (exit status {status}); its log ends with:\n  {said}")
        return str(json.loads(line)["address"])


def _channel(access: Access) -> grpc.Channel:
    options = (
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        # a proxy from the environment must never see a local address
        ("grpc.enable_http_proxy", 0),
    )
    if access.tls_ca is None:
        channel = grpc.insecure_channel(access.address, options)
    else:
        credentials = grpc.ssl_channel_credentials(access.tls_ca.read_bytes())
        channel = grpc.secure_channel(access.address, credentials, options)
    return grpc.intercept_channel(channel, _Bearer(access.token)) if access.token else channel


class _Bearer(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[type-arg]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[type-arg]
    grpc.StreamUnaryClientInterceptor,  # type: ignore[type-arg]
    grpc.StreamStreamClientInterceptor,  # type: ignore[type-arg]
):
    def __init__(self, token: str) -> None:
        self._metadata = (("authorization", f"Bearer {token}"),)

    def _call(self, continuation, details, request):  # type: ignore[no-untyped-def]
        return continuation(details._replace(metadata=(*(details.metadata or ()), *self._metadata)), request)

    intercept_unary_unary = intercept_unary_stream = _call
    intercept_stream_unary = intercept_stream_stream = _call
