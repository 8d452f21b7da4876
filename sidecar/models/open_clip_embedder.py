"""Any open_clip model as an embedder: weights from local files, the image tower on the fastest faithful runtime."""

from __future__ import annotations

import copy
import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.models import compiled_graph, onnx_runtime, open_clip_library, torch_runtime
from sidecar.models.cpu import cpu_count, cpu_name
from sidecar.models.embedder import EmbedderOptions, Images, ScoringFacts, require_images
from sidecar.models.errors import ModelError, RuntimeUnavailable, WeightsMismatch, WeightsMissing
from sidecar.models.open_clip_library import Architecture, LoadedClip
from sidecar.models.runtime_choice import (
    RUNTIMES,
    Candidate,
    ImageRuntime,
    RuntimeMemory,
    choose,
    probe_images,
)
from sidecar.models.spec import ModelSpec, slug
from sidecar.models.weights import ChecksumMemory, find_weights, recorded_sha256
from sidecar.process_memory import give_back_memory
from sidecar.values import FrameGeometry, Note, Vectors

_FOLDER_WEIGHTS = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "model.safetensors",
    "open_clip_pytorch_model.bin",
    "pytorch_model.bin",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Files:
    """name: for open_clip; weights: the one file with weights; folder: where tokenizer files lie."""

    name: str
    weights: Path
    folder: Path


class OpenClipEmbedder:
    """A loaded open_clip model. Words always run in torch fp32; the image tower where it is fastest."""

    def __init__(self, spec: ModelSpec, options: EmbedderOptions) -> None:
        """Build the model, and choose, or remember, its runtime.

        The first load of a model on a CPU compiles and times every runtime once (ViT-B-32: about 20 s).
        Raises WeightsMissing, CheckpointRefused, RuntimeUnavailable.
        """
        self._spec = spec
        if options.runtime not in ("auto", *RUNTIMES):
            raise RuntimeUnavailable(
                f'runtime "{options.runtime}" does not exist; allowed: auto, {", ".join(RUNTIMES)}'
            )
        files = _locate(spec, options.models_dir)
        sha256 = ChecksumMemory(options.cache_dir / "checksums.json").sha256(files.weights)
        recorded = recorded_sha256(files.weights.parent, files.weights.name)
        if spec.checkpoint is None and recorded is not None and recorded != sha256:
            raise WeightsMismatch(
                f"{files.weights} has sha256 {sha256}, but had {recorded} when it was fetched: delete it, and run "
                f"scripts/fetch_models --model {spec.id}"
            )
        self._architecture = open_clip_library.architecture(files.name, spec.pretrained)
        self._model_key = _model_key(files.name, self._architecture, sha256)
        self._text_device = _text_device(options)
        self._notes: tuple[Note, ...] = ()
        torch_runtime.set_threads(options.threads or cpu_count())
        self._clip = open_clip_library.build(files.name, spec.pretrained, files.weights, files.folder)
        self._image_runtime = self._open_or_fall_back(files, options)
        # The runtime holds the image tower that it needs. A compiled one has its own copy, and torch's 350 MB must go.
        self._clip.model.visual = None
        self._clip = replace(self._clip, image_module=None)
        give_back_memory()
        self._clip.model.to(self._text_device)
        self._text_bytes = torch_runtime.module_bytes(self._clip.model)

    @property
    def spec(self) -> ModelSpec:
        return self._spec

    @property
    def model_key(self) -> str:
        return self._model_key

    @property
    def dim(self) -> int:
        return self._architecture.dim

    @property
    def geometry(self) -> FrameGeometry:
        return FrameGeometry(self._architecture.preprocess.size_px, self._architecture.preprocess.fit)

    @property
    def scoring(self) -> ScoringFacts:
        """Softmax against background prompts at the trained scale.

        The thresholds are where a tag outweighs all background prompts together with some distance (0.5 is a draw);
        they are not calibrated on labelled video.
        """
        return ScoringFacts("background_softmax", self._clip.logit_scale, enter=0.6, stay=0.4, enter_large=0.75)

    @property
    def device(self) -> str:
        return self._image_runtime.device

    @property
    def runtime(self) -> str:
        return self._image_runtime.name

    @property
    def memory_bytes(self) -> int:
        return self._image_runtime.memory_bytes + self._text_bytes

    @property
    def batch_size(self) -> int:
        return 64 if self.device.startswith("cuda") else 8

    @property
    def notes(self) -> tuple[Note, ...]:
        return self._notes + self._image_runtime.notes

    def embed_images(self, images: Images) -> Vectors:
        """See ImageTextEmbedder."""
        require_images(images, self.geometry)
        step = max(self.batch_size, 1)
        rows = [self._image_runtime.run(images[i : i + step]) for i in range(0, max(len(images), 1), step)]
        return np.concatenate(rows)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """See ImageTextEmbedder. Words beyond the model's context length are cut by its tokenizer."""
        rows = [self._encode(list(texts[i : i + 16])) for i in range(0, len(texts), 16)]
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), np.float32)

    def knows(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """True for every text: these models were trained on free captions."""
        return np.ones(len(texts), np.bool_)

    def background_vectors(self) -> None:
        """None: the background of these models is a list of prompts."""

    def close(self) -> None:
        """Free both towers."""
        self._image_runtime.close()
        self._clip = LoadedClip(None, None, None, self._clip.logit_scale)
        give_back_memory()

    def _encode(self, texts: list[str]) -> Vectors:
        try:
            rows: Vectors = open_clip_library.encode_texts(self._clip, texts, self._text_device)
        except Exception as error:
            if self._text_device == "cpu" or not torch_runtime.is_out_of_memory(error):
                raise
            self._notes += (Note("gpu_out_of_memory", "GPU memory is too short for the words: they run on the CPU"),)
            self._text_device = "cpu"
            self._clip.model.to("cpu")
            rows = open_clip_library.encode_texts(self._clip, texts, "cpu")
        return rows

    def _open_or_fall_back(self, files: _Files, options: EmbedderOptions) -> ImageRuntime:
        """The runtime; on the CPU where the GPU fails and the owner did not insist on it."""
        try:
            return self._open_runtime(files, options)
        except Exception as error:
            if self._text_device != "cpu" and options.device == "auto" and options.runtime == "auto":
                self._notes += (Note("gpu_unusable", f"the GPU cannot run this model ({error}): it runs on the CPU"),)
                self._text_device = "cpu"
                return self._open_or_fall_back(files, options)
            if isinstance(error, ModelError):
                raise
            raise RuntimeUnavailable(
                f"{self._spec.id} cannot run here ({error}); try another runtime or device"
            ) from error

    def _open_runtime(self, files: _Files, options: EmbedderOptions) -> ImageRuntime:
        """The runtime that was asked for, or remembered, or else the best one measured now."""
        threads = options.threads or cpu_count()
        candidates = self._candidates(files, options, threads)
        if options.runtime != "auto":
            return _named(candidates, options.runtime).open()
        device = self._text_device
        key = " | ".join((self._model_key, device, cpu_name(), f"{threads} threads", _versions()))
        memory = RuntimeMemory(options.cache_dir / "runtimes.json")
        remembered = memory.get(key)
        if remembered is not None and any(one.name == remembered for one in candidates):
            try:
                return _named(candidates, remembered).open()
            except Exception as error:
                _log.warning("runtime %s worked before and does not now (%s): measuring again", remembered, error)
        probes = probe_images(self.geometry.size_px)
        reference = self._torch_runtime("cpu", "fp32", threads).run(probes)
        default = [one for one in candidates if one.name in _automatic(device)]
        chosen, measurements = choose(default, reference, probes, time.perf_counter)
        name = next(one.name for one in measurements if chosen.name == _label(one.name))
        memory.put(key, name, measurements)
        _log.info("%s runs on %s: %s", self._spec.id, chosen.name, measurements)
        return chosen

    def _candidates(self, files: _Files, options: EmbedderOptions, threads: int) -> list[Candidate]:
        device = self._text_device
        torch_names: tuple[torch_runtime.Precision, ...] = ("fp32", "fp16", "bf16")
        candidates = [
            Candidate(f"torch-{precision}", lambda p=precision: self._torch_runtime(device, p, threads))  # type: ignore[misc]
            for precision in torch_names
        ]
        if device == "cpu" and onnx_runtime.is_installed():
            candidates += [
                Candidate("onnx-fp32", lambda: onnx_runtime.OnnxImageRuntime(self._graph(files, options), threads)),
                Candidate(
                    "onnx-int8",
                    lambda: onnx_runtime.OnnxImageRuntime(self._int8_graph(files, options), threads, "int8"),
                ),
            ]
        return candidates

    def _torch_runtime(self, device: str, precision: torch_runtime.Precision, threads: int) -> ImageRuntime:
        # Half precision changes weights in place, so it gets a copy: the fp32 weights are the reference.
        module = self._clip.image_module if precision == "fp32" and device == "cpu" else None
        return torch_runtime.TorchImageRuntime(
            module or copy.deepcopy(self._clip.image_module), device, precision, threads
        )

    def _graph(self, files: _Files, options: EmbedderOptions) -> Path:
        stem = f"{self._model_key}-{open_clip_library.EXPORT_VERSION}"
        arguments = ["--name", files.name, "--weights", str(files.weights), "--tokenizer-folder", str(files.folder)]
        if self._spec.pretrained:
            arguments += ["--tag", self._spec.pretrained]
        return compiled_graph.compiled_graph(options.cache_dir, stem, "sidecar.models.open_clip_library", arguments)

    def _int8_graph(self, files: _Files, options: EmbedderOptions) -> Path:
        graph = self._graph(files, options)
        return compiled_graph.compiled_graph(
            options.cache_dir, f"{graph.stem}-int8", "sidecar.models.onnx_runtime", ["--graph", str(graph)]
        )


def _automatic(device: str) -> tuple[str, ...]:
    """What "auto" tries. On a GPU half precision first; on a CPU bf16 only where it is in hardware."""
    if device != "cpu":
        return ("torch-fp16", "torch-bf16", "torch-fp32")
    return ("torch-fp32", *(("torch-bf16",) if torch_runtime.bf16_is_fast() else ()), "onnx-fp32", "onnx-int8")


def _label(name: str) -> str:
    return name.replace("onnx-", "onnxruntime ").replace("torch-", "torch ")


def _named(candidates: Sequence[Candidate], name: str) -> Candidate:
    for candidate in candidates:
        if candidate.name == name:
            return candidate
    raise RuntimeUnavailable(
        f'runtime "{name}" is not available on this device; available: '
        f"{', '.join(one.name for one in candidates)}, or auto"
    )


def _versions() -> str:
    return f"{torch_runtime.versions()}, {onnx_runtime.versions() if onnx_runtime.is_installed() else 'no onnxruntime'}"


def _text_device(options: EmbedderOptions) -> str:
    if options.device == "cpu" or options.runtime.startswith("onnx"):
        return "cpu"
    reason = torch_runtime.cuda_reason()
    if reason is None:
        return "cuda:0"
    if options.device == "cuda":
        raise RuntimeUnavailable(f'device "cuda" cannot be used: {reason}; use device "cpu" or "auto"')
    return "cpu"


def _locate(spec: ModelSpec, models_dir: Path) -> _Files:
    """Find the files of a spec. Raises WeightsMissing with what to run."""
    if spec.checkpoint is not None and spec.checkpoint.is_file():
        return _Files(spec.name, spec.checkpoint, spec.checkpoint.parent)
    folder = spec.checkpoint or models_dir / spec.folder_name
    name = spec.name if not spec.name.startswith("hf-hub:") else f"local-dir:{folder}"
    weights = find_weights(spec, folder) if spec.files else None
    if weights is None:
        weights = next((folder / one for one in _FOLDER_WEIGHTS if (folder / one).is_file()), None)
    if weights is None:
        advice = (
            f"put {_FOLDER_WEIGHTS[0]} there" if spec.checkpoint else f"run: scripts/fetch_models --model {spec.id}"
        )
        raise WeightsMissing(f"the weights of {spec.id} are not in {folder}; {advice}. The model lite needs none")
    return _Files(name, weights, folder)


def _model_key(name: str, architecture: Architecture, sha256: str) -> str:
    facts = f"{architecture.preprocess}|{architecture.config_json}"
    short = "folder" if name.startswith("local-dir:") else slug(name)[:40]
    return f"clip-{short}-{sha256[:16]}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"
