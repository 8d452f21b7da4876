"""A small library from real photos: short films, pictures, pictures in a zip, and people."""

from __future__ import annotations

import zipfile
from pathlib import Path

from scripts.sample_video import Shot, VideoFormat, photo_path, write_video

FILMS = {
    "breakfast with a cat.mp4": (Shot("coffee", 5.3), Shot("chelsea", 7.9), Shot("coffee", 4.4)),
    "from the road to space.mp4": (Shot("motorcycle_left", 6.6), Shot("rocket", 6.0), Shot("hubble_deep_field", 5.2)),
    "trips/the cat.mkv": (Shot("chelsea", 9.0),),
    "trips/a launch.mp4": (Shot("rocket", 7.2), Shot("astronaut", 6.4)),
}
PICTURES = ("chelsea", "coffee", "rocket")
ZIPPED = ("motorcycle_left", "hubble_deep_field", "astronaut")
ZIP_NAME = "pictures in a zip.zip"

PEOPLE_FILMS = {
    "people/two pioneers.mp4": (Shot("grace_hopper", 4.2, 0.36), Shot("coffee", 2.4), Shot("astronaut", 5.6, 0.3)),
    "people/six friends.mp4": (Shot("six_people", 4.6), Shot("astronaut", 5.2, 0.3)),
    "people/six friends again.mp4": (Shot("chelsea", 2.2), Shot("six_people", 4.4)),
}
PORTRAITS = {"Grace Hopper": "grace_hopper", "Eileen Collins": "astronaut"}
"""Performers whom the library knows, and the photo that is their picture. The six are nobody's performers."""

_SMALL = VideoFormat(width_px=640, height_px=360)
_WIDE = VideoFormat(width_px=960, height_px=540)


def make_library(folder: Path) -> list[Path]:
    """Write what is missing of the library below `folder`, and return its media files in order."""
    films = [_film(folder / name, shots) for name, shots in FILMS.items()]
    pictures = [_copy(photo, folder / "pictures") for photo in PICTURES]
    archive = folder / ZIP_NAME
    if not archive.exists():
        partial = archive.with_name(f".partial-{archive.name}")
        with zipfile.ZipFile(partial, "w") as writer:
            for photo in ZIPPED:
                writer.write(photo_path(photo), photo_path(photo).name)
        partial.replace(archive)
    return [*films, *pictures, archive]


def make_people(folder: Path) -> list[Path]:
    """Write what is missing of the films with people below `folder`, and return them in order."""
    return [_film(folder / name, shots, _WIDE) for name, shots in PEOPLE_FILMS.items()]


def portrait(name: str) -> bytes:
    """The picture of a performer, as a JPEG or PNG file."""
    return photo_path(PORTRAITS[name]).read_bytes()


def _film(path: Path, shots: tuple[Shot, ...], video: VideoFormat = _SMALL) -> Path:
    return path if path.exists() else write_video(path, shots, video)


def _copy(photo: str, folder: Path) -> Path:
    source = photo_path(photo)
    target = folder / source.name
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    return target
