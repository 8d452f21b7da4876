"""The only file that imports torchvision: made importable where its operators are missing, and used to resize on a GPU.

torchvision's wheels are built against CUDA torch. Beside CPU torch the extension cannot load, and `import torchvision`
dies with "operator torchvision::nms does not exist" (seen with torch 2.13.0+cpu and torchvision 0.28.0), which takes
open_clip and timm with it. Declaring the two missing operator schemas is enough for everything that we use. It is done
only after a failed import, so a normal installation is untouched.
"""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from typing import Any

from sidecar.models.torch_runtime import Tensor, as_tensor, declare_operators, is_uint8
from sidecar.values import FrameGeometry

_MISSING_OPERATORS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_importing = threading.Lock()  # two models may be loaded at once


def ensure_torchvision() -> bool:
    """Import torchvision, helping it if needed. Call before anything that imports it, such as open_clip.

    Returns True where the help was needed. Raises ImportError where torchvision is absent or broken otherwise.
    """
    with _importing:
        try:
            import torchvision  # noqa: F401
        except RuntimeError as error:
            if "torchvision::nms" not in str(error):
                raise
            for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
                del sys.modules[name]
            declare_operators("torchvision", _MISSING_OPERATORS)
            import_module("torchvision")
            return True
    return False


def resize_on_gpu(frame: Any, geometry: FrameGeometry, display_px: tuple[int, int] | None = None) -> Tensor:
    """Fit one frame to a model's square where the frame lies (GPU or CPU), so that only the small image is copied.

    frame: uint8 RGB (H, W, 3), a tensor or anything that speaks DLPack, as PyNvVideoCodec's frames do.
    display_px: (width, height) that the frame should be seen at, where its pixels are not square; None = (W, H).
    Returns a uint8 tensor (S, S, 3) on the frame's device. Bicubic with antialias, as CLIP was trained with.
    Raises ValueError for any other shape or type.
    """
    ensure_torchvision()
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms.v2 import functional

    tensor = as_tensor(frame)
    if not is_uint8(tensor) or tensor.ndim != 3 or tensor.shape[2] != 3 or 0 in tensor.shape:
        raise ValueError(f"frame is {tensor.dtype} {tuple(tensor.shape)}; uint8 (H, W, 3) is needed")
    size = geometry.size_px
    height, width = _fitted_px(display_px or (tensor.shape[1], tensor.shape[0]), geometry)
    planes: Tensor = functional.resize(
        tensor.permute(2, 0, 1), [height, width], interpolation=InterpolationMode.BICUBIC, antialias=True
    )
    if geometry.fit == "pad":
        left, top = (size - width) // 2, (size - height) // 2
        planes = functional.pad(planes, [left, top, size - width - left, size - height - top])
    elif geometry.fit == "crop":
        planes = functional.center_crop(planes, [size, size])
    return planes.permute(1, 2, 0).contiguous()


def _fitted_px(display_px: tuple[int, int], geometry: FrameGeometry) -> tuple[int, int]:
    """(height, width) that a frame is scaled to before it is cropped or padded."""
    width, height = display_px
    size = geometry.size_px
    if geometry.fit == "squash":
        return size, size
    factor = size / (min(width, height) if geometry.fit == "crop" else max(width, height))
    return max(1, round(height * factor)), max(1, round(width * factor))
