"""Still images, whatever their mode."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sidecar.media.errors import MediaError
from sidecar.values import FrameGeometry
from tests.media.make import Opened, probe_path, scene


def _pixel(path: Path, spot: tuple[int, int] = (16, 16)) -> list[int]:
    with Opened(path) as opened:
        assert opened.info.kind == "image"
        assert opened.plan(4.0).kind == "image"
        (frame,) = opened.coarse(4.0, FrameGeometry(32, "squash"))
        assert (frame.pts_s, frame.role) == (0.0, "sample")
        assert opened.window(0.0, 1.0, 0.5) == []
        assert opened.decoder.name == "pillow"
        return [int(channel) for channel in frame.image[spot]]


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "bmp", "tiff", "gif", "avif", "jp2"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    Image.new("RGB", (60, 40), (200, 100, 50)).save(tmp_path / f"a.{suffix}")
    assert np.abs(np.array(_pixel(tmp_path / f"a.{suffix}")) - (200, 100, 50)).max() <= 4


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "1", "L", "I;16", "PA"])
def test_modes(tmp_path: Path, mode: str) -> None:
    white = Image.new("RGB", (40, 40), (255, 255, 255))
    if mode == "I;16":
        Image.fromarray(np.full((40, 40), 65535, np.uint16)).save(tmp_path / "a.png")
    elif mode == "CMYK":
        white.convert(mode).save(tmp_path / "a.png.jpg")
        (tmp_path / "a.png.jpg").rename(tmp_path / "a.png")
    else:
        (white.convert("P") if mode == "P" else white).convert(mode if mode != "PA" else "LA").save(tmp_path / "a.png")
    assert min(_pixel(tmp_path / "a.png")) >= 250


def test_sixteen_bit_grey_is_not_clipped(tmp_path: Path) -> None:
    Image.fromarray(np.full((40, 40), 32768, np.uint16)).save(tmp_path / "a.png")
    assert np.abs(np.array(_pixel(tmp_path / "a.png")) - 128).max() <= 1


def test_transparency_lies_over_black(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 40), (200, 100, 50, 128)).save(tmp_path / "a.png")
    assert np.abs(np.array(_pixel(tmp_path / "a.png")) - (100, 50, 25)).max() <= 2


def test_exif_orientation_turns_the_picture(tmp_path: Path) -> None:
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:, :40] = (255, 0, 0)  # red on the left; orientation 6 shows it on top
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture).save(tmp_path / "a.jpg", exif=exif, quality=95)
    info = probe_path(tmp_path / "a.jpg")
    assert (info.width_px, info.height_px) == (80, 40)
    assert (info.display_width_px, info.display_height_px) == (40, 80)
    assert _pixel(tmp_path / "a.jpg", (6, 16))[0] > 200
    assert _pixel(tmp_path / "a.jpg", (26, 16))[0] < 50


def test_a_truncated_image_is_unreadable(tmp_path: Path) -> None:
    Image.fromarray(scene(1, 400, 300)).save(tmp_path / "whole.png")
    data = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    with Opened(tmp_path / "cut.png") as opened, pytest.raises(MediaError) as caught:
        opened.coarse(4.0)
    assert caught.value.code == "unreadable"


def test_an_image_bomb_is_refused_before_its_pixels(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    assert (tmp_path / "bomb.png").stat().st_size < 100_000
    with pytest.raises(MediaError) as caught:
        probe_path(tmp_path / "bomb.png")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xd8\xff\xe0 no jpeg at all", "unreadable"),
        (b"\x89PNG\r\n\x1a\n", "unreadable"),
        (b"\0\0\0\x20ftypheic" + bytes(40), "unsupported_format"),
    ],
)
def test_what_only_begins_like_an_image(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(MediaError) as caught:
        probe_path(tmp_path / "a.jpg")
    assert caught.value.code == code


def test_a_large_jpeg_is_read_small(tmp_path: Path) -> None:
    Image.fromarray(scene(1, 4000, 3000)).save(tmp_path / "a.jpg", quality=90)
    expected = scene(1, 32, 32)[16, 16].astype(int)
    assert np.abs(np.array(_pixel(tmp_path / "a.jpg")) - expected).max() < 30
