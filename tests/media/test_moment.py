"""The frame that is shown at a moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sidecar.media.access import AccessPolicy
from sidecar.media.frames import Frame
from sidecar.media.moment import frame_at
from sidecar.media.source import open_source
from sidecar.values import FrameGeometry
from tests.media.make import never, scene, write_video

GEOMETRY = FrameGeometry(32, "squash", detail_px=320)


def shown(path: Path, at_s: float) -> Frame:
    with open_source(str(path), AccessPolicy((path.parent,), ()), {}, never) as source:
        return frame_at(source, at_s, GEOMETRY, never)


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv"])
def test_it_is_the_last_frame_that_began_by_then(tmp_path: Path, name: str) -> None:
    path = write_video(tmp_path / name, [scene(number // 5) for number in range(100)], fps=10, options={"g": "40"})
    for at_s, wanted_s in ((0.0, 0.0), (0.04, 0.0), (3.95, 3.9), (5.0, 5.0), (7.449, 7.4), (99.0, 9.9)):
        frame = shown(path, at_s)
        assert abs(frame.pts_s - wanted_s) < 0.002, at_s
        assert frame.detail is not None
        difference = np.abs(frame.detail.image.astype(int) - scene(round(wanted_s * 10) // 5)).mean()
        assert difference < 12, at_s


def test_an_image_is_itself(tmp_path: Path) -> None:
    path = tmp_path / "i.png"
    Image.fromarray(scene(3)).save(path)
    frame = shown(path, 5.0)
    assert frame.pts_s == 0.0
    assert frame.detail is not None
    np.testing.assert_array_equal(frame.detail.image, scene(3))
