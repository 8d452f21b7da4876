"""What the store takes and gives: plain values, no handles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.store.coverage import Coverage
from sidecar.values import ContentKey, Note

KEYFRAME = 1
"""Flag of a frame that the stream can be entered at."""
AFTER_CUT = 2
"""Flag of the first frame after a hard cut."""
BEFORE_CUT = 4
"""Flag of the last frame before a hard cut."""

PtsSeconds: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.uint16]
Float16Vectors: TypeAlias = NDArray[np.float16]

MediaKind: TypeAlias = Literal["video", "image"]
RefineLevel: TypeAlias = Literal["none", "budget", "full"]


@dataclass(frozen=True, slots=True)
class MediaRow:
    """What is known of a medium besides its vectors.

    path: where it was last seen (a file or a URL); a moved file keeps its key, hence its features.
    duration_s, width_px, height_px: None where not known (an image has no duration).
    first_seen_s, last_seen_s: Unix times.
    """

    key: ContentKey
    kind: MediaKind
    path: str
    duration_s: float | None
    width_px: int | None
    height_px: int | None
    container: str
    codec: str
    first_seen_s: float
    last_seen_s: float


@dataclass(frozen=True, slots=True, eq=False)
class FeatureSet:
    """All stored samples of one medium under one model, in pts order.

    pts_s: float64 (N,), strictly ascending. flags: uint16 (N,), bits KEYFRAME, AFTER_CUT, BEFORE_CUT.
    vectors: float16 (N, dim), rows as they were appended; read-only where they are mapped from the file.
    coverage: normalised (see coverage.normalise). path: where the medium was last seen, None if never told.
    """

    key: ContentKey
    model_key: str
    path: str | None
    pts_s: PtsSeconds
    flags: Flags
    vectors: Float16Vectors
    coverage: tuple[Coverage, ...]

    @property
    def dim(self) -> int:
        """Length of one vector."""
        return int(self.vectors.shape[1])


@dataclass(frozen=True, slots=True)
class PassState:
    """How far the passes over one medium under one model have come, so that an answer from the store says the same.

    coarse_interval_s: the coarse pass is complete at this interval; None while it is not.
    refine_level, refine_s: what was refined, and to which precision; refine_s is None at "none".
    seen_duration_s: how much of the medium decoded (a truncated file: less than it claims); None if not known.
    frames_decoded, frames_embedded: totals of all passes. decoder: what decoded, e.g. "pyav-cpu".
    warnings: to be repeated with every answer about this medium.
    """

    coarse_interval_s: float | None = None
    refine_level: RefineLevel = "none"
    refine_s: float | None = None
    seen_duration_s: float | None = None
    frames_decoded: int = 0
    frames_embedded: int = 0
    decoder: str = ""
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What the store holds. size_bytes: database and vector files. rows: stored samples of all models."""

    size_bytes: int
    media: int
    feature_sets: int
    rows: int
    prompts: int
