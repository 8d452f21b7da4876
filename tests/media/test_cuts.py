"""Cuts are told from noise, motion, fades and flashes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from sidecar.media.cuts import Signature
from sidecar.media.frames import Detail, Frame
from sidecar.media.reel import Decoded
from sidecar.media.select import Rule, select
from sidecar.values import FrameGeometry, RgbImage

_FPS = 25


@dataclass(frozen=True)
class _Luma:
    """A picture that is nothing but its luma."""

    luma: Signature
    ticks: int | None = None
    keyframe: bool = False
    corrupt: bool = False
    pixels: int = 1

    def signature(self) -> Signature:
        return self.luma

    def rgb(self, geometry: FrameGeometry) -> RgbImage:
        return np.zeros((geometry.size_px, geometry.size_px, 3), np.uint8)

    def detail(self, geometry: FrameGeometry) -> Detail:
        return Detail(self.rgb(geometry), 1.0)


def _cuts(lumas: list[Signature]) -> list[int]:
    run = (Decoded(number / _FPS, _Luma(luma)) for number, luma in enumerate(lumas))

    def emit(decoded: Decoded, spare: bool, after_cut: bool, before_cut: bool) -> Frame:
        image = np.zeros((1, 1, 3), np.uint8)
        return Frame(decoded.pts_s, image, "spare" if spare else "sample", after_cut, before_cut, False)

    frames = list(select(run, Rule(1000.0), emit))
    after = [round(frame.pts_s * _FPS) for frame in frames if frame.after_cut]
    before = [round(frame.pts_s * _FPS) for frame in frames if frame.before_cut]
    assert [number + 1 for number in before] == after
    return after


def _shot(seed: int, count: int, contrast: float = 45.0, noise: float = 0.5, level: float = 110.0) -> list[Signature]:
    random = np.random.default_rng(seed)
    base = random.normal(level, contrast, (24, 32))
    return [np.clip(base + random.normal(0, noise, base.shape), 0, 255).astype(np.float32) for _ in range(count)]


_SCENES: dict[str, tuple[Callable[[], list[Signature]], list[int]]] = {
    "two shots": (lambda: _shot(1, 20) + _shot(2, 20), [20]),
    "dark shots": (lambda: _shot(1, 20, 6, level=20) + _shot(2, 20, 6, level=20), [20]),
    "noise": (lambda: _shot(1, 60, noise=3.0), []),
    "flash": (lambda: _shot(1, 20) + _shot(3, 2, 2, level=250) + _shot(1, 20), []),
    "cut, then flash": (lambda: _shot(1, 20) + _shot(2, 10) + _shot(3, 1, 2, level=250) + _shot(2, 10), [20]),
    "fade": (
        lambda: [luma * np.float32(1 - i / 25) for i, luma in enumerate(_shot(1, 25))] + _shot(4, 10, 0, 0, 0),
        [],
    ),
    "dissolve": (
        lambda: [
            a * np.float32(1 - i / 12) + b * np.float32(i / 12)
            for i, (a, b) in enumerate(zip(_shot(1, 13), _shot(2, 13), strict=True))
        ],
        [],
    ),
    "pan": (lambda: [np.roll(_shot(1, 1)[0], i, axis=1) for i in range(40)], []),
    "rapid shots": (lambda: [luma for seed in range(6) for luma in _shot(seed, 8)], [8, 16, 24, 32, 40]),
    "cut at once": (lambda: _shot(1, 1) + _shot(2, 10), [1]),
    "cut to the last": (lambda: _shot(1, 10) + _shot(2, 1), [10]),
    "black to picture": (lambda: _shot(1, 10, 0, 0, 0) + _shot(2, 10), [10]),
}


@pytest.mark.parametrize("name", _SCENES)
def test_cuts(name: str) -> None:
    make, expected = _SCENES[name]
    assert _cuts(make()) == expected
