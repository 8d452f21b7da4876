"""Takes the .onnx files out of a zip archive that was fetched: nothing else of it, and all of them or none."""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from sidecar.models.errors import CheckpointRefused, DownloadFailed
from sidecar.models.weights import PACK_NAME
from sidecar.values import Cancelled, IsCancelled

MAX_FILES = 20
MAX_FILE_BYTES = 1 << 30
"""The largest file of insightface's packs has 261 MB."""

_BLOCK_BYTES = 1 << 20


def unpack_onnx(archive: Path, is_cancelled: IsCancelled) -> Path:
    """Put the archive's .onnx files into the folder `pack` beside it, remove the archive, and return the folder.

    Folders inside the archive are left out of the names, so nothing can be written elsewhere. The folder appears only
    when whole; killed in between, the archive is still there. Raises CheckpointRefused (no such archive, or one that is
    too large; it is removed), DownloadFailed (the disk), Cancelled.
    """
    folder = archive.with_name(PACK_NAME)
    unfinished = archive.with_name(f"{PACK_NAME}.unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        with zipfile.ZipFile(archive) as opened:
            for name, member in _members(opened).items():
                _copy(opened, member, unfinished / name, is_cancelled)
        unfinished.replace(folder)
        archive.unlink()
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, CheckpointRefused) as error:
        archive.unlink(missing_ok=True)
        raise CheckpointRefused(
            f"{archive.name} is no archive of models ({error}): it was removed; try again"
        ) from error
    except OSError as error:
        raise DownloadFailed(f"unpacking {archive.name} into {archive.parent} failed: {error.strerror}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The archive's .onnx files by the last part of their names. Raises CheckpointRefused where a limit is passed."""
    found: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = PurePosixPath(member.filename.replace("\\", "/")).name
        if member.is_dir() or not name.endswith(".onnx"):
            continue
        if name in found:
            raise CheckpointRefused(f"it has two files {name}")
        if member.file_size > MAX_FILE_BYTES:
            raise CheckpointRefused(f"{name} would have {member.file_size} bytes")
        found[name] = member
    if not 0 < len(found) <= MAX_FILES:
        raise CheckpointRefused(f"it has {len(found)} .onnx files; 1 to {MAX_FILES} are taken")
    return found


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, is_cancelled: IsCancelled) -> None:
    # zipfile reads no more than the size that the directory states, and compares the checksum at the end.
    with archive.open(member) as source, to.open("wb") as out:
        while block := source.read(_BLOCK_BYTES):
            if is_cancelled():
                raise Cancelled
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
