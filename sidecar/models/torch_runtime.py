"""The only file that imports torch: towers that take uint8 frames, their devices and precisions, and their export.

Imports are inside functions: torch takes 3.6 s to import, and the embedded model does without it.
"""

from __future__ import annotations

import importlib.util
import pickle
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.models.embedder import Images
from sidecar.models.errors import CheckpointRefused, RuntimeUnavailable
from sidecar.values import Note

if TYPE_CHECKING:
    import torch

Tensor: TypeAlias = "torch.Tensor"
Module: TypeAlias = "torch.nn.Module"
Precision = Literal["fp32", "fp16", "bf16"]
OPSET = 18
_operator_declarations: list[Any] = []  # torch drops a declaration when its Library object is collected


def is_installed() -> bool:
    """Say whether torch can be imported, without importing it."""
    return importlib.util.find_spec("torch") is not None


def declare_operators(namespace: str, schemas: Sequence[str]) -> None:
    """Declare operators that an extension failed to bring, without giving them an implementation."""
    import torch

    library: Any = torch.library.Library(namespace, "FRAGMENT")  # type: ignore[no-untyped-call]
    for schema in schemas:
        library.define(schema)
    _operator_declarations.append(library)


def as_tensor(frame: Any) -> Tensor:
    """A tensor on the same memory as frame: a tensor itself, or anything that speaks DLPack."""
    import torch

    tensor: torch.Tensor = frame if torch.is_tensor(frame) else torch.utils.dlpack.from_dlpack(frame)
    return tensor


def is_uint8(tensor: Tensor) -> bool:
    """Say whether the elements are bytes."""
    import torch

    return tensor.dtype == torch.uint8


def cuda_reason() -> str | None:
    """Why CUDA cannot be used here, or None where it can. Imports torch."""
    import torch

    if torch.version.cuda is None and torch.version.hip is None:
        return f"torch {torch.__version__} is built without CUDA"
    if not torch.cuda.is_available():
        return "torch sees no CUDA device"
    return None


def bf16_is_fast() -> bool:
    """Say whether this CPU multiplies bf16 in hardware; without it bf16 measured 8 times slower than fp32 (Zen 3)."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def versions() -> str:
    """The torch version, for keys of things measured or compiled with it."""
    import torch

    return f"torch {torch.__version__}"


def image_module(
    tower: Any, mean: Sequence[float], std: Sequence[float], finish: Literal["softmax", "l2"]
) -> torch.nn.Module:
    """Wrap an image tower so that it takes frames as they are: uint8 (N, S, S, 3) in, float32 rows out.

    mean, std: per channel, of values in 0..1. finish: "softmax" gives probabilities, "l2" gives unit vectors.
    Normalisation inside the graph saves a float copy of every frame on the way in.
    """
    import torch

    class ImageModule(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tower = tower
            self.tower_dtype = torch.float32
            self.register_buffer("mean", torch.tensor(mean).reshape(1, 3, 1, 1) * 255.0)
            self.register_buffer("std", torch.tensor(std).reshape(1, 3, 1, 1) * 255.0)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            planes = (images.permute(0, 3, 1, 2).float() - self.get_buffer("mean")) / self.get_buffer("std")
            output = self.tower(planes.to(self.tower_dtype))
            rows: torch.Tensor = (output[0] if isinstance(output, tuple) else output).float()
            if finish == "softmax":
                return rows.softmax(dim=-1)
            return torch.nn.functional.normalize(rows, dim=-1)

    return ImageModule().eval()


def export_onnx(module: torch.nn.Module, size_px: int, out_path: Path) -> None:
    """Write a module that takes uint8 (N, size_px, size_px, 3) as ONNX with a free N. The caller renames atomically.

    The TorchScript exporter: 0.9 s for EfficientNet-Lite0; the dynamo one took several seconds and wants onnxscript.
    """
    import torch

    torch.backends.mha.set_fastpath_enabled(False)  # the fused attention has no ONNX counterpart
    example = torch.zeros((2, size_px, size_px, 3), dtype=torch.uint8)
    with torch.inference_mode():
        torch.onnx.export(
            module,
            (example,),
            str(out_path),
            dynamo=False,
            opset_version=OPSET,
            input_names=["images"],
            output_names=["rows"],
            dynamic_axes={"images": {0: "n"}, "rows": {0: "n"}},
        )


def load_state_dict(path: Path) -> dict[str, Any]:
    """Read a .pt/.pth/.bin state dict to the CPU without running any code in it.

    A training checkpoint's {"state_dict": ...} and a "module." prefix are unwrapped. Raises CheckpointRefused for
    TorchScript archives, for pickles that hold anything but tensors and plain containers, and for damaged files.
    """
    import torch

    with reading_checkpoint(path):
        content = torch.load(path, map_location="cpu", weights_only=True)
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict) or not content or not all(torch.is_tensor(v) for v in content.values()):
        raise CheckpointRefused(f"{path} holds {type(content).__name__}; a state dict (name -> tensor) is needed")
    return {str(name).removeprefix("module."): tensor for name, tensor in content.items()}


@contextmanager
def reading_checkpoint(path: Path) -> Iterator[None]:
    """Refuse TorchScript archives beforehand, and turn what goes wrong while reading into CheckpointRefused."""
    if _is_torchscript(path):
        raise CheckpointRefused(
            f"{path} is a TorchScript archive, which carries code: save its state dict as .safetensors and use that"
        )
    try:
        yield
    except pickle.UnpicklingError as error:
        raise CheckpointRefused(
            f"{path} is damaged, or holds more than tensors so that loading it could run code "
            f"({_first_line(error)}): download it again, or save its state dict as .safetensors and use that"
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # a hostile or damaged file can fail anywhere in a reader
        raise CheckpointRefused(
            f"{path} cannot be read as a checkpoint of this model ({_first_line(error)}): download it again, or name "
            "the architecture that it was saved from"
        ) from error


def _first_line(error: Exception) -> str:
    """The beginning of an error's words: torch adds advice that does not apply here."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _is_torchscript(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("/constants.pkl") or "/code/" in name for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False  # not an archive at all: the reader says what is wrong with it


class TorchImageRuntime:
    """Runs an `image_module` with torch. On a GPU that is out of memory: half the batch, then the CPU."""

    def __init__(self, module: torch.nn.Module, device: str, precision: Precision, threads: int) -> None:
        """Move the module to device and precision. Sets torch's thread count for the whole process."""
        if device.startswith("cuda") and (reason := cuda_reason()) is not None:
            raise RuntimeUnavailable(f'device "{device}" cannot be used: {reason}; use device "cpu"')
        set_threads(threads)
        self.notes: tuple[Note, ...] = ()
        self._batch_limit: int | None = None
        self._module: torch.nn.Module = module
        self._place(device, precision)

    def run(self, images: Images) -> NDArray[np.float32]:
        """Rows (N, width) for images (N, S, S, 3). N = 0 gives (0, width)."""
        if len(images) == 0:
            return self.run(np.zeros((1, *images.shape[1:]), np.uint8))[:0]
        rows: list[NDArray[np.float32]] = []
        first = 0
        while first < len(images):
            limit = self._batch_limit or len(images)
            try:
                rows.append(self._forward(images[first : first + limit]))
            except Exception as error:
                if not self._survives(error, min(limit, len(images) - first)):
                    raise
                continue
            first += limit
        return np.concatenate(rows)

    def _place(self, device: str, precision: Precision) -> None:
        import torch

        dtype = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}[precision]
        self._module = self._module.to(device=device)
        module: Any = self._module  # an image_module, whose tower alone takes the precision
        module.tower.to(dtype=dtype)
        module.tower_dtype = dtype
        self.device, self.name = device, f"torch {precision}"
        self.memory_bytes = module_bytes(self._module)

    def _forward(self, images: Images) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode():
            batch = torch.from_numpy(np.ascontiguousarray(images)).to(self.device, non_blocking=True)
            result: NDArray[np.float32] = self._module(batch).float().cpu().numpy()
        return result

    def _survives(self, error: Exception, batch: int) -> bool:
        if not self.device.startswith("cuda") or not is_out_of_memory(error):
            return False
        _empty_gpu_cache()
        if batch > 1:
            self._batch_limit = batch // 2
            self.notes = (Note("gpu_batch_halved", f"GPU memory was short: batches are now {batch // 2} images"),)
            return True
        self._place("cpu", "fp32")
        self._batch_limit = None
        self.notes = (Note("gpu_out_of_memory", "GPU memory is too short for one image: the model runs on the CPU"),)
        return True

    def close(self) -> None:
        """Drop the weights and give GPU memory back to the driver."""
        import torch

        self._module = torch.nn.Identity()
        if self.device.startswith("cuda"):
            _empty_gpu_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an error means that a GPU's memory is too short."""
    import torch

    return isinstance(error, torch.OutOfMemoryError)


def set_threads(threads: int) -> None:
    """Set how many CPU threads torch uses, in the whole process."""
    import torch

    torch.set_num_threads(threads)


def _empty_gpu_cache() -> None:
    import torch

    torch.cuda.empty_cache()


def module_bytes(module: torch.nn.Module) -> int:
    """Bytes of all parameters and buffers."""
    tensors = [*module.parameters(), *module.buffers()]
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def run_on_tokens(encode: Callable[[Any], Any], tokens: Any, device: str) -> NDArray[np.float32]:
    """Run a text tower on token ids (N, L) and return L2-normalised float32 rows."""
    import torch

    with torch.inference_mode():
        rows = encode(tokens.to(device)).float()
        result: NDArray[np.float32] = torch.nn.functional.normalize(rows, dim=-1).cpu().numpy()
    return result
