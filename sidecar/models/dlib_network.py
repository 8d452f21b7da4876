"""dlib's face recognition ResNet as an ONNX graph: its weights read from dlib's own file, its layers built anew.

dlib runs the network while it holds the interpreter's lock, so that a whole process stands still for each face; the
same graph in onnxruntime lets everybody else go on, and is faster. The file's format is that of dlib's `serialize`
(dlib/serialize.h, dlib/dnn/layers.h, dlib/cuda/tensor.h), the layers are those of `face_recognition_model_v1`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sidecar.models.errors import CheckpointRefused

EXPORT_VERSION = "1"
CHIP_PX = 150
DIM = 128

_MEAN_RGB = (122.782, 117.001, 104.298)
_SCALE = 256.0
_OPSET = 17
_WIDTHS = (32, 32, 32, -64, 64, 64, 64, -128, 128, 128, -256, 256, 256, -256)
"""Channels of the residual blocks, input first; a negative one halves the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution with the affine layer that follows it folded in. weights: (out, in, y, x). bias: (out,)."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


class _Reader:
    """Reads what dlib's `serialize` wrote, from a position on."""

    def __init__(self, content: bytes) -> None:
        self._content, self.at = content, 0

    def take(self, count: int) -> bytes:
        taken = self._content[self.at : self.at + count]
        if len(taken) < count:
            raise CheckpointRefused("the file ends in the middle of a layer")
        self.at += count
        return taken

    def integer(self) -> int:
        """A control byte (sign in the highest bit, number of bytes in the lowest four), then little-endian bytes."""
        (control,) = self.take(1)
        value = int.from_bytes(self.take(control & 0x0F), "little")
        return -value if control & 0x80 else value

    def tensor(self) -> NDArray[np.float32]:
        """Version 2, four sizes (samples, channels, rows, columns), and float32 values, little-endian."""
        if (version := self.integer()) != 2:
            raise CheckpointRefused(f"a tensor has version {version}, not 2")
        shape = [self.integer() for _ in range(4)]
        count = int(np.prod(shape))
        return np.frombuffer(self.take(4 * count), "<f4").reshape(shape).astype(np.float32)

    def seek(self, *tags: str) -> str:
        """Go on behind the next of these layer names, and say which it is."""
        found = [(self._content.find(_string(tag), self.at), tag) for tag in tags]
        there = [one for one in found if one[0] >= 0]
        if not there:
            raise CheckpointRefused(f"no layer {' or '.join(tags)} follows")
        position, tag = min(there)
        self.at = position + len(_string(tag))
        return tag


def _string(text: str) -> bytes:
    return struct.pack("<BB", 1, len(text)) + text.encode()


def read_layers(path: Path) -> tuple[tuple[Convolution, ...], NDArray[np.float32]]:
    """The convolutions in the order of the forward pass, and the last matrix (256, 128).

    Raises CheckpointRefused where the file is not that network.
    """
    reader = _Reader(path.read_bytes())
    convolutions = tuple(_convolutions(reader))
    reader.seek("fc_2", "fc_3")
    outputs, inputs = reader.integer(), reader.integer()
    matrix = reader.tensor().reshape(inputs, outputs)
    if matrix.shape != (256, DIM):
        raise CheckpointRefused(f"the last layer is {matrix.shape}, not (256, {DIM})")
    return convolutions, matrix


def _convolutions(reader: _Reader) -> Iterator[Convolution]:
    channels = 3
    for width, edge in [(32, 7), *((abs(width), 3) for block in _WIDTHS for width in (block, block))]:
        reader.seek("con_4", "con_5", "con_6")
        values = reader.tensor().ravel()
        filters = reader.integer()
        weights, bias = values[:-width], values[-width:]
        if filters != width or len(weights) != width * channels * edge * edge:
            raise CheckpointRefused(f"a convolution has {filters} filters and {len(values)} values")
        reader.seek("affine_")
        factors = reader.tensor().ravel()
        if len(factors) != 2 * width:
            raise CheckpointRefused(f"an affine layer has {len(factors)} values, not {2 * width}")
        gamma, beta = factors[:width], factors[width:]
        shaped = weights.reshape(width, channels, edge, edge)
        yield Convolution(shaped * gamma[:, None, None, None], bias * gamma + beta)
        channels = width


def save(convolutions: tuple[Convolution, ...], matrix: NDArray[np.float32], out: Path) -> None:
    """Write the graph: uint8 "images" (N, 150, 150, 3) RGB to float32 "rows" (N, 128), as long as dlib's own."""
    from onnx import TensorProto, checker, helper

    graph = _Graph()
    mean = graph.constant(np.array(_MEAN_RGB, np.float32).reshape(1, 3, 1, 1))
    scale = graph.constant(np.array(_SCALE, np.float32))
    x = graph.node("Cast", "images", to=TensorProto.FLOAT)
    x = graph.node("Transpose", x, perm=[0, 3, 1, 2])
    x = graph.node("Div", graph.node("Sub", x, mean), scale)
    first, *others = convolutions
    x = graph.node("Relu", graph.convolution(x, first, stride=2))
    x = graph.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
    edge, channels = 35, 32
    for block, width in enumerate(_WIDTHS):
        x = _residual(graph, x, tuple(others[2 * block : 2 * block + 2]), edge, channels, width)
        edge, channels = edge // 2 if width < 0 else edge, abs(width)
    x = graph.node("Flatten", graph.node("GlobalAveragePool", x))
    graph.node("MatMul", x, graph.constant(matrix), out="rows")
    made = helper.make_graph(
        graph.nodes,
        "dlib_face_recognition_resnet_v1",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", CHIP_PX, CHIP_PX, 3])],
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", DIM])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)
    checker.check_model(model)
    out.write_bytes(model.SerializeToString())


def _residual(graph: _Graph, x: str, pair: tuple[Convolution, ...], edge: int, channels: int, width: int) -> str:
    """Two convolutions beside a shortcut. Where they halve the picture, the shortcut is averaged over 2 x 2.

    What is smaller, in channels or pixels, is filled up with zeros at its end: dlib adds what overlaps.
    """
    halves, inner = width < 0, graph.node("Relu", graph.convolution(x, pair[0], 2 if width < 0 else 1))
    y = graph.convolution(inner, pair[1], 1)
    if not halves:
        return graph.node("Relu", graph.node("Add", y, x))
    shortcut = graph.node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    y_edge, x_edge = (edge - 3) // 2 + 1, edge // 2
    shortcut = graph.padded(shortcut, abs(width) - channels, 0)
    return graph.node("Relu", graph.node("Add", graph.padded(y, 0, x_edge - y_edge), shortcut))


class _Graph:
    """Collects nodes and constants under names of its own."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = out or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def convolution(self, x: str, layer: Convolution, stride: int) -> str:
        """Without a border where it strides, else with one that keeps the size."""
        border = 0 if stride > 1 else layer.weights.shape[2] // 2
        weights, bias = self.constant(layer.weights), self.constant(layer.bias)
        return self.node("Conv", x, weights, bias, strides=[stride, stride], pads=[border] * 4)

    def padded(self, x: str, channels: int, edge: int) -> str:
        if not channels and not edge:
            return x
        return self.node("Pad", x, self.constant(np.array([0, 0, 0, 0, 0, channels, edge, edge], np.int64)))
