"""Picks frames out of a run of decoded pictures: samples, both sides of every cut, spares."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sidecar.media.cuts import REACH, Signature, change, is_cut
from sidecar.media.frames import Frame
from sidecar.media.reel import Decoded

Emit = Callable[[Decoded, bool, bool, bool], Frame]
"""(decoded, spare, after_cut, before_cut) -> Frame."""

_SLACK_S = 1e-3
_REMEMBERED_CHANGES = 10
# The last picture of a run shows nothing new this soon after a sample.
_TAIL_S = 0.25


@dataclass(frozen=True, slots=True)
class Rule:
    """What to take of a run of pictures.

    step_s: samples are no further apart than this, as far as there are pictures. spare_s: pictures this far from the
    last frame taken become spares; None: no spares. after_s: nothing at or before it is taken, and the first sample is
    counted from it; None: the first picture is a sample. end_s: nothing at or after it is taken, for the run's consumer
    has a frame there (a cut right before it shows as before_cut); None: the last picture is a sample if none is near.
    """

    step_s: float
    spare_s: float | None = None
    after_s: float | None = None
    end_s: float | None = None


@dataclass(slots=True)
class _Entry:
    decoded: Decoded
    signature: Signature
    change: float
    cut: bool = False


def select(run: Iterable[Decoded], rule: Rule, emit: Emit) -> Iterator[Frame]:
    """Frames of a run of consecutive pictures (increasing pts_s), each as soon as its neighbours have been seen."""
    picker = _Picker(rule, emit)
    for decoded in run:
        yield from picker.push(decoded)
    yield from picker.finish()


class _Picker:
    """Holds the few pictures that are needed to tell a cut from a flash before the first of them is judged."""

    def __init__(self, rule: Rule, emit: Emit) -> None:
        self._rule = rule
        self._emit = emit
        # REACH judged entries, the one to be taken next, and up to REACH + 1 after it.
        self._past: deque[Signature] = deque(maxlen=REACH + 1)
        self._waiting: deque[_Entry] = deque()
        self._changes: deque[float] = deque(maxlen=_REMEMBERED_CHANGES)
        self._last_sample_s = rule.after_s
        self._last_taken_s = rule.after_s

    def push(self, decoded: Decoded) -> Iterator[Frame]:
        signature = decoded.picture.signature()
        newest = self._waiting[-1].signature if self._waiting else None
        self._waiting.append(_Entry(decoded, signature, change(newest, signature) if newest is not None else 0.0))
        # The next to be taken needs a judged neighbour, and that one REACH pictures after it.
        if len(self._waiting) >= REACH + 2:
            yield from self._take()

    def finish(self) -> Iterator[Frame]:
        while self._waiting:
            yield from self._take()

    def _take(self) -> Iterator[Frame]:
        entry = self._waiting.popleft()
        self._past.append(entry.signature)
        follower = self._waiting[0] if self._waiting else None
        if follower is not None:
            follower.cut = self._judge(follower)
            self._changes.append(follower.change)
        frame = self._frame(entry, follower)
        if frame is not None:
            yield frame

    def _judge(self, follower: _Entry) -> bool:
        after = [entry.signature for entry in list(self._waiting)[: REACH + 1]]
        around = [*self._changes, *(entry.change for entry in list(self._waiting)[1 : REACH + 1])]
        return is_cut(list(self._past), after, around)

    def _frame(self, entry: _Entry, follower: _Entry | None) -> Frame | None:
        pts_s = entry.decoded.pts_s
        rule = self._rule
        if rule.after_s is not None and pts_s <= rule.after_s + _SLACK_S:
            return None
        if rule.end_s is not None and pts_s >= rule.end_s:
            return None
        before_cut = follower is not None and follower.cut
        next_s = follower.decoded.pts_s if follower is not None else rule.end_s
        if entry.cut or before_cut or self._due(pts_s, next_s, self._last_sample_s, rule.step_s):
            self._last_sample_s = self._last_taken_s = pts_s
            return self._emit(entry.decoded, False, entry.cut, before_cut)
        if rule.spare_s is not None and self._due(pts_s, next_s, self._last_taken_s, rule.spare_s):
            self._last_taken_s = pts_s
            return self._emit(entry.decoded, True, False, False)
        return None

    def _due(self, pts_s: float, next_s: float | None, last_s: float | None, step_s: float) -> bool:
        """Whether leaving this picture out would leave a longer gap than step_s."""
        if last_s is None:
            return True
        if next_s is None:
            return pts_s - last_s > min(step_s, _TAIL_S)
        return next_s - last_s > step_s + _SLACK_S
