"""What the plugin says to the sidecar and hears from it, as values: free of gRPC, so that deciding costs no import."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from plugin.store.analyses import Span, Total
from plugin.store.faces import FaceReport
from plugin.track_values import FaceWish

PASSING_PROBLEMS = frozenset({"io_error", "http_error", "store_error", "shutting_down", "model_not_ready"})
"""Problems of one medium whose cause may pass, so that trying again later is worth it."""


class SidecarError(Exception):
    """The sidecar did not do what was asked. passes: it may later (it is down, restarts, or is busy)."""

    def __init__(self, message: str, passes: bool = False) -> None:
        super().__init__(message)
        self.passes = passes


@dataclass(frozen=True, slots=True)
class Access:
    """address: host:port or unix:/path. token: "" for a private socket. tls_ca: PEM text, "" without TLS."""

    address: str
    token: str = field(default="", repr=False)
    tls_ca: str = ""


@dataclass(frozen=True, slots=True)
class TagWish:
    """One tag to look for beside the vocabulary, or one of it with another threshold (model's unit)."""

    name: str
    phrasings: tuple[str, ...] = ()
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for, the same for all media of a drain."""

    model: str = ""
    vocabulary: bool = True
    tags: tuple[TagWish, ...] = ()

    @property
    def digest(self) -> str:
        """Changes when the same vectors would be judged otherwise."""
        text = json.dumps([self.vocabulary, [(tag.name, tag.phrasings, tag.threshold) for tag in self.tags]])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Look:
    """How densely to look. See Sampling in protos/inference.proto."""

    interval_s: float = 4.0
    refine: str = "budget"
    refine_s: float = 0.5
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class MediumWish:
    """One medium to analyse: a path on the sidecar's machine, or a URL with the headers that its origin wants.

    faces: None where nobody's face is looked for.
    """

    media_id: str
    path: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    view: str = "whole"
    look: Look = field(default_factory=Look)
    faces: FaceWish | None = None


@dataclass(frozen=True, slots=True)
class CancelWish:
    """Stop work on a medium of this stream."""

    media_id: str


Wish: TypeAlias = MediumWish | CancelWish


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work on a medium stands. share: 0 to 1, of the coarse pass."""

    media_id: str
    stage: str
    position_s: float
    frames_per_s: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """A medium's end, if all went well. faces: who was seen, None where that was not asked."""

    media_id: str
    content_key: str
    duration_s: float
    samples: int
    decoder: str
    plan: str
    model: str
    from_cache: bool
    total_s: float
    spans: tuple[Span, ...]
    totals: tuple[Total, ...]
    warnings: tuple[tuple[str, str], ...]
    faces: FaceReport | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A medium's end, if it did not go well. code: as in protos/common.proto, lower case."""

    media_id: str
    code: str
    message: str

    @property
    def passes(self) -> bool:
        return self.code in PASSING_PROBLEMS


Event: TypeAlias = Progress | Found | Problem


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the sidecar can do now. model: the one that is used; default_model: what an empty setting means;
    default_face_model: the one that faces are seen with.

    scoring: the used model's unit ("class_z" or "background_softmax"). models: rows of JSON, see sidecar_client.
    """

    version: str
    model: str
    vocabulary: str
    scoring: str
    device: str
    models: tuple[Mapping[str, Any], ...] = ()
    decoders: tuple[Mapping[str, Any], ...] = ()
    default_model: str = ""
    default_face_model: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One moment of a medium. at_s: the moment that was asked for; pts_s: the one that is shown, seconds."""

    at_s: float
    pts_s: float
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PathCheck:
    """Whether the sidecar can read a path. code is "" where it can."""

    path: str
    size_bytes: int
    code: str
    message: str
