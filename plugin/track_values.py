"""What the plugin says to the sidecar of tracks and unknown people and hears of them, as values: free of gRPC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from plugin.faces_values import KnownPerson
from plugin.store.faces import Candidate, FaceDecision, FaceReport, Track

Box: TypeAlias = tuple[float, float, float, float]
"""left, top, width, height: shares of the upright picture's width and height, 0 to 1."""


@dataclass(frozen=True, slots=True)
class FaceWish:
    """Whom to look for in a medium: nobody in particular. date: of the medium. known_keys: who is known to be in it.

    alone: tags are not looked for.
    """

    date: str = ""
    known_keys: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class FaceState:
    """What the sidecar knows of faces. See FaceState in protos/faces.proto. points: rows of JSON."""

    model: str
    people: int
    references: int
    references_by_source: Mapping[str, int]
    media: int
    faces: int
    tracks: int
    groups: int
    gallery_version: str
    search: str
    search_note: str
    points: tuple[Mapping[str, Any], ...]
    size_bytes: int
    last_import: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A stored medium matched anew. report: None where it could not be; then problem says why."""

    content_key: str
    report: FaceReport | None
    code: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class IdentifiedFace:
    """A face of one picture, and who it may be."""

    box: Box
    quality: float
    jpeg: bytes = field(repr=False)
    candidates: tuple[Candidate, ...]
    decision: FaceDecision
    group_id: str


@dataclass(frozen=True, slots=True)
class Identified:
    """pts_s: the moment that was looked at. note: a sentence where no face was found."""

    faces: tuple[IdentifiedFace, ...]
    pts_s: float
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Tracks of somebody whom nobody has named. newest_s: Unix seconds."""

    id: str
    media: int
    tracks: int
    seconds: float
    best_track: str
    ignored: bool
    newest_s: float
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that can be taken back. groups: how many it joined. at_s: Unix seconds."""

    id: str
    group_id: str
    groups: int
    at_s: float


@dataclass(frozen=True, slots=True)
class GroupPage:
    groups: tuple[Group, ...]
    next: str
    total: int
    merges: tuple[Merge, ...]


@dataclass(frozen=True, slots=True)
class GroupTrack:
    """A track of a group. similarity: to the rest of it."""

    content_key: str
    track: Track
    similarity: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture of a known person, or a track that was confirmed to be them."""

    id: str
    key: str
    source: str
    image_id: str
    content_key: str
    pts_s: float
    quality: float
    jpeg: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """links: (key, other key, why)."""

    person: KnownPerson
    references: tuple[Reference, ...]
    links: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Regrouping:
    """How far a regrouping is."""

    tracks_done: int
    tracks: int
    groups: int
    done: bool
