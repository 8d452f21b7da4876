"""Face databases: what goes out comes in the same elsewhere, in one step or not at all, and can be taken back."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sidecar.engine.errors import EngineError
from sidecar.engine.people.database_file import MEMBERS
from sidecar.engine.people.enrolment import Enrolment, Picture
from sidecar.engine.people.exchange import PIECE_BYTES, Exchange
from sidecar.engine.request import InvalidRequest
from sidecar.store import FeatureStore
from sidecar.store.faces import FaceStore, Imported, PersonRow
from tests.engine.people.faces import PaintedFaces, portrait

MODEL = PaintedFaces()
KEY = MODEL.model_key


class Place:
    """A sidecar's face store, with what takes persons in and files out."""

    def __init__(self, folder: Path) -> None:
        self.opened = FeatureStore.open(folder)
        self.store: FaceStore = self.opened.faces
        self.folder = folder
        self.exchange = Exchange(self.store, folder / "exchange")

    def enrol(self, key: str, name: str, person: int, *views: int, source: str = "stash", **told: Any) -> None:
        pictures = [Picture(f"{person}.{view}", portrait(person, view)) for view in views]
        Enrolment(self.store).take_in(PersonRow(key, name, **told), source, pictures, MODEL)

    def export(self, path: Path, **how: Any) -> Path:
        path.write_bytes(b"".join(self.exchange.export(MODEL.spec, KEY, **how)))
        return path

    def take_in(self, path: Path, name: str = "a database") -> Imported:
        data = path.read_bytes()
        pieces = (data[at : at + 1000] for at in range(0, len(data), 1000))
        return self.exchange.receive(pieces, name, MODEL.spec, KEY)

    def known(self) -> dict[str, list[tuple[str, str]]]:
        """Key -> (uid, source) of its references."""
        found: dict[str, list[tuple[str, str]]] = {}
        for row in self.store.references.iterate(KEY):
            found.setdefault(row.key, []).append((row.uid, row.source))
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    places: list[Place] = []

    def make(name: str) -> Place:
        places.append(Place(tmp_path / name))
        return places[-1]

    yield make
    for one in places:
        one.opened.close()


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], compress: int = zipfile.ZIP_STORED) -> Path:
    """The file with other members, and checksums that fit them."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if "manifest.json" in members:
        told = json.loads(members["manifest.json"])
        told["sha256"] = {name: hashlib.sha256(members.get(name, b"")).hexdigest() for name in MEMBERS}
        members["manifest.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(path, "w", compress) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_what_goes_out_comes_in_the_same(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0, 10, aliases=("A. L.",), sex="female", birthdate="1815-12-10")
    here.enrol("box:a|2", "Bea", 6, 0, same_as=("box:b|9",))
    answer = there.take_in(here.export(tmp_path / "faces.zip"))
    assert (answer.people, answer.references, answer.known_people) == (2, 3, 0)
    assert {key: [uid for uid, _ in rows] for key, rows in there.known().items()} == {
        key: [uid for uid, _ in rows] for key, rows in here.known().items()
    }
    assert {source for rows in there.known().values() for _, source in rows} == {"import"}
    assert there.store.people.get(["box:a|1", "box:a|2"]) == here.store.people.get(["box:a|1", "box:a|2"])
    mine, theirs = (list(one.store.references.iterate(KEY)) for one in (here, there))
    for one, other in zip(mine, theirs, strict=True):
        assert np.array_equal(one.vector, other.vector)
        assert abs(one.quality - other.quality) < 1e-4
    assert there.store.imports.last() is not None
    assert list((there.folder / "exchange").iterdir()) == []
    with zipfile.ZipFile(tmp_path / "faces.zip") as archive:
        assert sorted(archive.namelist()) == sorted((*MEMBERS, "manifest.json"))
        told = json.loads(archive.read("manifest.json"))
        assert (told["model"]["id"], told["model"]["key"], told["dim"], told["people"]) == ("dlib", KEY, 32, 2)
        assert any("55533b28a95800a5" in checksum for checksum in told["model"]["checksums"])


def test_the_same_again_changes_nothing(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0, 10)
    file = here.export(tmp_path / "faces.zip")
    there.take_in(file)
    before = there.known()
    again = there.take_in(file)
    assert (again.references, again.known_people, there.known()) == (0, 1, before)
    assert here.take_in(file).references == 0  # nor where it came from


def test_private_keys_stay_at_home(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("stash:1", "Ada", 5, 0, same_as=("box:a|1",))
    here.enrol("box:a|1", "Ada L.", 5, 10, same_as=("stash:1", "box:b|1"))
    here.enrol("stash:2", "Bea", 6, 0)
    file = here.export(tmp_path / "faces.zip", private_prefix="stash:")
    assert b"stash:" not in file.read_bytes()
    there.take_in(file)
    known = there.known()
    (own,) = set(known) - {"box:a|1"}
    assert own.startswith("file:") and len(known["box:a|1"]) == 2
    assert there.store.people.get(["box:a|1"])["box:a|1"].same_as == ("box:b|1",)
    # The key stays the same when the face does not, and means its owner when it comes home.
    here.enrol("stash:2", "Bea", 6, 0, 10)
    again = here.export(tmp_path / "again.zip", private_prefix="stash:")
    there.take_in(again)
    assert set(there.known()) == {"box:a|1", own}
    before = here.known()
    here.take_in(again)
    assert here.known() == before
    # Only whose key begins so.
    boxes = here.export(tmp_path / "boxes.zip", key_prefix="box:", private_prefix="stash:")
    with zipfile.ZipFile(boxes) as archive:
        assert [json.loads(line)["key"] for line in archive.read("people.jsonl").splitlines()] == ["box:a|1"]


def test_changes_go_onto_their_base_and_onto_nothing_else(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0, 10)
    here.enrol("box:a|2", "Bea", 6, 0)
    base = here.export(tmp_path / "base.zip")
    with zipfile.ZipFile(base) as archive:
        generation = json.loads(archive.read("manifest.json"))["generation"]
    here.enrol("box:a|1", "Ada King", 5, 10, 20)  # one picture went, one came
    here.enrol("box:a|3", "Cleo", 7, 0)
    changes = here.export(tmp_path / "changes.zip", since_generation=generation)
    with pytest.raises(InvalidRequest, match="here is nothing of it"):
        there.take_in(changes)
    there.take_in(base)
    answer = there.take_in(changes)
    assert (answer.people, answer.references) == (2, 2)
    uids = {key: sorted(uid for uid, _ in rows) for key, rows in here.known().items()}
    assert {key: sorted(uid for uid, _ in rows) for key, rows in there.known().items()} == uids
    assert there.store.people.get(["box:a|1"])["box:a|1"].name == "Ada King"
    with pytest.raises(InvalidRequest, match="since_generation is 99999; this database is at generation"):
        here.export(tmp_path / "x.zip", since_generation=99999)


def test_an_import_is_taken_back_whole(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0, 10)
    here.enrol("box:a|2", "Bea", 6, 0)
    base = here.export(tmp_path / "base.zip")
    there.enrol("box:a|2", "Bea of ours", 6, 20, source="stash_box")
    before_all = (there.known(), there.store.people.get(["box:a|1", "box:a|2"]))
    there.take_in(base, "first")
    after_base = (there.known(), there.store.people.get(["box:a|1", "box:a|2"]))
    assert after_base[1]["box:a|2"].name == "Bea of ours"  # what the client says is not replaced by a file
    here.enrol("box:a|1", "Ada King", 5, 10)
    there.take_in(here.export(tmp_path / "whole.zip"), "second")
    assert there.store.people.get(["box:a|1"])["box:a|1"].name == "Ada King"
    assert len(there.known()["box:a|1"]) == 1
    second = there.exchange.roll_back()
    assert (second.name, second.references_removed, second.references_restored) == ("second", 0, 1)
    known, people = there.known(), there.store.people.get(["box:a|1", "box:a|2"])
    assert ({key: sorted(rows) for key, rows in known.items()}, people) == (
        {key: sorted(rows) for key, rows in after_base[0].items()},
        after_base[1],
    )
    first = there.exchange.roll_back()
    assert (first.name, first.references_removed) == ("first", 3)
    assert (there.known(), there.store.people.get(["box:a|1", "box:a|2"])) == before_all
    with pytest.raises(EngineError, match="no import is there"):
        there.exchange.roll_back()


def test_who_was_enrolled_since_stays_when_the_import_goes(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0)
    there.take_in(here.export(tmp_path / "faces.zip"))
    there.enrol("box:a|1", "Ada of ours", 5, 10, source="stash_box")
    there.exchange.roll_back()
    assert [source for _, source in there.known()["box:a|1"]] == ["stash_box"]
    assert there.store.people.get(["box:a|1"])["box:a|1"].name == "Ada of ours"


def test_what_the_owner_took_away_does_not_come_with_a_file(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0, 10)
    file = here.export(tmp_path / "faces.zip")
    there.take_in(file)
    first, second = there.store.references.of(["box:a|1"], KEY)
    there.store.references.remove([first.id])
    there.take_in(file)
    assert there.known() == {"box:a|1": [(second.uid, "import")]}


def test_another_models_database_is_refused_by_both_names(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0)
    file = here.export(tmp_path / "faces.zip")
    with pytest.raises(
        InvalidRequest, match=r"made with the model 'dlib' \(painted-1\), and 'dlib' \(painted-2\) is in"
    ):
        there.exchange.take_in(file, "x", MODEL.spec, "painted-2")


def test_own_keys_come_back_to_their_own_library_only(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("stash:1", "Ada", 5, 0)
    file = here.export(tmp_path / "mine.zip")
    there.enrol("stash:1", "Bea", 6, 0)
    with pytest.raises(InvalidRequest, match="says that stash:1 is 'Ada', and here it is 'Bea': it is of another"):
        there.take_in(file)
    assert len(there.known()["stash:1"]) == 1
    here.store.erase()
    assert here.take_in(file).references == 1
    assert list(here.known()) == ["stash:1"]


def line(**told: object) -> bytes:
    return json.dumps(told).encode() + b"\n"


PERSON = {"key": "k", "name": "Ada", "aliases": [], "same_as": [], "sex": "", "birthdate": ""}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m: m.pop("vectors.f16"), "this is no face database: it holds"),
        (lambda m: m.update({"../../evil": b""}), "this is no face database: it holds"),
        (lambda m: m.update({"vectors.f16": m["vectors.f16"][:-2]}), "vectors.f16 has 126 bytes"),
        (lambda m: m.update({"vectors.f16": b"\xff" * 128}), "not of unit length"),
        (lambda m: m.update({"vectors.f16": bytes(128)}), "not of unit length"),
        (lambda m: m.update({"people.jsonl": b"[1]\n"}), "no JSON object"),
        (lambda m: m.update({"people.jsonl": b"[" * 100_000}), "no JSON object"),
        (lambda m: m.update({"people.jsonl": b" " * 300_000}), "a line of more than"),
        (lambda m: m.update({"people.jsonl": m["people.jsonl"] * 2}), "holds 'box:a|1' twice"),
        (lambda m: m.update({"people.jsonl": line(**PERSON)}), "names 'box:a.1', who is not in people.jsonl"),
        (lambda m: m.update({"people.jsonl": line(**{**PERSON, "name": ""})}), "somebody who cannot be kept"),
        (lambda m: m.update({"people.jsonl": line(**{**PERSON, "name": "\ud800"})}), "is no text"),
        (lambda m: m.update({"people.jsonl": line(**{**PERSON, "aliases": "x"})}), "no list of at most 100"),
        (lambda m: m.update({"references.jsonl": line(uid="x" * 32, key="box:a|1", quality=1)}), "32 hex digits"),
        (lambda m: m.update({"references.jsonl": line(uid="a" * 32, key="box:a|1", quality=9)}), "quality"),
        (lambda m: m.update({"references.jsonl": m["references.jsonl"] * 2}), "fewer vectors than"),
        (lambda m: m.update({"references.jsonl": b""}), "it says"),
        (
            lambda m: m.update({"manifest.json": m["manifest.json"].replace(b"faces", b"cakes")}),
            "version 1; this sidecar",
        ),
        (
            lambda m: m.update({"manifest.json": m["manifest.json"].replace(b'"version": 1', b'"version": 2')}),
            "version 2",
        ),
        (
            lambda m: m.update({"manifest.json": m["manifest.json"].replace(b'"dim": 32', b'"dim": true')}),
            "dim is missing",
        ),
    ],
)
def test_a_file_that_is_not_what_it_says_changes_nothing(
    place: Callable[[str], Place], tmp_path: Path, change: Callable[[dict[str, bytes]], None], sentence: str
) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0, 10)
    file = rewritten(here.export(tmp_path / "faces.zip"), change)
    with pytest.raises(InvalidRequest, match=sentence.replace("|", ".")):
        there.take_in(file)
    assert there.known() == {} and there.store.people.page(KEY).total == 0
    assert there.store.imports.last() is None


def test_damage_compression_and_strangers_are_told(place: Callable[[str], Place], tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.enrol("box:a|1", "Ada", 5, 0, 10)
    file = here.export(tmp_path / "faces.zip")
    whole = file.read_bytes()
    at = whole.index(b'"quality"')
    for data, sentence in (
        (whole[:at] + b"X" + whole[at + 1 :], "damaged"),
        (whole[: len(whole) // 2], "no face database"),
        (b"", "no face database"),
        (b"PK\x03\x04 and nothing", "no face database"),
    ):
        file.write_bytes(data)
        with pytest.raises(InvalidRequest, match=sentence):
            there.take_in(file)
    file.write_bytes(whole)
    with pytest.raises(InvalidRequest, match="compressed or encrypted"):
        there.take_in(rewritten(file, lambda members: None, zipfile.ZIP_DEFLATED))
    assert there.known() == {}


def test_everything_is_readable_and_estimates_are_left_out(place: Callable[[str], Place]) -> None:
    here = place("here")
    here.enrol("stash:1", "Ada", 5, 0, 10, aliases=("A. L.",))
    pieces = list(here.exchange.everything())
    assert all(len(piece) <= PIECE_BYTES for piece in pieces)
    rows = [json.loads(text) for text in b"".join(pieces).splitlines()]
    (person,) = (row for row in rows if row["what"] == "person")
    assert (person["key"], person["names"]) == ("stash:1", ["Ada", "A. L."])
    references = [row for row in rows if row["what"] == "reference"]
    assert base64.b64decode(references[0]["jpeg"]).startswith(b"\xff\xd8")
    assert np.frombuffer(base64.b64decode(references[0]["vector"]), "<f2").shape == (32,)
    assert not any("age" in name for row in rows for name in row if name != "image_id")
