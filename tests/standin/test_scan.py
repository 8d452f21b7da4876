"""Scanning: what is found, what hooks are told."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.standin import Standin
from tests.standin.samples import manifest, picture, program, write_picture, write_video

TRIGGERS = [f"{kind}.{what}.Post" for kind in ("Scene", "Image", "Gallery") for what in ("Create", "Update")]


@pytest.fixture
def told(stash: Standin) -> Path:
    """A file to which a hook writes `trigger id input sprite`, one line per event."""
    file = stash.settings.config_dir / "told"
    body = f"""
    context = args["hookContext"]
    vtt = os.path.join(connection["Dir"], "generated", "vtt")
    with open({str(file)!r}, "a") as file:
        print(context["type"], context["id"], context["input"], os.path.exists(vtt), file=file)
    """
    stash.add_plugin("p", manifest(hooks={"h": TRIGGERS}), {"main.py": program(body)})
    return file


def lines(file: Path) -> list[str]:
    found = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return found


def test_a_scan_finds_videos_images_and_zips_and_tells_hooks_one_by_one(
    stash: Standin, told: Path, video: Path
) -> None:
    folder = stash.library_dir
    (folder / "a").mkdir()
    shutil.copy(video, folder / "a" / "film.mp4")
    write_picture(folder / "b" / "photo.png", 1)
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("one.png", picture(2))
        archive.writestr("two.png", picture(3))
        archive.writestr("readme.txt", "no")
    (folder / "notes.txt").write_text("not media")
    (folder / "empty.mp4").touch()
    (folder / "broken.mp4").write_bytes(b"no video at all")
    job = stash.scan(scanGenerateSprites=True)
    assert (job.description, job.status, job.progress) == ("Scanning...", "FINISHED", 1.0)
    assert sorted(lines(told)) == [
        "Gallery.Create.Post 1 None True",
        "Image.Create.Post 1 None True",
        "Image.Create.Post 2 None True",
        "Image.Create.Post 3 None True",
        "Scene.Create.Post 1 None False",
    ], "nothing is generated yet when Scene.Create.Post comes"
    assert stash.app.generated.vtt(stash.file_of(stash.scene(1)).oshash).exists()
    assert stash.log.has("broken.mp4", "error")
    assert len(stash.library.images_of(1)) == 2
    stash.scan()
    assert lines(told) == []


def test_changed_moved_and_copied_files(stash: Standin, told: Path) -> None:
    film = write_video(stash.library_dir / "film.mp4")
    stash.scan()
    scene = stash.scene(1)
    first = stash.file_of(scene)
    lines(told)
    moved = film.rename(stash.library_dir / "moved.mp4")
    stash.scan()
    assert (stash.file_of(scene).path, stash.file_of(scene).id, lines(told)) == (str(moved), first.id, [])
    write_video(moved, seconds=3.0, shade=40)
    os.utime(moved, (1, 1))
    stash.scan()
    assert lines(told) == ["Scene.Update.Post 1 None False"]
    assert stash.file_of(scene).oshash != first.oshash
    shutil.copy(moved, stash.library_dir / "copy.mp4")
    stash.scan()
    assert lines(told) == ["Scene.Update.Post 1 None False"]
    assert len(stash.scene(1).file_ids) == 2


def test_galleries_of_folders_when_they_are_wanted(stash: Standin, told: Path) -> None:
    write_picture(stash.library_dir / "set" / "one.png", 1)
    (stash.library_dir / "set" / ".forcegallery").touch()
    write_picture(stash.library_dir / "loose.png", 2)
    stash.scan()
    assert sorted(line.split()[0] for line in lines(told)) == ["Gallery.Create.Post"] + ["Image.Create.Post"] * 2
    assert stash.gallery(1).folder == str(stash.library_dir / "set")


def test_paths_limit_a_scan_and_must_lie_in_the_library(stash: Standin, tmp_path: Path) -> None:
    write_picture(stash.library_dir / "a" / "one.png", 1)
    write_picture(stash.library_dir / "b" / "two.png", 2)
    write_picture(tmp_path / "outside" / "three.png", 3)
    stash.scan(paths=[str(stash.library_dir / "a"), str(tmp_path / "outside")])
    assert len(stash.snapshot()["image"]) == 1


def test_stopping_a_scan_kills_its_hook(stash: Standin) -> None:
    for number in range(3):
        write_picture(stash.library_dir / f"{number}.png", number)
    body = "say('begun'); time.sleep(30)"
    stash.add_plugin("p", manifest(hooks={"h": ["Image.Create.Post"]}), {"main.py": program(body)})
    job_id = int(stash.graphql("mutation { metadataScan(input: {}) }")["metadataScan"])
    stash.log.wait_for("begun")
    stash.app.jobs.stop(job_id)
    assert stash.app.jobs.wait_for(job_id, 5).status == "CANCELLED"
    assert len(stash.snapshot()["image"]) == 1


def test_generating_sprites_afterwards(stash: Standin, video: Path) -> None:
    scene = stash.add_scene(video)
    query = "mutation($i: GenerateMetadataInput!) { metadataGenerate(input: $i) }"
    job_id = stash.graphql(query, {"i": {"sprites": True, "covers": True, "sceneIDs": [scene.id]}})["metadataGenerate"]
    assert stash.app.jobs.wait_for(int(job_id)).description == "Generating..."
    content_hash = stash.file_of(scene).oshash
    assert stash.app.generated.sprite(content_hash).exists()
    assert stash.app.generated.screenshot(content_hash).exists()
