"""A taste in memory: for replays of a history and for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plugin.recommend.values import Centre


@dataclass(frozen=True, slots=True)
class MemoryTaste:
    """Implements Taste. alike: neighbours by ordinal, best first."""

    known: Sequence[Centre] = ()
    alike: Mapping[int, Sequence[tuple[int, float]]] = field(default_factory=dict)
    said: str = ""

    def centres(self) -> Sequence[Centre]:
        return self.known

    def neighbours(self, ordinal: int) -> Sequence[tuple[int, float]]:
        return self.alike.get(ordinal, ())

    def note(self) -> str:
        return self.said
