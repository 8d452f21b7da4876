"""Scenes, VR scenes, images, images inside zips, galleries; media that the sidecar can only reach over Stash."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from scripts.sample_video import Shot, VideoFormat, frame_of, load_photo, photo_path, write_video
from tests.plugin.road.conftest import LABELS, NO_FACES, put
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed


def jpeg(photo: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(load_photo(photo)).save(out, "JPEG", quality=92)
    return out.getvalue()


def labels_of(plugin: InstalledPlugin, kind: str, media_id: int) -> set[str]:
    return {one["label"] for one in plugin.ask("scene.analysis", kind=kind, id=media_id)["suggestions"]}


def test_images_and_galleries(plugin: InstalledPlugin, library: Path) -> None:
    stash = plugin.stash
    cat = stash.add_image(put(photo_path("chelsea"), library, "cat.png"), "A cat")
    cup = stash.add_image(put(photo_path("coffee"), library, "cup.png"), "A cup")
    gallery = stash.add_gallery("Both", [cat, cup], tags=["mine"])
    plugin.task("Analyse new")
    assert labels_of(plugin, "image", cat.id) == {"cat"}
    assert labels_of(plugin, "image", cup.id) == {"coffee"}
    assert labels_of(plugin, "gallery", gallery.id) == {"cat", "coffee"}, "each is half of it"
    reasons = plugin.ask("scene.analysis", kind="gallery", id=gallery.id)["suggestions"]
    assert {one["reason"]["share"] for one in reasons} == {0.5}
    assert set(stash.tags_of(gallery)) == {"mine", "AI_Tagged"}
    ids = [one["id"] for one in plugin.ask("suggestions.list", kind="gallery")["suggestions"]]
    plugin.ask("suggestions.accept", ids=ids)
    assert set(stash.tags_of(gallery)) == {"mine", "AI_Tagged", "cat", "coffee"}


def test_a_gallery_asked_for_alone_brings_its_images(plugin: InstalledPlugin, library: Path) -> None:
    stash = plugin.stash
    cat = stash.add_image(put(photo_path("chelsea"), library, "cat.png"))
    gallery = stash.add_gallery("One", [cat])
    empty = stash.add_gallery("None", [])
    plugin.ask("queue.add", which="ids", ids={"gallery": [gallery.id, empty.id]})
    stash.wait_for_jobs()
    assert labels_of(plugin, "image", cat.id) == {"cat"}
    assert labels_of(plugin, "gallery", gallery.id) == {"cat"}
    assert "no images" in plugin.ask("scene.analysis", kind="gallery", id=empty.id)["failure"]["message"]


def test_one_eye_of_a_vr_scene(plugin: InstalledPlugin, library: Path, media_dir: Path) -> None:
    """Left half a cat, right half a cup of coffee: real VR shows the same twice, so that a test could not tell."""
    stash = plugin.stash
    cat, cup = (np.asarray(Image.fromarray(load_photo(name)).resize((320, 320))) for name in ("chelsea", "coffee"))
    both = np.concatenate([cat, cup], axis=1)
    picture = media_dir / f"{library.name}.png"
    Image.fromarray(both).save(picture)
    plain = stash.add_image(put(picture, library, "plain.png"))
    stash.settings.set(ui={**stash.settings.ui, "vrTag": "VR"})
    vr = stash.add_image(put(picture, library, "vr.png"), tags=["VR"])
    plugin.task("Analyse new")
    assert labels_of(plugin, "image", vr.id) == {"cat"}
    view = "SELECT view FROM analysis WHERE kind = 'image' AND media_id = ?"
    assert plugin.store(view, vr.id) == [("left_eye",)]
    assert plugin.store(view, plain.id) == [("whole",)]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, model_cache: Path):  # type: ignore[no-untyped-def]
    """A plugin whose sidecar it starts itself, and so may read from its Stash."""
    with installed(tmp_path_factory.mktemp("alone"), model_cache) as plugin:
        plugin.task("Maintenance")
        plugin.set_settings(vocabulary=False, defaults={"required_s": 3.0, "min_marker_s": 3.0}, **NO_FACES)
        plugin.ask("policy.set", rows=[{"label": label, "phrasings": list(words)} for label, words in LABELS.items()])
        yield plugin


def test_images_inside_zips_come_over_stash(alone: InstalledPlugin) -> None:
    image = alone.stash.add_image_in_zip("pictures.zip", "deep/cat.jpg", jpeg("chelsea"))
    alone.task("Analyse new")
    assert labels_of(alone, "image", image.id) == {"cat"}
    (gallery_id,) = {row[0] for row in alone.store("SELECT media_id FROM analysis WHERE kind = 'gallery'")}
    assert labels_of(alone, "gallery", gallery_id) == {"cat"}


def test_a_file_that_the_sidecar_cannot_see_comes_over_stashs_stream(
    alone: InstalledPlugin, tmp_path: Path, coffee: Path
) -> None:
    """Outside the library that the sidecar was told of, as on another machine."""
    scene = alone.stash.add_scene(put(coffee, tmp_path / "elsewhere"), "Elsewhere")
    alone.task("Analyse new")
    assert labels_of(alone, "scene", scene.id) == {"coffee"}
    assert alone.stash.tags_of(scene) == ["AI_Tagged"]


def test_path_mapping_is_probed_and_suggested(alone: InstalledPlugin, coffee: Path) -> None:
    stash = alone.stash
    real = put(coffee, alone.library_dir / "films", "mapped.mp4")
    scene = stash.add_scene_without_media("/data/films/mapped.mp4", "Mapped", size=real.stat().st_size)
    answer = alone.ask("paths.probe", samples=50)
    (file,) = [one for one in answer["files"] if one["stash"] == "/data/films/mapped.mp4"]
    assert not file["seen"]
    rules = [one["rule"] for one in answer["suggested"]]
    assert f"/data => {alone.library_dir}" in rules or f"/data/films => {alone.library_dir}/films" in rules
    answer = alone.ask("paths.probe", samples=50, rules=f"/data => {alone.library_dir}")
    (file,) = [one for one in answer["files"] if one["stash"] == "/data/films/mapped.mp4"]
    assert file["seen"]
    assert file["same_size"]
    stash.configure_plugin(PLUGIN_ID, pathMappings=f"/data => {alone.library_dir}")
    alone.task("Analyse new")
    assert labels_of(alone, "scene", scene.id) == {"coffee"}
    stash.configure_plugin(PLUGIN_ID)


def test_what_the_probe_is_asked_about_lies_below_the_media_roots(alone: InstalledPlugin) -> None:
    alone.stash.add_scene_without_media("/etc/passwd", "Not a film", size=Path("/etc/passwd").stat().st_size)
    answer = alone.ask("paths.probe", samples=100)
    (file,) = [one for one in answer["files"] if one["stash"] == "/etc/passwd"]
    assert not file["seen"]
    assert "outside" in file["problem"]
    assert not [one for one in answer["suggested"] if "etc" in one["rule"]]


def test_odd_shapes_of_video_are_no_trouble(plugin: InstalledPlugin, library: Path) -> None:
    stash = plugin.stash
    tall = VideoFormat(width_px=182, height_px=320)
    path = write_video(library / "tall & 'odd' name%.mkv", (Shot("chelsea", 6.0),), tall)
    scene = stash.add_scene(path)
    plugin.task("Analyse new")
    assert labels_of(plugin, "scene", scene.id) == {"cat"}


def test_one_eye_of_a_vr_video(plugin: InstalledPlugin, library: Path) -> None:
    """Over and under in a square picture: the cat is above."""
    stash = plugin.stash
    video = VideoFormat(width_px=320, height_px=160)
    path = library / "over under.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 320, "yuv420p"
        for n in range(80):
            both = np.concatenate([frame_of(photo, n / 10, video) for photo in ("chelsea", "coffee")], axis=0)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(both, format="rgb24")))
        container.mux(stream.encode())
    stash.settings.set(ui={**stash.settings.ui, "vrTag": "VR"})
    scene = stash.add_scene(path, "Over and under", tags=["vr"])
    plugin.task("Analyse new")
    assert labels_of(plugin, "scene", scene.id) == {"cat"}
    assert plugin.store("SELECT view FROM analysis WHERE kind = 'scene'") == [("left_eye",)]
