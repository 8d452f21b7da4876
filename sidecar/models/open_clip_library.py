"""The only file that imports open_clip: what it knows about names, and models built from local files alone.

As a program (`python -m sidecar.models.open_clip_library`) it compiles an image tower to ONNX in a process of its own.
open_clip is told to stay offline: files come from `fetch_models`, with consent, and nothing else is downloaded.
"""

from __future__ import annotations

import argparse
import copy
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sidecar.models import torch_runtime
from sidecar.models.errors import CheckpointRefused, WeightsMissing
from sidecar.models.torchvision_compat import ensure_torchvision

EXPORT_VERSION = "1"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
_FITS: dict[str, Literal["crop", "squash", "pad"]] = {"shortest": "crop", "squash": "squash", "longest": "pad"}


@dataclass(frozen=True, slots=True)
class Preprocess:
    """What an image tower expects: edge in pixels, mean and std per channel of values in 0..1, and how frames fit."""

    size_px: int
    fit: Literal["crop", "squash", "pad"]
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Architecture:
    """dim of the vectors; preprocess; whether words need Hugging Face tokenizer files and `transformers`."""

    dim: int
    preprocess: Preprocess
    needs_tokenizer_files: bool
    config_json: str


@dataclass(frozen=True, slots=True)
class WeightsSource:
    """Where a tag's weights are published: a hub repository (hub_file: where its name is not the usual), or a URL."""

    hub_repo: str
    hub_file: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class LoadedClip:
    """A built model in fp32 on the CPU. tokenize: texts to token ids (N, L). logit_scale: the trained factor."""

    model: Any
    image_module: Any
    tokenize: Any
    logit_scale: float


def architectures() -> tuple[str, ...]:
    """All architecture names that open_clip has a configuration for."""
    return tuple(_library().list_models())


def tags(name: str) -> tuple[str, ...]:
    """The weights tags of an architecture."""
    return tuple(_library().list_pretrained_tags_by_model(name))


def weights_source(name: str, tag: str) -> WeightsSource:
    """Where the weights of a known tag are published."""
    config = _library().get_pretrained_cfg(name, tag)
    repo, _, file = str(config.get("hf_hub") or "").rpartition("/")
    return WeightsSource(repo, file, str(config.get("url") or ""))


def architecture(name: str, tag: str | None = None) -> Architecture:
    """Facts of a named architecture (tag: whose preprocessing; None = its first tag's) or of a "local-dir:" folder.

    Raises CheckpointRefused where a folder's configuration cannot be understood.
    """
    if name.startswith("local-dir:"):
        return _folder_architecture(Path(name.removeprefix("local-dir:")))
    config = _library().get_model_config(name)
    known = tags(name)
    preprocess = _library().get_pretrained_cfg(name, tag or known[0]) if tag or known else {}
    return _describe(config, preprocess)


def build(name: str, tag: str | None, weights: Path, tokenizer_folder: Path) -> LoadedClip:
    """Build a model and load its weights, without running any code inside the file.

    name: as for `architecture`. tokenizer_folder: where tokenizer files lie, for the models that need them.
    Raises CheckpointRefused, WeightsMissing.
    """
    library = _library()
    facts = architecture(name, tag)
    quick_gelu = bool(tag and library.get_pretrained_cfg(name, tag).get("quick_gelu"))
    with _quietly():
        tokenize = _tokenizer(name, facts, tokenizer_folder)
    with torch_runtime.reading_checkpoint(weights), _quietly():
        model = library.create_model(name, load_weights=False, device="cpu", force_quick_gelu=quick_gelu)
        library.load_checkpoint(model, str(weights), strict=True, weights_only=True)
    model.eval()
    preprocess = facts.preprocess
    module = torch_runtime.image_module(model.visual, preprocess.mean, preprocess.std, "l2")
    return LoadedClip(model, module, tokenize, float(model.logit_scale.detach().exp()))


def encode_texts(clip: LoadedClip, texts: list[str], device: str) -> Any:
    """float32 (N, dim), L2-normalised."""
    return torch_runtime.run_on_tokens(clip.model.encode_text, clip.tokenize(texts), device)


@contextmanager
def _quietly() -> Iterator[None]:
    """Drop open_clip's own log: it goes to the root logger, and warns of absent weights just before we load them."""
    root = logging.getLogger()

    def is_not_open_clip(record: logging.LogRecord) -> bool:
        return "open_clip" not in Path(record.pathname).parts

    root.addFilter(is_not_open_clip)
    try:
        yield
    finally:
        root.removeFilter(is_not_open_clip)


def _library() -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    ensure_torchvision()
    import open_clip

    return open_clip


def _folder_architecture(folder: Path) -> Architecture:
    path = folder / "open_clip_config.json"
    try:
        content = json.loads(path.read_bytes())
        return _describe(content["model_cfg"], content.get("preprocess_cfg", {}))
    except FileNotFoundError as error:
        raise WeightsMissing(f"{path} does not exist: name a folder that was saved for open_clip") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointRefused(f"{path} is not an open_clip configuration ({error!r}): get it again") from error


def _describe(config: dict[str, Any], preprocess: dict[str, Any]) -> Architecture:
    size = config["vision_cfg"].get("image_size", 224)
    if isinstance(size, (list, tuple)):
        if len(set(size)) != 1:
            raise CheckpointRefused(f"the model wants images of {size} pixels; only square ones are supported")
        size = size[0]
    from open_clip.constants import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD

    facts = Preprocess(
        size_px=int(size),
        fit=_FITS.get(str(preprocess.get("resize_mode", "shortest")), "crop"),
        mean=tuple(float(value) for value in preprocess.get("mean") or OPENAI_DATASET_MEAN),
        std=tuple(float(value) for value in preprocess.get("std") or OPENAI_DATASET_STD),
    )
    needs_files = bool(config["text_cfg"].get("hf_tokenizer_name"))
    return Architecture(int(config["embed_dim"]), facts, needs_files, json.dumps(config, sort_keys=True, default=str))


def _tokenizer(name: str, facts: Architecture, folder: Path) -> Any:
    library = _library()
    if not facts.needs_tokenizer_files:
        return library.get_tokenizer(name)
    if not (folder / TOKENIZER_FILES[0]).is_file():
        raise WeightsMissing(
            f"the words of {name} need {', '.join(TOKENIZER_FILES)} in {folder}, which are not there: fetch them with "
            "scripts/fetch_models, or copy them from the model's repository"
        )
    text = copy.deepcopy(json.loads(facts.config_json)["text_cfg"])
    try:
        return library.tokenizer.HFTokenizer(
            str(folder),
            context_length=text.get("context_length", 77),
            tokenizer_mode=text.get("tokenizer_mode"),
            local_files_only=True,
            **text.get("tokenizer_kwargs", {}),
        )
    except ImportError as error:
        raise WeightsMissing(
            f"the words of {name} need the package transformers, which does not work here ({error}); run: "
            "python -m pip install transformers"
        ) from error
    except Exception as error:  # whatever is wrong inside somebody's tokenizer files
        raise CheckpointRefused(f"the tokenizer files in {folder} cannot be used ({error}): get them again") from error


def main() -> None:
    """Compile a model's image tower to an ONNX file, in fp32, or with int8 weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--tag")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--tokenizer-folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    clip = build(arguments.name, arguments.tag, arguments.weights, arguments.tokenizer_folder)
    size_px = architecture(arguments.name, arguments.tag).preprocess.size_px
    torch_runtime.export_onnx(clip.image_module, size_px, arguments.out)


if __name__ == "__main__":
    main()
