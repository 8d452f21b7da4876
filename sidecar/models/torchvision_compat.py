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

from sidecar.models.torch_runtime import as_tensor, declare_operators, is_uint8
from sidecar.values import RgbImage

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


def resize_frame(frame: Any, part: tuple[int, int, int, int] | None, width_px: int, height_px: int) -> RgbImage:
    """Scale one frame where it lies (GPU or CPU), so that only the small image is copied to host memory.

    frame: uint8 RGB (H, W, 3), a tensor or anything that speaks DLPack, as PyNvVideoCodec's frames do. part: left, top,
    right and bottom edge of what is to be scaled, in pixels; None for all of it.
    Returns uint8 (height_px, width_px, 3). Bicubic with antialias, as CLIP was trained with.
    Raises ValueError for any other shape or type.
    """
    ensure_torchvision()
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms.v2 import functional

    tensor = as_tensor(frame)
    if not is_uint8(tensor) or tensor.ndim != 3 or tensor.shape[2] != 3 or 0 in tensor.shape:
        raise ValueError(f"frame is {tensor.dtype} {tuple(tensor.shape)}; uint8 (H, W, 3) is needed")
    left, top, right, bottom = part or (0, 0, tensor.shape[1], tensor.shape[0])
    planes = functional.resize(
        tensor[top:bottom, left:right].permute(2, 0, 1),
        [height_px, width_px],
        interpolation=InterpolationMode.BICUBIC,
        antialias=True,
    )
    pixels: RgbImage = planes.permute(1, 2, 0).contiguous().cpu().numpy()
    return pixels
