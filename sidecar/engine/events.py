"""What the engine tells about one medium: Started?, Progress*, FaceReport?, then Done or Failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sidecar.faces import FaceBox, FaceDecisionName
from sidecar.values import Note


@dataclass(frozen=True, slots=True)
class Started:
    """The medium was opened and understood. decoder is "" where nothing will be decoded."""

    media_id: str
    content_key: str
    kind: Literal["video", "image"]
    duration_s: float
    width_px: int
    height_px: int
    decoder: str
    plan: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stands. May be dropped when nobody reads."""

    media_id: str
    stage: Literal["coarse", "refine", "score"]
    frames_decoded: int
    frames_embedded: int
    frames_per_s: float
    position_s: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class TimelineSpan:
    """A range in which a tag was seen, [start_s, end_s); scores in the model's own unit."""

    tag: str
    category: str
    start_s: float
    end_s: float
    score: float
    peak_s: float
    peak_score: float
    start_uncertainty_s: float
    end_uncertainty_s: float


@dataclass(frozen=True, slots=True)
class TagTotal:
    """One tag over the whole medium. share is seconds / duration; 1 for an image that shows it."""

    tag: str
    category: str
    seconds: float
    share: float
    score: float


@dataclass(frozen=True, slots=True)
class Timings:
    """Wall seconds of the parts of the work; parts may overlap."""

    total_s: float = 0.0
    coarse_s: float = 0.0
    refine_s: float = 0.0
    prompts_s: float = 0.0
    score_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceCandidate:
    """Who somebody may be; see Candidate in protos/inference.proto. keys: that of the best reference first."""

    keys: tuple[str, ...]
    name: str
    similarity: float
    margin: float
    reference_id: str
    reference_source: str
    references: int
    agreeing_views: int
    lowered: tuple[str, ...]
    decision: FaceDecisionName


@dataclass(frozen=True, slots=True)
class FaceMark:
    """Where a face is at one moment."""

    pts_s: float
    box: FaceBox


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One person's appearances in one medium; see Track in protos/inference.proto."""

    id: str
    spans: tuple[tuple[float, float], ...]
    faces: int
    views: int
    quality: float
    best: FaceMark
    marks: tuple[FaceMark, ...]
    candidates: tuple[FaceCandidate, ...] = ()
    decision: FaceDecisionName = "unknown"
    group_id: str = ""
    confirmed_key: str = ""


@dataclass(frozen=True, slots=True)
class FaceReport:
    """Who was seen in one medium, by first appearance. frames: looked at. gallery_version: of the references."""

    media_id: str
    model: str
    tracks: tuple[FaceTrack, ...]
    frames: int
    faces: int
    gallery_version: str


@dataclass(frozen=True, slots=True)
class Done:
    """The medium is finished and stored."""

    media_id: str
    content_key: str
    kind: Literal["video", "image"]
    duration_s: float
    decoder: str
    frames_decoded: int
    frames_embedded: int
    samples: int
    model: str
    plan: str
    spans: tuple[TimelineSpan, ...]
    tags: tuple[TagTotal, ...]
    warnings: tuple[Note, ...]
    timings: Timings = field(default_factory=Timings)

    @property
    def from_cache(self) -> bool:
        """True where nothing was decoded for this request."""
        return self.frames_decoded == 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The medium could not be analysed. code is a lower-case ProblemCode of protos/common.proto."""

    media_id: str
    code: str
    message: str


Event: TypeAlias = Started | Progress | FaceReport | Done | Failed
