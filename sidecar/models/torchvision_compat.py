"""The only file that imports torchvision: made importable where its operators are missing, and used to resize on a GPU.

torchvision's wheels are built against CUDA torch. Beside CPU torch the extension cannot load, and `import torchvision`
dies with "operator torchvision::nms does not exist" (seen with torch 2.13.0+cpu and torchvision 0.28.0), which takes
open_clip and timm with it. Declaring the two missing operator schemas is enough for everything that we use. It is done
only after a failed import, so a normal installation is untouched.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sidecar.models.torch_runtime import declare_operators
from sidecar.values import FrameGeometry, RgbImage

if TYPE_CHECKING:
    import torch

_MISSING_OPERATORS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


def ensure_torchvision() -> bool:
    """Import torchvision, helping it if needed. Call before anything that imports it, such as open_clip.

    Returns True where the help was needed. Raises ImportError where torchvision is absent or broken otherwise.
    """
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


def resize_on_gpu(frame: Any, geometry: FrameGeometry, display_px: tuple[int, int] | None = None) -> torch.Tensor:
    """Fit one frame to a model's square where the frame lies (GPU or CPU), so that only the small image is copied.

    frame: uint8 RGB (H, W, 3), a tensor or anything that speaks DLPack, as PyNvVideoCodec's frames do.
    display_px: (width, height) that the frame should be seen at, where its pixels are not square; None = (W, H).
    Returns a uint8 tensor (S, S, 3) on the frame's device. Bicubic with antialias, as CLIP was trained with.
    Raises ValueError for any other shape or type.
    """
    ensure_torchvision()
    import torch
    from torchvision.transforms.v2 import functional

    tensor: torch.Tensor = frame if isinstance(frame, torch.Tensor) else torch.from_dlpack(frame)
    if tensor.dtype != torch.uint8 or tensor.ndim != 3 or tensor.shape[2] != 3 or 0 in tensor.shape:
        raise ValueError(f"frame is {tensor.dtype} {tuple(tensor.shape)}; uint8 (H, W, 3) is needed")
    size = geometry.size_px
    width, height = display_px or (tensor.shape[1], tensor.shape[0])
    scale_px = {
        "squash": (size, size),
        "crop": _scaled(width, height, size / min(width, height)),
        "pad": _scaled(width, height, size / max(width, height)),
    }[geometry.fit]
    planes = functional.resize(tensor.permute(2, 0, 1), list(scale_px), antialias=True, interpolation=_bicubic())
    if geometry.fit == "pad":
        left, top = (size - planes.shape[2]) // 2, (size - planes.shape[1]) // 2
        right, bottom = size - planes.shape[2] - left, size - planes.shape[1] - top
        planes = functional.pad(planes, [left, top, right, bottom])
    elif geometry.fit == "crop":
        planes = functional.center_crop(planes, [size, size])
    return planes.permute(1, 2, 0).contiguous()


def resize_frame(frame: Any, width_px: int, height_px: int) -> RgbImage:
    """Scale one frame where it lies (GPU or CPU) and copy only the small image to host memory.

    frame: uint8 RGB (H, W, 3), a tensor or anything that speaks DLPack. Returns uint8 (height_px, width_px, 3).
    """
    ensure_torchvision()
    from torchvision.transforms.v2 import functional

    import torch

    tensor: torch.Tensor = frame if isinstance(frame, torch.Tensor) else torch.from_dlpack(frame)
    planes = functional.resize(
        tensor.permute(2, 0, 1), [height_px, width_px], antialias=True, interpolation=_bicubic()
    )
    pixels: RgbImage = planes.permute(1, 2, 0).contiguous().cpu().numpy()
    return pixels


def _scaled(width: int, height: int, factor: float) -> tuple[int, int]:
    return max(1, round(height * factor)), max(1, round(width * factor))


def _bicubic() -> Any:
    from torchvision.transforms import InterpolationMode

    return InterpolationMode.BICUBIC
