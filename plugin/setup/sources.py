"""A copy of the sidecar's sources in the data folder: an update of the plugin changes nothing under a running one."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator

from plugin.version import VERSION

FOLDERS = ("protos", "sidecar")
ENDINGS = (".json", ".py", ".txt", ".sql")
_PREFIX = "src-"
_STAGING = ".src-"


def digest_of(sources: str) -> str:
    """12 hexadecimal digits of what the sidecar runs from these sources."""
    digest = hashlib.sha256()
    for name in _files(sources):
        with open(os.path.join(sources, name), "rb") as file:
            content = file.read()
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def copy(sources: str, data_dir: str) -> str:
    """Path of `<data_dir>/src-<version>-<digest>`, made whole or not at all. Raises OSError."""
    target = os.path.join(data_dir, f"{_PREFIX}{VERSION}-{digest_of(sources)}")
    if os.path.isdir(target):
        return target
    staging = tempfile.mkdtemp(prefix=_STAGING, dir=data_dir)
    for name in _files(sources):
        place = os.path.join(staging, name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        shutil.copyfile(os.path.join(sources, name), place)
    os.rename(staging, target)
    return target


def prune(data_dir: str, kept: str) -> None:
    """Remove every copy but `kept`, and what a killed copy() left. Only when no sidecar runs from another."""
    for name in os.listdir(data_dir):
        path = os.path.join(data_dir, name)
        if name.startswith((_PREFIX, _STAGING)) and path != kept:
            shutil.rmtree(path, ignore_errors=True)


def _files(sources: str) -> Iterator[str]:
    """Names relative to sources, with slashes, in the same order everywhere."""
    names = []
    for top in FOLDERS:
        for folder, folders, files in os.walk(os.path.join(sources, top)):
            folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
            within = os.path.relpath(folder, sources).replace(os.sep, "/")
            names += [f"{within}/{name}" for name in files if name.endswith(ENDINGS)]
    return iter(sorted(names))
