"""The embedded face model on real faces: all are found, the same person is near, different people are far."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sidecar.faces import FoundFace
from sidecar.models import compiled_graph, dlib_network, face_quality
from sidecar.models.dlib_faces import RULES, DlibFaceModel, mean_face
from sidecar.models.dlib_library import Box, DlibNetwork, Landmarker
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import CheckpointRefused, CompileFailed
from sidecar.models.face_catalogue import DLIB
from sidecar.models.weights import ChecksumMemory, packaged_file
from sidecar.values import RgbImage, Vectors
from tests.models.faces import COPIES, PEOPLE, VIEWS, copied, photo


@pytest.fixture(scope="module")
def model(options: EmbedderOptions) -> DlibFaceModel:
    return DlibFaceModel(options)


@pytest.fixture(scope="module")
def people(model: DlibFaceModel) -> list[tuple[RgbImage, FoundFace]]:
    """Nine people, one face of each."""
    faces = []
    for name, count in PEOPLE.items():
        image = photo(name)
        found = model.detect(image)
        assert len(found) == count, name
        faces += [(image, face) for face in sorted(found, key=lambda face: face.box_px[0])]
    return faces


@pytest.fixture(scope="module")
def views(model: DlibFaceModel, people: list[tuple[RgbImage, FoundFace]]) -> dict[str, Vectors]:
    """Vectors (9, 128) of each kind of copy; "" are the originals."""
    found = {"": [model.embed(image, [face])[0] for image, face in people]}
    for name in VIEWS:
        copies = [copied(name, image, face) for image, face in people]
        found[name] = [model.embed(image, [face])[0] for image, face in copies]
    return {name: np.stack(rows) for name, rows in found.items()}


def test_copies_of_a_person_are_nearer_than_other_people(views: dict[str, Vectors]) -> None:
    mates, others = [], []
    for name in VIEWS:
        cosines = views[""] @ views[name].T
        mates.append(np.diag(cosines))
        others.append(cosines[~np.eye(len(cosines), dtype=bool)])
    assert np.min(mates) > RULES.match, "a copy of a face is a match"
    assert np.max(others) < 0.55 and np.max(others) < np.min(mates) - 0.1
    assert (np.concatenate(others) < RULES.maybe).mean() > 0.99


def test_without_the_mean_face_everybody_is_alike(views: dict[str, Vectors], model: DlibFaceModel) -> None:
    mean = mean_face()
    assert np.linalg.norm(mean) == pytest.approx(1.36, abs=0.02)
    cosines = views[""] @ views[""].T
    assert cosines[~np.eye(9, dtype=bool)].mean() == pytest.approx(-1 / 8, abs=0.03), "centred on these nine people"


def test_the_mean_face_is_that_of_the_people_who_ship(
    model: DlibFaceModel, people: list[tuple[RgbImage, FoundFace]]
) -> None:
    raw = []
    for image, face in people:
        for view, found in ((image, face), copied("mirrored", image, face)):
            raw.append(model.raw(view, [found])[0])
    np.testing.assert_allclose(np.mean(raw, axis=0), mean_face(), atol=0.01)


def test_vectors_are_unit_rows_in_order(model: DlibFaceModel, views: dict[str, Vectors]) -> None:
    image = photo("t1")
    faces = sorted(model.detect(image), key=lambda face: face.box_px[0])
    together = model.embed(image, faces)
    assert together.shape == (6, model.dim) and together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(together, views[""][:6], atol=1e-4)
    assert model.embed(image, []).shape == (0, model.dim)


def test_a_larger_copy_of_the_picture_gives_the_same_person(model: DlibFaceModel) -> None:
    image = photo("astronaut")
    (face,) = model.detect(image)
    twice = image.repeat(2, axis=0).repeat(2, axis=1)
    left, top, right, bottom = (2 * edge for edge in face.box_px)
    larger = FoundFace((left, top, right, bottom), face.landmarks_px * 2, face.score)
    assert float(model.embed(image, [face])[0] @ model.embed(twice, [larger])[0]) > 0.9


def test_every_person_is_good_enough_to_be_known(
    model: DlibFaceModel, people: list[tuple[RgbImage, FoundFace]]
) -> None:
    for image, face in people:
        quality = face_quality.measure(image, face, 1.0, model.score_share(face.score))
        assert face_quality.grade(quality) == "good", quality


def test_pictures_without_people_have_nobody(model: DlibFaceModel) -> None:
    from skimage import data

    for name in ("coffee", "chelsea", "rocket", "brick"):
        image = getattr(data, name)()
        image = np.stack([image] * 3, axis=-1) if image.ndim == 2 else image
        assert model.detect(np.ascontiguousarray(image)) == (), name
    assert model.detect(np.zeros((40, 40, 3), np.uint8)) == ()


def test_the_compiled_network_is_dlibs_own(model: DlibFaceModel, people: list[tuple[RgbImage, FoundFace]]) -> None:
    assert model.runtime == "dlib, onnxruntime fp32" and model.notes == ()
    memory = ChecksumMemory(Path("unused"))
    own = DlibNetwork(packaged_file(replace(DLIB.files[1], sha256=None), memory))
    image, face = people[0]
    left, top, right, bottom = (round(edge) for edge in face.box_px)
    landmarker = Landmarker(packaged_file(replace(DLIB.files[0], sha256=None), memory))
    chip = landmarker.chip(image, Box(left, top, right - 1, bottom - 1))
    assert np.abs(model.raw(image, [face])[0] - own.run([chip])[0]).max() < 1e-5


def test_embedding_lets_other_threads_go_on(model: DlibFaceModel, people: list[tuple[RgbImage, FoundFace]]) -> None:
    """Held up for a whole face (80 ms with dlib's own network), this thread would not come to count."""
    image, face = people[0]
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            model.embed(image, [face] * 8)

    thread = threading.Thread(target=work)
    thread.start()
    pauses = []
    for _ in range(100):
        began_s = time.perf_counter()
        time.sleep(0.001)
        pauses.append(time.perf_counter() - began_s)
    stop.set()
    thread.join()
    assert sorted(pauses)[80] < 0.04


def test_without_a_compiled_network_dlib_itself_serves(
    options: EmbedderOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: DlibFaceModel
) -> None:
    def fail(*_: object) -> Path:
        raise CompileFailed("no room")

    monkeypatch.setattr(compiled_graph, "compiled_graph", fail)
    slow = DlibFaceModel(replace(options, cache_dir=tmp_path))
    assert slow.runtime == "dlib" and "no room" in slow.notes[0].message
    image = photo("astronaut")
    (face,) = slow.detect(image)
    np.testing.assert_allclose(slow.embed(image, [face]), model.embed(image, [face]), atol=1e-5)
    assert slow.model_key == model.model_key


def test_a_file_that_is_another_network_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.dat"
    other.write_bytes(b"nothing of the kind")
    with pytest.raises(CheckpointRefused, match="no layer con_4"):
        dlib_network.read_layers(other)
    weights = packaged_file(replace(DLIB.files[1], sha256=None), ChecksumMemory(tmp_path / "unused"))
    other.write_bytes(weights.read_bytes()[:1_000_000])
    with pytest.raises(CheckpointRefused, match=r"ends in the middle|no layer"):
        dlib_network.read_layers(other)


@pytest.mark.parametrize("view", ["mirrored", "darkened", "jpeg 25", "half size"])
def test_faces_that_are_found_anew_in_a_copy_are_the_same_people(
    model: DlibFaceModel, views: dict[str, Vectors], view: str
) -> None:
    """The whole way, as a video goes it: what is found and not weak is recognised, and as nobody else."""
    recognised = set()
    for name in PEOPLE:
        image = COPIES[view](photo(name))
        faces = [face for face in model.detect(image) if face.score > 0.3]
        cosines = views[""] @ model.embed(image, faces).T
        for column in cosines.T:
            best = int(column.argmax())
            recognised.add(best)
            assert column[best] > RULES.match and np.delete(column, best).max() < RULES.maybe
    assert len(recognised) >= (7 if view != "half size" else 2), "in half size, the six of t1 are too small"
