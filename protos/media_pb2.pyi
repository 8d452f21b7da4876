from protos import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CheckPathsRequest(_message.Message):
    __slots__ = ("paths",)
    PATHS_FIELD_NUMBER: _ClassVar[int]
    paths: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, paths: _Optional[_Iterable[str]] = ...) -> None: ...

class CheckPathsResponse(_message.Message):
    __slots__ = ("checks", "media_roots", "allowed_origins")
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    MEDIA_ROOTS_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_ORIGINS_FIELD_NUMBER: _ClassVar[int]
    checks: _containers.RepeatedCompositeFieldContainer[PathCheck]
    media_roots: _containers.RepeatedScalarFieldContainer[str]
    allowed_origins: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, checks: _Optional[_Iterable[_Union[PathCheck, _Mapping]]] = ..., media_roots: _Optional[_Iterable[str]] = ..., allowed_origins: _Optional[_Iterable[str]] = ...) -> None: ...

class PathCheck(_message.Message):
    __slots__ = ("path", "visible", "problem")
    PATH_FIELD_NUMBER: _ClassVar[int]
    VISIBLE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    path: str
    visible: VisibleFile
    problem: _common_pb2.Problem
    def __init__(self, path: _Optional[str] = ..., visible: _Optional[_Union[VisibleFile, _Mapping]] = ..., problem: _Optional[_Union[_common_pb2.Problem, _Mapping]] = ...) -> None: ...

class VisibleFile(_message.Message):
    __slots__ = ("size_bytes",)
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    def __init__(self, size_bytes: _Optional[int] = ...) -> None: ...

class WantedFile(_message.Message):
    __slots__ = ("file_name", "size_bytes")
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    file_name: str
    size_bytes: int
    def __init__(self, file_name: _Optional[str] = ..., size_bytes: _Optional[int] = ...) -> None: ...

class FindFilesRequest(_message.Message):
    __slots__ = ("files", "time_limit_s", "max_folders")
    FILES_FIELD_NUMBER: _ClassVar[int]
    TIME_LIMIT_S_FIELD_NUMBER: _ClassVar[int]
    MAX_FOLDERS_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[WantedFile]
    time_limit_s: float
    max_folders: int
    def __init__(self, files: _Optional[_Iterable[_Union[WantedFile, _Mapping]]] = ..., time_limit_s: _Optional[float] = ..., max_folders: _Optional[int] = ...) -> None: ...

class FindFilesResponse(_message.Message):
    __slots__ = ("files", "complete", "folders", "media_roots")
    FILES_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    FOLDERS_FIELD_NUMBER: _ClassVar[int]
    MEDIA_ROOTS_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[FoundFile]
    complete: bool
    folders: int
    media_roots: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, files: _Optional[_Iterable[_Union[FoundFile, _Mapping]]] = ..., complete: _Optional[bool] = ..., folders: _Optional[int] = ..., media_roots: _Optional[_Iterable[str]] = ...) -> None: ...

class FoundFile(_message.Message):
    __slots__ = ("file_name", "size_bytes", "paths")
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    PATHS_FIELD_NUMBER: _ClassVar[int]
    file_name: str
    size_bytes: int
    paths: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, file_name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., paths: _Optional[_Iterable[str]] = ...) -> None: ...
