"""What was watched, from events: a fold over one watch in its order, the same whatever came first. Pure.

Between two events of one tab the media went from one position to another. That is believed where the clock of the tab,
which never jumps, allows it at the rate of playback; where events between them were lost, only if the time fills it as
well. So neither a lost seek nor a suspended machine becomes watching: what is credited is never more than the time in
which it played, times the rate. What plays where nobody sees it (visible: false) is not watched, and what played on
through a pause is not remembered, though the events before and behind it are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from plugin.store.watch_values import Segment, WatchEvent
from plugin.telemetry.coverage import length_s, union
from plugin.telemetry.events import PLAYING

Pauses: TypeAlias = Sequence[tuple[float, float]]
"""[from_s, until_s) of each time in which nothing is to be remembered."""

RULES = 1
"""Another number whenever the rules below change: what is stored is then derived anew."""

DRIFT = 1.02
"""Clocks of sound cards and of machines differ."""
SLACK_S = 0.5
"""Events come late, and positions are those of the last frame; also how far apart neighbours are still one stretch."""
LOST_SHARE, LOST_SLACK_S = 0.9, 1.0
"""Where events were lost, the media must have gone on for this share of the time, but for the slack."""
BREAK_S = 60.0
"""A stretch with a longer rest in it is two: when it was watched would be wrong else."""
SHORTEST_S = 0.1
"""Shorter stretches are what scrubbing leaves."""


@dataclass(frozen=True, slots=True)
class DerivedWatch:
    """One stay with one scene. started_s, ended_s: of its events. wall_s: time in which it played; played_s: media
    seconds, repeats included; unique_s: of their union; last_s: where it was left; duration_s: as the player said, 0
    for unknown. progress: how to go on (see Progress), None where that is impossible.
    """

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
    segments: tuple[Segment, ...]
    progress: Progress | None = None


@dataclass(slots=True)
class _Run:
    """A stretch that may go on. wall_s: time in which it played, at most."""

    start_s: float
    end_s: float
    at_s: float
    rate: float
    wall_s: float

    def segment(self) -> Segment | None:
        """As long as the time allows, cut at its end."""
        end_s = self.start_s + min(self.end_s - self.start_s, self.wall_s * self.rate)
        if end_s - self.start_s < SHORTEST_S:
            return None
        return Segment(self.start_s, end_s, self.at_s, self.rate)


@dataclass(slots=True)
class Progress:
    """Where the fold over one watch in one tab stands; events that come behind seq continue it.

    seq: of the last event. The player then: at_s, position_s, rate, playing (and seen by somebody), known once
    has_state. top_s: the greatest mono_s so far. lost: events are missing since, or were about something else. closed:
    the last run cannot go on. done: segments of the runs before the last.
    """

    watch: str
    session: str
    tab: str
    scene_id: int
    started_s: float
    ended_s: float
    seq: int
    has_state: bool = False
    at_s: float = 0.0
    position_s: float = 0.0
    rate: float = 1.0
    playing: bool = False
    top_s: float = 0.0
    lost: bool = False
    closed: bool = True
    duration_s: float = 0.0
    completed: bool = False
    run: _Run | None = None
    done: list[Segment] = field(default_factory=list)

    def take(self, event: WatchEvent, pauses: Pauses = ()) -> None:
        """The next event of the watch in this tab, by (seq, id)."""
        if event.media_id != self.scene_id:
            return
        if event.seq > self.seq + 1:
            self.lost = True
        self.seq = event.seq
        self.started_s = min(self.started_s, event.at_s)
        self.ended_s = max(self.ended_s, event.at_s)
        if event.type in PLAYING:
            self._take_state(event, pauses)

    def _take_state(self, event: WatchEvent, pauses: Pauses) -> None:
        body = event.body
        position_s, rate, is_seek = body["position_s"], body["rate"], event.type == "scene_seek"
        if body["duration_s"] > 0:
            self.duration_s = body["duration_s"]
        if self.has_state:
            wall_s = max(0.0, event.mono_s - self.top_s)
            reached_s = body["from_s"] if is_seek else position_s
            paused = any(from_s < event.at_s and self.at_s < until_s for from_s, until_s in pauses)
            credited_s = self._credit(reached_s, wall_s, rate) if self.playing and not paused else 0.0
            rest_s = max(wall_s, event.at_s - self.at_s) - credited_s
            if is_seek or paused or rest_s > BREAK_S:
                self.closed = True
        self.top_s = max(self.top_s, event.mono_s) if self.has_state else event.mono_s
        self.has_state, self.lost = True, False
        self.at_s, self.position_s, self.rate = event.at_s, position_s, rate
        self.playing = body["playing"] and body["visible"]
        self.completed = self.completed or event.type == "scene_watch_complete"

    def _credit(self, reached_s: float, wall_s: float, rate: float) -> float:
        """The stretch up to reached_s, if it is believed. Returns the time that it took."""
        rate = max(self.rate, rate) if self.lost else self.rate
        moved_s, possible_s = reached_s - self.position_s, wall_s * rate
        believed = 0 <= moved_s <= possible_s * DRIFT + SLACK_S
        if self.lost and moved_s < possible_s * LOST_SHARE - LOST_SLACK_S:
            believed = False
        if not believed:
            self.closed = True
            return 0.0
        if moved_s == 0:
            return 0.0
        run = self.run
        if run and not self.closed and run.rate == rate and abs(self.position_s - run.end_s) <= SLACK_S:
            run.end_s = max(run.end_s, reached_s)
            run.wall_s += wall_s
        else:
            self._finish_run()
            self.run = _Run(self.position_s, reached_s, self.at_s, rate, wall_s)
            self.closed = False
        return moved_s / rate

    def _finish_run(self) -> None:
        if self.run and (segment := self.run.segment()):
            self.done.append(segment)
        self.run = None

    def segments(self) -> list[Segment]:
        last = self.run.segment() if self.run else None
        return [*self.done, last] if last else list(self.done)

    def as_json(self) -> dict[str, Any]:
        """All but the segments that are done."""
        kept = {name: getattr(self, name) for name in self.__slots__ if name != "done"}
        return kept | {"run": None if self.run is None else [getattr(self.run, name) for name in _Run.__slots__]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Progress:
        return cls(**{**kept, "run": None if kept["run"] is None else _Run(*kept["run"])})


def derive_watch(events: Iterable[WatchEvent], pauses: Pauses = ()) -> DerivedWatch | None:
    """From scratch. events: all of one watch, in any order, some perhaps twice. None where nothing was ever played."""
    once = {event.id: event for event in events}.values()
    ordered = sorted(once, key=lambda event: (event.tab, event.seq, event.id))
    first = next((event for event in ordered if event.type in PLAYING), None)
    if first is None:
        return None
    tabs: list[Progress] = []
    for event in ordered:
        if not tabs or tabs[-1].tab != event.tab:
            tabs.append(Progress(first.watch, first.session, event.tab, first.media_id, math.inf, -math.inf, event.seq))
        tabs[-1].take(event, pauses)
    return finished(tabs)


def derive_on(
    progress: Progress, before: Sequence[Segment], events: Sequence[WatchEvent], pauses: Pauses = ()
) -> DerivedWatch:
    """As derive_watch of everything would, from where it stood: before are the segments that were done then, events
    those behind it, by (seq, id).
    """
    progress.done = list(before)
    for event in events:
        progress.take(event, pauses)
    return finished([progress])


def finished(tabs: Sequence[Progress]) -> DerivedWatch:
    """What came of the fold over each tab. Raises ValueError where nothing was ever played."""
    told = [one for one in tabs if one.has_state]
    first, last = told[0], max(told, key=lambda one: (one.at_s, one.tab))
    segments = [segment for one in told for segment in one.segments()]
    stretches = [(one.start_s, one.end_s) for one in segments]
    return DerivedWatch(
        first.watch,
        first.session,
        first.tab,
        first.scene_id,
        min(one.started_s for one in told),
        max(one.ended_s for one in told),
        sum((one.end_s - one.start_s) / one.rate for one in segments),
        length_s(stretches),
        length_s(union(stretches)),
        last.position_s,
        max((one.duration_s for one in told), default=0.0),
        any(one.completed for one in told),
        tuple(segments),
        tabs[0] if len(tabs) == 1 else None,
    )
