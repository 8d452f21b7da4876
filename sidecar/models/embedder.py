"""The seam between models and everybody who uses them: images and texts in, vectors of one space out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sidecar.values import FrameGeometry, Note, Vectors

if TYPE_CHECKING:
    from sidecar.models.catalogue import ModelSpec

Images = NDArray[np.uint8]
"""uint8 (N, S, S, 3), RGB, S = geometry.size_px, already fitted by geometry.fit."""


@dataclass(frozen=True, slots=True)
class ScoringFacts:
    """How a model's dot products become scores that a threshold can judge.

    kind: "class_z": z of v·t among the dots of t with `background_vectors()`;
        "background_softmax": softmax of one tag against background prompts, at logit_scale.
    logit_scale: factor on v·t before the softmax; 1.0 where unused.
    enter, stay: hysteresis thresholds on the score. enter_large: enter for a large shipped vocabulary, where chance
        gives more false entries.
    """

    kind: Literal["class_z", "background_softmax"]
    logit_scale: float
    enter: float
    stay: float
    enter_large: float


@dataclass(frozen=True, slots=True)
class EmbedderOptions:
    """What the owner decides about how models run.

    cache_dir: folder for compiled graphs, class vectors and measured runtimes; deleting it costs time only.
    models_dir: folder that `fetch_models` fills.
    device: "auto" takes a CUDA device where torch sees one. threads: CPU threads per model; None = every CPU given
        to this process. runtime: a name from `runtime_choice.RUNTIMES`, or "auto" to measure.
    """

    cache_dir: Path
    models_dir: Path
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int | None = None
    runtime: str = "auto"


class ImageTextEmbedder(Protocol):
    """One loaded image-text model. Calls are not thread-safe: the batcher is the one caller."""

    @property
    def spec(self) -> ModelSpec: ...

    @property
    def model_key(self) -> str:
        """Names weights and preprocessing: equal keys mean interchangeable vectors. [A-Za-z0-9._-] only."""
        ...

    @property
    def dim(self) -> int: ...

    @property
    def geometry(self) -> FrameGeometry: ...

    @property
    def scoring(self) -> ScoringFacts: ...

    @property
    def device(self) -> str:
        """Where it runs now, such as "cpu" or "cuda:0"; may change to "cpu" when a GPU runs out of memory."""
        ...

    @property
    def runtime(self) -> str:
        """What runs it now, such as "onnxruntime fp32" or "torch fp16"."""
        ...

    @property
    def memory_bytes(self) -> int:
        """About what unloading would free: the weights and constants held, without activations."""
        ...

    @property
    def batch_size(self) -> int:
        """How many images in one call is best here; more is allowed."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the owner should know about how this model runs, such as a fall back from GPU to CPU."""
        ...

    def embed_images(self, images: Images) -> Vectors:
        """Embed images (N, S, S, 3) as L2-normalised rows (N, dim), in order. N = 0 is allowed."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as L2-normalised rows (len(texts), dim), in order, undressed: templates are the caller's."""
        ...

    def knows(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Say per text whether this model can judge it. A text it cannot judge is better left out than scored."""
        ...

    def background_vectors(self) -> Vectors | None:
        """The vectors that "class_z" compares with, or None where the background is a list of prompts."""
        ...

    def close(self) -> None:
        """Free what was loaded. Calling it twice is allowed; using the embedder afterwards is an error."""
        ...


def require_images(images: Images, geometry: FrameGeometry) -> None:
    """Raise ValueError unless images is uint8 (N, S, S, 3) with the model's S."""
    size = geometry.size_px
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1:] != (size, size, 3):
        raise ValueError(
            f"images are {images.dtype} {images.shape}; this model takes uint8 (N, {size}, {size}, 3): "
            f'scale frames with its geometry (fit "{geometry.fit}") first'
        )
