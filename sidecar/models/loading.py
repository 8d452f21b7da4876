"""From a model's name to the loaded model: what the cache's loader does."""

from __future__ import annotations

from sidecar.models.catalogue import resolve
from sidecar.models.embedder import EmbedderOptions, ImageTextEmbedder


def load_embedder(name: str, options: EmbedderOptions) -> ImageTextEmbedder:
    """Load the model that a name means (see `catalogue.resolve`). May take seconds to a minute the first time.

    Raises a ModelError with a sentence for the owner: unknown name, weights missing or damaged, refused checkpoint.
    """
    spec = resolve(name)
    if spec.family == "lite":
        from sidecar.models.lite import LiteEmbedder

        return LiteEmbedder(options)
    from sidecar.models.open_clip_embedder import OpenClipEmbedder

    return OpenClipEmbedder(spec, options)
