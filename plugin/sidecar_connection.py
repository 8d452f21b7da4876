"""Reaching the sidecar: where it is, with which token, started where it is ours to start; and how it was last seen."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from plugin.analysis.paths import map_path, parse_rules
from plugin.installation import SetupError
from plugin.interface import log
from plugin.setup import dependencies
from plugin.setup.launch import LaunchPlan, Running, current, ensure_running, is_local
from plugin.setup.sidecar_environment import offer, python_of, sidecar_dir
from plugin.sidecar_client import SidecarClient
from plugin.sidecar_health import SERVICE, remember
from plugin.sidecar_values import Access, SidecarError

if TYPE_CHECKING:
    from plugin.context import Context

HEALTH_TIMEOUT_S = 5.0
LONGEST_TOKEN = 4096


def connect(context: Context, may_restart: bool) -> SidecarClient:
    """A client of a sidecar that answers. Raises SidecarError, SetupError, StashError.

    Leaves a sidecar that failed alone for a while: then it raises at once, with what was wrong.
    """
    services = context.store.services
    known = services.get(SERVICE)
    if known is not None and known.is_resting(context.clock()):
        raise SidecarError(known.message, passes=True)
    if not dependencies.can_call_sidecar(context.server.data_dir):
        raise SetupError(dependencies.no_grpc_instruction())
    try:
        access = _access(context, may_restart)
        client = SidecarClient(access)
        if not may_restart and known is not None and known.is_fresh(context.clock()):
            return client  # it answered somebody within the last half minute
        try:
            remember(context, client.capabilities(context.settings.model, HEALTH_TIMEOUT_S))
        except SidecarError:
            client.close()
            raise
    except (SidecarError, SetupError) as error:
        services.failed(SERVICE, str(error))
        raise
    return client


def running_sidecar(context: Context) -> Running | None:
    """The local sidecar that runs, without asking whether it is well. None for one elsewhere."""
    return current(sidecar_dir(context.server.data_dir), context.stash_settings.sidecar_token_file)


def _access(context: Context, may_restart: bool) -> Access:
    settings, server = context.stash_settings, context.server
    address = settings.sidecar_address
    running = None if may_restart else running_sidecar(context)
    if running is not None and (not address or is_local(address)):
        return Access(running.address, running.token)
    python = python_of(server.data_dir, server.plugin_dir)
    if address and (python is None or not is_local(address)):
        # Elsewhere, or in a container beside us: somebody else starts it.
        return Access(address, _token(settings.sidecar_token_file, server.data_dir), _tls_ca(server.data_dir))
    if python is None:
        raise SetupError(offer(server.data_dir))
    plan = _plan(context, python)
    running = ensure_running(plan, _is_healthy, log.info, restart_if_different=may_restart)
    return Access(running.address, running.token)


def _plan(context: Context, python: str) -> LaunchPlan:
    server, settings = context.server, context.stash_settings
    rules = parse_rules(settings.path_mappings)
    mapped = [map_path(path, rules) for path in context.config.library_paths]
    return LaunchPlan(
        python=python,
        sources=server.plugin_dir,
        data_dir=sidecar_dir(server.data_dir),
        address=settings.sidecar_address,
        # The sidecar refuses a root that is not absolute; a path of another system's kind is none here.
        media_roots=tuple(dict.fromkeys(path for path in mapped if os.path.isabs(path))),
        allowed_origins=tuple(dict.fromkeys(filter(None, (server.origin, context.settings.stash_url)))),
        token_file=settings.sidecar_token_file,
        extra_args=(f"--face-model={context.settings.face_model}",) if context.settings.face_model else (),
    )


def _is_healthy(address: str, token: str) -> bool:
    with contextlib.closing(SidecarClient(Access(address, token))) as client:
        try:
            client.capabilities(timeout_s=HEALTH_TIMEOUT_S)
        except SidecarError:
            return False
    return True


def _token(path: str, data_dir: str) -> str:
    """The first line of the owner's token file, else of sidecar.token in the data folder; "" where there is none.

    What gRPC would not send as a header is refused here: its own error would show the token.
    """
    chosen = path or os.path.join(data_dir, "sidecar.token")
    try:
        with open(chosen, "rb") as file:
            token = file.readline(LONGEST_TOKEN + 1).strip()
    except OSError as error:
        if path or not isinstance(error, FileNotFoundError):
            raise SetupError(f"the sidecar's token cannot be read from {chosen} ({error.strerror})") from error
        return ""
    if len(token) > LONGEST_TOKEN or not all(32 < letter < 127 for letter in token):
        raise SetupError(f"the first line of {chosen} is no token: it must be printable ASCII without spaces")
    return token.decode()


def _tls_ca(data_dir: str) -> str:
    """PEM of the certificate that a sidecar with TLS is checked against: sidecar-ca.pem of the data folder, if it is
    there; else the sidecar is spoken to without TLS. One that cannot be read must not mean that the token travels in
    clear.
    """
    path = os.path.join(data_dir, "sidecar-ca.pem")
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} cannot be read ({error}); remove it to speak without TLS") from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise SetupError(f"{path} holds no certificate in PEM form; remove it to speak without TLS")
    return text
