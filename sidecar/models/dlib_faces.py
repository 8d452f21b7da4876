"""The embedded face model: dlib's HOG detector, its five landmarks and its ResNet. The only file that imports dlib."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceRules, FaceTraits, FoundFace
from sidecar.models import face_pose
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import RuntimeUnavailable
from sidecar.models.face_catalogue import DLIB
from sidecar.models.weights import ChecksumMemory, packaged_file
from sidecar.process_memory import give_back_memory
from sidecar.values import Note, RgbImage, Vectors

if TYPE_CHECKING:
    from sidecar.models.spec import ModelSpec

RULE_VERSION = "1"
"""Part of the model key: raise it when the same weights would give other vectors."""

DIM = 128
CHIP_PX = 150
CHIP_PADDING = 0.25

DETECT_PX = 960
"""The detector finds faces from about 80 px on: at 960 px those that fill a sixth of a 16:9 frame's height."""

_WEAKEST_SCORE = 0.0
_SURE_SCORE = 1.5
"""The detector's scores are distances from its separating plane: 0 is its own threshold; frontal faces have 1 to 3, and
most false ones stay below 0.3."""

RULES = FaceRules(same_track=0.5, same_group=0.6, impostor_mean=0.12, impostor_sd=0.17, match=0.62, maybe=0.48)
"""Cosines after MEAN_FACE is taken away.

maybe: dlib's published threshold, a distance of 0.6 between raw vectors (99.38 % on LFW's pairs); centred vectors are
0.59 long on average, so that is a cosine of 1 - 0.6**2 / (2 * 0.59**2) = 0.48. match: the same for 0.51, three standard
deviations above impostors. impostor_*: nine people's real faces, six copies of each, with both people of a pair left
out of the mean: 0.12, 0.17, at most 0.62. Copies of one face (mirrored, half size, 0.4 as bright, JPEG 25, blurred by
2 px) have 0.71 and more, 0.95 in the middle; other photos of one person have less, for which same_track and same_group
leave room. Nine people say little: a library's own references say more (sidecar.people.calibration).
"""

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
    dim = DIM
    rules = RULES
    device = "cpu"
    runtime = "dlib"
    notes: tuple[Note, ...] = ()

    def __init__(self, options: EmbedderOptions) -> None:
        """Verify and open the weights; about 0.3 s. Raises WeightsMissing, WeightsMismatch, RuntimeUnavailable."""
        memory = ChecksumMemory(options.cache_dir / "checksums.json")
        landmarks, network = (packaged_file(file, memory) for file in DLIB.files)
        dlib = _library()
        self._dlib = dlib
        self._detector = dlib.get_frontal_face_detector()
        self._landmarks = dlib.shape_predictor(str(landmarks))
        self._network = dlib.face_recognition_model_v1(str(network))
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
    def memory_bytes(self) -> int:
        return sum(file.size_bytes or 0 for file in DLIB.files)

    def detect(self, image: RgbImage) -> tuple[FoundFace, ...]:
        """See FaceDetector. Other threads go on meanwhile."""
        with self._alone:
            rectangles, scores, _ = self._detector.run(np.ascontiguousarray(image), 0, _WEAKEST_SCORE)
        found = [self._found(image, box, score) for box, score in zip(rectangles, scores, strict=True)]
        return tuple(sorted(found, key=lambda face: -face.score))

    def score_share(self, score: float) -> float:
        """See FaceDetector: linear from the detector's threshold to _SURE_SCORE."""
        return min(max((score - _WEAKEST_SCORE) / (_SURE_SCORE - _WEAKEST_SCORE), 0.0), 1.0)

    def embed(self, image: RgbImage, faces: Sequence[FoundFace]) -> Vectors:
        """See FaceEmbedder. Landmarks are found anew: dlib's own five are not those of FoundFace."""
        centred = self.raw(image, faces) - self._mean
        unit: Vectors = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        return unit

    def raw(self, image: RgbImage, faces: Sequence[FoundFace]) -> Vectors:
        """The same as dlib's own vectors (N, 128): about 1.45 long, equal faces at most 0.6 apart."""
        rows = [np.array(self._network.compute_face_descriptor(self._chip(image, face))) for face in faces]
        return np.array(rows, np.float32).reshape(len(rows), DIM)

    def traits(self, image: RgbImage, faces: Sequence[FoundFace]) -> tuple[FaceTraits, ...]:
        """It guesses nothing."""
        return (FaceTraits(),) * len(faces)

    def close(self) -> None:
        """Free the weights."""
        self._detector = self._landmarks = self._network = None
        give_back_memory()

    def _found(self, image: RgbImage, box: Any, score: float) -> FoundFace:
        right_outer, right_inner, left_outer, left_inner, nose = self._points(image, box)
        landmarks = face_pose.complete((left_outer + left_inner) / 2, (right_outer + right_inner) / 2, nose)
        edges = (float(box.left()), float(box.top()), float(box.right() + 1), float(box.bottom() + 1))
        return FoundFace(edges, landmarks, float(score))

    def _points(self, image: RgbImage, box: Any) -> NDArray[np.float64]:
        return np.array([(point.x, point.y) for point in self._landmarks(image, box).parts()], np.float64)

    def _chip(self, image: RgbImage, face: FoundFace) -> RgbImage:
        left, top, right, bottom = (round(edge) for edge in face.box_px)
        box = self._dlib.rectangle(left, top, right - 1, bottom - 1)
        shape = self._landmarks(np.ascontiguousarray(image), box)
        chip: RgbImage = self._dlib.get_face_chip(np.ascontiguousarray(image), shape, CHIP_PX, CHIP_PADDING)
        return chip


def _library() -> Any:
    try:
        import dlib
    except ImportError as error:
        raise RuntimeUnavailable(
            f"the face model dlib needs the package dlib-bin, which does not work here ({error}); run: "
            "python -m pip install dlib-bin"
        ) from error
    return dlib
