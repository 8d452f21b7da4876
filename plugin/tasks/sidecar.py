"""Stopping the sidecar that the plugin started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context
from plugin.setup.launch import stop
from plugin.setup.sidecar_environment import sidecar_dir


def stop_sidecar(context: Context, _: Mapping[str, Any]) -> str:
    """Media in work may finish. It starts again when it is next needed."""
    stopped = stop(sidecar_dir(context.server.data_dir))
    context.store.services.forget("sidecar")
    return "the sidecar was stopped" if stopped else "no sidecar of ours runs here"
