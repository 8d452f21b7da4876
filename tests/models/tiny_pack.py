"""An insightface pack whose three networks have the true interface and answers that a person can work out.

Detector: a face wherever 8 x 8 pixels (aligned to 8) are pure red; the box reaches 32 px each way, and the landmarks
are ArcFace's template around it. Recogniser: the mean colours of 7 x 7 blocks of the crop, then zeros. Genderage: logit
"female" is the mean green, "male" the mean red, the age the mean blue, each as (value - 127.5) / 128.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save

from sidecar.models.face_align import ARCFACE_POINTS

DIM = 512
BLOCKS = 3 * 7 * 7
POINTS = (ARCFACE_POINTS - ARCFACE_POINTS.mean(axis=0)) * np.float32(0.5)
"""Landmarks beside the red square's corner, in pixels."""


def _constant(name: str, values: NDArray[np.generic] | np.generic) -> object:
    return numpy_helper.from_array(np.asarray(values), name)


def _write(
    path: Path, nodes: list[Any], constants: list[Any], shape: list[int | None], outputs: dict[str, Any]
) -> None:
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, size) for name, size in outputs.items()],
        constants,
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def write_detector(path: Path) -> None:
    nodes = []
    outputs: dict[str, list[int | None]] = {}
    constants = [
        _constant("redness", np.array([0.5, -0.25, -0.25], np.float32).reshape(1, 3, 1, 1)),
        _constant("zero", np.float32(0)),
        _constant("one", np.float32(1)),
        _constant("column", np.array([-1, 1], np.int64)),
    ]
    for stride in (8, 16, 32):
        constants += [
            _constant(f"share{stride}", np.float32(1 if stride == 8 else 0)),
            _constant(f"box{stride}", np.full((1, 4), 4, np.float32)),
            _constant(f"points{stride}", (POINTS / 8).reshape(1, 10)),
        ]
        nodes += [
            helper.make_node("AveragePool", ["input"], [f"a{stride}"], kernel_shape=[stride] * 2, strides=[stride] * 2),
            helper.make_node("Conv", [f"a{stride}", "redness"], [f"b{stride}"]),
            helper.make_node("Clip", [f"b{stride}", "zero", "one"], [f"c{stride}"]),
            helper.make_node("Reshape", [f"c{stride}", "column"], [f"d{stride}"]),
            helper.make_node("Concat", [f"d{stride}", f"d{stride}"], [f"e{stride}"], axis=1),  # two anchors
            helper.make_node("Reshape", [f"e{stride}", "column"], [f"f{stride}"]),
            helper.make_node("Mul", [f"f{stride}", f"share{stride}"], [f"score{stride}"]),
            helper.make_node("Mul", [f"f{stride}", "zero"], [f"g{stride}"]),
            helper.make_node("Add", [f"g{stride}", f"box{stride}"], [f"boxes{stride}"]),
            helper.make_node("Add", [f"g{stride}", f"points{stride}"], [f"marks{stride}"]),
        ]
    for name, width in (("score", 1), ("boxes", 4), ("marks", 10)):
        outputs |= {f"{name}{stride}": [None, width] for stride in (8, 16, 32)}
    _write(path, nodes, constants, [1, 3, None, None], outputs)


def write_recogniser(path: Path, size_px: int = 112) -> None:
    wide = np.zeros((BLOCKS, DIM), np.float32)
    wide[:, :BLOCKS] = np.eye(BLOCKS)
    nodes = [
        helper.make_node("AveragePool", ["input"], ["a"], kernel_shape=[size_px // 7] * 2, strides=[size_px // 7] * 2),
        helper.make_node("Flatten", ["a"], ["b"]),
        helper.make_node("MatMul", ["b", "wide"], ["rows"]),
    ]
    _write(path, nodes, [_constant("wide", wide)], [None, 3, size_px, size_px], {"rows": [None, DIM]})


def write_genderage(path: Path) -> None:
    green_red_blue = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["a"]),
        helper.make_node("Flatten", ["a"], ["b"]),
        helper.make_node("MatMul", ["b", "order"], ["rows"]),
    ]
    _write(path, nodes, [_constant("order", green_red_blue)], [None, 3, 96, 96], {"rows": [None, 3]})


def write_pack(folder: Path, genderage: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_detector(folder / "det_tiny.onnx")
    write_recogniser(folder / "w_tiny.onnx")
    if genderage:
        write_genderage(folder / "genderage.onnx")
    return folder
