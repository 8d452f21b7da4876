"""Persons are taken in picture by picture: each is looked at once, a bad one harms nothing else."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from sidecar.engine.people.choice import MAX_PICTURES
from sidecar.engine.people.enrolment import Enrolment, Picture
from sidecar.engine.request import InvalidRequest
from sidecar.store import FeatureStore
from sidecar.store.faces import PersonRow
from tests.engine.people.enroller import enrol_all
from tests.engine.people.faces import FACE_PX, PaintedFaces, portrait, vector_of

ROOT = Path(__file__).parents[3]
ADA = PersonRow("stash:1", "Ada")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeatureStore]:
    with FeatureStore.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def model() -> PaintedFaces:
    return PaintedFaces()


def picture(person: int, view: int = 0, side_px: int = FACE_PX) -> Picture:
    return Picture(f"sha256:{person}.{view}", portrait(person, view, side_px=side_px))


def huge_png() -> bytes:
    """A PNG that says it has 100 000 x 100 000 pixels, in 67 bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b"")


def test_a_person_is_known_by_their_pictures_and_each_is_looked_at_once(
    store: FeatureStore, model: PaintedFaces
) -> None:
    enrolment = Enrolment(store.faces)
    pictures = [picture(5, 0), picture(5, 10)]
    first = enrolment.take_in(ADA, "stash", pictures, model)
    assert (first.outcomes, first.references, model.looked_at) == (("enrolled", "enrolled"), 2, 2)
    for again in (pictures, [Picture(one.image_id) for one in pictures]):
        assert enrolment.take_in(ADA, "stash", again, model) == first
    assert model.looked_at == 2
    rows = store.faces.references.of(["stash:1"], model.model_key)
    jpegs = store.faces.references.pictures([row.id for row in rows])
    assert all(Image.open(io.BytesIO(jpeg)).size == (112, 112) for jpeg in jpegs.values())
    assert len(jpegs) == 2


def test_what_is_no_longer_listed_is_forgotten_and_what_is_new_is_wanted(
    store: FeatureStore, model: PaintedFaces
) -> None:
    enrolment = Enrolment(store.faces)
    enrolment.take_in(ADA, "stash", [picture(5, 0), picture(5, 10)], model)
    enrolment.take_in(ADA, "folder", [picture(5, 20)], model)
    answer = enrolment.take_in(ADA, "stash", [Picture("sha256:5.10"), Picture("sha256:new")], model)
    assert (answer.outcomes, answer.references) == (("enrolled", "wanted"), 2)
    assert enrolment.take_in(ADA, "stash", [], model).references == 1


def test_another_model_looks_for_itself_and_leaves_the_first_ones_faces(
    store: FeatureStore, model: PaintedFaces
) -> None:
    enrolment, other = Enrolment(store.faces), PaintedFaces("painted-2")
    enrolment.take_in(ADA, "stash", [picture(5)], model)
    assert enrolment.take_in(ADA, "stash", [Picture("sha256:5.0")], other).outcomes == ("wanted",)
    assert enrolment.take_in(ADA, "stash", [picture(5)], other).references == 1
    assert len(store.faces.references.of(["stash:1"], model.model_key)) == 1


def test_bad_pictures_are_told_apart_and_harm_nothing_else(store: FeatureStore, model: PaintedFaces) -> None:
    jpeg = io.BytesIO()
    Image.effect_noise((400, 400), 80).save(jpeg, "JPEG")
    plain, animated = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (200, 200)).save(plain, "PNG")
    frames = [Image.open(io.BytesIO(portrait(5, 10))), Image.new("RGB", (128, 128))]
    frames[0].save(animated, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    sent = {
        "good": portrait(5),
        "text": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "cut off": jpeg.getvalue()[:2000],
        "huge": huge_png(),
        "large": portrait(6) + bytes(20 * 1024 * 1024),
        "nobody": plain.getvalue(),
        "two": portrait(5, 20, faces=2),
        "small": portrait(5, 30, side_px=40),
        "animated": animated.getvalue(),
        "empty": b"",
    }
    answer = Enrolment(store.faces).take_in(ADA, "stash", [Picture(*item) for item in sent.items()], model)
    assert dict(zip(sent, answer.outcomes, strict=True)) == {
        "good": "enrolled",
        "text": "unreadable",
        "cut off": "unreadable",
        "huge": "unreadable",
        "large": "unreadable",
        "nobody": "no_face",
        "two": "several_faces",
        "small": "poor",
        "animated": "enrolled",
        "empty": "wanted",
    }
    assert answer.references == 2


def test_a_picture_is_looked_at_as_its_camera_says(store: FeatureStore, model: PaintedFaces) -> None:
    upright, out, exif = Image.open(io.BytesIO(portrait(5))), io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turn it clockwise to see it
    upright.transpose(Image.Transpose.ROTATE_90).save(out, "PNG", exif=exif)
    enrolment = Enrolment(store.faces)
    assert enrolment.take_in(ADA, "stash", [Picture("turned", out.getvalue())], model).outcomes == ("enrolled",)
    (row,) = store.faces.references.of(["stash:1"], model.model_key)
    assert float(row.vector @ vector_of(5, 0)) > 0.9999


def test_a_picture_that_could_not_be_read_is_read_when_it_comes_again(store: FeatureStore, model: PaintedFaces) -> None:
    enrolment = Enrolment(store.faces)
    assert enrolment.take_in(ADA, "stash", [Picture("a", b"cut off on its way")], model).outcomes == ("unreadable",)
    assert enrolment.take_in(ADA, "stash", [Picture("a")], model).outcomes == ("unreadable",)
    assert enrolment.take_in(ADA, "stash", [Picture("a", portrait(5))], model).outcomes == ("enrolled",)


def test_the_same_picture_in_another_guise_is_spare_and_the_better_one_stays(
    store: FeatureStore, model: PaintedFaces
) -> None:
    enrolment = Enrolment(store.faces)
    small, large = picture(5, 1, side_px=84), picture(5, 2, side_px=110)
    assert enrolment.take_in(ADA, "stash", [small], model).outcomes == ("enrolled",)
    assert enrolment.take_in(ADA, "stash", [small, large], model).outcomes == ("spare", "enrolled")
    assert enrolment.take_in(ADA, "stash", [small, large], model).outcomes == ("spare", "enrolled")
    (row,) = store.faces.references.of(["stash:1"], model.model_key)
    assert row.image_id == large.image_id
    # Where the better one goes, the other may be shown again.
    assert enrolment.take_in(ADA, "stash", [Picture(small.image_id)], model).outcomes == ("wanted",)
    assert enrolment.take_in(ADA, "stash", [small], model).outcomes == ("enrolled",)


def test_there_are_only_so_many_of_one_person_however_many_names_they_have(
    store: FeatureStore, model: PaintedFaces
) -> None:
    enrolment = Enrolment(store.faces)
    linked = PersonRow("stash:1", "Ada", same_as=("box:a|1",))
    views = [picture(5, 10 * view) for view in range(15)]
    enrolment.take_in(linked, "stash", views, model)
    box = PersonRow("box:a|1", "Ada L.")
    answer = enrolment.take_in(box, "stash_box", [picture(5, 150 + 10 * view) for view in range(10)], model)
    assert answer.references == MAX_PICTURES
    assert answer.outcomes.count("spare") == 5
    assert enrolment.take_in(linked, "stash", views, model).references == MAX_PICTURES


def test_what_the_owner_took_away_is_not_taken_in_again(store: FeatureStore, model: PaintedFaces) -> None:
    enrolment = Enrolment(store.faces)
    pictures = [picture(5), picture(5, 10)]
    enrolment.take_in(ADA, "stash", pictures, model)
    first, _ = store.faces.references.of(["stash:1"], model.model_key)
    store.faces.references.remove([first.id])
    answer = enrolment.take_in(ADA, "stash", pictures, model)
    assert (answer.outcomes, answer.references) == (("removed", "enrolled"), 1)


def test_equal_names_link_only_equal_faces(store: FeatureStore, model: PaintedFaces) -> None:
    enrolment = Enrolment(store.faces)
    enrolment.take_in(ADA, "stash", [picture(5)], model)
    alike = enrolment.take_in(PersonRow("box:a|1", "Adah", ("ADA",)), "stash_box", [picture(5, 10)], model)
    other = enrolment.take_in(PersonRow("box:a|2", "Ada"), "stash_box", [picture(9)], model)
    assert (alike.references, other.references) == (2, 1)
    assert store.faces.people.identity("stash:1") == ("stash:1", "box:a|1")


@pytest.mark.parametrize(
    ("person", "source", "pictures", "sentence"),
    [
        (PersonRow("", "Ada"), "stash", [], "key is ''; it must be 1 to 300"),
        (PersonRow("a\nb", "Ada"), "stash", [], "printable"),
        (PersonRow("a", " "), "stash", [], "a name of 'a' has 1 characters"),
        (PersonRow("a", "Ada", birthdate="12.12.1815"), "stash", [], "birthdate is '12.12.1815'"),
        (PersonRow("a", "Ada", ("x",) * 101), "stash", [], "101 aliases; at most 100"),
        (ADA, "track", [], "source is 'track'"),
        (ADA, "stash", [Picture("")], "image_id is ''"),
        (ADA, "stash", [Picture(str(n)) for n in range(101)], "101 pictures were sent"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    store: FeatureStore,
    model: PaintedFaces,
    person: PersonRow,
    source: str,
    pictures: list[Picture],
    sentence: str,
) -> None:
    with pytest.raises(InvalidRequest, match=sentence):
        Enrolment(store.faces).take_in(person, source, pictures, model)
    assert store.faces.people.get([person.key]) == {}


def test_a_kill_in_the_middle_loses_nobody_and_the_same_again_gives_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.engine.people.enroller", str(tmp_path / "killed")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as enroller:
        assert enroller.stdout is not None
        said = [enroller.stdout.readline() for _ in range(3)]
        enroller.kill()
        said += enroller.stdout.read().splitlines(keepends=True)
    acknowledged = [line.rstrip() for line in said if line.endswith("\n")]
    whole = list(enrol_all(tmp_path / "whole"))
    assert acknowledged == whole[: len(acknowledged)]
    assert 3 <= len(acknowledged) < len(whole)
    with FeatureStore.open(tmp_path / "killed") as store:
        for line in acknowledged:  # durable person by person
            assert store.faces.references.of([line.split()[0]], "painted-1") != ()
    assert list(enrol_all(tmp_path / "killed")) == whole
    content = []
    for name in ("whole", "killed"):
        with FeatureStore.open(tmp_path / name) as store:
            rows = store.faces.references.iterate("painted-1")
            content.append([(row.key, row.image_id, row.quality, row.vector.tolist()) for row in rows])
    assert content[0] == content[1]
