from protos import inference_pb2 as _inference_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WatchedSpan(_message.Message):
    __slots__ = ("start_s", "end_s", "weight")
    START_S_FIELD_NUMBER: _ClassVar[int]
    END_S_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    start_s: float
    end_s: float
    weight: float
    def __init__(self, start_s: _Optional[float] = ..., end_s: _Optional[float] = ..., weight: _Optional[float] = ...) -> None: ...

class TasteScene(_message.Message):
    __slots__ = ("scene_id", "content_key", "view", "watched")
    SCENE_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    WATCHED_FIELD_NUMBER: _ClassVar[int]
    scene_id: int
    content_key: str
    view: _inference_pb2.View
    watched: _containers.RepeatedCompositeFieldContainer[WatchedSpan]
    def __init__(self, scene_id: _Optional[int] = ..., content_key: _Optional[str] = ..., view: _Optional[_Union[_inference_pb2.View, str]] = ..., watched: _Optional[_Iterable[_Union[WatchedSpan, _Mapping]]] = ...) -> None: ...

class TasteRequest(_message.Message):
    __slots__ = ("model", "neighbours", "scenes")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    NEIGHBOURS_FIELD_NUMBER: _ClassVar[int]
    SCENES_FIELD_NUMBER: _ClassVar[int]
    model: str
    neighbours: int
    scenes: _containers.RepeatedCompositeFieldContainer[TasteScene]
    def __init__(self, model: _Optional[str] = ..., neighbours: _Optional[int] = ..., scenes: _Optional[_Iterable[_Union[TasteScene, _Mapping]]] = ...) -> None: ...

class TasteEvent(_message.Message):
    __slots__ = ("progress", "found", "centre", "scores", "neighbours", "done")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    CENTRE_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    NEIGHBOURS_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    progress: TasteProgress
    found: TasteFound
    centre: TasteCentre
    scores: TasteScores
    neighbours: TasteNeighbours
    done: TasteDone
    def __init__(self, progress: _Optional[_Union[TasteProgress, _Mapping]] = ..., found: _Optional[_Union[TasteFound, _Mapping]] = ..., centre: _Optional[_Union[TasteCentre, _Mapping]] = ..., scores: _Optional[_Union[TasteScores, _Mapping]] = ..., neighbours: _Optional[_Union[TasteNeighbours, _Mapping]] = ..., done: _Optional[_Union[TasteDone, _Mapping]] = ...) -> None: ...

class TasteProgress(_message.Message):
    __slots__ = ("stage", "done", "total")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    stage: str
    done: int
    total: int
    def __init__(self, stage: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class TasteFound(_message.Message):
    __slots__ = ("model", "scenes", "missing", "of_other_models", "watched")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SCENES_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    OF_OTHER_MODELS_FIELD_NUMBER: _ClassVar[int]
    WATCHED_FIELD_NUMBER: _ClassVar[int]
    model: str
    scenes: int
    missing: int
    of_other_models: int
    watched: int
    def __init__(self, model: _Optional[str] = ..., scenes: _Optional[int] = ..., missing: _Optional[int] = ..., of_other_models: _Optional[int] = ..., watched: _Optional[int] = ...) -> None: ...

class TasteCentre(_message.Message):
    __slots__ = ("number", "share", "because")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    number: int
    share: float
    because: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, number: _Optional[int] = ..., share: _Optional[float] = ..., because: _Optional[_Iterable[int]] = ...) -> None: ...

class TasteScores(_message.Message):
    __slots__ = ("centre", "scene_ids", "scores", "nearest", "likeness")
    CENTRE_FIELD_NUMBER: _ClassVar[int]
    SCENE_IDS_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    NEAREST_FIELD_NUMBER: _ClassVar[int]
    LIKENESS_FIELD_NUMBER: _ClassVar[int]
    centre: int
    scene_ids: _containers.RepeatedScalarFieldContainer[int]
    scores: _containers.RepeatedScalarFieldContainer[float]
    nearest: _containers.RepeatedScalarFieldContainer[int]
    likeness: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, centre: _Optional[int] = ..., scene_ids: _Optional[_Iterable[int]] = ..., scores: _Optional[_Iterable[float]] = ..., nearest: _Optional[_Iterable[int]] = ..., likeness: _Optional[_Iterable[float]] = ...) -> None: ...

class TasteNeighbours(_message.Message):
    __slots__ = ("scenes",)
    SCENES_FIELD_NUMBER: _ClassVar[int]
    scenes: _containers.RepeatedCompositeFieldContainer[SceneNeighbours]
    def __init__(self, scenes: _Optional[_Iterable[_Union[SceneNeighbours, _Mapping]]] = ...) -> None: ...

class SceneNeighbours(_message.Message):
    __slots__ = ("scene_id", "scene_ids", "scores")
    SCENE_ID_FIELD_NUMBER: _ClassVar[int]
    SCENE_IDS_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    scene_id: int
    scene_ids: _containers.RepeatedScalarFieldContainer[int]
    scores: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, scene_id: _Optional[int] = ..., scene_ids: _Optional[_Iterable[int]] = ..., scores: _Optional[_Iterable[float]] = ...) -> None: ...

class TasteDone(_message.Message):
    __slots__ = ("total_s", "read_s", "from_cache")
    TOTAL_S_FIELD_NUMBER: _ClassVar[int]
    READ_S_FIELD_NUMBER: _ClassVar[int]
    FROM_CACHE_FIELD_NUMBER: _ClassVar[int]
    total_s: float
    read_s: float
    from_cache: int
    def __init__(self, total_s: _Optional[float] = ..., read_s: _Optional[float] = ..., from_cache: _Optional[int] = ...) -> None: ...
