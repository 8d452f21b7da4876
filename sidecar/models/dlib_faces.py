"""The embedded face model: dlib's HOG detector, its five landmarks and its ResNet."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceRules, FaceTraits, FoundFace
from sidecar.models import compiled_graph, dlib_library, dlib_network, face_pose, onnx_runtime
from sidecar.models.cpu import cpu_count
from sidecar.models.dlib_library import Box
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import CompileFailed, RuntimeUnavailable
from sidecar.models.face_catalogue import DLIB
from sidecar.models.face_picture import resized
from sidecar.models.spec import ModelSpec
from sidecar.models.weights import ChecksumMemory, packaged_file
from sidecar.process_memory import give_back_memory
from sidecar.values import Note, RgbImage, Vectors

RULE_VERSION = "1"
"""Part of the model key: raise it when the same weights would give other vectors."""

DETECT_PX = 1600
"""The detector finds faces from about 60 px on: at 1600 px those that fill a fifteenth of a 16:9 frame's height. Costs
about 100 ms a frame on one core; 960 px would cost 45 and miss all below a ninth."""

MOST_ENLARGED = 2.0
"""Smaller pictures are enlarged by so much at most: faces of 32 px are found then, and still recognised (cosines with
the same face at 100 px: 0.98 at 64 px, 0.96 at 48, 0.93 at 40, 0.86 at 32 in the middle; 0.95, 0.93, 0.89, 0.82 at
least)."""

_WEAKEST_SCORE = 0.15
_SURE_SCORE = 1.5
"""The detector's scores are distances from its separating plane: 0 is its own threshold. Faces of 52 to 536 px had 0.46
to 2.3 (eight people, five sizes each); of thirteen photos without faces, and around the eight, nothing had more than
0.19."""

RULES = FaceRules(same_track=0.5, same_group=0.6, impostor_mean=0.12, impostor_sd=0.17, match=0.62, maybe=0.48)
"""Cosines after MEAN_FACE is taken away.

maybe: dlib's published threshold, a distance of 0.6 between raw vectors (99.38 % on LFW's pairs); centred vectors are
0.59 long on average, so that is a cosine of 1 - 0.6**2 / (2 * 0.59**2) = 0.48. match: the same for 0.51, three standard
deviations above impostors. impostor_*: nine people's real faces, six copies of each, with both people of a pair left
out of the mean: 0.12, 0.17, at most 0.62. Copies of one face (mirrored, half size, 0.4 as bright, JPEG 25, blurred by
2 px) have 0.71 and more, 0.95 in the middle; other photos of one person have less, for which same_track and same_group
leave room. Nine people say little: a library's own references say more (sidecar.people.calibration).
"""

_BATCH = 8

_MEAN_FACE_PATH = Path(__file__).with_name("dlib_mean_face.json")


def mean_face() -> NDArray[np.float32]:
    """float32 (128,): the mean of dlib's vectors of faces, which says "a face" and nothing of whose.

    All of dlib's vectors lie near it: it is 1.36 long, they are 1.45, and without it cosines between different people
    are 0.8 to 0.9. It is the mean over nine people (the six of insightface's t1.jpg, its Tom Hanks, scikit-image's
    astronaut, matplotlib's Grace Hopper) of their face and its mirror image; tests/models/test_dlib_faces.py makes it
    anew and compares. A part of the model: another one is another RULE_VERSION.
    """
    return np.array(json.loads(_MEAN_FACE_PATH.read_bytes()), np.float32)


class DlibFaceModel:
    """The loaded embedded face model."""

    detect_px = DETECT_PX
    dim = dlib_network.DIM
    rules = RULES
    device = "cpu"

    def __init__(self, options: EmbedderOptions) -> None:
        """Verify the weights, compile the network if that was never done here, and open all.

        About 0.3 s when warm, some seconds the first time. Raises WeightsMissing, WeightsMismatch, RuntimeUnavailable.
        """
        memory = ChecksumMemory(options.cache_dir / "checksums.json")
        landmarks, weights = (packaged_file(file, memory) for file in DLIB.files)
        self._detector = dlib_library.Detector()
        self._landmarker = dlib_library.Landmarker(landmarks)
        self._network, self.notes = _open_network(weights, options)
        self._landmark_bytes = landmarks.stat().st_size
        self._mean = mean_face()
        self._alone = threading.Lock()

    @property
    def spec(self) -> ModelSpec:
        return DLIB

    @property
    def model_key(self) -> str:
        landmarks, network = (file.sha256 or "" for file in DLIB.files)
        return f"dlib-{RULE_VERSION}-{landmarks[:12]}-{network[:12]}"

    @property
    def runtime(self) -> str:
        return self._network.name if self._network.name == "dlib" else f"dlib, {self._network.name}"

    @property
    def memory_bytes(self) -> int:
        return self._landmark_bytes + self._network.memory_bytes

    def detect(self, image: RgbImage) -> tuple[FoundFace, ...]:
        """See FaceDetector. Other threads go on meanwhile."""
        longer = max(image.shape[:2])
        enlarged = min(MOST_ENLARGED, DETECT_PX / longer)
        searched = resized(image, round(longer * enlarged)) if enlarged > 1 else image
        with self._alone:
            boxes = self._detector.find(searched, _WEAKEST_SCORE)
        scale = np.float32(longer / max(searched.shape[:2]))
        found = (self._found(searched, box) for box in sorted(boxes, key=lambda box: -box.score))
        return tuple(_scaled(face, scale) for face in found) if enlarged > 1 else tuple(found)

    def score_share(self, score: float) -> float:
        """See FaceDetector: linear from the detector's threshold to _SURE_SCORE."""
        return min(max((score - _WEAKEST_SCORE) / (_SURE_SCORE - _WEAKEST_SCORE), 0.0), 1.0)

    def embed(self, image: RgbImage, faces: Sequence[FoundFace]) -> Vectors:
        """See FaceEmbedder. Landmarks are found anew: dlib's own five are not those of FoundFace."""
        centred = self.raw(image, faces) - self._mean
        unit: Vectors = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        return unit

    def raw(self, image: RgbImage, faces: Sequence[FoundFace]) -> Vectors:
        """The same as dlib's own vectors (N, 128): about 1.45 long, those of one person at most 0.6 apart."""
        chips = [self._landmarker.chip(image, _box(face)) for face in faces]
        parts = [chips[start : start + _BATCH] for start in range(0, len(chips), _BATCH)]
        rows = [self._network.run(np.stack(part)) for part in parts]
        return np.concatenate([np.zeros((0, self.dim), np.float32), *rows])

    def traits(self, image: RgbImage, faces: Sequence[FoundFace]) -> tuple[FaceTraits, ...]:
        """It guesses nothing."""
        return (FaceTraits(),) * len(faces)

    def close(self) -> None:
        """Free the network."""
        self._network.close()
        give_back_memory()

    def _found(self, image: RgbImage, box: Box) -> FoundFace:
        right_outer, right_inner, left_outer, left_inner, nose = self._landmarker.points(image, box)
        landmarks = face_pose.complete((left_outer + left_inner) / 2, (right_outer + right_inner) / 2, nose)
        return FoundFace((box.left, box.top, box.right + 1.0, box.bottom + 1.0), landmarks, box.score)


def _scaled(face: FoundFace, scale: np.float32) -> FoundFace:
    left, top, right, bottom = (float(edge * scale) for edge in face.box_px)
    return FoundFace((left, top, right, bottom), face.landmarks_px * scale, face.score)


def _box(face: FoundFace) -> Box:
    left, top, right, bottom = (round(edge) for edge in face.box_px)
    return Box(left, top, right - 1, bottom - 1)


def _open_network(
    weights: Path, options: EmbedderOptions
) -> tuple[dlib_library.DlibNetwork | onnx_runtime.OnnxImageRuntime, tuple[Note, ...]]:
    """The compiled network, or dlib's own with a note why."""
    stem = f"dlib-faces-{(DLIB.files[1].sha256 or '')[:16]}-{dlib_network.EXPORT_VERSION}"
    try:
        if not onnx_runtime.is_installed():
            raise RuntimeUnavailable("the package onnxruntime is not installed")
        graph = compiled_graph.compiled_graph(
            options.cache_dir, stem, "sidecar.models.dlib_library", ["--weights", str(weights)]
        )
        return onnx_runtime.OnnxImageRuntime(graph, options.threads or cpu_count()), ()
    except (CompileFailed, RuntimeUnavailable) as error:
        note = f"faces are compared slowly, by dlib itself, and everything waits for it: {error}"
        return dlib_library.DlibNetwork(weights), (Note("face_model_not_compiled", note),)
