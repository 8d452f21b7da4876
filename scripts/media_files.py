"""Which files a folder holds that could be analysed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

VIDEO_ENDINGS = frozenset(
    (
        *(
            ".3gp",
            ".asf",
            ".avi",
            ".divx",
            ".f4v",
            ".flv",
            ".m2ts",
            ".m4v",
            ".mkv",
            ".mov",
            ".mp4",
            ".mpeg",
            ".mpg",
            ".mts",
        ),
        *(".mxf", ".ogm", ".ogv", ".rm", ".rmvb", ".ts", ".vob", ".webm", ".wmv"),
    )
)
IMAGE_ENDINGS = frozenset((".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"))


def media_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as named, and for folders the media files below them by their ending, in a stable order.

    A named file is always taken, whatever its ending; a name that does not exist is passed on, to be reported like any
    other broken file. Links to folders are not followed, so a loop ends.
    """
    for path in paths:
        if not path.is_dir():
            yield path.absolute()
            continue
        for folder, folders, names in os.walk(path.absolute()):
            folders.sort()
            for name in sorted(names):
                if Path(name).suffix.lower() in VIDEO_ENDINGS | IMAGE_ENDINGS and not name.startswith("."):
                    yield Path(folder, name)
