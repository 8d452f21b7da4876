"""Frames to vectors while the decoder goes on: a short queue of batches under way at the accelerator's owner."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.samples import FrameMark
from sidecar.media.frames import Frame
from sidecar.values import Cancelled, IsCancelled, Vectors

EmbedImages: TypeAlias = Callable[[NDArray[np.uint8]], "Future[Vectors]"]
"""Hands uint8 (N, S, S, 3) to the accelerator's owner; may wait for room (back-pressure)."""

Embedded: TypeAlias = tuple[list[FrameMark], Vectors]

MAX_UNDER_WAY = 3
"""Batches: one computed, one ready to follow, one being filled. More only costs memory."""

_POLL_S = 0.1


class Embedding:
    """Submits frames in batches and returns their vectors in the order of submission."""

    def __init__(self, embed: EmbedImages, batch_size: int, is_cancelled: IsCancelled) -> None:
        self._embed, self._batch_size, self._is_cancelled = embed, batch_size, is_cancelled
        self._filling: list[Frame] = []
        self._under_way: deque[tuple[list[FrameMark], Future[Vectors]]] = deque()
        self.frames_embedded = 0

    def put(self, frames: Sequence[Frame]) -> None:
        """Queue frames; a full batch is submitted at once."""
        for frame in frames:
            self._filling.append(frame)
            if len(self._filling) >= self._batch_size:
                self.submit()

    def submit(self) -> None:
        """Submit what is queued, even if it fills no batch."""
        if not self._filling:
            return
        images = np.stack([frame.image for frame in self._filling])
        marks = [FrameMark(f.pts_s, f.after_cut, f.before_cut, f.keyframe) for f in self._filling]
        self._filling = []
        self._under_way.append((marks, self._embed(images)))

    def ready(self) -> Iterator[Embedded]:
        """What is finished; waits only while too many batches are under way."""
        while self._under_way and (len(self._under_way) > MAX_UNDER_WAY or self._under_way[0][1].done()):
            yield self._take()

    def rest(self) -> Iterator[Embedded]:
        """Submit what is queued and wait for all of it."""
        self.submit()
        while self._under_way:
            yield self._take()

    def _take(self) -> Embedded:
        marks, future = self._under_way.popleft()
        while True:
            if self._is_cancelled():
                future.cancel()
                raise Cancelled
            try:
                vectors = future.result(timeout=_POLL_S)
            except FutureTimeout:
                if future.done():  # the work itself timed out: its error, not our patience
                    raise
                continue
            self.frames_embedded += len(marks)
            return marks, vectors
