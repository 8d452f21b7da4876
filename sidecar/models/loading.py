"""From a model's name to the loaded model: what the cache's loader does."""

from __future__ import annotations

from sidecar.models.catalogue import resolve
from sidecar.models.embedder import EmbedderOptions, ImageTextEmbedder
from sidecar.models.errors import UnknownModel
from sidecar.models.face_catalogue import FACE_CATALOGUE
from sidecar.models.face_model import FaceModel


def load_embedder(name: str, options: EmbedderOptions) -> ImageTextEmbedder:
    """Load the model that a name means (see `catalogue.resolve`). May take seconds to a minute the first time.

    Raises a ModelError with a sentence for the owner: unknown name, weights missing or damaged, refused checkpoint.
    """
    spec = resolve(name)
    if spec.job != "image-text":
        raise UnknownModel(f"{name!r} is a face model: it knows people, and cannot judge tags")
    if spec.family == "lite":
        from sidecar.models.lite import LiteEmbedder

        return LiteEmbedder(options)
    from sidecar.models.open_clip_embedder import OpenClipEmbedder

    return OpenClipEmbedder(spec, options)


def load_face_model(name: str, options: EmbedderOptions) -> FaceModel:
    """Load the face model that a name means. May take seconds the first time.

    Raises a ModelError with a sentence for the owner: unknown name, weights missing or damaged, package missing.
    """
    spec = resolve(name)
    if spec.job != "face":
        allowed = ", ".join(repr(row.id) for row in FACE_CATALOGUE)
        raise UnknownModel(
            f"{name!r} is an image-text model: it judges tags, and knows no faces. Take one of {allowed}"
        )
    if spec.family == "dlib":
        from sidecar.models.dlib_faces import DlibFaceModel

        return DlibFaceModel(options)
    from sidecar.models.insightface_faces import InsightfaceModel

    return InsightfaceModel(spec, options)
