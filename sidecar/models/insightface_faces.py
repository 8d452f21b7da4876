"""Face models from insightface's packs: SCRFD detector, ArcFace recogniser. The only file that imports insightface."""

from __future__ import annotations

import hashlib
import math
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sidecar.faces import FaceRules, FaceTraits, FoundFace
from sidecar.models import onnx_runtime
from sidecar.models.cpu import cpu_count
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import CheckpointRefused, RuntimeUnavailable, WeightsMissing
from sidecar.models.face_align import CROP_PX, arcface_crop, warp
from sidecar.models.spec import ModelSpec, slug
from sidecar.models.weights import ChecksumMemory, pack_folder
from sidecar.process_memory import give_back_memory
from sidecar.values import Note, RgbImage, Vectors

RULE_VERSION = "1"
"""Part of the model key: raise it when the same weights would give other vectors."""

DETECT_PX = 640
"""What the packs' detectors were trained for, and insightface's usual det_size: finds faces from about 20 px on."""

LEAST_SCORE = 0.5
_SURE_SCORE, _NO_SCORE = 0.8, 0.4

RULES = FaceRules(same_track=0.40, same_group=0.45, impostor_mean=0.02, impostor_sd=0.07, match=0.50, maybe=0.35)
"""Cosines of ArcFace's vectors. None of it was measured here, since no weights may be shipped: a library's own
references say more (sidecar.people.calibration). impostor_*: assumed, a little wider than chance in 512 dimensions
(0.044). match: what Immich accepts, a cosine distance of 0.5. maybe: nearly five standard deviations above impostors.
same_*: between the two, for a medium and its groups hold far fewer people than a gallery."""

_TASKS = ("detection", "recognition", "genderage")
_MAX_BATCH = 16
_TRAITS_MARGIN = 1.5
_DETECTION = {"det_thresh": LEAST_SCORE, "det_size": (DETECT_PX, DETECT_PX)}


class InsightfaceModel:
    """A loaded pack. Detection and recognition release the GIL: they run in onnxruntime."""

    detect_px = DETECT_PX
    rules = RULES

    def __init__(self, spec: ModelSpec, options: EmbedderOptions) -> None:
        """Open a pack. Raises WeightsMissing, CheckpointRefused (damaged, or no pack), RuntimeUnavailable."""
        folder = spec.checkpoint or pack_folder(spec, options.models_dir)
        self._spec = spec
        self.notes: tuple[Note, ...] = ()
        self._alone = threading.Lock()
        self.device, providers = self._choose_device(options)
        self._models = _open(spec, folder, providers, onnx_runtime.session_options(options.threads or cpu_count()))
        recogniser = self._models["recognition"]
        self.dim = _dimension(recogniser)
        files = [Path(model.model_file) for model in self._models.values()]
        self.memory_bytes = sum(file.stat().st_size for file in files)
        memory = ChecksumMemory(options.cache_dir / "checksums.json")
        used = (Path(self._models[task].model_file) for task in ("detection", "recognition"))
        digest = hashlib.sha256("".join(memory.sha256(file) for file in used).encode()).hexdigest()
        self.model_key = f"insightface-{RULE_VERSION}-{slug(spec.name)}-{digest[:16]}"

    @property
    def spec(self) -> ModelSpec:
        return self._spec

    @property
    def runtime(self) -> str:
        return f"insightface, onnxruntime {'fp32' if self.device == 'cpu' else 'CUDA'}"

    def detect(self, image: RgbImage) -> tuple[FoundFace, ...]:
        """See FaceDetector."""
        with self._alone:
            boxes, points = self._models["detection"].detect(_bgr(image), max_num=0, metric="default")
        found = (
            FoundFace(
                (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                np.asarray(mark, np.float32),
                float(box[4]),
            )
            for box, mark in zip(boxes, points if points is not None else (), strict=True)
        )
        return tuple(sorted(found, key=lambda face: -face.score))

    def score_share(self, score: float) -> float:
        """See FaceDetector: linear between scores of 0.4 and 0.8."""
        return min(max((score - _NO_SCORE) / (_SURE_SCORE - _NO_SCORE), 0.0), 1.0)

    def embed(self, image: RgbImage, faces: Sequence[FoundFace]) -> Vectors:
        """See FaceEmbedder."""
        recogniser = self._models["recognition"]
        crops = [_bgr(arcface_crop(image, face.landmarks_px)) for face in faces]
        batch = recogniser.input_shape[0] if isinstance(recogniser.input_shape[0], int) else _MAX_BATCH
        parts = [crops[start : start + batch] for start in range(0, len(crops), batch)]
        rows = [np.asarray(recogniser.get_feat(part), np.float32) for part in parts]
        raw = np.concatenate([np.zeros((0, self.dim), np.float32), *rows])
        unit: Vectors = raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9)
        return unit

    def traits(self, image: RgbImage, faces: Sequence[FoundFace]) -> tuple[FaceTraits, ...]:
        """Sex and age from the pack's genderage model; all empty where the pack has none."""
        if (model := self._models.get("genderage")) is None:
            return (FaceTraits(),) * len(faces)
        return tuple(_traits(model, image, face) for face in faces)

    def close(self) -> None:
        """Free the sessions."""
        self._models = {}
        give_back_memory()

    def _choose_device(self, options: EmbedderOptions) -> tuple[str, list[str]]:
        has_cuda = "CUDAExecutionProvider" in onnx_runtime.providers()
        if has_cuda and options.device != "cpu":
            return "cuda:0", ["CUDAExecutionProvider", "CPUExecutionProvider"]
        if options.device == "cuda":
            self.notes = (
                Note(
                    "face_model_on_cpu",
                    "the face model runs on the CPU, since this onnxruntime has no CUDA; install onnxruntime-gpu in "
                    "place of onnxruntime for that",
                ),
            )
        return "cpu", ["CPUExecutionProvider"]


def _bgr(image: RgbImage) -> RgbImage:
    """insightface takes pictures as OpenCV reads them: blue first."""
    return np.ascontiguousarray(image[..., ::-1])


def _open(spec: ModelSpec, folder: Path, providers: list[str], session_options: Any) -> dict[str, Any]:
    """The pack's models by task, ready to run."""
    if not folder.is_dir():
        raise WeightsMissing(f"{folder} is no folder with an insightface pack: {_how_to_get(spec)}")
    face_analysis = _library()
    try:
        analysis = face_analysis(
            name=str(folder), allowed_modules=list(_TASKS), providers=providers, sess_options=session_options
        )
        analysis.prepare(ctx_id=-1 if providers == ["CPUExecutionProvider"] else 0, **_DETECTION)
    except AssertionError as error:  # insightface's only word for a folder without a detector
        raise CheckpointRefused(f"{folder} has no face detector among its .onnx files: {_how_to_get(spec)}") from error
    except Exception as error:  # whatever is wrong inside somebody's files
        raise CheckpointRefused(f"the insightface pack in {folder} cannot be opened ({error}): get it again") from error
    models: dict[str, Any] = analysis.models
    if "recognition" not in models:
        raise CheckpointRefused(f"{folder} has no face recogniser among its .onnx files: {_how_to_get(spec)}")
    if not models["detection"].use_kps:
        raise CheckpointRefused(f"the face detector in {folder} finds no landmarks, which recognition needs")
    if models["recognition"].input_size != (CROP_PX, CROP_PX):
        raise CheckpointRefused(f"the face recogniser in {folder} does not take {CROP_PX} x {CROP_PX} pixels")
    return models


def _how_to_get(spec: ModelSpec) -> str:
    if spec.checkpoint is not None:
        return "name the folder that holds a pack's .onnx files, such as det_10g.onnx and w600k_r50.onnx"
    return f"download it in the plugin's settings, or run: scripts/fetch_models --model {spec.id}"


def _library() -> Any:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        from insightface.app import FaceAnalysis
    except ImportError as error:
        raise RuntimeUnavailable(
            f"this face model needs the package insightface, which does not work here ({error}); run: "
            "python -m pip install insightface==2.1"
        ) from error
    return FaceAnalysis


def _dimension(recogniser: Any) -> int:
    """The length of a recogniser's vectors: what one black crop gives, where the file does not say."""
    if isinstance(width := recogniser.output_shape[-1], int):
        return width
    return int(np.asarray(recogniser.get_feat(np.zeros((CROP_PX, CROP_PX, 3), np.uint8))).shape[-1])


def _traits(model: Any, image: RgbImage, face: FoundFace) -> FaceTraits:
    """The model sees the face's box, half as large again, and says two logits (female, male) and the age / 100."""
    left, top, right, bottom = face.box_px
    size_px = model.input_size[0]
    scale = size_px / max((right - left) * _TRAITS_MARGIN, (bottom - top) * _TRAITS_MARGIN, 1.0)
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    crop = warp(image, np.column_stack([np.eye(2) * scale, size_px / 2 - centre * scale]), size_px)
    blob = ((crop.astype(np.float32) - model.input_mean) / model.input_std).transpose(2, 0, 1)[None]
    female, male, age = (float(v) for v in model.session.run(model.output_names, {model.input_name: blob})[0][0])
    confidence = 1 / (1 + math.exp(-min(abs(male - female), 50.0)))
    return FaceTraits("male" if male > female else "female", confidence, min(max(age * 100, 0.0), 120.0))
