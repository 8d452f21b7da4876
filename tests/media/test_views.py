"""One eye of a stereoscopic picture, cropped before scaling on every way that a picture takes."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image as PilImage

from sidecar.media.nvdec import NvCodec
from sidecar.media.picture import Scaler
from sidecar.media.probe import probe
from sidecar.media.shape import Box, eye_side, half, place, viewed_size
from sidecar.media.thumbnails import thumbnails
from sidecar.media.video_decoder import VideoDecoder
from sidecar.values import FrameGeometry
from tests.media.make import FITS, SQUARE, Image, Opened, moving, never, open_path, scene, write_video
from tests.media.test_nvdec import _Driver, _scale
from tests.media.test_probe import _MATRICES

EYE = replace(SQUARE, view="left_eye")
SHAPES = [(320, 160), (160, 320), (160, 160)]
Layout = Literal["side by side", "over and under"]


def both(left: Image, right: Image, layout: Layout) -> Image:
    return np.ascontiguousarray(np.concatenate([left, right], axis=1 if layout == "side by side" else 0))


def pictures(layout: Layout, count: int = 60, seed: int = 1) -> Iterator[Image]:
    """The left eye sees scene 1 and then 2, the right eye others."""
    left, right = (moving([s, s + 1], [count // 2], count, 160, 160) for s in (seed, seed + 10))
    for one, other in zip(left, right, strict=True):
        yield both(one, other, layout)


def difference(first: Image, second: Image) -> float:
    return float(np.abs(first.astype(int) - second).mean())


@pytest.fixture(params=["side by side", "over and under"])
def layout(request: pytest.FixtureRequest) -> Layout:
    layout: Layout = request.param
    return layout


@pytest.fixture
def eye_alone(tmp_path: Path) -> list[Image]:
    """What the left eye sees, from a video of its own."""
    path = write_video(tmp_path / "alone.mp4", moving([1, 2], [30], 60, 160, 160), options={"g": "15", "crf": "12"})
    with Opened(path) as opened:
        return [frame.image for frame in opened.coarse(0.04, kind="sequential") if frame.role == "sample"]


def test_which_half_is_the_left_eye() -> None:
    assert (
        eye_side(3840, 1920, "left_eye")
        == eye_side(1920, 1080, "left_eye")
        == eye_side(1501, 1000, "left_eye")
        == "left"
    )
    assert (
        eye_side(1500, 1000, "left_eye")
        == eye_side(1920, 2160, "left_eye")
        == eye_side(5760, 5760, "left_eye")
        == "top"
    )
    assert eye_side(1, 1, "left_eye") is eye_side(9, 1, "whole") is None
    assert viewed_size(3841, 1920, "left_eye") == (1920, 1920)
    assert viewed_size(1920, 2161, "left_eye") == (1920, 1080)
    assert half(5, 4, "right") == Box(3, 0, 5, 4)
    assert half(4, 5, "bottom") == Box(0, 3, 4, 5)


@pytest.mark.parametrize("fit", FITS)
def test_the_eye_is_placed_as_a_picture_of_its_own(fit: Literal["crop", "squash", "pad"]) -> None:
    eye = place(3840, 1080, 0, FrameGeometry(224, fit, "left_eye"))
    alone = place(1920, 1080, 0, FrameGeometry(224, fit))
    assert eye == replace(alone, side="left")


@pytest.mark.parametrize("plan", ["keyframes", "sequential"])
@pytest.mark.parametrize("threads", [1, 2])
def test_every_pass_shows_the_left_eye_alone(
    tmp_path: Path, layout: Layout, plan: str, threads: int, eye_alone: list[Image]
) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(layout), options={"g": "15", "crf": "12"})
    with Opened(path, threads) as opened:
        coarse = opened.coarse(0.2, EYE, kind=plan)
        window = list(opened.decoder.window(0.9, 1.5, 0.1, EYE, never))
        whole = opened.coarse(0.2, SQUARE, kind=plan)
    assert len(coarse) >= 4
    assert len(window) >= 5
    for frame in (*coarse, *window):
        assert difference(frame.image, eye_alone[round(frame.pts_s * 25)]) < 3
    assert all(difference(frame.image, eye_alone[round(frame.pts_s * 25)]) > 15 for frame in whole)


def test_the_hardware_way_crops_too(tmp_path: Path, layout: Layout, eye_alone: list[Image]) -> None:
    path = write_video(tmp_path / "a.mp4", pictures(layout), options={"g": "15", "crf": "12"})
    with open_path(path) as source:
        info = probe(source)
        with VideoDecoder(source, info, lambda video, media: NvCodec(_Driver(), video, media, _scale)) as decoder:
            for frame in decoder.window(0.1, 2.0, 0.2, EYE, never):
                assert difference(frame.image, eye_alone[round(frame.pts_s * 25)]) < 3


@pytest.mark.parametrize(("degrees", "shape"), list(product([90, 180, 270], SHAPES)))
def test_a_turned_video_has_its_left_eye_where_a_player_shows_it(
    tmp_path: Path, degrees: int, shape: tuple[int, int]
) -> None:
    coded = scene(3, *shape)
    data = bytearray(write_video(tmp_path / "flat.mp4", [coded] * 3, options={"crf": "8"}).read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = _MATRICES[degrees]
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    (tmp_path / "turned.mp4").write_bytes(data)
    upright = np.rot90(coded, -degrees // 90)
    eye = (
        upright[:, : upright.shape[1] // 2]
        if upright.shape[1] > 1.5 * upright.shape[0]
        else upright[: len(upright) // 2]
    )
    alone = write_video(tmp_path / "alone.mp4", [np.ascontiguousarray(eye)] * 3, options={"crf": "8"})
    for fit in FITS:
        with Opened(tmp_path / "turned.mp4") as opened, Opened(alone) as expected:
            seen = opened.coarse(1.0, FrameGeometry(64, fit, "left_eye"))[0].image
            # Chroma lies half a pixel aside, on another side of a turned picture: that alone makes 4.
            assert difference(seen, expected.coarse(1.0, FrameGeometry(64, fit))[0].image) < 6, fit


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "suffix"),
    [
        ("ffv1", "yuv422p10le", "mkv"),
        ("ffv1", "yuv444p", "mkv"),
        ("ffv1", "gray", "mkv"),
        ("qtrle", "argb", "mov"),
        ("gif", "rgb8", "gif"),
        ("mpeg2video", "yuv420p", "mpg"),
        ("png", "rgb24", "mov"),
    ],
)
def test_every_kind_of_pixel(tmp_path: Path, layout: Layout, codec: str, pix_fmt: str, suffix: str) -> None:
    """Dark and light halves: what lies beside the seam tells whether it is cut where it should be."""
    dark, light = np.full((96, 96, 3), 40, np.uint8), np.full((96, 96, 3), 220, np.uint8)
    picture = both(light, dark, layout)
    path = write_video(tmp_path / f"a.{suffix}", [picture] * 10, codec=codec, pix_fmt=pix_fmt)
    with Opened(path) as opened:
        image = opened.coarse(1.0, EYE)[0].image
    assert image.min() > (150 if codec == "gif" else 190)  # a palette of 256 colours is dithered


@pytest.mark.parametrize(("width", "height"), [(641, 359), (359, 641), (2, 400), (33, 17), (3, 2)])
def test_odd_and_tiny_sizes(tmp_path: Path, width: int, height: int) -> None:
    picture = np.full((height, width, 3), (200, 100, 50), np.uint8)
    path = write_video(tmp_path / "a.mkv", [picture] * 3, codec="ffv1", pix_fmt="yuv444p")
    for fit in FITS:
        with Opened(path) as opened:
            image = opened.coarse(1.0, FrameGeometry(32, fit, "left_eye"))[0].image
        brightest = image[16, int(image[16, :, 0].argmax())]
        assert np.abs(brightest.astype(int) - (200, 100, 50)).max() <= 4


def test_hdr_and_interlaced_pictures(tmp_path: Path) -> None:
    dark, light = np.full((96, 96, 3), 40, np.uint8), np.full((96, 96, 3), 220, np.uint8)
    interlaced = {"crf": "5", "x264-params": "tff=1"}
    path = write_video(
        tmp_path / "i.mkv", [both(light, dark, "side by side")] * 5, pix_fmt="yuv422p", options=interlaced
    )
    with Opened(path) as opened:
        assert opened.info.interlaced
        assert opened.coarse(1.0, EYE)[0].image.min() > 190
    colour = {"color_trc": 16, "color_primaries": 9, "colorspace": 9, "color_range": 1}
    path = write_video(
        tmp_path / "h.mkv",
        [both(light, dark, "over and under")] * 2,
        codec="ffv1",
        pix_fmt="yuv420p10le",
        colour=colour,
    )
    with Opened(path) as opened:
        assert opened.info.transfer == "pq"
        eye, whole = (opened.coarse(1.0, geometry)[0].image.astype(int) for geometry in (EYE, SQUARE))
        assert np.abs(eye - whole[8, 32]).max() <= 4
        assert np.abs(whole[8, 32] - whole[56, 32]).max() > 50


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize("size", [96, 700])
def test_images(tmp_path: Path, layout: Layout, suffix: str, size: int) -> None:
    left, right = scene(1, size, size), scene(2, size, size)
    PilImage.fromarray(both(left, right, layout)).save(tmp_path / f"both.{suffix}", quality=95)
    PilImage.fromarray(left).save(tmp_path / f"left.{suffix}", quality=95)
    with Opened(tmp_path / f"both.{suffix}") as opened, Opened(tmp_path / f"left.{suffix}") as alone:
        (expected,) = alone.coarse(1.0, SQUARE)
        assert difference(opened.coarse(1.0, EYE)[0].image, expected.image) < 2.5
        assert difference(opened.coarse(1.0, SQUARE)[0].image, expected.image) > 15


def test_an_image_that_is_turned_by_its_camera(tmp_path: Path) -> None:
    picture = np.concatenate([scene(1, 160, 160), scene(2, 160, 160)])  # shown turned: 2 on the left
    exif = PilImage.Exif()
    exif[0x0112] = 6
    PilImage.fromarray(picture).save(tmp_path / "a.png", exif=exif)
    PilImage.fromarray(np.rot90(scene(2, 160, 160), -1)).save(tmp_path / "left.png")
    with Opened(tmp_path / "a.png") as opened, Opened(tmp_path / "left.png") as alone:
        assert opened.info.display_width_px == 320
        assert difference(opened.coarse(1.0, EYE)[0].image, alone.coarse(1.0, SQUARE)[0].image) < 1


def test_thumbnails_have_the_shape_of_what_they_show(tmp_path: Path, layout: Layout) -> None:
    video = write_video(tmp_path / "a.mp4", pictures(layout), options={"g": "15", "crf": "12"})
    PilImage.fromarray(both(scene(1, 160, 160), scene(2, 160, 160), layout)).save(tmp_path / "a.png")
    wide = (128, 64) if layout == "side by side" else (64, 128)
    for path in (video, tmp_path / "a.png"):
        with open_path(path) as source:
            (eye,) = thumbnails(source, [0.0], 128, "left_eye", never)
            (whole,) = thumbnails(source, [0.0], 128, "whole", never)
        with PilImage.open(io.BytesIO(eye.jpeg)) as picture:
            assert picture.size == (128, 128)
            assert (
                difference(
                    np.asarray(picture), np.asarray(PilImage.fromarray(scene(1, 224, 160)[:, :160]).resize((128, 128)))
                )
                < 60
            )
        with PilImage.open(io.BytesIO(whole.jpeg)) as picture:
            assert picture.size == wide


def test_cropping_copies_no_pixel(tmp_path: Path) -> None:
    """The part is a window into the decoder's own planes."""
    path = write_video(tmp_path / "a.mp4", pictures("side by side", 5))
    with Opened(path) as opened:
        frame = _decoded(opened)
        part = Scaler(1.0, 0)._part(frame, "left")
        assert (part.width, part.height) == (160, 160)
        assert part.planes[0].buffer_ptr == frame.planes[0].buffer_ptr
        assert part.planes[0].line_size == frame.planes[0].line_size


def _decoded(opened: Opened):  # type: ignore[no-untyped-def]
    from sidecar.media.codec import CpuPicture
    from sidecar.media.ffmpeg import open_input
    from sidecar.media.video_decoder import cpu_codec

    video = open_input(opened.source)
    codec = cpu_codec(1)(video, opened.info)
    for packet in video.packets():
        for picture in codec.feed(packet):
            assert isinstance(picture, CpuPicture)
            return picture.frame
    raise AssertionError("no picture")
