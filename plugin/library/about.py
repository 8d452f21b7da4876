"""What the catalogue says of itself, and how terms lie in it. Pure, and light: every recommendation reads it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from plugin.library.packing import pack, unpack
from plugin.recommend.weights import UNIT_S
from plugin.store.errors import CacheDamaged

FORMAT = 1
"""Another one when the tables are packed otherwise: then everything is made anew."""

Weighed = Sequence[tuple[int, float, float]]
"""(term, weight, seconds), ascending by term."""


@dataclass(frozen=True, slots=True)
class About:
    """What the catalogue was made with. labels: label id -> term. average_s: see plugin.recommend.weights. built_of:
    how many scenes had terms when everything was made, described: now.
    """

    format: int = 0
    generation: int = 0
    evidence: str = "both"
    ignored: tuple[str, ...] = ()
    labels: Mapping[int, int] = field(default_factory=dict)
    average_s: float = UNIT_S
    built_of: int = 0
    described: int = 0

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of(cls, data: bytes) -> About:
        """What a catalogue says of itself; format 0 for none, and for one that says nothing sensible."""
        try:
            told = json.loads(data) if data else {}
            labels = {int(label_id): term for label_id, term in told.get("labels", {}).items()}
            return cls(**{**told, "ignored": tuple(told.get("ignored", ())), "labels": labels})
        except (ValueError, TypeError, AttributeError):
            return cls()


def pack_terms(weighed: Weighed) -> bytes:
    """A scene's terms as one text of bytes: all terms, then all weights, then all seconds."""
    parts = (array(code, column) for code, column in zip("Iff", zip(*weighed, strict=True), strict=False))
    return b"".join(map(pack, parts))


def unpack_terms(data: bytes) -> tuple[array[int], array[float], array[float]]:
    """(terms, weights, seconds), ascending by term. Raises CacheDamaged."""
    size = len(data) // 3
    if len(data) % 3:
        raise CacheDamaged
    return unpack("I", data[:size]), unpack("f", data[size : 2 * size]), unpack("f", data[2 * size :])
