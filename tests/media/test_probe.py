"""What a video is, and that its pixels arrive upright, in shape and in true colours at true times."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from sidecar.media.errors import MediaError
from sidecar.values import FrameGeometry
from tests.media.make import FITS, SQUARE, Fit, Image, Opened, largest_gap, moving, samples, scene, solid, write_video


def _first(path: Path, geometry: FrameGeometry = SQUARE) -> Image:
    with Opened(path) as opened:
        return opened.coarse(1.0, geometry)[0].image


def _quarters(image: Image) -> list[tuple[int, ...]]:
    """Rounded colours in the middle of the four quarters: top left, top right, bottom left, bottom right."""
    size = image.shape[0]
    spots = [
        (size // 4, size // 4),
        (size // 4, size * 3 // 4),
        (size * 3 // 4, size // 4),
        (size * 3 // 4, size * 3 // 4),
    ]
    return [tuple(round(float(channel) / 255) for channel in image[spot]) for spot in spots]


def _four_colours(width: int = 128, height: int = 72) -> Image:
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2, : width // 2] = (255, 0, 0)
    image[: height // 2, width // 2 :] = (0, 255, 0)
    image[height // 2 :, : width // 2] = (0, 0, 255)
    image[height // 2 :, width // 2 :] = (255, 255, 255)
    return image


_RED, _GREEN, _BLUE, _WHITE = (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)
_MATRICES = {
    90: (0, 65536, -65536, 0),
    180: (-65536, 0, 0, -65536),
    270: (0, -65536, 65536, 0),
}
_TURNED = {
    90: [_BLUE, _RED, _WHITE, _GREEN],
    180: [_WHITE, _BLUE, _GREEN, _RED],
    270: [_GREEN, _WHITE, _RED, _BLUE],
}


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_metadata_turns_the_picture_upright(tmp_path: Path, degrees: int) -> None:
    data = bytearray(write_video(tmp_path / "flat.mp4", [_four_colours()] * 5).read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    a, b, c, d = _MATRICES[degrees]
    data[matrix : matrix + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    (tmp_path / "turned.mp4").write_bytes(data)
    with Opened(tmp_path / "turned.mp4") as opened:
        assert opened.info.rotation_deg == degrees
        shown = (opened.info.display_width_px, opened.info.display_height_px)
        assert shown == ((128, 72) if degrees == 180 else (72, 128))
        assert _quarters(opened.coarse(1.0)[0].image) == _TURNED[degrees]


def test_anamorphic_pixels_widen_the_picture(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [solid((255, 255, 255), 72, 58)] * 3, pixel_aspect=Fraction(16, 11))
    with Opened(path) as opened:
        assert (opened.info.display_width_px, opened.info.display_height_px) == (105, 58)
    image = _first(path, FrameGeometry(105, "pad"))
    assert int((image[:, 52, 0] > 128).sum()) == 58
    assert int((image[52, :, 0] > 128).sum()) == 105


@pytest.mark.parametrize(("fit", "corner"), [("crop", 255), ("squash", 0), ("pad", 0)])
def test_fit(tmp_path: Path, fit: Fit, corner: int) -> None:
    picture = np.zeros((72, 128, 3), np.uint8)
    picture[:, 28:100] = 255
    image = _first(write_video(tmp_path / "a.mp4", [picture] * 3), FrameGeometry(72, fit))
    assert abs(int(image[36, 2, 0]) - corner) < 30
    assert image[36, 36, 0] > 225
    assert image[1, 36, 0] > 225 or fit == "pad"


@pytest.mark.parametrize(("width", "height"), [(641, 359), (16, 16), (2, 400), (33, 17)])
def test_odd_and_tiny_sizes(tmp_path: Path, width: int, height: int) -> None:
    path = write_video(tmp_path / "a.mkv", [solid((200, 100, 50), width, height)] * 3, codec="ffv1", pix_fmt="yuv444p")
    for fit in FITS:
        image = _first(path, FrameGeometry(32, fit))
        assert image.shape == (32, 32, 3)
        brightest = image[16, int(image[16, :, 0].argmax())]
        assert np.abs(brightest.astype(int) - (200, 100, 50)).max() <= 4


def _coded(rgb: tuple[int, int, int], matrix: int, full_range: bool) -> av.VideoFrame:
    """A frame of one colour, coded by the definition of the matrix (ITU-T H.273, 8.3)."""
    k_red, k_blue = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 9: (0.2627, 0.0593)}[matrix]
    red, green, blue = (channel / 255 for channel in rgb)
    luma = k_red * red + (1 - k_red - k_blue) * green + k_blue * blue
    chroma = ((blue - luma) / (2 - 2 * k_blue), (red - luma) / (2 - 2 * k_red))
    black, luma_scale, chroma_scale = (0, 255, 255) if full_range else (16, 219, 224)
    levels = [round(black + luma_scale * luma), *(round(128 + chroma_scale * part) for part in chroma)]
    frame = av.VideoFrame(64, 64, "yuv444p")
    for plane, level in zip(frame.planes, levels, strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    return frame


@pytest.mark.parametrize("matrix", [1, 5, 9])
@pytest.mark.parametrize("full_range", [False, True])
def test_a_saturated_red_stays_red_in_every_colour_space(tmp_path: Path, matrix: int, full_range: bool) -> None:
    colour = {"colorspace": matrix, "color_range": 2 if full_range else 1}
    red = _coded((220, 20, 30), matrix, full_range)
    path = write_video(tmp_path / "a.mkv", [red] * 3, codec="ffv1", pix_fmt="yuv444p", colour=colour)
    assert np.abs(_first(path)[32, 32].astype(int) - (220, 20, 30)).max() <= 3


def test_untagged_video_is_bt601_when_small_and_bt709_when_large(tmp_path: Path) -> None:
    for width, height, matrix in ((64, 64, 5), (1280, 720, 1)):
        frame = av.VideoFrame.from_ndarray(solid((220, 20, 30), width, height), format="rgb24")
        coded = frame.reformat(format="yuv420p", dst_colorspace=matrix, dst_color_range=1)
        coded.colorspace, coded.color_range = 2, 0
        image = _first(write_video(tmp_path / f"{width}.mp4", [coded] * 2))
        assert np.abs(image[32, 32].astype(int) - (220, 20, 30)).max() <= 6


def test_ten_bits_become_eight(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [_four_colours()] * 3, codec="ffv1", pix_fmt="yuv422p10le")
    with Opened(path) as opened:
        assert opened.info.bit_depth == 10
        assert _quarters(opened.coarse(1.0)[0].image) == [_RED, _GREEN, _BLUE, _WHITE]


def _hdr_grey(path: Path, signal: float, transfer: int) -> int:
    """The sRGB level that a grey of the given HDR signal (0..1) becomes."""
    level = round(64 + 876 * signal)
    frame = av.VideoFrame(64, 64, "yuv420p10le")
    for plane, value in zip(frame.planes, (level, 512, 512), strict=True):
        lines = np.full((plane.height, plane.line_size // 2), value, np.uint16)
        plane.update(lines.tobytes())
    colour = {"color_trc": transfer, "color_primaries": 9, "colorspace": 9, "color_range": 1}
    write_video(path, [frame] * 2, codec="ffv1", pix_fmt="yuv420p10le", colour=colour)
    with Opened(path) as opened:
        assert opened.info.transfer == ("pq" if transfer == 16 else "hlg")
        red, green, blue = (int(channel) for channel in opened.coarse(1.0)[0].image[32, 32])
    assert max(red, green, blue) - min(red, green, blue) <= 2
    return green


@pytest.mark.parametrize(
    ("transfer", "mid_grey", "white"),
    [
        # BT.2408: an 18 % grey card is at 38 % of PQ and HLG signals, diffuse white at 58 % and 75 %.
        (16, 0.38, 0.58),
        (18, 0.38, 0.75),
    ],
)
def test_hdr_mid_grey_stays_mid_grey(tmp_path: Path, transfer: int, mid_grey: float, white: float) -> None:
    grey = _hdr_grey(tmp_path / "grey.mkv", mid_grey, transfer)
    assert 100 <= grey <= 135  # 18 % linear is 118 in sRGB
    assert 205 <= _hdr_grey(tmp_path / "white.mkv", white, transfer) <= 245
    assert _hdr_grey(tmp_path / "black.mkv", 0.0, transfer) <= 3
    assert _hdr_grey(tmp_path / "peak.mkv", 1.0, transfer) >= 250


def test_alpha_lies_over_black(tmp_path: Path) -> None:
    rgba = np.dstack([solid((200, 100, 50)), np.full((64, 64), 128, np.uint8)])
    frame = av.VideoFrame.from_ndarray(rgba, format="rgba").reformat(format="argb")
    path = write_video(tmp_path / "a.mov", [frame] * 2, codec="qtrle", pix_fmt="argb")
    with Opened(path) as opened:
        assert opened.info.has_alpha
        assert np.abs(opened.coarse(1.0)[0].image[32, 32].astype(int) - (100, 50, 25)).max() <= 2


def test_interlaced_frames_show_no_combing(tmp_path: Path) -> None:
    # A white bar that moves 40 pixels between the two fields of each frame.
    pictures = []
    for number in range(10):
        picture = np.zeros((96, 320, 3), np.uint8)
        left = 20 + number * 20
        picture[0::2, left : left + 60] = 255
        picture[1::2, left + 40 : left + 100] = 255
        pictures.append(picture)
    path = write_video(tmp_path / "a.mkv", pictures, pix_fmt="yuv422p", options={"crf": "5", "x264-params": "tff=1"})
    with Opened(path) as opened:
        assert opened.info.interlaced
        for frame in opened.coarse(0.01, FrameGeometry(96, "crop"), kind="sequential"):
            middle = frame.image[20:76, :, 0].astype(int)
            assert np.abs(middle[1:] - middle[:-1]).max() < 60


def test_transport_streams_begin_at_zero(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.ts", moving([1], [], 100), pts=[i + 35 for i in range(100)], options={"g": "25"})
    with Opened(path) as opened:
        assert opened.info.start_time_s == pytest.approx(1.4)
        assert opened.info.duration_s == pytest.approx(4.0)
        assert samples(opened.coarse(1.0)) == pytest.approx([0.0, 1.0, 2.0, 3.0])


def test_variable_frame_rate_keeps_its_times(tmp_path: Path) -> None:
    pts = [0, 1, 2, 10, 11, 40, 41, 42, 80, 81]
    pictures = [scene(number) for number in range(10)]
    path = write_video(tmp_path / "a.mkv", pictures, pts=pts, options={"bf": "0"})
    with Opened(path) as opened:
        frames = opened.coarse(0.01, kind="sequential")
        assert [round(frame.pts_s * 25) for frame in frames] == pts
        assert opened.info.duration_s == pytest.approx(82 / 25, abs=0.05)


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "avi", "h264"])
def test_times_that_begin_below_zero_or_are_missing(tmp_path: Path, suffix: str) -> None:
    codec = "mpeg4" if suffix == "avi" else "libx264"
    pts = [i - 10 for i in range(60)] if suffix in ("mkv", "mp4") else None
    path = write_video(tmp_path / f"a.{suffix}", moving([1, 2], [30], 60), codec=codec, pts=pts, options={"bf": "2"})
    with Opened(path) as opened:
        times = [frame.pts_s for frame in opened.coarse(0.5)]
        assert times == sorted(set(times))
        assert times[0] == pytest.approx(0.0, abs=0.1)
        assert opened.info.duration_s == pytest.approx(2.4, abs=0.45)
        assert opened.info.duration_s - times[-1] <= 0.55


def test_one_frame_is_a_video(tmp_path: Path) -> None:
    with Opened(write_video(tmp_path / "a.mp4", [scene(1)])) as opened:
        assert opened.info.kind == "video"
        assert samples(opened.coarse(4.0)) == [0.0]


def test_a_clock_that_starts_anew_goes_on(tmp_path: Path) -> None:
    one = write_video(tmp_path / "one.ts", moving([1], [], 100), options={"g": "25"}).read_bytes()
    two = write_video(tmp_path / "two.ts", moving([2], [], 100), options={"g": "25"}).read_bytes()
    (tmp_path / "joined.ts").write_bytes(one + two)
    with Opened(tmp_path / "joined.ts") as opened:
        times = samples(opened.coarse(1.0, kind="sequential"))
        assert times[-1] > 7.0
        assert largest_gap(times) <= 1.05


def test_animations_are_videos_and_single_gifs_are_images(tmp_path: Path) -> None:
    pictures = list(moving([1, 2], [5], 10, 64, 64))
    gif = write_video(tmp_path / "a.gif", pictures, codec="gif", pix_fmt="rgb8", fps=10)
    still = write_video(tmp_path / "b.gif", pictures[:1], codec="gif", pix_fmt="rgb8", fps=10)
    apng = write_video(tmp_path / "c.apng", pictures, codec="apng", pix_fmt="rgb24", fps=10)
    for path in (gif, apng):
        with Opened(path) as opened:
            assert opened.info.kind == "video"
            assert opened.info.duration_s == pytest.approx(1.0)
            frames = opened.coarse(0.2)
            assert largest_gap(samples(frames)) <= 0.21
            last = opened.window(0.75, 0.95, 0.1)[-1]
            assert np.abs(last.image.astype(int) - frames[-1].image).mean() < 25
    with Opened(still) as opened:
        assert opened.info.kind == "image"


def test_a_picture_of_absurd_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(write_video(tmp_path / "a.mkv", [scene(1)] * 3, codec="ffv1").read_bytes())
    at = data.index(b"\xb0\x82\x01\x40")  # PixelWidth 320
    data[at + 2 : at + 4] = b"\xff\xff"
    at = data.index(b"\xba\x81\xb4")  # PixelHeight 180
    data[at + 2 : at + 3] = b"\xff"
    (tmp_path / "b.mkv").write_bytes(data)
    try:
        with Opened(tmp_path / "b.mkv") as opened:
            assert opened.info.display_width_px <= 65535
            opened.coarse(1.0)
    except MediaError as error:
        assert error.code in ("unreadable", "too_large")
