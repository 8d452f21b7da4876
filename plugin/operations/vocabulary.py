"""What the sidecar looks for by itself, whether it was ever found or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context


def find(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """used: whether the owner wants it looked for. judged: the model in use can judge the tag. May load that model."""
    settings = context.settings
    tags = context.connect_sidecar().vocabulary(settings.model)
    return {"used": settings.vocabulary, "tags": tags}
