"""The sidecar as it was last seen, from the store: for pages that are polled, and for deciding while it is away."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from typing import TYPE_CHECKING

from plugin.sidecar_values import Capabilities

if TYPE_CHECKING:
    from plugin.context import Context

SERVICE = "sidecar"


def remember(context: Context, capabilities: Capabilities) -> None:
    """Keep what the sidecar can do, for pages and hooks that do not ask it."""
    where = f"{capabilities.model} on {capabilities.device or 'cpu'}"
    context.store.services.worked(SERVICE, where, asdict(capabilities))


def known_capabilities(context: Context) -> Capabilities | None:
    """What the sidecar could do when it was last seen."""
    known = context.store.services.get(SERVICE)
    if known is None or not known.ok or not known.detail:
        return None
    detail = dict(known.detail)
    with contextlib.suppress(TypeError, KeyError):  # another version wrote it
        return Capabilities(**{**detail, "models": tuple(detail["models"]), "decoders": tuple(detail["decoders"])})
    return None
