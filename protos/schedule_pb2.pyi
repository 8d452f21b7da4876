from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WakeRequest(_message.Message):
    __slots__ = ("url", "headers", "content_type")
    class HeadersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    URL_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    url: str
    headers: _containers.ScalarMap[str, str]
    content_type: str
    def __init__(self, url: _Optional[str] = ..., headers: _Optional[_Mapping[str, str]] = ..., content_type: _Optional[str] = ...) -> None: ...

class ScheduledJob(_message.Message):
    __slots__ = ("id", "cron", "timezone", "body", "enabled", "jitter_s", "grace_s")
    ID_FIELD_NUMBER: _ClassVar[int]
    CRON_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    JITTER_S_FIELD_NUMBER: _ClassVar[int]
    GRACE_S_FIELD_NUMBER: _ClassVar[int]
    id: str
    cron: str
    timezone: str
    body: bytes
    enabled: bool
    jitter_s: int
    grace_s: int
    def __init__(self, id: _Optional[str] = ..., cron: _Optional[str] = ..., timezone: _Optional[str] = ..., body: _Optional[bytes] = ..., enabled: _Optional[bool] = ..., jitter_s: _Optional[int] = ..., grace_s: _Optional[int] = ...) -> None: ...

class SetScheduleRequest(_message.Message):
    __slots__ = ("wake", "jobs")
    WAKE_FIELD_NUMBER: _ClassVar[int]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    wake: WakeRequest
    jobs: _containers.RepeatedCompositeFieldContainer[ScheduledJob]
    def __init__(self, wake: _Optional[_Union[WakeRequest, _Mapping]] = ..., jobs: _Optional[_Iterable[_Union[ScheduledJob, _Mapping]]] = ...) -> None: ...

class GetScheduleRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClearScheduleRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RunNowRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class RunNowResponse(_message.Message):
    __slots__ = ("outcome",)
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    outcome: WakeOutcome
    def __init__(self, outcome: _Optional[_Union[WakeOutcome, _Mapping]] = ...) -> None: ...

class WakeOutcome(_message.Message):
    __slots__ = ("ok", "http_status", "message")
    OK_FIELD_NUMBER: _ClassVar[int]
    HTTP_STATUS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ok: bool
    http_status: int
    message: str
    def __init__(self, ok: _Optional[bool] = ..., http_status: _Optional[int] = ..., message: _Optional[str] = ...) -> None: ...

class JobState(_message.Message):
    __slots__ = ("id", "cron", "timezone", "enabled", "jitter_s", "grace_s", "body_bytes", "next_run_unix_s", "last_run_unix_s", "last_outcome", "retry_unix_s", "failed_tries")
    ID_FIELD_NUMBER: _ClassVar[int]
    CRON_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    JITTER_S_FIELD_NUMBER: _ClassVar[int]
    GRACE_S_FIELD_NUMBER: _ClassVar[int]
    BODY_BYTES_FIELD_NUMBER: _ClassVar[int]
    NEXT_RUN_UNIX_S_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_UNIX_S_FIELD_NUMBER: _ClassVar[int]
    LAST_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RETRY_UNIX_S_FIELD_NUMBER: _ClassVar[int]
    FAILED_TRIES_FIELD_NUMBER: _ClassVar[int]
    id: str
    cron: str
    timezone: str
    enabled: bool
    jitter_s: int
    grace_s: int
    body_bytes: int
    next_run_unix_s: float
    last_run_unix_s: float
    last_outcome: WakeOutcome
    retry_unix_s: float
    failed_tries: int
    def __init__(self, id: _Optional[str] = ..., cron: _Optional[str] = ..., timezone: _Optional[str] = ..., enabled: _Optional[bool] = ..., jitter_s: _Optional[int] = ..., grace_s: _Optional[int] = ..., body_bytes: _Optional[int] = ..., next_run_unix_s: _Optional[float] = ..., last_run_unix_s: _Optional[float] = ..., last_outcome: _Optional[_Union[WakeOutcome, _Mapping]] = ..., retry_unix_s: _Optional[float] = ..., failed_tries: _Optional[int] = ...) -> None: ...

class ScheduleState(_message.Message):
    __slots__ = ("wake_url", "header_names", "content_type", "jobs", "machine_timezone")
    WAKE_URL_FIELD_NUMBER: _ClassVar[int]
    HEADER_NAMES_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    MACHINE_TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    wake_url: str
    header_names: _containers.RepeatedScalarFieldContainer[str]
    content_type: str
    jobs: _containers.RepeatedCompositeFieldContainer[JobState]
    machine_timezone: str
    def __init__(self, wake_url: _Optional[str] = ..., header_names: _Optional[_Iterable[str]] = ..., content_type: _Optional[str] = ..., jobs: _Optional[_Iterable[_Union[JobState, _Mapping]]] = ..., machine_timezone: _Optional[str] = ...) -> None: ...
