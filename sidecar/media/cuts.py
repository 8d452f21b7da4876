"""Finds cuts between neighbouring frames from small luma signatures. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Signature: TypeAlias = NDArray[np.float32]
"""float32 (rows, columns): mean luma of strips of a frame, 0..255 whatever the bit depth."""

SIGNATURE_ROWS = 24
SIGNATURE_COLUMNS = 32
REACH = 2
"""How many frames on each side of a change are looked at to tell a cut from a flash."""

# Noise of +-6 moves a strip's mean by less than 0.3; a one-second fade through black at 30 fps moves it by about 6 per
# frame but evenly, which the ratio to the neighbourhood's median rejects (as PySceneDetect's AdaptiveDetector does).
_MIN_CHANGE = 2.5
_CONTRAST_SHARE = 0.2
_MAX_MIN_CHANGE = 7.0
_RATIO = 3.0
_RETURN_SHARE = 0.5


def change(first: Signature, second: Signature) -> float:
    """Mean absolute luma difference, 0..255; frames of different shapes differ entirely."""
    if first.shape != second.shape:
        return 255.0
    return float(np.abs(first - second).mean())


def is_cut(before: Sequence[Signature], after: Sequence[Signature], recent_changes: Sequence[float]) -> bool:
    """Whether the picture is another one from before[-1] to after[0].

    before: up to REACH + 1 signatures in time order; after likewise. recent_changes: changes between the frames around,
    this one left out. False for noise, steady motion, fades, and flashes of up to REACH frames.
    """
    jump = change(before[-1], after[0])
    contrast = max(float(before[-1].std()), float(after[0].std()))
    floor = min(max(_MIN_CHANGE, _CONTRAST_SHARE * contrast), _MAX_MIN_CHANGE)
    usual = float(np.median(recent_changes)) if recent_changes else 0.0
    if jump < max(floor, _RATIO * usual):
        return False
    return all(change(old, new) > _RETURN_SHARE * jump for old in before for new in after)
