"""The plugin in a stand-in for Stash, with a sidecar that all tests of the session share."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.sample_video import Shot, VideoFormat, write_video
from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, installed

CAT_AND_ROCKET = (Shot("chelsea", 6.0), Shot("rocket", 7.0))
COFFEE = (Shot("coffee", 8.0),)
SMALL = VideoFormat(width_px=320, height_px=240)


@pytest.fixture
def library(media_dir: Path, tmp_path: Path) -> Path:
    """A library folder of its own that the shared sidecar may read."""
    folder = media_dir / "libraries" / tmp_path.name
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def plugin(tmp_path: Path, library: Path, sidecar: SidecarProcess) -> Iterator[InstalledPlugin]:
    """Installed, pointed at the shared sidecar, its library empty. Only a handful of concrete tags are looked for."""
    with installed(tmp_path, library_dir=library) as found:
        found.stash.configure_plugin(PLUGIN_ID, sidecarAddress=sidecar.address)
        found.task("Maintenance")
        found.set_settings(vocabulary=False, defaults={"required_s": 3.0, "min_marker_s": 3.0}, **NO_FACES)
        found.ask("policy.set", rows=[{"label": label, "phrasings": list(words)} for label, words in LABELS.items()])
        yield found


NO_FACES = {"identify_performers": "off"}
"""What most tests set: looking for faces costs a tenth of a second a frame."""

LABELS = {
    "coffee": ("a cup of coffee",),
    "cat": ("a cat",),
    "rocket": ("a rocket launch", "a space rocket"),
    "motorcycle": ("a motorcycle",),
}


@pytest.fixture(scope="session")
def cat_and_rocket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cat for 6 s, then a rocket for 7 s."""
    return write_video(tmp_path_factory.mktemp("videos") / "cat and rocket.mp4", CAT_AND_ROCKET, SMALL)


@pytest.fixture(scope="session")
def coffee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cup of coffee for 8 s."""
    return write_video(tmp_path_factory.mktemp("videos") / "coffee.mp4", COFFEE, SMALL)


def put(source: Path, folder: Path, name: str = "") -> Path:
    """Copy a file into a library. A copy under another name is no duplicate: Stash would make one scene of both."""
    target = folder / (name or source.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if name:
        note = f"{folder.name}/{name}".encode()
        with target.open("ab") as file:
            # What no reader looks at: a "free" box of mp4, bytes behind the end of a picture.
            file.write(struct.pack(">I4s", 8 + len(note), b"free") + note)
    return target
