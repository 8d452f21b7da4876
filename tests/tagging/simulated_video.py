"""A video that exists only as scores over time, with known truth, and the ways in which it can be sampled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.tagging.refine import RefineWindow, still_open, windows_to_refine
from sidecar.tagging.samples import Samples
from sidecar.tagging.timeline import Span, TimelineRule

FPS = 25
STEP_S = 0.5


@dataclass(frozen=True)
class SimulatedVideo:
    """truth: per tag its ranges (start_s, end_s). cuts_s: frames at which the picture changes hard."""

    truth: tuple[tuple[tuple[float, float], ...], ...]
    cuts_s: frozenset[int]
    frame_scores: NDArray[np.float32]

    @property
    def duration_s(self) -> float:
        return len(self.frame_scores) / FPS

    def samples(self, frames: Sequence[int], cuts_are_known: bool = True) -> Samples:
        """The samples at these frames; a cut is flagged where the frame before it was decoded too."""
        known = set(frames)
        flags = [cuts_are_known and frame in self.cuts_s and frame - 1 in known for frame in frames]
        pts_s = np.array(frames, dtype=np.float64) / FPS
        return Samples(pts_s, np.array(flags, dtype=np.bool_), self.frame_scores[list(frames)], self.duration_s)

    def dense(self) -> Samples:
        return self.samples(range(0, len(self.frame_scores), round(STEP_S * FPS)), cuts_are_known=False)

    def frames_in(self, window: RefineWindow) -> Iterator[int]:
        """Frames of a window as a decoder hands them out: every STEP_S at most, and both frames of each cut."""
        step = int(STEP_S * FPS)
        last = round(window.start_s * FPS)
        for frame in range(last + 1, round(window.end_s * FPS)):
            if frame - last >= step or frame in self.cuts_s or frame + 1 in self.cuts_s:
                last = frame
                yield frame


@dataclass(frozen=True)
class Refined:
    samples: Samples
    coarse: Samples
    windows: int
    decoded_share: float


def refine_in_full(video: SimulatedVideo, rule: TimelineRule, coarse_frames: Sequence[int]) -> Refined:
    """What the engine does, with no budget: look coarse, then decode what refine asks for until it asks no more."""
    frames = set(coarse_frames)
    covered: list[tuple[float, float]] = []
    windows_done = decoded = 0
    while windows := windows_to_refine(video.samples(sorted(frames)), rule, STEP_S, covered):
        for window in windows:
            end_s = window.start_s
            for frame in video.frames_in(window):
                frames.add(frame)
                end_s = frame / FPS
                if not still_open(window, near(video, sorted(frames), window), rule, STEP_S):
                    break
            else:
                end_s = window.end_s
            covered.append((window.start_s, end_s))
            windows_done += 1
            decoded += round((end_s - window.start_s) * FPS)
    return Refined(
        video.samples(sorted(frames)),
        video.samples(coarse_frames),
        windows_done,
        decoded / len(video.frame_scores),
    )


def near(video: SimulatedVideo, frames: Sequence[int], window: RefineWindow) -> Samples:
    return video.samples([f for f in frames if window.start_s - 1e-6 <= f / FPS <= window.end_s + 1e-6])


def iou(left: Sequence[Span], right: Sequence[tuple[int, float, float]]) -> float:
    """Temporal intersection over union of all tags together; 1 if neither side has anything."""
    tags = {span.tag_index for span in left} | {tag for tag, _, _ in right}
    both = either = 0.0
    for tag in tags:
        ours = [(span.start_s, span.end_s) for span in left if span.tag_index == tag]
        theirs = [(start_s, end_s) for index, start_s, end_s in right if index == tag]
        common = sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in ours for b in theirs)
        both += common
        either += sum(b - a for a, b in ours) + sum(b - a for a, b in theirs) - common
    return both / either if either else 1.0


def as_ranges(spans: Sequence[Span]) -> list[tuple[int, float, float]]:
    return [(span.tag_index, span.start_s, span.end_s) for span in spans]


def cut_video(seed: int, duration_s: int, shots_per_minute: float, tags: int, noise: float) -> SimulatedVideo:
    """Hard cuts at uneven times, shots of 6 s or more, one to three tags in each; independent noise on every frame."""
    random = np.random.default_rng(seed)
    cuts, at_s = [0], 0.0
    while (at_s := at_s + 6 + random.exponential(60 / shots_per_minute - 6)) < duration_s - 6:
        cuts.append(round(at_s * FPS))
    n_frames = duration_s * FPS
    scores = np.zeros((n_frames, tags))
    for start, end in zip(cuts, [*cuts[1:], n_frames], strict=True):
        shown = random.choice(tags, size=random.integers(1, 4), replace=False)
        scores[start:end] = random.normal(-0.3, 0.5, tags)
        scores[start:end, shown] = random.uniform(3.0, 6.0, len(shown))
    clean = scores.copy()
    scores += random.normal(0, noise, scores.shape)
    truth = tuple(tuple(_ranges(clean[:, tag] >= 2.25)) for tag in range(tags))
    return SimulatedVideo(truth, frozenset(cuts[1:]), scores.astype(np.float32))


def ramp_video(seed: int, duration_s: int, tags: int, ramp_s: float, noise: float) -> SimulatedVideo:
    """Tags that come and go over ramp_s seconds, as in a dissolve or a pan; no cut anywhere."""
    random = np.random.default_rng(seed)
    n_frames = duration_s * FPS
    scores = np.zeros((n_frames, tags))
    time_s = np.arange(n_frames) / FPS
    for tag in range(tags):
        at_s = random.uniform(5, 15)
        while at_s < duration_s - 15:
            length_s = random.uniform(8, 25)
            up, down = (time_s - at_s) / ramp_s + 0.5, (at_s + length_s - time_s) / ramp_s + 0.5
            scores[:, tag] = np.maximum(scores[:, tag], 4.5 * np.clip(np.minimum(up, down), 0, 1))
            at_s += length_s + random.uniform(10, 30)
    truth = tuple(tuple(_ranges(scores[:, tag] >= 2.25)) for tag in range(tags))
    noisy = scores + random.normal(0, noise, scores.shape)
    return SimulatedVideo(truth, frozenset(), noisy.astype(np.float32))


def uneven_keyframes(video: SimulatedVideo, seed: int, most_s: float = 4.0) -> list[int]:
    """Frame 0, then frames 2 to most_s seconds apart, up to the end."""
    random = np.random.default_rng(seed)
    frames = [0]
    while (frame := frames[-1] + int(random.uniform(2, most_s) * FPS)) < len(video.frame_scores):
        frames.append(frame)
    return frames


def _ranges(inside: NDArray[np.bool_]) -> Iterator[tuple[float, float]]:
    flips = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    for start, end in zip(flips[::2], flips[1::2], strict=True):
        yield start / FPS, end / FPS
