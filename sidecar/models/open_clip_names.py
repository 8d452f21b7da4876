"""Names of open_clip models outside the catalogue, turned into specs."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from sidecar.models import open_clip_library
from sidecar.models.errors import UnknownModel
from sidecar.models.open_clip_library import TOKENIZER_FILES, Architecture
from sidecar.models.spec import ModelFile, ModelSpec
from sidecar.values import FrameGeometry

CHECKPOINT_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth")
_SAFE, _PICKLED = "open_clip_model.safetensors", "open_clip_pytorch_model.bin"
_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")


def resolve_open_clip(name: str) -> ModelSpec:
    """Resolve "open_clip/<name>/<tag>", "open_clip/<name>@<path>", "hf-hub:<repo>" or "local-dir:<folder>".

    Raises UnknownModel where the architecture, tag, file or folder does not exist, naming what does.
    """
    if name.startswith("local-dir:"):
        return _folder_spec(name)
    if name.startswith("hf-hub:"):
        return _hub_spec(name)
    rest = name.removeprefix("open_clip/")
    if "@" in rest:
        architecture, _, path = rest.partition("@")
        return _checkpoint_spec(name, architecture, Path(path).expanduser())
    architecture, _, tag = rest.partition("/")
    return _tag_spec(name, architecture, tag)


def _tag_spec(name: str, architecture: str, tag: str) -> ModelSpec:
    _require_architecture(architecture)
    known = open_clip_library.tags(architecture)
    if tag not in known:
        raise UnknownModel(f"{architecture} has no weights tag {tag!r}; allowed: {', '.join(known) or 'none'}")
    where = open_clip_library.weights_source(architecture, tag)
    facts = open_clip_library.architecture(architecture, tag)
    if where.hub_repo:
        files = _hub_files(where.hub_repo, where.hub_file, facts.needs_tokenizer_files)
        source = f"https://huggingface.co/{where.hub_repo}"
    else:
        files = (ModelFile(where.url.rsplit("/", 1)[-1], where.url),)
        source = where.url
    return _spec(name, architecture, tag, facts, source, files)


def _checkpoint_spec(name: str, architecture: str, path: Path) -> ModelSpec:
    _require_architecture(architecture)
    if path.suffix.lower() not in CHECKPOINT_SUFFIXES:
        raise UnknownModel(f"{path} ends in {path.suffix!r}; allowed: {', '.join(CHECKPOINT_SUFFIXES)}")
    if not path.is_file():
        raise UnknownModel(f"the checkpoint {path} does not exist or is no file; give the path of one that does")
    facts = open_clip_library.architecture(architecture)
    return _spec(name, architecture, None, facts, "a local file", (), path)


def _folder_spec(name: str) -> ModelSpec:
    folder = Path(name.removeprefix("local-dir:")).expanduser()
    if not folder.is_dir():
        raise UnknownModel(f"the folder {folder} does not exist; give one that holds open_clip_config.json")
    schema_name = f"local-dir:{folder}"
    facts = open_clip_library.architecture(schema_name)
    return _spec(name, schema_name, None, facts, "a local folder", (), folder)


def _hub_spec(name: str) -> ModelSpec:
    repo = name.removeprefix("hf-hub:")
    if not _REPO.fullmatch(repo):
        raise UnknownModel(f'{name!r} names no repository; write "hf-hub:<organisation>/<repository>"')
    config = ModelFile("open_clip_config.json", f"https://huggingface.co/{repo}/resolve/main/open_clip_config.json")
    return ModelSpec(
        id=name,
        family="open_clip",
        name=name,
        pretrained=None,
        licence="not stated here: read its page",
        licence_url=f"https://huggingface.co/{repo}",
        source=f"https://huggingface.co/{repo}",
        revision="main",
        files=(config, *_hub_files(repo, "", tokenizer_files=True, tokenizer_required=False)),
        dim=0,
        geometry=FrameGeometry(224, "crop"),
        speed_class="unknown",
        embedded=False,
        note="Dimension and geometry are known once it is fetched and loaded.",
    )


def _hub_files(repo: str, file: str, tokenizer_files: bool, tokenizer_required: bool = True) -> tuple[ModelFile, ...]:
    base = f"https://huggingface.co/{repo}/resolve/main"
    if file:
        weights: tuple[ModelFile, ...] = (ModelFile(file, f"{base}/{file}"),)
    else:
        weights = (
            ModelFile(_SAFE, f"{base}/{_SAFE}"),
            ModelFile(_PICKLED, f"{base}/{_PICKLED}", required=False, instead_of=_SAFE),
        )
    words = TOKENIZER_FILES if tokenizer_files else ()
    return weights + tuple(ModelFile(word, f"{base}/{word}", required=tokenizer_required) for word in words)


def _spec(
    name: str,
    architecture: str,
    tag: str | None,
    facts: Architecture,
    source: str,
    files: tuple[ModelFile, ...],
    checkpoint: Path | None = None,
) -> ModelSpec:
    return ModelSpec(
        id=name,
        family="open_clip",
        name=architecture,
        pretrained=tag,
        licence="not stated here: read its page" if tag else "the owner's own file",
        licence_url=source if tag else "",
        source=source,
        revision="main" if tag else "local",
        files=files,
        dim=facts.dim,
        geometry=FrameGeometry(facts.preprocess.size_px, facts.preprocess.fit),
        speed_class="unknown",
        embedded=False,
        note="",
        checkpoint=checkpoint,
    )


def _require_architecture(architecture: str) -> None:
    known = open_clip_library.architectures()
    if architecture not in known:
        close = difflib.get_close_matches(architecture, known, n=5, cutoff=0.4)
        hint = f"; near it: {', '.join(close)}" if close else ""
        raise UnknownModel(f"open_clip has no architecture {architecture!r}{hint} (it has {len(known)})")
