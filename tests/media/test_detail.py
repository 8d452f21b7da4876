"""The second, undistorted picture of a frame: for what is small in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.sample_video import load_photo
from sidecar.media.access import AccessPolicy
from sidecar.media.decoder import open_decoder
from sidecar.media.frames import Frame
from sidecar.media.plan import choose_plan
from sidecar.media.probe import probe
from sidecar.media.shape import place_undistorted
from sidecar.media.source import open_source
from sidecar.values import FrameGeometry
from tests.media.make import write_video


def frames_of(path: Path, geometry: FrameGeometry) -> list[Frame]:
    with open_source(str(path), AccessPolicy((path.parent,), ()), {}, lambda: False) as source:
        info = probe(source)
        with open_decoder(source, info, "cpu") as decoder:
            return list(decoder.coarse(choose_plan(info, 1.0), 1.0, geometry, lambda: False))


def test_a_placement_is_never_enlarged_and_keeps_the_shape() -> None:
    wide = place_undistorted(1920, 1080, 0, "whole", 960)
    assert (wide.scaled_width_px, wide.scaled_height_px) == (960, 540)
    small = place_undistorted(320, 240, 0, "whole", 960)
    assert (small.scaled_width_px, small.scaled_height_px) == (320, 240)
    turned = place_undistorted(1080, 1920, 90, "whole", 960)
    assert (turned.scaled_width_px, turned.scaled_height_px) == (960, 540)  # as it is coded, before the turn
    eye = place_undistorted(3840, 1920, 0, "left_eye", 960)
    assert (eye.side, eye.scaled_width_px, eye.scaled_height_px) == ("left", 960, 960)


def test_of_an_image_the_detail_is_the_picture_and_full_has_its_own_pixels(tmp_path: Path) -> None:
    photo = load_photo("astronaut")
    path = tmp_path / "a.png"
    Image.fromarray(photo).save(path)
    (frame,) = frames_of(path, FrameGeometry(32, "squash", detail_px=256))
    assert frame.detail is not None
    assert frame.detail.image.shape == (256, 256, 3)
    assert frame.detail.scale == 2.0
    assert frame.detail.full is not None
    np.testing.assert_array_equal(frame.detail.full(), photo)
    reference = np.asarray(Image.fromarray(photo).resize((256, 256), Image.Resampling.BICUBIC))
    assert np.abs(frame.detail.image.astype(int) - reference).mean() < 0.5


def test_without_being_asked_for_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(load_photo("astronaut")).save(path)
    (frame,) = frames_of(path, FrameGeometry(32, "squash"))
    assert frame.detail is None


@pytest.mark.parametrize("longest_px", [160, 4000])
def test_frames_of_a_video_have_it_and_spares_hold_no_decoded_frame(tmp_path: Path, longest_px: int) -> None:
    photo = np.ascontiguousarray(load_photo("astronaut")[:384, :512])
    path = write_video(tmp_path / "v.mp4", [photo] * 75, options={"g": "75"})
    frames = frames_of(path, FrameGeometry(64, "crop", detail_px=longest_px))
    assert frames
    for frame in frames:
        assert frame.detail is not None
        height, width = frame.detail.image.shape[:2]
        assert max(height, width) == min(longest_px, 512)
        assert abs(width / height - 512 / 384) < 0.02
        if frame.role == "spare" or longest_px > 512:
            assert frame.detail.full is None
        else:
            assert frame.detail.full is not None
            assert frame.detail.full().shape == (384, 512, 3)
            assert np.abs(frame.detail.full().astype(int) - photo).mean() < 6
