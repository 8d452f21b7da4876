"""Alignment, pose and quality: by geometry that can be worked out, and on real faces made worse."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sidecar.faces import FaceQuality, FoundFace
from sidecar.models import face_pose, face_quality
from sidecar.models.dlib_faces import DlibFaceModel
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.face_align import ARCFACE_POINTS, arcface_crop, similarity, warp
from sidecar.models.face_picture import crop
from sidecar.values import RgbImage
from tests.models.faces import photo

HEAD = np.array([[-0.5, 0, 0], [0.5, 0, 0], [0, 0.32, 0.59], [-0.4, 1.04, 0.17], [0.4, 1.04, 0.17], [0, 0.67, 0.43]])
"""Eyes, tip of the nose, corners of the mouth, base of the nose: x right, y down, z to the camera, in eye distances."""


@pytest.fixture(scope="module")
def face(options: EmbedderOptions) -> tuple[RgbImage, FoundFace]:
    image = photo("astronaut")
    (found,) = DlibFaceModel(options).detect(image)
    return image, found


def seen(yaw_deg: float, roll_deg: float, scale: float) -> NDArray[np.float64]:
    """HEAD (6, 2) as a camera far away sees it."""
    yaw, roll = math.radians(yaw_deg), math.radians(roll_deg)
    x = HEAD[:, 0] * math.cos(yaw) + HEAD[:, 2] * math.sin(yaw)
    flat = np.stack([x, HEAD[:, 1]], axis=1) @ np.array(
        [[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]]
    )
    shown: NDArray[np.float64] = flat * scale + (300, 200)
    return shown


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(5, 500))
def test_pose_is_read_back(yaw_deg: float, roll_deg: float, scale: float) -> None:
    points = seen(yaw_deg, roll_deg, scale)[:5].astype(np.float32)
    assert face_pose.yaw_deg(points) == pytest.approx(yaw_deg, abs=0.2)
    turned = abs(face_pose.roll_deg(points) - roll_deg) % 360
    assert min(turned, 360 - turned) < 0.2


@given(st.floats(-60, 60), st.floats(-60, 60), st.floats(20, 300))
def test_three_landmarks_tell_the_other_two(yaw_deg: float, roll_deg: float, scale: float) -> None:
    points = seen(yaw_deg, roll_deg, scale)
    completed = face_pose.complete(points[0], points[1], points[5])
    np.testing.assert_allclose(completed, points[:5], atol=0.02 * scale)


def test_eyes_that_coincide_are_a_profile() -> None:
    assert face_pose.yaw_deg(np.zeros((5, 2), np.float32)) == 90


@given(st.floats(-math.pi, math.pi), st.floats(0.05, 20), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_a_similarity_is_found_exactly(angle: float, scale: float, x: float, y: float) -> None:
    linear = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    found = similarity(ARCFACE_POINTS, ARCFACE_POINTS @ linear.T + (x, y))
    np.testing.assert_allclose(found, np.column_stack([linear, [x, y]]), atol=2e-3 * scale + 1e-4)


def test_a_reflection_is_never_one() -> None:
    mirrored = ARCFACE_POINTS * (-1, 1)
    assert np.linalg.det(similarity(ARCFACE_POINTS, mirrored)[:, :2]) > 0
    with pytest.raises(ValueError, match="coincide"):
        similarity(np.zeros((5, 2)), ARCFACE_POINTS)


@settings(max_examples=30)
@given(st.floats(0.08, 2), st.floats(-180, 180))
def test_a_crop_shows_what_lies_there_at_any_scale(scale: float, angle_deg: float) -> None:
    """A picture whose red grows to the right and whose green grows downwards says where each pixel comes from."""
    y, x = np.mgrid[0:500, 0:500]
    image = np.stack([x / 2, y / 2, x * 0], axis=2).round().astype(np.uint8)
    turn = math.radians(angle_deg)
    linear = scale * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    matrix = np.column_stack([linear, np.array([10, 10]) - linear @ (250, 250)])
    seen = warp(image, matrix, 20)
    rows, columns = np.mgrid[0:20, 0:20]
    source = (np.stack([columns, rows], axis=2) - matrix[:, 2]) @ np.linalg.inv(linear).T
    inside = ((source > 15) & (source < 485)).all(axis=2)
    np.testing.assert_allclose(seen[inside][:, :2], source[inside] / 2, atol=1.5)


def test_what_shrinks_is_averaged() -> None:
    y, x = np.mgrid[0:600, 0:600]
    checks = np.repeat((((x + y) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)
    small = warp(checks, np.array([[0.1, 0, 0], [0, 0.1, 0]]), 50)
    assert np.abs(small[1:].astype(int) - 128)[:, 1:].max() <= 6


def test_outside_the_picture_it_is_black_or_its_edge() -> None:
    image = np.full((20, 20, 3), 200, np.uint8)
    shifted = np.array([[1.0, 0, 10], [0, 1.0, 10]])
    assert (warp(image, shifted, 20)[:9] == 0).all() and (warp(image, shifted, 20)[11:, 11:] == 200).all()
    assert (warp(image, shifted, 20, outside="edge") == 200).all()
    far = np.array([[1.0, 0, 5000], [0, 1.0, 5000]])
    assert (warp(image, far, 20) == 0).all()


def test_a_crop_does_not_depend_on_where_and_how_large_the_face_is(face: tuple[RgbImage, FoundFace]) -> None:
    image, found = face
    expected = arcface_crop(image, found.landmarks_px).astype(int)
    turned = np.asarray(Image.fromarray(image).rotate(90))  # counter-clockwise
    points = np.stack([found.landmarks_px[:, 1], image.shape[1] - 1 - found.landmarks_px[:, 0]], axis=1)
    assert np.abs(arcface_crop(turned, points) - expected).mean() < 1.5
    larger = image.repeat(5, axis=0).repeat(5, axis=1)
    assert np.abs(arcface_crop(larger, found.landmarks_px * 5 + 2) - expected).mean() < 4


def edited(image: RgbImage, name: str) -> RgbImage:
    picture = Image.fromarray(image)
    if name == "dark":
        picture = picture.point(lambda value: int(value * 0.3))
    if name.startswith("blur"):
        picture = picture.filter(ImageFilter.GaussianBlur(float(name.split()[1])))
    if name == "jpeg":
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=25)
        picture = Image.open(out).convert("RGB")
    return np.asarray(picture)


def test_blur_is_measured_and_darkness_and_size_are_not(face: tuple[RgbImage, FoundFace]) -> None:
    image, found = face  # 88 px
    plain = face_quality.sharpness(image, found)
    assert plain > 0.85
    for name in ("dark", "jpeg"):
        assert face_quality.sharpness(edited(image, name), found) == pytest.approx(plain, abs=0.05)
    twice = np.asarray(Image.fromarray(image).resize((1024, 1024), Image.Resampling.BICUBIC))
    larger = FoundFace(tuple(2 * edge for edge in found.box_px), found.landmarks_px * 2, 1.0)  # type: ignore[arg-type]
    assert face_quality.sharpness(twice, larger) == pytest.approx(plain, abs=0.1)
    shares = [face_quality.sharpness(edited(image, f"blur {sigma}"), found) for sigma in (1, 1.8, 2.6, 4)]
    assert shares == sorted(shares, reverse=True)
    assert shares[1] == pytest.approx(0.45, abs=0.15) and shares[3] < 0.1


def test_blurred_small_and_turned_faces_lose_their_say(face: tuple[RgbImage, FoundFace]) -> None:
    image, found = face

    def graded(picture: RgbImage = image, scale: float = 1.0, score: float = 1.0, yaw_deg: float = 0.0) -> str | None:
        one = found if not yaw_deg else replace(found, landmarks_px=seen(yaw_deg, 0, 40)[:5].astype(np.float32))
        return face_quality.grade(face_quality.measure(picture, one, scale, score))

    assert graded() == graded(edited(image, "dark")) == "good"
    assert graded(edited(image, "blur 2.4")) == "poor" and graded(edited(image, "blur 5")) is None
    assert graded(scale=0.45) == "poor" and graded(scale=0.3) is None
    assert graded(score=0.05) == "poor" and graded(score=0.02) is None
    turned = [FaceQuality(100, 1, yaw, 0, 1, 1) for yaw in (44, 60, 76)]
    assert [face_quality.grade(quality) for quality in turned] == ["good", "poor", None]


def test_quality_falls_with_each_of_its_parts(face: tuple[RgbImage, FoundFace]) -> None:
    image, found = face
    best = face_quality.measure(image, found, 4.0)
    assert best.size_px == pytest.approx(4 * 89, abs=6) and best.overall > 0.9
    for worse in (
        face_quality.measure(image, found, 0.6),
        face_quality.measure(edited(image, "blur 2"), found, 4.0),
        face_quality.measure(image, found, 4.0, score=0.3),
    ):
        assert worse.overall < best.overall - 0.05


def test_a_picture_of_a_face_shows_the_face(face: tuple[RgbImage, FoundFace]) -> None:
    image, found = face
    picture = Image.open(io.BytesIO(crop(image, found)))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (112, 112), "RGB")
    left, top, right, bottom = found.box_px
    inner = np.asarray(Image.fromarray(image).crop((left, top, right, bottom)).resize((74, 74)), np.float64)
    assert np.abs(np.asarray(picture, np.float64)[19:93, 19:93] - inner).mean() < 8
    corner = FoundFace((-40.0, -40.0, 20.0, 20.0), found.landmarks_px, 1.0)
    edge = np.asarray(Image.open(io.BytesIO(crop(image, corner, 64))))
    assert edge.shape == (64, 64, 3) and edge[:20, :20].max() < 20
