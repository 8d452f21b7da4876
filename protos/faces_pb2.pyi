from protos import common_pb2 as _common_pb2
from protos import inference_pb2 as _inference_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Sex(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEX_UNSPECIFIED: _ClassVar[Sex]
    SEX_FEMALE: _ClassVar[Sex]
    SEX_MALE: _ClassVar[Sex]

class ImageOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMAGE_OUTCOME_UNSPECIFIED: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_ENROLLED: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_WANTED: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_NO_FACE: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_SEVERAL_FACES: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_POOR: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_UNREADABLE: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_SPARE: _ClassVar[ImageOutcome]
    IMAGE_OUTCOME_REMOVED: _ClassVar[ImageOutcome]
SEX_UNSPECIFIED: Sex
SEX_FEMALE: Sex
SEX_MALE: Sex
IMAGE_OUTCOME_UNSPECIFIED: ImageOutcome
IMAGE_OUTCOME_ENROLLED: ImageOutcome
IMAGE_OUTCOME_WANTED: ImageOutcome
IMAGE_OUTCOME_NO_FACE: ImageOutcome
IMAGE_OUTCOME_SEVERAL_FACES: ImageOutcome
IMAGE_OUTCOME_POOR: ImageOutcome
IMAGE_OUTCOME_UNREADABLE: ImageOutcome
IMAGE_OUTCOME_SPARE: ImageOutcome
IMAGE_OUTCOME_REMOVED: ImageOutcome

class Person(_message.Message):
    __slots__ = ("key", "name", "aliases", "same_as", "sex", "birthdate")
    KEY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    SAME_AS_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    BIRTHDATE_FIELD_NUMBER: _ClassVar[int]
    key: str
    name: str
    aliases: _containers.RepeatedScalarFieldContainer[str]
    same_as: _containers.RepeatedScalarFieldContainer[str]
    sex: Sex
    birthdate: str
    def __init__(self, key: _Optional[str] = ..., name: _Optional[str] = ..., aliases: _Optional[_Iterable[str]] = ..., same_as: _Optional[_Iterable[str]] = ..., sex: _Optional[_Union[Sex, str]] = ..., birthdate: _Optional[str] = ...) -> None: ...

class ReferenceImage(_message.Message):
    __slots__ = ("image_id", "data")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    data: bytes
    def __init__(self, image_id: _Optional[str] = ..., data: _Optional[bytes] = ...) -> None: ...

class EnrolRequest(_message.Message):
    __slots__ = ("person", "source", "images", "model")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    person: Person
    source: str
    images: _containers.RepeatedCompositeFieldContainer[ReferenceImage]
    model: str
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., source: _Optional[str] = ..., images: _Optional[_Iterable[_Union[ReferenceImage, _Mapping]]] = ..., model: _Optional[str] = ...) -> None: ...

class EnrolResponse(_message.Message):
    __slots__ = ("key", "outcomes", "references", "problem")
    KEY_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    key: str
    outcomes: _containers.RepeatedScalarFieldContainer[ImageOutcome]
    references: int
    problem: _common_pb2.Problem
    def __init__(self, key: _Optional[str] = ..., outcomes: _Optional[_Iterable[_Union[ImageOutcome, str]]] = ..., references: _Optional[int] = ..., problem: _Optional[_Union[_common_pb2.Problem, _Mapping]] = ...) -> None: ...

class ForgetPeopleRequest(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, keys: _Optional[_Iterable[str]] = ...) -> None: ...

class ForgetPeopleResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListPeopleRequest(_message.Message):
    __slots__ = ("keys", "words", "limit", "after", "key_prefix")
    KEYS_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    KEY_PREFIX_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedScalarFieldContainer[str]
    words: str
    limit: int
    after: str
    key_prefix: str
    def __init__(self, keys: _Optional[_Iterable[str]] = ..., words: _Optional[str] = ..., limit: _Optional[int] = ..., after: _Optional[str] = ..., key_prefix: _Optional[str] = ...) -> None: ...

class ListPeopleResponse(_message.Message):
    __slots__ = ("people", "next", "total")
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    people: _containers.RepeatedCompositeFieldContainer[KnownPerson]
    next: str
    total: int
    def __init__(self, people: _Optional[_Iterable[_Union[KnownPerson, _Mapping]]] = ..., next: _Optional[str] = ..., total: _Optional[int] = ...) -> None: ...

class KnownPerson(_message.Message):
    __slots__ = ("person", "keys", "references", "best_reference")
    class ReferencesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    PERSON_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    BEST_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    person: Person
    keys: _containers.RepeatedScalarFieldContainer[str]
    references: _containers.ScalarMap[str, int]
    best_reference: str
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., keys: _Optional[_Iterable[str]] = ..., references: _Optional[_Mapping[str, int]] = ..., best_reference: _Optional[str] = ...) -> None: ...

class GetPersonRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: str
    def __init__(self, key: _Optional[str] = ...) -> None: ...

class GetPersonResponse(_message.Message):
    __slots__ = ("person", "references", "links")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    person: KnownPerson
    references: _containers.RepeatedCompositeFieldContainer[Reference]
    links: _containers.RepeatedCompositeFieldContainer[Link]
    def __init__(self, person: _Optional[_Union[KnownPerson, _Mapping]] = ..., references: _Optional[_Iterable[_Union[Reference, _Mapping]]] = ..., links: _Optional[_Iterable[_Union[Link, _Mapping]]] = ...) -> None: ...

class Link(_message.Message):
    __slots__ = ("key", "other_key", "why")
    KEY_FIELD_NUMBER: _ClassVar[int]
    OTHER_KEY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    key: str
    other_key: str
    why: str
    def __init__(self, key: _Optional[str] = ..., other_key: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class Reference(_message.Message):
    __slots__ = ("id", "key", "source", "image_id", "content_key", "pts_s", "quality", "jpeg")
    ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    PTS_S_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    JPEG_FIELD_NUMBER: _ClassVar[int]
    id: str
    key: str
    source: str
    image_id: str
    content_key: str
    pts_s: float
    quality: float
    jpeg: bytes
    def __init__(self, id: _Optional[str] = ..., key: _Optional[str] = ..., source: _Optional[str] = ..., image_id: _Optional[str] = ..., content_key: _Optional[str] = ..., pts_s: _Optional[float] = ..., quality: _Optional[float] = ..., jpeg: _Optional[bytes] = ...) -> None: ...

class RemoveReferencesRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RemoveReferencesResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class LookAlikesRequest(_message.Message):
    __slots__ = ("key", "limit", "key_prefix")
    KEY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    KEY_PREFIX_FIELD_NUMBER: _ClassVar[int]
    key: str
    limit: int
    key_prefix: str
    def __init__(self, key: _Optional[str] = ..., limit: _Optional[int] = ..., key_prefix: _Optional[str] = ...) -> None: ...

class LookAlikesResponse(_message.Message):
    __slots__ = ("people",)
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    people: _containers.RepeatedCompositeFieldContainer[LookAlike]
    def __init__(self, people: _Optional[_Iterable[_Union[LookAlike, _Mapping]]] = ...) -> None: ...

class LookAlike(_message.Message):
    __slots__ = ("person", "similarity")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    person: KnownPerson
    similarity: float
    def __init__(self, person: _Optional[_Union[KnownPerson, _Mapping]] = ..., similarity: _Optional[float] = ...) -> None: ...

class MatchRequest(_message.Message):
    __slots__ = ("content_keys", "dates", "model", "view")
    CONTENT_KEYS_FIELD_NUMBER: _ClassVar[int]
    DATES_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    content_keys: _containers.RepeatedScalarFieldContainer[str]
    dates: _containers.RepeatedScalarFieldContainer[str]
    model: str
    view: _inference_pb2.View
    def __init__(self, content_keys: _Optional[_Iterable[str]] = ..., dates: _Optional[_Iterable[str]] = ..., model: _Optional[str] = ..., view: _Optional[_Union[_inference_pb2.View, str]] = ...) -> None: ...

class MatchResponse(_message.Message):
    __slots__ = ("content_key", "report", "problem")
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    content_key: str
    report: _inference_pb2.FaceReport
    problem: _common_pb2.Problem
    def __init__(self, content_key: _Optional[str] = ..., report: _Optional[_Union[_inference_pb2.FaceReport, _Mapping]] = ..., problem: _Optional[_Union[_common_pb2.Problem, _Mapping]] = ...) -> None: ...

class Verdict(_message.Message):
    __slots__ = ("content_key", "track_id", "is_key", "not_keys", "bootstrap")
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    TRACK_ID_FIELD_NUMBER: _ClassVar[int]
    IS_KEY_FIELD_NUMBER: _ClassVar[int]
    NOT_KEYS_FIELD_NUMBER: _ClassVar[int]
    BOOTSTRAP_FIELD_NUMBER: _ClassVar[int]
    content_key: str
    track_id: str
    is_key: str
    not_keys: _containers.RepeatedScalarFieldContainer[str]
    bootstrap: bool
    def __init__(self, content_key: _Optional[str] = ..., track_id: _Optional[str] = ..., is_key: _Optional[str] = ..., not_keys: _Optional[_Iterable[str]] = ..., bootstrap: _Optional[bool] = ...) -> None: ...

class SetVerdictsRequest(_message.Message):
    __slots__ = ("verdicts", "people")
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    verdicts: _containers.RepeatedCompositeFieldContainer[Verdict]
    people: _containers.RepeatedCompositeFieldContainer[Person]
    def __init__(self, verdicts: _Optional[_Iterable[_Union[Verdict, _Mapping]]] = ..., people: _Optional[_Iterable[_Union[Person, _Mapping]]] = ...) -> None: ...

class SetVerdictsResponse(_message.Message):
    __slots__ = ("known",)
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    known: _containers.RepeatedScalarFieldContainer[bool]
    def __init__(self, known: _Optional[_Iterable[bool]] = ...) -> None: ...

class FaceBox(_message.Message):
    __slots__ = ("left", "top", "width", "height")
    LEFT_FIELD_NUMBER: _ClassVar[int]
    TOP_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    left: float
    top: float
    width: float
    height: float
    def __init__(self, left: _Optional[float] = ..., top: _Optional[float] = ..., width: _Optional[float] = ..., height: _Optional[float] = ...) -> None: ...

class IdentifyRequest(_message.Message):
    __slots__ = ("location", "image", "at_s", "box", "view", "model", "date")
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    AT_S_FIELD_NUMBER: _ClassVar[int]
    BOX_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    location: _inference_pb2.MediaLocation
    image: bytes
    at_s: float
    box: FaceBox
    view: _inference_pb2.View
    model: str
    date: str
    def __init__(self, location: _Optional[_Union[_inference_pb2.MediaLocation, _Mapping]] = ..., image: _Optional[bytes] = ..., at_s: _Optional[float] = ..., box: _Optional[_Union[FaceBox, _Mapping]] = ..., view: _Optional[_Union[_inference_pb2.View, str]] = ..., model: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...

class IdentifyResponse(_message.Message):
    __slots__ = ("faces", "pts_s", "note")
    FACES_FIELD_NUMBER: _ClassVar[int]
    PTS_S_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    faces: _containers.RepeatedCompositeFieldContainer[IdentifiedFace]
    pts_s: float
    note: str
    def __init__(self, faces: _Optional[_Iterable[_Union[IdentifiedFace, _Mapping]]] = ..., pts_s: _Optional[float] = ..., note: _Optional[str] = ...) -> None: ...

class IdentifiedFace(_message.Message):
    __slots__ = ("box", "quality", "jpeg", "candidates", "decision", "group_id")
    BOX_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    JPEG_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    box: FaceBox
    quality: float
    jpeg: bytes
    candidates: _containers.RepeatedCompositeFieldContainer[_inference_pb2.Candidate]
    decision: _common_pb2.FaceDecision
    group_id: str
    def __init__(self, box: _Optional[_Union[FaceBox, _Mapping]] = ..., quality: _Optional[float] = ..., jpeg: _Optional[bytes] = ..., candidates: _Optional[_Iterable[_Union[_inference_pb2.Candidate, _Mapping]]] = ..., decision: _Optional[_Union[_common_pb2.FaceDecision, str]] = ..., group_id: _Optional[str] = ...) -> None: ...

class FacePicturesRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ids: _Optional[_Iterable[str]] = ...) -> None: ...

class FacePicturesResponse(_message.Message):
    __slots__ = ("pictures",)
    class PicturesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: bytes
        def __init__(self, key: _Optional[str] = ..., value: _Optional[bytes] = ...) -> None: ...
    PICTURES_FIELD_NUMBER: _ClassVar[int]
    pictures: _containers.ScalarMap[str, bytes]
    def __init__(self, pictures: _Optional[_Mapping[str, bytes]] = ...) -> None: ...

class ListGroupsRequest(_message.Message):
    __slots__ = ("limit", "after", "order", "ignored", "min_media")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    IGNORED_FIELD_NUMBER: _ClassVar[int]
    MIN_MEDIA_FIELD_NUMBER: _ClassVar[int]
    limit: int
    after: str
    order: str
    ignored: bool
    min_media: int
    def __init__(self, limit: _Optional[int] = ..., after: _Optional[str] = ..., order: _Optional[str] = ..., ignored: _Optional[bool] = ..., min_media: _Optional[int] = ...) -> None: ...

class ListGroupsResponse(_message.Message):
    __slots__ = ("groups", "next", "total", "merges")
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    MERGES_FIELD_NUMBER: _ClassVar[int]
    groups: _containers.RepeatedCompositeFieldContainer[Group]
    next: str
    total: int
    merges: _containers.RepeatedCompositeFieldContainer[Merge]
    def __init__(self, groups: _Optional[_Iterable[_Union[Group, _Mapping]]] = ..., next: _Optional[str] = ..., total: _Optional[int] = ..., merges: _Optional[_Iterable[_Union[Merge, _Mapping]]] = ...) -> None: ...

class Group(_message.Message):
    __slots__ = ("id", "media", "tracks", "seconds", "best_track", "ignored", "candidates", "newest_unix_s")
    ID_FIELD_NUMBER: _ClassVar[int]
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    TRACKS_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    BEST_TRACK_FIELD_NUMBER: _ClassVar[int]
    IGNORED_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    NEWEST_UNIX_S_FIELD_NUMBER: _ClassVar[int]
    id: str
    media: int
    tracks: int
    seconds: float
    best_track: str
    ignored: bool
    candidates: _containers.RepeatedCompositeFieldContainer[_inference_pb2.Candidate]
    newest_unix_s: float
    def __init__(self, id: _Optional[str] = ..., media: _Optional[int] = ..., tracks: _Optional[int] = ..., seconds: _Optional[float] = ..., best_track: _Optional[str] = ..., ignored: _Optional[bool] = ..., candidates: _Optional[_Iterable[_Union[_inference_pb2.Candidate, _Mapping]]] = ..., newest_unix_s: _Optional[float] = ...) -> None: ...

class Merge(_message.Message):
    __slots__ = ("id", "group_id", "groups", "at_unix_s")
    ID_FIELD_NUMBER: _ClassVar[int]
    GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    AT_UNIX_S_FIELD_NUMBER: _ClassVar[int]
    id: str
    group_id: str
    groups: int
    at_unix_s: float
    def __init__(self, id: _Optional[str] = ..., group_id: _Optional[str] = ..., groups: _Optional[int] = ..., at_unix_s: _Optional[float] = ...) -> None: ...

class GetGroupRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetGroupResponse(_message.Message):
    __slots__ = ("group", "tracks")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    TRACKS_FIELD_NUMBER: _ClassVar[int]
    group: Group
    tracks: _containers.RepeatedCompositeFieldContainer[GroupTrack]
    def __init__(self, group: _Optional[_Union[Group, _Mapping]] = ..., tracks: _Optional[_Iterable[_Union[GroupTrack, _Mapping]]] = ...) -> None: ...

class GroupTrack(_message.Message):
    __slots__ = ("content_key", "track", "similarity")
    CONTENT_KEY_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    content_key: str
    track: _inference_pb2.Track
    similarity: float
    def __init__(self, content_key: _Optional[str] = ..., track: _Optional[_Union[_inference_pb2.Track, _Mapping]] = ..., similarity: _Optional[float] = ...) -> None: ...

class MergeGroupsRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ids: _Optional[_Iterable[str]] = ...) -> None: ...

class MergeGroupsResponse(_message.Message):
    __slots__ = ("group", "merge_id")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    group: Group
    merge_id: str
    def __init__(self, group: _Optional[_Union[Group, _Mapping]] = ..., merge_id: _Optional[str] = ...) -> None: ...

class UnmergeGroupsRequest(_message.Message):
    __slots__ = ("merge_id",)
    MERGE_ID_FIELD_NUMBER: _ClassVar[int]
    merge_id: str
    def __init__(self, merge_id: _Optional[str] = ...) -> None: ...

class UnmergeGroupsResponse(_message.Message):
    __slots__ = ("groups",)
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    groups: _containers.RepeatedCompositeFieldContainer[Group]
    def __init__(self, groups: _Optional[_Iterable[_Union[Group, _Mapping]]] = ...) -> None: ...

class SplitGroupRequest(_message.Message):
    __slots__ = ("id", "track_ids")
    ID_FIELD_NUMBER: _ClassVar[int]
    TRACK_IDS_FIELD_NUMBER: _ClassVar[int]
    id: str
    track_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., track_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SplitGroupResponse(_message.Message):
    __slots__ = ("group",)
    GROUP_FIELD_NUMBER: _ClassVar[int]
    group: Group
    def __init__(self, group: _Optional[_Union[Group, _Mapping]] = ...) -> None: ...

class IgnoreGroupsRequest(_message.Message):
    __slots__ = ("ids", "ignored")
    IDS_FIELD_NUMBER: _ClassVar[int]
    IGNORED_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    ignored: bool
    def __init__(self, ids: _Optional[_Iterable[str]] = ..., ignored: _Optional[bool] = ...) -> None: ...

class IgnoreGroupsResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class NameGroupRequest(_message.Message):
    __slots__ = ("id", "person")
    ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    id: str
    person: Person
    def __init__(self, id: _Optional[str] = ..., person: _Optional[_Union[Person, _Mapping]] = ...) -> None: ...

class NameGroupResponse(_message.Message):
    __slots__ = ("content_keys", "naming_id")
    CONTENT_KEYS_FIELD_NUMBER: _ClassVar[int]
    NAMING_ID_FIELD_NUMBER: _ClassVar[int]
    content_keys: _containers.RepeatedScalarFieldContainer[str]
    naming_id: str
    def __init__(self, content_keys: _Optional[_Iterable[str]] = ..., naming_id: _Optional[str] = ...) -> None: ...

class UnnameGroupRequest(_message.Message):
    __slots__ = ("naming_id",)
    NAMING_ID_FIELD_NUMBER: _ClassVar[int]
    naming_id: str
    def __init__(self, naming_id: _Optional[str] = ...) -> None: ...

class UnnameGroupResponse(_message.Message):
    __slots__ = ("content_keys",)
    CONTENT_KEYS_FIELD_NUMBER: _ClassVar[int]
    content_keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, content_keys: _Optional[_Iterable[str]] = ...) -> None: ...

class RegroupTracksRequest(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    def __init__(self, model: _Optional[str] = ...) -> None: ...

class RegroupTracksResponse(_message.Message):
    __slots__ = ("tracks_done", "tracks", "groups", "done")
    TRACKS_DONE_FIELD_NUMBER: _ClassVar[int]
    TRACKS_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    tracks_done: int
    tracks: int
    groups: int
    done: bool
    def __init__(self, tracks_done: _Optional[int] = ..., tracks: _Optional[int] = ..., groups: _Optional[int] = ..., done: _Optional[bool] = ...) -> None: ...

class GetFaceStateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FaceState(_message.Message):
    __slots__ = ("model", "people", "references", "references_by_source", "media", "faces", "tracks", "groups", "gallery_version", "search", "search_note", "points", "size_bytes", "last_import")
    class ReferencesBySourceEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_BY_SOURCE_FIELD_NUMBER: _ClassVar[int]
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    FACES_FIELD_NUMBER: _ClassVar[int]
    TRACKS_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    GALLERY_VERSION_FIELD_NUMBER: _ClassVar[int]
    SEARCH_FIELD_NUMBER: _ClassVar[int]
    SEARCH_NOTE_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    LAST_IMPORT_FIELD_NUMBER: _ClassVar[int]
    model: str
    people: int
    references: int
    references_by_source: _containers.ScalarMap[str, int]
    media: int
    faces: int
    tracks: int
    groups: int
    gallery_version: str
    search: str
    search_note: str
    points: _containers.RepeatedCompositeFieldContainer[OperatingPoint]
    size_bytes: int
    last_import: str
    def __init__(self, model: _Optional[str] = ..., people: _Optional[int] = ..., references: _Optional[int] = ..., references_by_source: _Optional[_Mapping[str, int]] = ..., media: _Optional[int] = ..., faces: _Optional[int] = ..., tracks: _Optional[int] = ..., groups: _Optional[int] = ..., gallery_version: _Optional[str] = ..., search: _Optional[str] = ..., search_note: _Optional[str] = ..., points: _Optional[_Iterable[_Union[OperatingPoint, _Mapping]]] = ..., size_bytes: _Optional[int] = ..., last_import: _Optional[str] = ...) -> None: ...

class OperatingPoint(_message.Message):
    __slots__ = ("references", "match", "maybe", "match_false_accepts", "maybe_false_accepts", "basis", "trials")
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    MAYBE_FIELD_NUMBER: _ClassVar[int]
    MATCH_FALSE_ACCEPTS_FIELD_NUMBER: _ClassVar[int]
    MAYBE_FALSE_ACCEPTS_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    references: str
    match: float
    maybe: float
    match_false_accepts: float
    maybe_false_accepts: float
    basis: str
    trials: int
    def __init__(self, references: _Optional[str] = ..., match: _Optional[float] = ..., maybe: _Optional[float] = ..., match_false_accepts: _Optional[float] = ..., maybe_false_accepts: _Optional[float] = ..., basis: _Optional[str] = ..., trials: _Optional[int] = ...) -> None: ...

class FileChunk(_message.Message):
    __slots__ = ("data", "name")
    DATA_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    name: str
    def __init__(self, data: _Optional[bytes] = ..., name: _Optional[str] = ...) -> None: ...

class ExportFacesRequest(_message.Message):
    __slots__ = ("key_prefix", "private_prefix", "everything", "since_generation", "model")
    KEY_PREFIX_FIELD_NUMBER: _ClassVar[int]
    PRIVATE_PREFIX_FIELD_NUMBER: _ClassVar[int]
    EVERYTHING_FIELD_NUMBER: _ClassVar[int]
    SINCE_GENERATION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    key_prefix: str
    private_prefix: str
    everything: bool
    since_generation: int
    model: str
    def __init__(self, key_prefix: _Optional[str] = ..., private_prefix: _Optional[str] = ..., everything: _Optional[bool] = ..., since_generation: _Optional[int] = ..., model: _Optional[str] = ...) -> None: ...

class ImportFacesResponse(_message.Message):
    __slots__ = ("people", "references", "known_people", "generation")
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    KNOWN_PEOPLE_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    people: int
    references: int
    known_people: int
    generation: int
    def __init__(self, people: _Optional[int] = ..., references: _Optional[int] = ..., known_people: _Optional[int] = ..., generation: _Optional[int] = ...) -> None: ...

class RollBackImportRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RollBackImportResponse(_message.Message):
    __slots__ = ("name", "references_removed", "references_restored")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_REMOVED_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_RESTORED_FIELD_NUMBER: _ClassVar[int]
    name: str
    references_removed: int
    references_restored: int
    def __init__(self, name: _Optional[str] = ..., references_removed: _Optional[int] = ..., references_restored: _Optional[int] = ...) -> None: ...

class EraseFacesRequest(_message.Message):
    __slots__ = ("confirmation",)
    CONFIRMATION_FIELD_NUMBER: _ClassVar[int]
    confirmation: str
    def __init__(self, confirmation: _Optional[str] = ...) -> None: ...

class EraseFacesResponse(_message.Message):
    __slots__ = ("faces", "people")
    FACES_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    faces: int
    people: int
    def __init__(self, faces: _Optional[int] = ..., people: _Optional[int] = ...) -> None: ...
