"""Values of watching, which those who derive and those who store have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class WatchEvent(NamedTuple):
    """at_s: Unix seconds, by the clock that handed it in; mono_s: seconds of the tab's own clock. watch: "" for none.
    kind: "scene", "image", "gallery" or "" with media_id 0. body: see plugin.telemetry.events, all in range.
    """

    id: str
    type: str
    session: str
    tab: str
    seq: int
    watch: str
    kind: str
    media_id: int
    at_s: float
    mono_s: float
    body: Mapping[str, Any]


class Segment(NamedTuple):
    """An uninterrupted stretch of media seconds [start_s, end_s), begun at at_s and played at this rate."""

    start_s: float
    end_s: float
    at_s: float
    rate: float

    @property
    def wall_s(self) -> float:
        """The time that it took."""
        return (self.end_s - self.start_s) / self.rate


@dataclass(frozen=True, slots=True)
class Watch:
    """One stay with one scene, as it is stored; see plugin.telemetry.derive.DerivedWatch."""

    id: int
    watch: str
    session: str
    tab: str
    scene_id: int
    started_s: float
    ended_s: float
    wall_s: float
    played_s: float
    unique_s: float
    last_s: float
    duration_s: float
    completed: bool
