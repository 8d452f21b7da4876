"""What the pages about models and the sidecar ask, asked of the packaged plugin."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scripts.sample_video import VideoFormat, frame_of, photo_path
from tests.plugin.road.conftest import put
from tests.plugin.road.installed import InstalledPlugin, installed
from tests.standin.standin import GraphQLFailed


def shown(picture: dict[str, Any]) -> Image.Image:
    kind, _, content = picture["data_url"].partition(",")
    assert kind == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB")


def distance(picture: Image.Image, photo: str) -> float:
    """Mean difference to the photo as a video shows it, in levels of 0 to 255."""
    expected = frame_of(photo, 0.0, VideoFormat(width_px=picture.width, height_px=picture.height))
    return float(np.abs(np.asarray(picture, np.float32) - expected.astype(np.float32)).mean())


def test_pictures_show_their_moments(plugin: InstalledPlugin, library: Path, cat_and_rocket: Path) -> None:
    scene = plugin.stash.add_scene(put(cat_and_rocket, library), "Two things")
    photo = library / "coffee.png"
    photo.write_bytes(photo_path("coffee").read_bytes())
    image = plugin.stash.add_image(photo)
    broken = library / "broken.mp4"
    broken.write_bytes(b"\0" * 100)
    bad = plugin.stash.add_scene_without_media(str(broken), "Broken", size=100)
    moments = [
        {"kind": "scene", "id": scene.id, "at_s": 9.5},
        {"kind": "scene", "id": bad.id, "at_s": 1},
        {"kind": "image", "id": image.id, "at_s": 0},
        {"kind": "scene", "id": scene.id, "at_s": 1.5},
    ]
    answer = plugin.ask("thumbnails.list", moments=moments)
    cat, rocket, coffee = answer["pictures"]
    assert [(one["kind"], one["at_s"]) for one in (cat, rocket, coffee)] == [
        ("scene", 1.5),
        ("scene", 9.5),
        ("image", 0),
    ]
    assert cat["pts_s"] <= 1.5 and 5.9 <= rocket["pts_s"] <= 9.5
    for picture, photo_name, other in ((cat, "chelsea", "rocket"), (rocket, "rocket", "chelsea")):
        pixels = shown(picture)
        assert pixels.size == (240, 180)
        assert distance(pixels, photo_name) < 15 < 40 < distance(pixels, other)
    assert max(shown(coffee).size) == 240 and distance(shown(coffee), "coffee") < 15
    (problem,) = answer["problems"]
    assert (problem["kind"], problem["id"]) == ("scene", bad.id) and "broken.mp4" in problem["message"]
    with pytest.raises(GraphQLFailed, match=r"moments\[0\] must be an object of kind, id, at_s"):
        plugin.ask("thumbnails.list", moments=[{**moments[0], "path": "/etc/passwd"}])


def test_models_are_loaded_and_freed_and_fetched_only_with_consent(plugin: InstalledPlugin) -> None:
    loaded = plugin.ask("models.load", id="lite")["model"]
    assert (loaded["state"], loaded["chosen"], loaded["default"]) == ("ready", True, True)
    assert loaded["memory_bytes"] > 1_000_000
    plugin.ask("models.unload", id="lite")
    (lite, *listed) = plugin.ask("models.list")["models"]
    # Other tests of the session may have asked the same sidecar for models that there are not.
    others = [row for row in listed if row["state"] != "failed" and not row["embedded"]]
    assert (lite["state"], lite["memory_bytes"]) == ("not_loaded", 0)
    assert {row["state"] for row in others} == {"not_installed"}
    with pytest.raises(GraphQLFailed, match=f"'yes' is not the licence of {others[0]['id']}"):
        plugin.ask("models.download", id=others[0]["id"], licence="yes")
    with pytest.raises(GraphQLFailed, match="needs no download"):
        plugin.ask("models.download", id="lite", licence=lite["licence"])
    assert plugin.ask("models.cancel_download", id=others[0]["id"])["model"]["state"] == "not_installed"


def test_a_sidecar_of_somebody_else_is_tested_and_left_alone(plugin: InstalledPlugin) -> None:
    seen = plugin.ask("status.check")["sidecar"]
    assert (seen["ok"], seen["is_ours"], seen["log_path"], seen["version_mismatch"]) == (True, False, "", "")
    with pytest.raises(GraphQLFailed, match="was not started by the plugin: it can't be restarted from here"):
        plugin.ask("sidecar.restart")
    answer = plugin.ask("self_test.run")
    assert answer["ready"] and {row["name"] for row in answer["checks"]} >= {"Stash", "Sidecar", "Models", "Media"}
    kept = plugin.ask("status")["self_test"]
    assert kept == {key: answer[key] for key in ("at_s", "summary", "checks")}
    plugin.stash.configure_plugin("stash-sense-native", sidecarAddress="gpu.example:50151")
    with pytest.raises(GraphQLFailed, match=r"gpu\.example:50151 is on another machine"):
        plugin.ask("sidecar.restart")


@pytest.mark.skipif(os.name == "nt", reason="compares process numbers of a socket's owner")
def test_a_sidecar_of_ours_is_restarted(tmp_path: Path, model_cache: Path) -> None:
    with installed(tmp_path, model_cache) as plugin:

        def pid() -> int:
            return int((plugin.sidecar_dir / "sidecar.owner").read_text().split("\n")[0])

        started = plugin.ask("sidecar.restart")
        assert (started["stopped"], started["sidecar"]["ok"], started["sidecar"]["is_ours"]) == (False, True, True)
        assert started["sidecar"]["log_path"] == str(plugin.sidecar_dir / "logs" / "sidecar.log")
        first = pid()
        restarted = plugin.ask("sidecar.restart")
        assert (restarted["stopped"], restarted["sidecar"]["ok"]) == (True, True)
        assert pid() != first
        assert plugin.ask("status")["sidecar"]["address"] == restarted["sidecar"]["address"] != ""
