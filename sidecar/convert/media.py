"""Between the messages of the Media service and the engine's values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from protos import media_pb2
from sidecar.convert.common import from_problem
from sidecar.engine.engine import PathCheck
from sidecar.media.find import FoundFiles, WantedFile

DEFAULT_TIME_LIMIT_S = 5.0
DEFAULT_MAX_FOLDERS = 50_000


def from_check(check: PathCheck) -> media_pb2.PathCheck:
    if check.problem is not None:
        code, message = check.problem
        return media_pb2.PathCheck(path=check.path, problem=from_problem(code, message))
    return media_pb2.PathCheck(path=check.path, visible=media_pb2.VisibleFile(size_bytes=check.size_bytes))


def to_wanted(message: media_pb2.FindFilesRequest) -> tuple[WantedFile, ...]:
    return tuple(WantedFile(file.file_name, file.size_bytes) for file in message.files)


def from_found(
    wanted: Sequence[WantedFile], found: FoundFiles, media_roots: Sequence[Path]
) -> media_pb2.FindFilesResponse:
    files = (
        media_pb2.FoundFile(file_name=file.name, size_bytes=file.size_bytes, paths=paths)
        for file, paths in zip(wanted, found.paths, strict=True)
    )
    roots = map(str, media_roots)
    return media_pb2.FindFilesResponse(files=files, complete=found.complete, folders=found.folders, media_roots=roots)
