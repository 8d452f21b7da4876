"""How far the work is, in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

NARROW = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class AtWork:
    """A medium that the sidecar has. stage: as in protos/inference.proto, "" before the first report. position_s: where
    in the medium the work stands; duration_s: as Stash knows it, 0 for an image. seconds_left: None while unknown.
    """

    kind: str
    id: int
    name: str
    stage: str = ""
    position_s: float = 0.0
    duration_s: float = 0.0
    frames_per_s: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """done and total: media of all unfinished batches. worked: done by this drain, in wall_s seconds; media_s: how long
    those play. frames_per_s: of what is in work, 0 while unknown. media: what is in work.
    """

    done: int
    total: int
    failed: int
    worked: int
    wall_s: float
    media_s: float
    frames_per_s: float = 0.0
    media: tuple[AtWork, ...] = ()

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0


def sentence(tally: Tally) -> str:
    """ "Medium 312 of 4 000 · 38× · about 2 h left"."""
    parts = [f"Medium {_count(min(tally.done + 1, tally.total))} of {_count(tally.total)}"]
    if tally.wall_s > 0 and tally.media_s > 0:
        speed = tally.media_s / tally.wall_s
        parts.append(f"{speed:.0f}×" if speed >= 10 else f"{speed:.1f}×")
    if tally.frames_per_s > 0:
        parts.append(f"{tally.frames_per_s:.0f} frames/s")
    if tally.worked >= 2 and tally.total > tally.done:
        parts.append(f"about {_duration((tally.total - tally.done) * tally.wall_s / tally.worked)} left")
    if tally.failed:
        parts.append(f"{_count(tally.failed)} failed")
    return " · ".join(parts)


def detail(tally: Tally) -> dict[str, Any]:
    """The same in numbers, for pages: kept with the drain, see plugin.store.drains."""
    return {
        "done": tally.done,
        "total": tally.total,
        "failed": tally.failed,
        "frames_per_s": round(tally.frames_per_s, 1),
        "media": [_rounded(asdict(one)) for one in tally.media],
    }


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, 1) if isinstance(value, float) else value for key, value in values.items()}


def _count(number: int) -> str:
    return f"{number:,}".replace(",", NARROW)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h" if seconds < 48 * 3600 else f"{round(seconds / 86400)} days"
