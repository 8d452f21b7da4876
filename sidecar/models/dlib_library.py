"""The only file that imports dlib: its detector, its landmarks, and its recognition network.

As a program (`python -m sidecar.models.dlib_library`) it compiles the network to ONNX in a process of its own, and
compares what that gives with what dlib gives.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sidecar.models import dlib_network, onnx_runtime
from sidecar.models.errors import CompileFailed, RuntimeUnavailable
from sidecar.models.runtime_choice import probe_images
from sidecar.values import RgbImage, Vectors

MAX_DIFFERENCE = 1e-3
"""How far any number of a compiled vector may be from dlib's (they are 1.3 to 1.6 long); 3e-7 is usual."""

CHIP_PADDING = 0.25
"""How much is left around the face in a chip, in face sizes: dlib's own for recognition."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its score; left and top are its first pixels, right and bottom its last."""

    left: int
    top: int
    right: int
    bottom: int
    score: float = 0.0


class Detector:
    """The HOG detector of frontal faces. Not thread-safe; lets other threads go on while it runs."""

    def __init__(self) -> None:
        """Raises RuntimeUnavailable where dlib cannot be imported."""
        self._detector = _library().get_frontal_face_detector()

    def find(self, image: RgbImage, least_score: float) -> tuple[Box, ...]:
        boxes, scores, _ = self._detector.run(np.ascontiguousarray(image), 0, least_score)
        return tuple(
            Box(box.left(), box.top(), box.right(), box.bottom(), float(score))
            for box, score in zip(boxes, scores, strict=True)
        )


class Landmarker:
    """The five-point shape predictor, and the chips that are cut by it. Thread-safe; about 1 ms a face."""

    def __init__(self, weights: Path) -> None:
        self._dlib = _library()
        self._predictor = self._dlib.shape_predictor(str(weights))

    def points(self, image: RgbImage, box: Box) -> NDArray[np.float64]:
        """float64 (5, 2): outer and inner corner of the right eye, of the left eye, and the base of the nose.

        Left and right as in the picture.
        """
        return np.array([(point.x, point.y) for point in self._shape(image, box).parts()], np.float64)

    def chip(self, image: RgbImage, box: Box) -> RgbImage:
        """The aligned face (150, 150, 3) that the network takes."""
        chip: RgbImage = self._dlib.get_face_chip(
            np.ascontiguousarray(image), self._shape(image, box), dlib_network.CHIP_PX, CHIP_PADDING
        )
        return chip

    def _shape(self, image: RgbImage, box: Box) -> Any:
        rectangle = self._dlib.rectangle(box.left, box.top, box.right, box.bottom)
        return self._predictor(np.ascontiguousarray(image), rectangle)


class DlibNetwork:
    """dlib's own run of the network: 80 ms a face, and all threads stand still meanwhile."""

    name = "dlib"

    def __init__(self, weights: Path) -> None:
        self._network = _library().face_recognition_model_v1(str(weights))
        self.memory_bytes = weights.stat().st_size

    def run(self, images: Sequence[RgbImage] | NDArray[np.uint8]) -> Vectors:
        """Raw vectors (N, 128) of chips (N, 150, 150, 3)."""
        rows = [np.array(self._network.compute_face_descriptor(np.ascontiguousarray(image))) for image in images]
        return np.array(rows, np.float32).reshape(len(rows), dlib_network.DIM)

    def close(self) -> None:
        self._network = None


def _library() -> Any:
    try:
        import dlib
    except ImportError as error:
        raise RuntimeUnavailable(
            f"the face model dlib needs the package dlib-bin, which does not work here ({error}); run: "
            "python -m pip install dlib-bin"
        ) from error
    return dlib


def compile_network(weights: Path, out: Path) -> float:
    """Write the network as an ONNX file; return how far its vectors are from dlib's at most.

    Raises CheckpointRefused (the file is not that network), CompileFailed (the vectors differ).
    """
    dlib_network.save(*dlib_network.read_layers(weights), out)
    chips = probe_images(dlib_network.CHIP_PX)
    compiled = onnx_runtime.OnnxImageRuntime(out, threads=1)
    difference = float(np.abs(compiled.run(chips) - DlibNetwork(weights).run(chips)).max())
    if not difference < MAX_DIFFERENCE:  # also where it is no number at all
        raise CompileFailed(f"the compiled network's vectors are {difference:.1e} away from dlib's")
    return difference


def main() -> None:
    """Compile dlib's face recognition network to an ONNX file, and compare it with dlib."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    compile_network(arguments.weights, arguments.out)


if __name__ == "__main__":
    main()
