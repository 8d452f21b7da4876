"""The only file that imports onnxruntime: runs compiled graphs, and makes the int8 variant of one.

As a program (`python -m sidecar.models.onnx_runtime`) it makes that variant, in a process of its own.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sidecar.models.embedder import Images
from sidecar.models.errors import RuntimeUnavailable
from sidecar.values import Note

if TYPE_CHECKING:
    import onnxruntime


def is_installed() -> bool:
    """Say whether onnxruntime can be imported, without importing it."""
    return importlib.util.find_spec("onnxruntime") is not None


def versions() -> str:
    """The onnxruntime version, for keys of things measured with it."""
    import onnxruntime

    return f"onnxruntime {onnxruntime.__version__}"


def providers() -> tuple[str, ...]:
    """What onnxruntime can run on here, such as "CUDAExecutionProvider"."""
    import onnxruntime

    return tuple(onnxruntime.get_available_providers())


class OnnxImageRuntime:
    """Runs a graph that takes uint8 frames "images" (N, S, S, 3) and gives float32 "rows" (N, width), on the CPU."""

    device = "cpu"
    notes: tuple[Note, ...] = ()

    def __init__(self, graph_path: Path, threads: int, label: str = "fp32") -> None:
        """Open a graph. threads: CPU threads of one run. Raises RuntimeUnavailable where the graph cannot be opened."""
        self.name = f"onnxruntime {label}"
        self.memory_bytes = graph_path.stat().st_size
        self._session: onnxruntime.InferenceSession | None = _open_session(graph_path, threads)

    def run(self, images: Images) -> NDArray[np.float32]:
        """Rows (N, width) for images (N, S, S, 3). N = 0 gives (0, width)."""
        if self._session is None:
            raise RuntimeError("the graph is closed")
        if len(images) == 0:
            return self.run(np.zeros((1, *images.shape[1:]), np.uint8))[:0]
        rows: NDArray[np.float32] = self._session.run(["rows"], {"images": np.ascontiguousarray(images)})[0]
        return rows

    def close(self) -> None:
        """Free the graph and its arena."""
        self._session = None


def session_options(threads: int) -> Any:
    """onnxruntime.SessionOptions as every session here has them."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Idle workers must sleep: spinning ones take the cores that decoding needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    # The arena keeps its largest batch for ever (tens of megabytes for the batches used here) and is worth it:
    # EfficientNet-Lite0, 4 images: 9.2 ms of CPU each with it, 14.4 ms without.
    options.enable_cpu_mem_arena = True
    return options


def _open_session(graph_path: Path, threads: int) -> Any:
    import onnxruntime

    try:
        return onnxruntime.InferenceSession(
            str(graph_path), session_options(threads), providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise RuntimeUnavailable(
            f"ONNX Runtime cannot open the compiled graph {graph_path} ({error}): delete it, and it is compiled again"
        ) from error


def quantise_int8(graph_path: Path, out_path: Path) -> None:
    """Write the graph with int8 weights of its matrix products (dynamic quantisation).

    Activations are scaled per call, so a vector depends a little on its batch; `runtime_choice.MIN_COSINE` bounds it.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(graph_path), str(out_path), op_types_to_quantize=["MatMul", "Gemm"], weight_type=QuantType.QInt8
    )


def main() -> None:
    """Turn an fp32 ONNX file into one with int8 weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--graph", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    quantise_int8(arguments.graph, arguments.out)


if __name__ == "__main__":
    main()
