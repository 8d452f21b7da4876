"""When the sidecar wakes Stash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context


def get(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"jobs": context.connect_sidecar().schedule()}
