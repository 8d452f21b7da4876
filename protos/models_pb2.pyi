from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_STATE_UNSPECIFIED: _ClassVar[ModelState]
    MODEL_STATE_NOT_INSTALLED: _ClassVar[ModelState]
    MODEL_STATE_NOT_LOADED: _ClassVar[ModelState]
    MODEL_STATE_LOADING: _ClassVar[ModelState]
    MODEL_STATE_READY: _ClassVar[ModelState]
    MODEL_STATE_FAILED: _ClassVar[ModelState]
    MODEL_STATE_DOWNLOADING: _ClassVar[ModelState]
MODEL_STATE_UNSPECIFIED: ModelState
MODEL_STATE_NOT_INSTALLED: ModelState
MODEL_STATE_NOT_LOADED: ModelState
MODEL_STATE_LOADING: ModelState
MODEL_STATE_READY: ModelState
MODEL_STATE_FAILED: ModelState
MODEL_STATE_DOWNLOADING: ModelState

class ListModelsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models", "decoders", "default_model", "version", "vocabulary_version", "default_face_model")
    MODELS_FIELD_NUMBER: _ClassVar[int]
    DECODERS_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_MODEL_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FACE_MODEL_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[Model]
    decoders: _containers.RepeatedCompositeFieldContainer[Backend]
    default_model: str
    version: str
    vocabulary_version: str
    default_face_model: str
    def __init__(self, models: _Optional[_Iterable[_Union[Model, _Mapping]]] = ..., decoders: _Optional[_Iterable[_Union[Backend, _Mapping]]] = ..., default_model: _Optional[str] = ..., version: _Optional[str] = ..., vocabulary_version: _Optional[str] = ..., default_face_model: _Optional[str] = ...) -> None: ...

class Model(_message.Message):
    __slots__ = ("id", "job", "licence", "licence_url", "source", "revision", "size_bytes", "checksums", "dim", "speed_class", "embedded", "state", "reason", "device", "runtime", "memory_bytes", "scoring", "note", "downloaded_bytes")
    ID_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    LICENCE_URL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    CHECKSUMS_FIELD_NUMBER: _ClassVar[int]
    DIM_FIELD_NUMBER: _ClassVar[int]
    SPEED_CLASS_FIELD_NUMBER: _ClassVar[int]
    EMBEDDED_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    SCORING_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    DOWNLOADED_BYTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    job: str
    licence: str
    licence_url: str
    source: str
    revision: str
    size_bytes: int
    checksums: _containers.RepeatedScalarFieldContainer[str]
    dim: int
    speed_class: str
    embedded: bool
    state: ModelState
    reason: str
    device: str
    runtime: str
    memory_bytes: int
    scoring: str
    note: str
    downloaded_bytes: int
    def __init__(self, id: _Optional[str] = ..., job: _Optional[str] = ..., licence: _Optional[str] = ..., licence_url: _Optional[str] = ..., source: _Optional[str] = ..., revision: _Optional[str] = ..., size_bytes: _Optional[int] = ..., checksums: _Optional[_Iterable[str]] = ..., dim: _Optional[int] = ..., speed_class: _Optional[str] = ..., embedded: _Optional[bool] = ..., state: _Optional[_Union[ModelState, str]] = ..., reason: _Optional[str] = ..., device: _Optional[str] = ..., runtime: _Optional[str] = ..., memory_bytes: _Optional[int] = ..., scoring: _Optional[str] = ..., note: _Optional[str] = ..., downloaded_bytes: _Optional[int] = ...) -> None: ...

class Backend(_message.Message):
    __slots__ = ("name", "available", "reason")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    available: bool
    reason: str
    def __init__(self, name: _Optional[str] = ..., available: _Optional[bool] = ..., reason: _Optional[str] = ...) -> None: ...

class LoadModelRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class LoadModelResponse(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: Model
    def __init__(self, model: _Optional[_Union[Model, _Mapping]] = ...) -> None: ...

class UnloadModelRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class UnloadModelResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DownloadModelRequest(_message.Message):
    __slots__ = ("id", "agreed_licence")
    ID_FIELD_NUMBER: _ClassVar[int]
    AGREED_LICENCE_FIELD_NUMBER: _ClassVar[int]
    id: str
    agreed_licence: str
    def __init__(self, id: _Optional[str] = ..., agreed_licence: _Optional[str] = ...) -> None: ...

class DownloadModelResponse(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: Model
    def __init__(self, model: _Optional[_Union[Model, _Mapping]] = ...) -> None: ...

class CancelDownloadRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class CancelDownloadResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListVocabularyRequest(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    def __init__(self, model: _Optional[str] = ...) -> None: ...

class ListVocabularyResponse(_message.Message):
    __slots__ = ("vocabulary_version", "tags", "model")
    VOCABULARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    vocabulary_version: str
    tags: _containers.RepeatedCompositeFieldContainer[VocabularyTag]
    model: str
    def __init__(self, vocabulary_version: _Optional[str] = ..., tags: _Optional[_Iterable[_Union[VocabularyTag, _Mapping]]] = ..., model: _Optional[str] = ...) -> None: ...

class VocabularyTag(_message.Message):
    __slots__ = ("name", "category", "phrasings", "judged")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    PHRASINGS_FIELD_NUMBER: _ClassVar[int]
    JUDGED_FIELD_NUMBER: _ClassVar[int]
    name: str
    category: str
    phrasings: int
    judged: bool
    def __init__(self, name: _Optional[str] = ..., category: _Optional[str] = ..., phrasings: _Optional[int] = ..., judged: _Optional[bool] = ...) -> None: ...
