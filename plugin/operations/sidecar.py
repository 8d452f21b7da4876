"""The sidecar's process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context
from plugin.operations.status import sidecar_state
from plugin.setup.launch import stop
from plugin.setup.sidecar_environment import sidecar_dir
from plugin.setup.whereabouts import Whereabouts, whereabouts
from plugin.sidecar_health import SERVICE
from plugin.sidecar_values import SidecarError


def restart(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """Stop the sidecar that the plugin started here (media in work may finish), and start it with the present settings.

    One that is down is only started. Answers when it is well. Raises SidecarError where it is not the plugin's.
    """
    context.read_config()
    where = _require_ours(context)
    stopped = where.is_ours and stop(sidecar_dir(context.server.data_dir))
    context.store.services.forget(SERVICE)
    context.connect_sidecar(may_restart=True)
    _require_ours(context, answers=True)  # it may be one that somebody else started who answers at the address
    return {"stopped": stopped, "sidecar": sidecar_state(context)}


def _require_ours(context: Context, answers: bool = False) -> Whereabouts:
    where = whereabouts(context.server.data_dir, context.stash_settings.sidecar_address, answers)
    if where.why_not:
        raise SidecarError(where.why_not)
    return where
