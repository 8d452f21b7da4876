"""What the sidecar can judge and decode with: listed, loaded, freed, fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from plugin.context import Context

if TYPE_CHECKING:
    from plugin.sidecar_client import SidecarClient
    from plugin.sidecar_values import Capabilities


def find(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    """setting: the model that the owner's settings name, "" for the sidecar's default. model: the one that is used."""
    setting = context.settings.model
    capabilities = context.connect_sidecar().capabilities(setting)
    return {
        "version": capabilities.version,
        "model": capabilities.model,
        "default_model": capabilities.default_model,
        "setting": setting,
        "vocabulary": capabilities.vocabulary,
        "models": [_marked(row, capabilities) for row in capabilities.models],
        "decoders": [dict(decoder) for decoder in capabilities.decoders],
    }


def load(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """Answers when the model is ready."""
    sidecar = context.connect_sidecar()
    loaded = sidecar.load_model(args["id"])
    return _one(context, sidecar, loaded["id"])


def unload(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """A model that is in use is still "ready" in the answer, and freed once its media are done."""
    sidecar = context.connect_sidecar()
    sidecar.unload_model(args["id"])
    return _one(context, sidecar, args["id"])


def download(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    """licence: the text of the row, which the owner agreed to. Answers at once; models.list tells how far it is."""
    sidecar = context.connect_sidecar()
    sidecar.download_model(args["id"], args["licence"])
    return _one(context, sidecar, args["id"])


def cancel_download(context: Context, args: Mapping[str, Any]) -> dict[str, Any]:
    sidecar = context.connect_sidecar()
    sidecar.cancel_download(args["id"])
    return _one(context, sidecar, args["id"])


def _one(context: Context, sidecar: SidecarClient, model: str) -> dict[str, Any]:
    """model: its row as it is now, None for one that the sidecar does not list."""
    capabilities = sidecar.capabilities(context.settings.model)
    found = next((row for row in capabilities.models if row["id"] == model), None)
    return {"model": None if found is None else _marked(found, capabilities)}


def _marked(row: Mapping[str, Any], capabilities: Capabilities) -> dict[str, Any]:
    """default: an empty setting means this one. chosen: this one is used now, for tags or for faces."""
    faces = capabilities.default_face_model
    is_default = row["id"] in (capabilities.default_model, faces)
    return {**row, "default": is_default, "chosen": row["id"] in (capabilities.model, faces)}
