"""scripts/face_db with real photos, the embedded model and a real sidecar: a database's whole life."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from scripts.commands import face_db
from scripts.sample_video import load_photo
from scripts.sidecar_client import SidecarProcess

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """Two people, and a cup of coffee that is called one."""
    folder = tmp_path / "named"
    (folder / "Grace Hopper").mkdir(parents=True)
    Image.fromarray(load_photo("astronaut")).save(folder / "Eileen Collins.png")
    Image.fromarray(load_photo("coffee")).save(folder / "Coffee.png")
    Image.fromarray(load_photo("grace_hopper")).save(folder / "Grace Hopper" / "1.png")
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def said(*arguments: object, **more: Callable[[str], str]) -> tuple[int, str, str]:
        status = face_db.main([str(argument) for argument in arguments], **more)
        out, err = capsys.readouterr()
        return status, out, err

    return said


@pytest.fixture
def served(data_dir: Path) -> Iterator[Path]:
    """A data folder that a sidecar serves, so that no command has to start one."""
    with SidecarProcess(data_dir, []):
        yield data_dir


def test_a_database_from_pictures_to_where_it_is_taken_back(
    run: Run, named: Path, served: Path, tmp_path: Path
) -> None:
    base, changes = tmp_path / "base.zip", tmp_path / "changes.zip"
    status, out, err = run("build", named, base, "--work", served)
    assert (status, "people      2\nreferences  2\n" in out) == (0, True)
    assert "Coffee.png: no face was found" in err
    assert b"Grace Hopper" in base.read_bytes() and b"folder:" not in base.read_bytes()
    assert run("verify", base)[:2] == (0, f"{base} is whole.\n{run('info', base)[1]}")

    Image.fromarray(load_photo("six_people")[150:520, 1000:].copy()).save(named / "Third From Right.png")
    (named / "Eileen Collins.png").unlink()
    assert run("build", named, tmp_path / "whole.zip", "--work", served)[0] == 0
    status, out, _ = run("delta", base, changes, "--built", "--data", served)
    assert (status, "people      1\nreferences  1\n" in out, "(1 gone)" in out) == (0, True, True)

    everything = tmp_path / "mine.jsonl"
    assert run("export", everything, "--everything", "--data", served)[0] == 0
    assert {json.loads(line)["what"] for line in everything.read_text().splitlines()} >= {"person", "reference"}
    assert run("erase", "--data", served, ask=lambda question: "yes")[::2] == (1, "face_db: nothing was erased\n")
    assert run("erase", "--data", served, ask=lambda question: "erase all faces")[0] == 0

    status, _, err = run("import", changes, "--data", served)
    assert (status, "here is nothing of it. Import the whole database first" in err) == (1, True)
    assert run("import", base, "--data", served)[1].startswith("base.zip: 2 people, 2 new faces.")
    assert run("import", changes, "--name", "the news", "--data", served)[0] == 0
    assert "references  2 (2 import)\n" in (out := run("info", "--data", served)[1])
    assert "last import the news" in out
    status, out, _ = run("rollback", "--data", served)
    assert out == "the news was taken back: 1 faces went, 1 returned\n"
    status, _, err = run("delta", base, tmp_path / "x.zip", "--data", served)
    assert (status, "was not made from this data folder" in err, (tmp_path / "x.zip").exists()) == (1, True, False)


def test_what_is_no_database_is_told_without_a_sidecar(run: Run, tmp_path: Path) -> None:
    odd = tmp_path / "odd.zip"
    odd.write_bytes(b"not a zip")
    for command in ("verify", "info"):
        status, out, err = run(command, odd)
        assert (status, out) == (1, "") and "this is no face database" in err
    assert run("verify", tmp_path / "missing.zip")[2] == f"face_db: {tmp_path}/missing.zip: No such file or directory\n"
    assert "should hold Name.jpg" in run("build", tmp_path / "nowhere", tmp_path / "a.zip")[2]
    with pytest.raises(SystemExit, match="2"):
        face_db.main([])
