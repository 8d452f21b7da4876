"""What the sidecar is asked about tastes and answers, as plain values. Units and ranges stand in protos/taste.proto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class WatchedSpan(NamedTuple):
    """Media seconds [start_s, end_s). weight: of the whole stretch."""

    start_s: float
    end_s: float
    weight: float


@dataclass(frozen=True, slots=True)
class TasteScene:
    """A scene of the library, and what of it was watched."""

    scene_id: int
    content_key: str
    view: str = "whole"
    watched: tuple[WatchedSpan, ...] = ()


class TasteProgress(NamedTuple):
    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TasteFound:
    """missing: scenes without vectors of this model; of_other_models: those of them that have some of another."""

    model: str
    scenes: int
    missing: int
    of_other_models: int
    watched: int


@dataclass(frozen=True, slots=True)
class TasteCentre:
    number: int
    share: float
    because: tuple[int, ...]


class TasteScores(NamedTuple):
    """A page of scenes beside each other, best first. nearest: 0 where there is none."""

    centre: int
    scene_ids: Sequence[int]
    scores: Sequence[float]
    nearest: Sequence[int]
    likeness: Sequence[float]


class TasteNeighbours(NamedTuple):
    """Of one scene, best first."""

    scene_id: int
    scene_ids: Sequence[int]
    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class TasteDone:
    total_s: float
    read_s: float
    from_cache: int


TasteAnswer: TypeAlias = "TasteProgress | TasteFound | TasteCentre | TasteScores | list[TasteNeighbours] | TasteDone"
