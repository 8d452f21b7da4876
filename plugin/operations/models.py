"""What the sidecar can judge and decode with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.context import Context


def find(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    capabilities = context.connect_sidecar().capabilities(context.settings.model)
    return {
        "version": capabilities.version,
        "model": capabilities.model,
        "vocabulary": capabilities.vocabulary,
        "models": [dict(model) for model in capabilities.models],
        "decoders": [dict(decoder) for decoder in capabilities.decoders],
    }
