from protos import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Refine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFINE_UNSPECIFIED: _ClassVar[Refine]
    REFINE_BUDGET: _ClassVar[Refine]
    REFINE_FULL: _ClassVar[Refine]
    REFINE_NONE: _ClassVar[Refine]

class View(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VIEW_UNSPECIFIED: _ClassVar[View]
    VIEW_WHOLE: _ClassVar[View]
    VIEW_LEFT_EYE: _ClassVar[View]
REFINE_UNSPECIFIED: Refine
REFINE_BUDGET: Refine
REFINE_FULL: Refine
REFINE_NONE: Refine
VIEW_UNSPECIFIED: View
VIEW_WHOLE: View
VIEW_LEFT_EYE: View

class RemoteMedia(_message.Message):
    __slots__ = ("url", "headers")
    class HeadersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    URL_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    url: str
    headers: _containers.ScalarMap[str, str]
    def __init__(self, url: _Optional[str] = ..., headers: _Optional[_Mapping[str, str]] = ...) -> None: ...

class MediaLocation(_message.Message):
    __slots__ = ("path", "remote")
    PATH_FIELD_NUMBER: _ClassVar[int]
    REMOTE_FIELD_NUMBER: _ClassVar[int]
    path: str
    remote: RemoteMedia
    def __init__(self, path: _Optional[str] = ..., remote: _Optional[_Union[RemoteMedia, _Mapping]] = ...) -> None: ...

class Sampling(_message.Message):
    __slots__ = ("interval_s", "refine_s", "refine", "refine_budget", "fresh")
    INTERVAL_S_FIELD_NUMBER: _ClassVar[int]
    REFINE_S_FIELD_NUMBER: _ClassVar[int]
    REFINE_FIELD_NUMBER: _ClassVar[int]
    REFINE_BUDGET_FIELD_NUMBER: _ClassVar[int]
    FRESH_FIELD_NUMBER: _ClassVar[int]
    interval_s: float
    refine_s: float
    refine: Refine
    refine_budget: float
    fresh: bool
    def __init__(self, interval_s: _Optional[float] = ..., refine_s: _Optional[float] = ..., refine: _Optional[_Union[Refine, str]] = ..., refine_budget: _Optional[float] = ..., fresh: _Optional[bool] = ...) -> None: ...

class AnalyzeRequest(_message.Message):
    __slots__ = ("medium", "cancel_media_id")
    MEDIUM_FIELD_NUMBER: _ClassVar[int]
    CANCEL_MEDIA_ID_FIELD_NUMBER: _ClassVar[int]
    medium: MediumRequest
    cancel_media_id: str
    def __init__(self, medium: _Optional[_Union[MediumRequest, _Mapping]] = ..., cancel_media_id: _Optional[str] = ...) -> None: ...

class MediumRequest(_message.Message):
    __slots__ = ("media_id", "location", "tags", "sampling", "view", "faces", "without_tags")
    MEDIA_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    SAMPLING_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    FACES_FIELD_NUMBER: _ClassVar[int]
    WITHOUT_TAGS_FIELD_NUMBER: _ClassVar[int]
    media_id: str
    location: MediaLocation
    tags: _common_pb2.TagQuery
    sampling: Sampling
    view: View
    faces: FaceQuery
    without_tags: bool
    def __init__(self, media_id: _Optional[str] = ..., location: _Optional[_Union[MediaLocation, _Mapping]] = ..., tags: _Optional[_Union[_common_pb2.TagQuery, _Mapping]] = ..., sampling: _Optional[_Union[Sampling, _Mapping]] = ..., view: _Optional[_Union[View, str]] = ..., faces: _Optional[_Union[FaceQuery, _Mapping]] = ..., without_tags: _Optional[bool] = ...) -> None: ...

class FaceQuery(_message.Message):
    __slots__ = ("model", "date", "known_keys")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    KNOWN_KEYS_FIELD_NUMBER: _ClassVar[int]
    model: str
    date: str
    known_keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, model: _Optional[str] = ..., date: _Optional[str] = ..., known_keys: _Optional[_Iterable[str]] = ...) -> None: ...

class AnalyzeEvent(_message.Message):
    __slots__ = ("media_id", "started", "progress", "spans", "done", "error", "faces")
    MEDIA_ID_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    FACES_FIELD_NUMBER: _ClassVar[int]
    media_id: str
    started: Started
    progress: Progress
    spans: SpanBatch
    done: Done
    error: _common_pb2.Problem
    faces: FaceReport
    def __init__(self, media_id: _Optional[str] = ..., started: _Optional[_Union[Started, _Mapping]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., spans: _Optional[_Union[SpanBatch, _Mapping]] = ..., done: _Optional[_Union[Done, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.Problem, _Mapping]] = ..., faces: _Optional[_Union[FaceReport, _Mapping]] = ...) -> None: ...

class FaceReport(_message.Message):
    __slots__ = ("model", "tracks", "frames", "faces", "gallery_version")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TRACKS_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    FACES_FIELD_NUMBER: _ClassVar[int]
    GALLERY_VERSION_FIELD_NUMBER: _ClassVar[int]
    model: str
    tracks: _containers.RepeatedCompositeFieldContainer[Track]
    frames: int
    faces: int
    gallery_version: str
    def __init__(self, model: _Optional[str] = ..., tracks: _Optional[_Iterable[_Union[Track, _Mapping]]] = ..., frames: _Optional[int] = ..., faces: _Optional[int] = ..., gallery_version: _Optional[str] = ...) -> None: ...

class Track(_message.Message):
    __slots__ = ("id", "spans", "faces", "views", "quality", "best", "marks", "candidates", "decision", "group_id", "confirmed_key")
    ID_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    FACES_FIELD_NUMBER: _ClassVar[int]
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    BEST_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_KEY_FIELD_NUMBER: _ClassVar[int]
    id: str
    spans: _containers.RepeatedCompositeFieldContainer[TimeRange]
    faces: int
    views: int
    quality: float
    best: FaceMark
    marks: _containers.RepeatedCompositeFieldContainer[FaceMark]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    decision: _common_pb2.FaceDecision
    group_id: str
    confirmed_key: str
    def __init__(self, id: _Optional[str] = ..., spans: _Optional[_Iterable[_Union[TimeRange, _Mapping]]] = ..., faces: _Optional[int] = ..., views: _Optional[int] = ..., quality: _Optional[float] = ..., best: _Optional[_Union[FaceMark, _Mapping]] = ..., marks: _Optional[_Iterable[_Union[FaceMark, _Mapping]]] = ..., candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., decision: _Optional[_Union[_common_pb2.FaceDecision, str]] = ..., group_id: _Optional[str] = ..., confirmed_key: _Optional[str] = ...) -> None: ...

class TimeRange(_message.Message):
    __slots__ = ("start_s", "end_s")
    START_S_FIELD_NUMBER: _ClassVar[int]
    END_S_FIELD_NUMBER: _ClassVar[int]
    start_s: float
    end_s: float
    def __init__(self, start_s: _Optional[float] = ..., end_s: _Optional[float] = ...) -> None: ...

class FaceMark(_message.Message):
    __slots__ = ("pts_s", "left", "top", "width", "height")
    PTS_S_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    TOP_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    pts_s: float
    left: float
    top: float
    width: float
    height: float
    def __init__(self, pts_s: _Optional[float] = ..., left: _Optional[float] = ..., top: _Optional[float] = ..., width: _Optional[float] = ..., height: _Optional[float] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("keys", "name", "similarity", "margin", "reference_id", "reference_source", "references", "agreeing_views", "lowered", "decision")
    KEYS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_SOURCE_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    AGREEING_VIEWS_FIELD_NUMBER: _ClassVar[int]
    LOWERED_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedScalarFieldContainer[str]
    name: str
    similarity: float
    margin: float
    reference_id: str
    reference_source: str
    references: int
    agreeing_views: int
    lowered: _containers.RepeatedScalarFieldContainer[str]
    decision: _common_pb2.FaceDecision
    def __init__(self, keys: _Optional[_Iterable[str]] = ..., name: _Optional[str] = ..., similarity: _Optional[float] = ..., margin: _Optional[float] = ..., reference_id: _Optional[str] = ..., reference_source: _Optional[str] = ..., references: _Optional[int] = ..., agreeing_views: _Optional[int] = ..., lowered: _Optional[_Iterable[str]] = ..., decision: _Optional[_Union[_common_pb2.FaceDecision, str]] = ...) -> None: ...

class Started(_message.Message):
    __slots__ = ("content_key", "kind", "duration_s", "width_px", "height_px", "decoder", "plan")
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DURATION_S_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    DECODER_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    content_key: str
    kind: str
    duration_s: float
    width_px: int
    height_px: int
    decoder: str
    plan: str
    def __init__(self, content_key: _Optional[str] = ..., kind: _Optional[str] = ..., duration_s: _Optional[float] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ..., decoder: _Optional[str] = ..., plan: _Optional[str] = ...) -> None: ...

class Progress(_message.Message):
    __slots__ = ("stage", "frames_decoded", "frames_embedded", "frames_per_s", "position_s", "seconds_left")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    FRAMES_DECODED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_EMBEDDED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_PER_S_FIELD_NUMBER: _ClassVar[int]
    POSITION_S_FIELD_NUMBER: _ClassVar[int]
    SECONDS_LEFT_FIELD_NUMBER: _ClassVar[int]
    stage: str
    frames_decoded: int
    frames_embedded: int
    frames_per_s: float
    position_s: float
    seconds_left: float
    def __init__(self, stage: _Optional[str] = ..., frames_decoded: _Optional[int] = ..., frames_embedded: _Optional[int] = ..., frames_per_s: _Optional[float] = ..., position_s: _Optional[float] = ..., seconds_left: _Optional[float] = ...) -> None: ...

class SpanBatch(_message.Message):
    __slots__ = ("spans",)
    SPANS_FIELD_NUMBER: _ClassVar[int]
    spans: _containers.RepeatedCompositeFieldContainer[_common_pb2.Span]
    def __init__(self, spans: _Optional[_Iterable[_Union[_common_pb2.Span, _Mapping]]] = ...) -> None: ...

class Done(_message.Message):
    __slots__ = ("content_key", "kind", "duration_s", "decoder", "frames_decoded", "frames_embedded", "samples", "from_cache", "tags", "warnings", "timings", "model", "plan")
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DURATION_S_FIELD_NUMBER: _ClassVar[int]
    DECODER_FIELD_NUMBER: _ClassVar[int]
    FRAMES_DECODED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_EMBEDDED_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    FROM_CACHE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    content_key: str
    kind: str
    duration_s: float
    decoder: str
    frames_decoded: int
    frames_embedded: int
    samples: int
    from_cache: bool
    tags: _containers.RepeatedCompositeFieldContainer[_common_pb2.TagSummary]
    warnings: _containers.RepeatedCompositeFieldContainer[_common_pb2.Warning]
    timings: Timings
    model: str
    plan: str
    def __init__(self, content_key: _Optional[str] = ..., kind: _Optional[str] = ..., duration_s: _Optional[float] = ..., decoder: _Optional[str] = ..., frames_decoded: _Optional[int] = ..., frames_embedded: _Optional[int] = ..., samples: _Optional[int] = ..., from_cache: _Optional[bool] = ..., tags: _Optional[_Iterable[_Union[_common_pb2.TagSummary, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_common_pb2.Warning, _Mapping]]] = ..., timings: _Optional[_Union[Timings, _Mapping]] = ..., model: _Optional[str] = ..., plan: _Optional[str] = ...) -> None: ...

class Timings(_message.Message):
    __slots__ = ("total_s", "coarse_s", "refine_s", "prompts_s", "score_s")
    TOTAL_S_FIELD_NUMBER: _ClassVar[int]
    COARSE_S_FIELD_NUMBER: _ClassVar[int]
    REFINE_S_FIELD_NUMBER: _ClassVar[int]
    PROMPTS_S_FIELD_NUMBER: _ClassVar[int]
    SCORE_S_FIELD_NUMBER: _ClassVar[int]
    total_s: float
    coarse_s: float
    refine_s: float
    prompts_s: float
    score_s: float
    def __init__(self, total_s: _Optional[float] = ..., coarse_s: _Optional[float] = ..., refine_s: _Optional[float] = ..., prompts_s: _Optional[float] = ..., score_s: _Optional[float] = ...) -> None: ...

class ScoreRequest(_message.Message):
    __slots__ = ("content_keys", "tags", "view")
    CONTENT_KEYS_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    content_keys: _containers.RepeatedScalarFieldContainer[str]
    tags: _common_pb2.TagQuery
    view: View
    def __init__(self, content_keys: _Optional[_Iterable[str]] = ..., tags: _Optional[_Union[_common_pb2.TagQuery, _Mapping]] = ..., view: _Optional[_Union[View, str]] = ...) -> None: ...

class ScoreEvent(_message.Message):
    __slots__ = ("content_key", "timeline", "error")
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    content_key: str
    timeline: Timeline
    error: _common_pb2.Problem
    def __init__(self, content_key: _Optional[str] = ..., timeline: _Optional[_Union[Timeline, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.Problem, _Mapping]] = ...) -> None: ...

class Timeline(_message.Message):
    __slots__ = ("duration_s", "spans", "tags", "score_s", "prompts_s", "warnings")
    DURATION_S_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    SCORE_S_FIELD_NUMBER: _ClassVar[int]
    PROMPTS_S_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    duration_s: float
    spans: _containers.RepeatedCompositeFieldContainer[_common_pb2.Span]
    tags: _containers.RepeatedCompositeFieldContainer[_common_pb2.TagSummary]
    score_s: float
    prompts_s: float
    warnings: _containers.RepeatedCompositeFieldContainer[_common_pb2.Warning]
    def __init__(self, duration_s: _Optional[float] = ..., spans: _Optional[_Iterable[_Union[_common_pb2.Span, _Mapping]]] = ..., tags: _Optional[_Iterable[_Union[_common_pb2.TagSummary, _Mapping]]] = ..., score_s: _Optional[float] = ..., prompts_s: _Optional[float] = ..., warnings: _Optional[_Iterable[_Union[_common_pb2.Warning, _Mapping]]] = ...) -> None: ...

class SearchMomentsRequest(_message.Message):
    __slots__ = ("model", "words", "limit", "min_gap_s", "views")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    MIN_GAP_S_FIELD_NUMBER: _ClassVar[int]
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    model: str
    words: str
    limit: int
    min_gap_s: float
    views: _containers.RepeatedScalarFieldContainer[View]
    def __init__(self, model: _Optional[str] = ..., words: _Optional[str] = ..., limit: _Optional[int] = ..., min_gap_s: _Optional[float] = ..., views: _Optional[_Iterable[_Union[View, str]]] = ...) -> None: ...

class SearchMomentsResponse(_message.Message):
    __slots__ = ("moments", "samples", "media")
    MOMENTS_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    moments: _containers.RepeatedCompositeFieldContainer[Moment]
    samples: int
    media: int
    def __init__(self, moments: _Optional[_Iterable[_Union[Moment, _Mapping]]] = ..., samples: _Optional[int] = ..., media: _Optional[int] = ...) -> None: ...

class Moment(_message.Message):
    __slots__ = ("content_key", "path", "pts_s", "score", "view")
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    PTS_S_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    content_key: str
    path: str
    pts_s: float
    score: float
    view: View
    def __init__(self, content_key: _Optional[str] = ..., path: _Optional[str] = ..., pts_s: _Optional[float] = ..., score: _Optional[float] = ..., view: _Optional[_Union[View, str]] = ...) -> None: ...

class ThumbnailsRequest(_message.Message):
    __slots__ = ("location", "at_s", "size_px", "view")
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    AT_S_FIELD_NUMBER: _ClassVar[int]
    SIZE_PX_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    location: MediaLocation
    at_s: _containers.RepeatedScalarFieldContainer[float]
    size_px: int
    view: View
    def __init__(self, location: _Optional[_Union[MediaLocation, _Mapping]] = ..., at_s: _Optional[_Iterable[float]] = ..., size_px: _Optional[int] = ..., view: _Optional[_Union[View, str]] = ...) -> None: ...

class ThumbnailsResponse(_message.Message):
    __slots__ = ("thumbnails",)
    THUMBNAILS_FIELD_NUMBER: _ClassVar[int]
    thumbnails: _containers.RepeatedCompositeFieldContainer[Thumbnail]
    def __init__(self, thumbnails: _Optional[_Iterable[_Union[Thumbnail, _Mapping]]] = ...) -> None: ...

class Thumbnail(_message.Message):
    __slots__ = ("at_s", "pts_s", "jpeg")
    AT_S_FIELD_NUMBER: _ClassVar[int]
    PTS_S_FIELD_NUMBER: _ClassVar[int]
    JPEG_FIELD_NUMBER: _ClassVar[int]
    at_s: float
    pts_s: float
    jpeg: bytes
    def __init__(self, at_s: _Optional[float] = ..., pts_s: _Optional[float] = ..., jpeg: _Optional[bytes] = ...) -> None: ...
