"""The seam between face models and everybody who uses them: pictures in; faces, and vectors of one space, out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sidecar.faces import FaceRules, FaceTraits, FoundFace
from sidecar.values import Note, RgbImage, Vectors

if TYPE_CHECKING:
    from sidecar.models.spec import ModelSpec


class FaceDetector(Protocol):
    """Finds faces. Thread-safe."""

    @property
    def detect_px(self) -> int:
        """Longer edge of the picture that detection wants: a larger one costs time, a smaller one hides small faces."""
        ...

    def detect(self, image: RgbImage) -> tuple[FoundFace, ...]:
        """Faces of a picture of any size, best score first, in pixels of that picture. Costs time by its area."""
        ...

    def score_share(self, score: float) -> float:
        """FoundFace.score mapped to 0 (barely a face) to 1 (no doubt), for FaceQuality.score."""
        ...


class FaceEmbedder(Protocol):
    """Makes vectors of faces. Thread-safe."""

    @property
    def dim(self) -> int: ...

    def embed(self, image: RgbImage, faces: Sequence[FoundFace]) -> Vectors:
        """Align and embed faces of one picture: unit rows (N, dim), in order. N = 0 is allowed.

        Boxes and landmarks are in pixels of this picture, which may be larger than the one they were found in.
        """
        ...


class FaceModel(FaceDetector, FaceEmbedder, Protocol):
    """One loaded face model."""

    @property
    def spec(self) -> ModelSpec: ...

    @property
    def model_key(self) -> str:
        """Names weights and alignment: equal keys mean interchangeable vectors. [A-Za-z0-9._-] only."""
        ...

    @property
    def rules(self) -> FaceRules: ...

    @property
    def device(self) -> str:
        """Where it runs: "cpu" or "cuda:0"."""
        ...

    @property
    def runtime(self) -> str:
        """What runs it, such as "onnxruntime fp32"."""
        ...

    @property
    def memory_bytes(self) -> int:
        """About what unloading would free."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the owner should know about how this model runs."""
        ...

    def traits(self, image: RgbImage, faces: Sequence[FoundFace]) -> tuple[FaceTraits, ...]:
        """What the model guesses of each face, in order; all empty where it guesses nothing."""
        ...

    def close(self) -> None:
        """Free what was loaded. Calling it twice is allowed; using the model afterwards is an error."""
        ...
