"""An insightface pack really runs: what it detects, how it aligns and in which order colours come, by known answers."""

from __future__ import annotations

import os
from importlib.metadata import packages_distributions
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sidecar.faces import FaceTraits, FoundFace
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import CheckpointRefused, UnknownModel, WeightsMissing
from sidecar.models.face_align import ARCFACE_POINTS, similarity, warp
from sidecar.models.insightface_faces import InsightfaceModel
from sidecar.models.loading import load_embedder, load_face_model
from sidecar.values import RgbImage
from tests.models import tiny_pack

RED = (255, 0, 0)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pack.write_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture(scope="module")
def model(pack: Path, options: EmbedderOptions) -> InsightfaceModel:
    loaded = load_face_model(f"insightface@{pack}", options)
    assert isinstance(loaded, InsightfaceModel)
    return loaded


def grey(height: int = 640, width: int = 640) -> RgbImage:
    return np.full((height, width, 3), 90, np.uint8)


def face_at(marks: NDArray[np.floating]) -> FoundFace:
    return FoundFace((0.0, 0.0, 8.0, 8.0), marks.astype(np.float32), 1.0)


def test_red_is_seen_where_it_is_and_blue_is_not(model: InsightfaceModel) -> None:
    image = grey()
    image[320:328, 160:168] = RED
    image[80:88, 400:408] = (0, 0, 255)
    (face,) = model.detect(image)
    assert face.box_px == pytest.approx((128, 288, 192, 352))
    np.testing.assert_allclose(face.landmarks_px, np.array([160, 320]) + tiny_pack.POINTS, atol=0.01)
    assert face.score == pytest.approx(1, abs=0.01) and model.score_share(face.score) == 1


def test_pictures_of_any_size_are_looked_at_whole(model: InsightfaceModel) -> None:
    image = grey(720, 1280)  # shown to the detector at half size
    image[320:336, 960:976] = RED
    (face,) = model.detect(image)
    assert face.box_px == pytest.approx((960 - 64, 320 - 64, 960 + 64, 320 + 64))
    assert model.detect(grey(40, 30)) == ()


def test_a_vector_is_that_of_the_aligned_crop_in_rgb(model: InsightfaceModel) -> None:
    """A known crop is laid into a picture turned and enlarged; the recogniser must get it back as it was."""
    rng = np.random.default_rng(3)
    crop = rng.integers(0, 256, (7, 7, 3), np.uint8).repeat(16, axis=0).repeat(16, axis=1)
    angle, scale = np.radians(25), 1.7
    turned = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    marks = (ARCFACE_POINTS - 56) @ turned.T + (300, 260)
    image = warp(crop, similarity(ARCFACE_POINTS, marks), 640)
    (vector,) = model.embed(image, [face_at(marks)])
    assert vector.shape == (512,) and np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    blocks = crop[::16, ::16].astype(np.float64).transpose(2, 0, 1).ravel() / 127.5 - 1
    assert vector[: tiny_pack.BLOCKS] @ blocks / np.linalg.norm(blocks) > 0.995
    swapped = crop[::16, ::16, ::-1].astype(np.float64).transpose(2, 0, 1).ravel() / 127.5 - 1
    assert vector[: tiny_pack.BLOCKS] @ swapped / np.linalg.norm(swapped) < 0.6
    assert (vector[tiny_pack.BLOCKS :] == 0).all()


def test_one_package_alone_brings_cv2() -> None:
    assert set(packages_distributions()["cv2"]) == {"opencv-python"}, "two would overwrite each other's files"


def test_alignment_is_insightfaces_own(model: InsightfaceModel) -> None:
    import cv2

    from tests.models.faces import photo

    image = photo("astronaut")
    marks = np.array([[204, 102], [246, 104], [225, 118], [205, 151], [239, 153]], np.float32)
    matrix = similarity(marks, ARCFACE_POINTS)
    theirs = cv2.warpAffine(image, matrix, (112, 112), borderValue=0.0)
    ours = warp(image, matrix, 112)
    assert np.abs(ours.astype(int) - theirs).mean() < 1
    estimated, _ = cv2.estimateAffinePartial2D(marks, ARCFACE_POINTS, method=cv2.LMEDS)
    assert np.abs(estimated[:, :2] - matrix[:, :2]).max() < 0.2


def test_many_faces_are_embedded_in_order(model: InsightfaceModel) -> None:
    image = grey()
    image[:, :320] = (20, 200, 30)
    places = [(16 * (i % 20) + 160, 8 * i + 100) for i in range(20)]
    faces = [face_at(tiny_pack.POINTS + np.array(place)) for place in places]
    together = model.embed(image, faces)
    assert together.shape == (20, 512)
    for face, row in zip(faces, together, strict=True):
        np.testing.assert_allclose(model.embed(image, [face])[0], row, atol=1e-5)
    assert model.embed(image, []).shape == (0, 512)


def test_traits_come_from_the_faces_own_pixels(model: InsightfaceModel) -> None:
    image = grey()
    image[100:400, 100:400] = (30, 200, 191)
    face = FoundFace((200.0, 200.0, 264.0, 264.0), tiny_pack.POINTS, 1.0)
    (traits,) = model.traits(image, [face])
    assert traits.sex == "female"
    assert traits.sex_confidence == pytest.approx(1 / (1 + np.exp(-(200 - 30) / 128)), abs=0.01)
    assert traits.age_years == pytest.approx(100 * (191 - 127.5) / 128, abs=0.5)
    image[..., [0, 1]] = image[..., [1, 0]]
    assert model.traits(image, [face])[0].sex == "male"


def test_a_pack_without_genderage_guesses_nothing(tmp_path: Path, options: EmbedderOptions) -> None:
    folder = tiny_pack.write_pack(tmp_path / "pack", genderage=False)
    model = load_face_model(f"insightface@{folder}", options)
    image = grey()
    image[320:328, 160:168] = RED
    assert model.traits(image, model.detect(image)) == (FaceTraits(),)


def test_a_key_names_the_weights(model: InsightfaceModel, tmp_path: Path, options: EmbedderOptions) -> None:
    same = load_face_model(f"insightface@{tiny_pack.write_pack(tmp_path / 'tiny', genderage=False)}", options)
    assert same.model_key == model.model_key, "genderage has no part in vectors"
    other = tmp_path / "other" / "tiny"
    tiny_pack.write_pack(other)
    tiny_pack.write_recogniser(other / "w_tiny.onnx", 112)
    (other / "w_tiny.onnx").write_bytes((other / "w_tiny.onnx").read_bytes() + b"\x32\x01x")  # another doc string
    assert load_face_model(f"insightface@{other}", options).model_key != model.model_key
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


def test_what_is_no_pack_is_said_plainly(tmp_path: Path, options: EmbedderOptions) -> None:
    with pytest.raises(WeightsMissing, match="is no folder with an insightface pack"):
        load_face_model(f"insightface@{tmp_path}/absent", options)
    with pytest.raises(WeightsMissing, match="fetch_models --model insightface/buffalo_l"):
        load_face_model("insightface/buffalo_l", options)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CheckpointRefused, match="has no face detector"):
        load_face_model(f"insightface@{tmp_path}/empty", options)
    tiny_pack.write_detector(tmp_path / "empty" / "det.onnx")
    with pytest.raises(CheckpointRefused, match="has no face recogniser"):
        load_face_model(f"insightface@{tmp_path}/empty", options)
    (tmp_path / "empty" / "w.onnx").write_bytes(b"nonsense")
    with pytest.raises(CheckpointRefused, match="cannot be opened"):
        load_face_model(f"insightface@{tmp_path}/empty", options)
    with pytest.raises(UnknownModel, match="absolute path"):
        load_face_model("insightface@relative/pack", options)
    with pytest.raises(UnknownModel, match="no face model is called 'insightface/nonsense'"):
        load_face_model("insightface/nonsense", options)


def test_the_two_jobs_are_not_mixed_up(options: EmbedderOptions) -> None:
    with pytest.raises(UnknownModel, match="'lite' is an image-text model"):
        load_face_model("lite", options)
    with pytest.raises(UnknownModel, match="'dlib' is a face model"):
        load_embedder("dlib", options)
