"""Lone keyframes on several cores: each lane opens the medium for itself and decodes every n-th stop.

A keyframe depends on no other frame, and a decoder that is drained after each one cannot use threads of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

from sidecar.media.frames import Frame
from sidecar.media.meter import Meter
from sidecar.media.passes import KeyframeWalk
from sidecar.media.plan import Stop

STOPS_AHEAD = 3
"""Stops that a lane may be ahead of the consumer: enough to keep it busy, few enough to hold no memory."""


def keyframes_in_lanes(
    walks: Sequence[KeyframeWalk], stops: Sequence[Stop], after_s: float | None, meter: Meter
) -> Iterator[Frame]:
    """The frames of stops that are keyframes alone, in order, each walk in a thread of its own.

    meter counts what has been handed out, so that figures do not depend on how far lanes are ahead.
    """
    last_s = after_s
    with ExitStack() as stack:
        pools = [stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="keyframes")) for _ in walks]
        under_way: deque[Future[tuple[list[Frame], Meter] | None]] = deque()
        # Entered last, so that waiting stops are dropped before the pools are waited for.
        stack.callback(lambda: [future.cancel() for future in under_way])
        following = iter(enumerate(stops))
        while True:
            while len(under_way) < STOPS_AHEAD * len(walks) and (entry := next(following, None)) is not None:
                lane = entry[0] % len(walks)
                under_way.append(pools[lane].submit(_visit, walks[lane], entry[1]))
            if not under_way:
                return
            visited = under_way.popleft().result()
            if visited is None:
                return
            frames, counted = visited
            meter.add(counted)
            for frame in frames:
                if last_s is None or frame.pts_s > last_s:
                    last_s = frame.pts_s
                    yield frame


def _visit(walk: KeyframeWalk, stop: Stop) -> tuple[list[Frame], Meter] | None:
    frames = walk.visit(stop, None)
    if frames is None:
        return None
    found = list(frames)
    counted, walk.reel.meter = walk.reel.meter, Meter()
    return found, counted
