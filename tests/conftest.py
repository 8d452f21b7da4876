"""What many tests look at: videos made from real photos, and a real sidecar process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.sample_video import Shot, VideoFormat, write_video
from scripts.sidecar_client import SidecarClient, SidecarProcess

UNEVEN_CUTS = (
    Shot("coffee", 5.3),
    Shot("chelsea", 7.9),
    Shot("rocket", 3.6),
    Shot("motorcycle_left", 6.7),
    Shot("coffee", 4.4),
)
"""Photos with cuts at 5.3, 13.2, 16.8 and 23.5 s; 27.9 s in all."""

CONCRETE_TAGS = {
    "coffee": ("a cup of coffee",),
    "cat": ("a cat",),
    "rocket": ("a rocket launch", "a space rocket"),
    "motorcycle": ("a motorcycle",),
}
"""Tag -> phrasings, all concrete things that the embedded model can judge."""

TAG_OF_PHOTO = {"coffee": "coffee", "chelsea": "cat", "rocket": "rocket", "motorcycle_left": "motorcycle"}


@pytest.fixture(scope="session")
def media_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the session's sidecar may read."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def cuts_video(media_dir: Path) -> Path:
    """25 fps, x264's own keyframes, cuts at known and uneven times."""
    return write_video(media_dir / "cuts.mp4", UNEVEN_CUTS, VideoFormat(width_px=640, height_px=360))


@pytest.fixture(scope="session")
def long_gop_vfr_video(media_dir: Path) -> Path:
    """One keyframe for the whole video, frames between 1/40 and 1/4 s apart."""
    total_s = sum(shot.seconds for shot in UNEVEN_CUTS)
    times_s, at_s, n = [], 0.0, 0
    while at_s < total_s:
        times_s.append(at_s)
        at_s += (0.025, 0.04, 0.1, 0.25)[n // 25 % 4]
        n += 1
    options = {"preset": "veryfast", "g": "100000", "keyint_min": "100000", "sc_threshold": "0", "bf": "2"}
    return write_video(
        media_dir / "vfr.mkv", UNEVEN_CUTS, VideoFormat(width_px=640, height_px=360, options=options), times_s
    )


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled graphs that all sidecars of the session share: compiling takes seconds and is tested elsewhere."""
    return tmp_path_factory.mktemp("model-cache")


@pytest.fixture
def data_dir(tmp_path: Path, model_cache: Path) -> Path:
    """An empty data folder for a sidecar of one test."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "cache").symlink_to(model_cache)
    return folder


@pytest.fixture(scope="session")
def sidecar(tmp_path_factory: pytest.TempPathFactory, media_dir: Path, model_cache: Path) -> Iterator[SidecarProcess]:
    """A real sidecar process on a private socket, shared by tests that leave it as they found it."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "cache").symlink_to(model_cache)
    with SidecarProcess(folder, [media_dir]) as process:
        yield process


@pytest.fixture
def client(sidecar: SidecarProcess) -> Iterator[SidecarClient]:
    found = sidecar.client()
    yield found
    found.close()


from tests.browser import browser as browser  # noqa: E402 - a fixture for every folder
