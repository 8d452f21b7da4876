"""A pack is an archive: fetched, verified, taken apart safely, in place whole or not at all."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.models.download import fetch_model
from sidecar.models.embedder import EmbedderOptions
from sidecar.models.errors import CheckpointRefused, WeightsMismatch
from sidecar.models.face_catalogue import FACE_CATALOGUE
from sidecar.models.insightface_faces import InsightfaceModel
from sidecar.models.spec import ModelFile, ModelSpec
from sidecar.models.unpack import unpack_onnx
from sidecar.models.weights import RECORD_NAME, is_present, pack_folder
from sidecar.values import Cancelled
from tests.models import tiny_pack
from tests.models.weights_server import weights_server


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def of(content: bytes, port: int, sha256: str | None = None) -> ModelSpec:
    digest = sha256 or hashlib.sha256(content).hexdigest()
    file = ModelFile("tiny.zip", f"http://127.0.0.1:{port}/file", len(content), digest, unpack=True)
    return replace(FACE_CATALOGUE[1], id="insightface/tiny", name="tiny", files=(file,))


def fetch(content: bytes, folder: Path, sha256: str | None = None) -> ModelSpec:
    with weights_server(content) as server:
        server.go_on.set()
        spec = of(content, server.server_port, sha256)
        fetch_model(spec, folder, lambda _: None)
        return spec


def test_a_pack_is_fetched_taken_apart_and_used(tmp_path: Path, options: EmbedderOptions) -> None:
    made = tiny_pack.write_pack(tmp_path / "made")
    members = {f"tiny/{path.name}": path.read_bytes() for path in made.iterdir()}
    spec = fetch(
        zipped({**members, "tiny/readme.txt": b"hello", "tiny/run.py": b"raise SystemExit"}), tmp_path / "models"
    )
    folder = pack_folder(spec, tmp_path / "models")
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in made.iterdir())
    assert is_present(spec, tmp_path / "models")
    assert {path.name for path in folder.parent.iterdir()} - {".lock"} == {"pack", RECORD_NAME}, "the archive is gone"
    model = InsightfaceModel(spec, replace(options, models_dir=tmp_path / "models"))
    assert (model.dim, model.device) == (512, "cpu")
    fetch_model(spec, tmp_path / "models", lambda _: None)  # no server any more: nothing is fetched


def test_another_archive_than_the_one_that_is_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsMismatch, match="expected is sha256 0000"):
        fetch(zipped({"a.onnx": b"a"}), tmp_path, sha256="0" * 64)
    assert not list(tmp_path.rglob("*.zip")) and not list(tmp_path.rglob("pack"))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"readme.txt": b""}, "it has 0 .onnx files"),
        ({f"{i}.onnx": b"" for i in range(21)}, "it has 21 .onnx files"),
        ({"a/x.onnx": b"1", "b/x.onnx": b"2"}, "two files x.onnx"),
    ],
)
def test_archives_of_something_else(tmp_path: Path, members: dict[str, bytes], said: str) -> None:
    archive = tmp_path / "x.zip"
    archive.write_bytes(zipped(members))
    with pytest.raises(CheckpointRefused, match=said):
        unpack_onnx(archive, lambda: False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../up.onnx", "/abs/up.onnx", "C:\\up.onnx", "a/../../up.onnx", "..\\up.onnx"])
def test_nothing_is_written_elsewhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    archive = folder / "x.zip"
    archive.write_bytes(zipped({name: b"x"}))
    unpack_onnx(archive, lambda: False)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == [
        "in/side/pack/up.onnx"
    ]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sidecar.models.unpack.MAX_FILE_BYTES", 1_000_000)
    archive = tmp_path / "x.zip"
    archive.write_bytes(zipped({"x.onnx": bytes(1_000_001)}))
    with pytest.raises(CheckpointRefused, match=r"x\.onnx would have 1000001 bytes"):
        unpack_onnx(archive, lambda: False)


def test_damage_and_lies_are_noticed(tmp_path: Path) -> None:
    whole = zipped({"x.onnx": bytes(range(256)) * 100})
    archive = tmp_path / "x.zip"
    for damaged in (whole[: len(whole) // 2], b"no zip", whole[:60] + b"\xff\xff" + whole[62:]):
        archive.write_bytes(damaged)
        with pytest.raises(CheckpointRefused, match="it was removed; try again"):
            unpack_onnx(archive, lambda: False)
        assert list(tmp_path.iterdir()) == []


def test_stopped_in_between_the_archive_is_kept(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    archive.write_bytes(zipped({"x.onnx": b"x"}))
    (tmp_path / "pack.unfinished").mkdir()  # of a process that was killed
    (tmp_path / "pack.unfinished" / "old.onnx").write_bytes(b"half")
    with pytest.raises(Cancelled):
        unpack_onnx(archive, lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]
    assert [path.name for path in unpack_onnx(archive, lambda: False).iterdir()] == ["x.onnx"]


def test_the_packs_say_what_they_may_be_used_for() -> None:
    packs = [spec for spec in FACE_CATALOGUE if spec.family == "insightface"]
    assert [spec.id for spec in packs] == ["insightface/buffalo_l", "insightface/buffalo_s", "insightface/antelopev2"]
    for spec in packs:
        assert spec.licence == "non-commercial research only" and "Non-commercial research only" in spec.note
        assert all(file.sha256 and file.source.startswith("https://github.com/deepinsight/") for file in spec.files)
