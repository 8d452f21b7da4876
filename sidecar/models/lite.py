"""The embedded model: EfficientNet-Lite0's class probabilities x MiniLM's sentence vectors of the class names."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.models import compiled_graph, efficientnet_lite, minilm, onnx_runtime, torch_runtime
from sidecar.models.catalogue import LITE, ModelSpec
from sidecar.models.class_space import TOPICS_BEYOND_PICTURES, ClassSpace
from sidecar.models.cpu import cpu_count
from sidecar.models.embedder import EmbedderOptions, Images, ScoringFacts, require_images
from sidecar.models.errors import RuntimeUnavailable
from sidecar.models.minilm import MiniLm
from sidecar.models.runtime_choice import ImageRuntime
from sidecar.models.weights import ChecksumMemory, packaged_file, write_atomically
from sidecar.process_memory import give_back_memory
from sidecar.values import FrameGeometry, Note, Vectors

RULE_VERSION = "1"
"""Part of the model key: raise it when the same weights would give other vectors."""

SCORING = ScoringFacts("class_z", 1.0, enter=2.5, stay=2.0, enter_large=3.5)
"""Thresholds found on held-out cuts between real photos (AUC 0.998); phrases are not dressed as "a photo of"."""

_GRAPH_BATCH = 4
"""Images per run of the graph: 4 cost 10 ms of CPU each, 16 cost 14-17 ms, since their activations leave the cache."""

_NAMES_PATH = Path(__file__).with_name("imagenet_classes.txt")


def class_names() -> tuple[str, ...]:
    """The 1000 ImageNet class names in the classifier's order, made readable."""
    return tuple(_NAMES_PATH.read_text(encoding="utf-8").splitlines())


class LiteEmbedder:
    """The loaded embedded model. The sentence weights (90 MB) are read at the first text, not before."""

    batch_size = 16

    def __init__(self, options: EmbedderOptions) -> None:
        """Verify weights, compile the image graph and the class vectors if that was never done here, and open both.

        Takes under 1 s when warm, about 10 s the first time. Raises WeightsMissing, WeightsMismatch, CompileFailed,
        RuntimeUnavailable.
        """
        self._memory = ChecksumMemory(options.cache_dir / "checksums.json")
        self._image_weights, *self._text_files = [packaged_file(file, self._memory) for file in LITE.files]
        self._minilm: MiniLm | None = None
        self._space = self._load_space(options.cache_dir)
        self._image_runtime = _open_runtime(self._image_weights, options)

    @property
    def spec(self) -> ModelSpec:
        return LITE

    @property
    def model_key(self) -> str:
        image, sentence = LITE.files[0].sha256 or "", LITE.files[1].sha256 or ""
        geometry = f"{self.geometry.fit}{self.geometry.size_px}"
        return f"lite-{RULE_VERSION}-{geometry}-{image[:12]}-{sentence[:12]}-{_names_digest()[:8]}"

    @property
    def dim(self) -> int:
        return minilm.DIM

    @property
    def geometry(self) -> FrameGeometry:
        return LITE.geometry

    @property
    def scoring(self) -> ScoringFacts:
        return SCORING

    @property
    def device(self) -> str:
        return self._image_runtime.device

    @property
    def runtime(self) -> str:
        return self._image_runtime.name

    @property
    def memory_bytes(self) -> int:
        sentences = self._minilm.memory_bytes if self._minilm else 0
        return self._image_runtime.memory_bytes + self._space.class_vectors.nbytes + sentences

    @property
    def notes(self) -> tuple[Note, ...]:
        return self._image_runtime.notes

    def embed_images(self, images: Images) -> Vectors:
        """See ImageTextEmbedder."""
        require_images(images, self.geometry)
        batches = [images[i : i + _GRAPH_BATCH] for i in range(0, max(len(images), 1), _GRAPH_BATCH)]
        return self._space.images(np.concatenate([self._image_runtime.run(batch) for batch in batches]))

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """See ImageTextEmbedder."""
        return self._space.texts(self._sentences().embed(texts))

    def knows(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """True for texts that name something near the 1000 classes; see class_space.KNOWN_MARGIN."""
        return self._space.knows(self._sentences().embed(texts))

    def background_vectors(self) -> Vectors:
        """The 1000 class vectors, centred and normalised as texts are."""
        return self._space.background()

    def close(self) -> None:
        """Free the graph and the sentence weights."""
        self._image_runtime.close()
        self._minilm = None
        give_back_memory()

    def _sentences(self) -> MiniLm:
        if self._minilm is None:
            weights, tokenizer = self._text_files
            self._minilm = MiniLm(weights, tokenizer)
        return self._minilm

    def _load_space(self, cache_dir: Path) -> ClassSpace:
        path = cache_dir / f"class-vectors-{_names_digest()[:16]}-{(LITE.files[1].sha256 or '')[:16]}.npz"
        try:
            with np.load(path) as stored:
                space = ClassSpace(stored["classes"], stored["topics"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            space = ClassSpace(self._sentences().embed(class_names()), self._sentences().embed(TOPICS_BEYOND_PICTURES))
            content = io.BytesIO()
            np.savez(content, classes=space.class_vectors, topics=space.topic_vectors)
            write_atomically(path, content.getvalue())
        return space


def _names_digest() -> str:
    return hashlib.sha256("\n".join((*class_names(), *TOPICS_BEYOND_PICTURES)).encode()).hexdigest()


def _open_runtime(weights: Path, options: EmbedderOptions) -> ImageRuntime:
    threads = options.threads or cpu_count()
    if onnx_runtime.is_installed() and options.runtime in ("auto", "onnx-fp32"):
        stem = f"efficientnet-lite0-{(LITE.files[0].sha256 or '')[:16]}-{efficientnet_lite.EXPORT_VERSION}"
        graph = compiled_graph.compiled_graph(
            options.cache_dir, stem, "sidecar.models.efficientnet_lite", ["--weights", str(weights)]
        )
        return onnx_runtime.OnnxImageRuntime(graph, threads)
    if torch_runtime.is_installed() and options.runtime in ("auto", "torch-fp32"):
        return torch_runtime.TorchImageRuntime(efficientnet_lite.build(weights), "cpu", "fp32", threads)
    raise RuntimeUnavailable(
        f'runtime "{options.runtime}" cannot run the model "lite" here: allowed are "auto", "onnx-fp32" (needs the '
        'package onnxruntime) and "torch-fp32" (needs torch)'
    )
