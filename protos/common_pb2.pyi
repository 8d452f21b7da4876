from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProblemCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROBLEM_CODE_UNSPECIFIED: _ClassVar[ProblemCode]
    NOT_FOUND: _ClassVar[ProblemCode]
    NOT_A_FILE: _ClassVar[ProblemCode]
    PERMISSION_DENIED: _ClassVar[ProblemCode]
    OUTSIDE_MEDIA_ROOTS: _ClassVar[ProblemCode]
    ORIGIN_NOT_ALLOWED: _ClassVar[ProblemCode]
    EMPTY_FILE: _ClassVar[ProblemCode]
    UNSUPPORTED_FORMAT: _ClassVar[ProblemCode]
    NO_VIDEO_STREAM: _ClassVar[ProblemCode]
    UNREADABLE: _ClassVar[ProblemCode]
    TOO_LARGE: _ClassVar[ProblemCode]
    IO_ERROR: _ClassVar[ProblemCode]
    HTTP_ERROR: _ClassVar[ProblemCode]
    STORE_ERROR: _ClassVar[ProblemCode]
    MODEL_NOT_READY: _ClassVar[ProblemCode]
    SHUTTING_DOWN: _ClassVar[ProblemCode]
    CANCELLED: _ClassVar[ProblemCode]
    INVALID_REQUEST: _ClassVar[ProblemCode]
    INTERNAL: _ClassVar[ProblemCode]

class FaceDecision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACE_DECISION_UNSPECIFIED: _ClassVar[FaceDecision]
    FACE_DECISION_UNKNOWN: _ClassVar[FaceDecision]
    FACE_DECISION_MAYBE: _ClassVar[FaceDecision]
    FACE_DECISION_MATCH: _ClassVar[FaceDecision]
PROBLEM_CODE_UNSPECIFIED: ProblemCode
NOT_FOUND: ProblemCode
NOT_A_FILE: ProblemCode
PERMISSION_DENIED: ProblemCode
OUTSIDE_MEDIA_ROOTS: ProblemCode
ORIGIN_NOT_ALLOWED: ProblemCode
EMPTY_FILE: ProblemCode
UNSUPPORTED_FORMAT: ProblemCode
NO_VIDEO_STREAM: ProblemCode
UNREADABLE: ProblemCode
TOO_LARGE: ProblemCode
IO_ERROR: ProblemCode
HTTP_ERROR: ProblemCode
STORE_ERROR: ProblemCode
MODEL_NOT_READY: ProblemCode
SHUTTING_DOWN: ProblemCode
CANCELLED: ProblemCode
INVALID_REQUEST: ProblemCode
INTERNAL: ProblemCode
FACE_DECISION_UNSPECIFIED: FaceDecision
FACE_DECISION_UNKNOWN: FaceDecision
FACE_DECISION_MAYBE: FaceDecision
FACE_DECISION_MATCH: FaceDecision

class Problem(_message.Message):
    __slots__ = ("code", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: ProblemCode
    message: str
    def __init__(self, code: _Optional[_Union[ProblemCode, str]] = ..., message: _Optional[str] = ...) -> None: ...

class Warning(_message.Message):
    __slots__ = ("code", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class TagDefinition(_message.Message):
    __slots__ = ("name", "category", "phrasings", "enter", "stay")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    PHRASINGS_FIELD_NUMBER: _ClassVar[int]
    ENTER_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    name: str
    category: str
    phrasings: _containers.RepeatedScalarFieldContainer[str]
    enter: float
    stay: float
    def __init__(self, name: _Optional[str] = ..., category: _Optional[str] = ..., phrasings: _Optional[_Iterable[str]] = ..., enter: _Optional[float] = ..., stay: _Optional[float] = ...) -> None: ...

class TagQuery(_message.Message):
    __slots__ = ("model", "vocabulary", "tags")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    model: str
    vocabulary: bool
    tags: _containers.RepeatedCompositeFieldContainer[TagDefinition]
    def __init__(self, model: _Optional[str] = ..., vocabulary: _Optional[bool] = ..., tags: _Optional[_Iterable[_Union[TagDefinition, _Mapping]]] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("tag", "category", "start_s", "end_s", "score", "peak_s", "peak_score", "start_uncertainty_s", "end_uncertainty_s")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    START_S_FIELD_NUMBER: _ClassVar[int]
    END_S_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    PEAK_S_FIELD_NUMBER: _ClassVar[int]
    PEAK_SCORE_FIELD_NUMBER: _ClassVar[int]
    START_UNCERTAINTY_S_FIELD_NUMBER: _ClassVar[int]
    END_UNCERTAINTY_S_FIELD_NUMBER: _ClassVar[int]
    tag: str
    category: str
    start_s: float
    end_s: float
    score: float
    peak_s: float
    peak_score: float
    start_uncertainty_s: float
    end_uncertainty_s: float
    def __init__(self, tag: _Optional[str] = ..., category: _Optional[str] = ..., start_s: _Optional[float] = ..., end_s: _Optional[float] = ..., score: _Optional[float] = ..., peak_s: _Optional[float] = ..., peak_score: _Optional[float] = ..., start_uncertainty_s: _Optional[float] = ..., end_uncertainty_s: _Optional[float] = ...) -> None: ...

class TagSummary(_message.Message):
    __slots__ = ("tag", "category", "seconds", "share", "score")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    tag: str
    category: str
    seconds: float
    share: float
    score: float
    def __init__(self, tag: _Optional[str] = ..., category: _Optional[str] = ..., seconds: _Optional[float] = ..., share: _Optional[float] = ..., score: _Optional[float] = ...) -> None: ...
