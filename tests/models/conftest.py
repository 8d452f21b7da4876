"""Real photos, the embedded model, and a tiny random open_clip model in every checkpoint format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from sidecar.models.embedder import EmbedderOptions
from sidecar.models.lite import LiteEmbedder

Photo = NDArray[np.uint8]

TINY_CONFIG = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "patch_size": 16, "head_width": 32},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}
"""1.7 M parameters, nearly all of them the bundled vocabulary's."""


@dataclass(frozen=True)
class TinyClip:
    """One random model as folders by format, each with open_clip_config.json beside its weights."""

    folders: Mapping[str, Path]

    def name(self, form: str) -> str:
        return f"local-dir:{self.folders[form]}"


@pytest.fixture(scope="session")
def photos() -> Mapping[str, Photo]:
    """Photos that a person would call by these names. RGB, also the grey one."""
    names = {"a cup of coffee": "coffee", "a cat": "chelsea", "a rocket": "rocket", "a camera": "camera"}
    loaded = {words: np.asarray(getattr(data, name)()) for words, name in names.items()}
    return {words: image if image.ndim == 3 else np.stack([image] * 3, axis=-1) for words, image in loaded.items()}


def fitted(photo: Photo, size_px: int) -> Photo:
    """The photo in a 16:9 frame, then the centre square of that, as the media room would hand it over."""
    image = Image.fromarray(photo)
    scale = max(1280 / image.width, 720 / image.height)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    left, top = (image.width - 720) // 2, (image.height - 720) // 2
    square = image.crop((left, top, left + 720, top + 720)).resize((size_px, size_px), Image.Resampling.BICUBIC)
    return np.asarray(square)


@pytest.fixture(scope="session")
def options(tmp_path_factory: pytest.TempPathFactory) -> EmbedderOptions:
    folder = tmp_path_factory.mktemp("models")
    return EmbedderOptions(cache_dir=folder / "cache", models_dir=folder / "models", device="cpu", threads=1)


@pytest.fixture(scope="session")
def lite(options: EmbedderOptions) -> LiteEmbedder:
    return LiteEmbedder(options)


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> TinyClip:
    """Saves one random model as .safetensors, .bin, .pt and as a training checkpoint."""
    from sidecar.models.torchvision_compat import ensure_torchvision

    ensure_torchvision()
    import open_clip
    import torch
    from safetensors.torch import save_file

    root = tmp_path_factory.mktemp("tiny-clip")
    config = {
        "model_cfg": TINY_CONFIG,
        "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3, "resize_mode": "squash"},
    }
    torch.manual_seed(7)
    model = open_clip.CLIP(**TINY_CONFIG)
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    folders = {form: root / form for form in ("safetensors", "bin", "pt", "training")}
    for folder in folders.values():
        folder.mkdir()
        (folder / "open_clip_config.json").write_text(json.dumps(config))
    save_file(state, folders["safetensors"] / "open_clip_model.safetensors")
    torch.save(state, folders["bin"] / "open_clip_pytorch_model.bin")
    torch.save(state, folders["pt"] / "model.pt")
    training = {"epoch": 3, "state_dict": {f"module.{name}": tensor for name, tensor in state.items()}}
    torch.save(training, folders["training"] / "model.pt")
    return TinyClip(folders)
