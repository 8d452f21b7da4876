"""What may be scheduled: checked here, so that everything behind may trust it. Secrets are never part of a message."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sidecar.schedule.crontab import parse_crontab
from sidecar.schedule.errors import InvalidSchedule
from sidecar.store import Job, WakeTarget

MAX_JOBS = 100
MAX_BODY_BYTES = 1024 * 1024
MAX_HEADERS = 50
MAX_HEADER_CHARS = 8000
MAX_URL_CHARS = 2000
DEFAULT_CONTENT_TYPE = "application/json"
DEFAULT_GRACE_S = 43_200
_MAX_JITTER_S = 86_400
_MIN_GRACE_S, _MAX_GRACE_S = 60, 604_800
# RFC 9110, 5.6.2
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")
_OURS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True)
class Schedule:
    """A whole schedule. Raises InvalidSchedule where a part cannot be used; time zones are the scheduler's to check."""

    target: WakeTarget | None
    jobs: tuple[Job, ...]

    def __post_init__(self) -> None:
        if self.target is not None:
            _check_url(self.target.url)
            _check_headers(self.target.headers)
            _check_value("content_type", self.target.content_type)
        elif self.jobs:
            raise InvalidSchedule("there are jobs but no wake request; set wake.url")
        if len(self.jobs) > MAX_JOBS:
            raise InvalidSchedule(f"{len(self.jobs)} jobs were given; at most {MAX_JOBS} are allowed")
        for job in self.jobs:
            _check_job(job)
        _check_unique([job.id for job in self.jobs])


def shown_url(url: str) -> str:
    """The URL without its query, for logs and answers. It has no user and no password: those are refused."""
    return re.split(r"[?#]", url, maxsplit=1)[0]


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or len(url) > MAX_URL_CHARS or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidSchedule(
            f"wake.url {shown_url(url)[:200].rpartition('@')[2]!r} cannot be used; send "
            f"http(s)://host[:port]/path of at most {MAX_URL_CHARS} characters, others than ASCII percent-encoded"
        )
    if parts.username is not None or parts.password is not None:
        raise InvalidSchedule("wake.url carries a user or password; send keys as headers instead")


def _check_headers(headers: Mapping[str, str]) -> None:
    if len(headers) > MAX_HEADERS:
        raise InvalidSchedule(f"{len(headers)} headers were given; at most {MAX_HEADERS} are allowed")
    _check_unique([name.lower() for name in headers], "header")
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name):
            raise InvalidSchedule(f"{name[:40]!r} is no header name; letters, digits and - are allowed")
        if name.lower() in _OURS:
            raise InvalidSchedule(f"the header {name} is set by the sidecar; leave it out")
        _check_value(f"the header {name}", value)


def _check_value(label: str, value: str) -> None:
    if len(value) > MAX_HEADER_CHARS or not value.isascii() or not value.isprintable() or value != value.strip():
        raise InvalidSchedule(
            f"{label} has a value that cannot be sent; at most {MAX_HEADER_CHARS} printable ASCII characters are "
            "allowed, no space at either end"
        )


def _check_job(job: Job) -> None:
    if not 1 <= len(job.id) <= 200 or not job.id.isprintable() or not job.id.strip():
        raise InvalidSchedule(f"job id {job.id[:40]!r} cannot be used; 1 to 200 printable characters are allowed")
    if len(job.body) > MAX_BODY_BYTES:
        raise InvalidSchedule(f"the body of job {job.id!r} has {len(job.body)} bytes; at most 1 MiB is allowed")
    if job.jitter_s > _MAX_JITTER_S:
        raise InvalidSchedule(f"jitter_s of job {job.id!r} is {job.jitter_s}; it must be from 0 to {_MAX_JITTER_S}")
    if not _MIN_GRACE_S <= job.grace_s <= _MAX_GRACE_S:
        allowed = f"from {_MIN_GRACE_S} to {_MAX_GRACE_S}"
        raise InvalidSchedule(f"grace_s of job {job.id!r} is {job.grace_s}; it must be {allowed}")
    try:
        parse_crontab(job.cron)
    except InvalidSchedule as error:
        raise InvalidSchedule(f"job {job.id!r}: {error}") from None


def _check_unique(names: Sequence[str], label: str = "job id") -> None:
    name, count = max(Counter(names).items(), key=lambda item: item[1], default=("", 0))
    if count > 1:
        raise InvalidSchedule(f"{label} {name!r} was given {count} times; each may be given once")
