"""Where a face is, moment by moment, packed into twelve bytes a moment: a scene may have thousands of them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

_MARK = struct.Struct("<I4H")
_MOST_MS, _MOST_SHARE = (1 << 32) - 1, (1 << 16) - 1


@dataclass(frozen=True, slots=True)
class Mark:
    """A face at one moment: seconds, and a box as shares (0 to 1) of the upright picture's width and height."""

    pts_s: float
    left: float
    top: float
    width: float
    height: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.width, self.height


def pack(marks: Iterable[Mark]) -> bytes:
    """Each as milliseconds and four shares of 1/65 535, little-endian. What lies outside their ranges is cut off."""
    return b"".join(
        _MARK.pack(
            _whole(mark.pts_s * 1000, _MOST_MS), *(_whole(share * _MOST_SHARE, _MOST_SHARE) for share in mark.box)
        )
        for mark in marks
    )


def unpack(data: bytes) -> tuple[Mark, ...]:
    """Times to the millisecond, shares to four digits. A half-written end is left out."""
    whole = data[: len(data) - len(data) % _MARK.size]
    return tuple(
        Mark(milliseconds / 1000, *(round(share / _MOST_SHARE, 4) for share in shares))
        for milliseconds, *shares in _MARK.iter_unpack(whole)
    )


def _whole(value: float, most: int) -> int:
    return min(most, max(0, round(value)))
