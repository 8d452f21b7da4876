"""Generations of an index on disk: each a folder that is written once, and a pointer to the one in use.

    <folder>/CURRENT            the name of the generation in use, swapped by an atomic rename
    <folder>/generation-7/      manifest.json, ids.i8, identities.i8, vectors.f2, and annoy.ann where there is one
    <folder>/generation-8.new/  one that is being written, or was when the process was killed

The previous generation is kept: it is used where the current one turns out to be damaged. All of it is a cache.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sidecar.people.index import proposals
from sidecar.people.index.proposals import Proposals
from sidecar.people.index.references import References
from sidecar.people.index.segments import Segment

FORMAT = 1
CURRENT, MANIFEST = "CURRENT", "manifest.json"
IDS, IDENTITIES, VECTORS, ANNOY = "ids.i8", "identities.i8", "vectors.f2", "annoy.ann"
_NAME = re.compile(r"generation-([1-9][0-9]*)")
_READ_BYTES = 1 << 20


class DamagedGeneration(Exception):
    """A generation is not what was written. The message says what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Generation:
    """One generation, mapped. number: 0 for none. Rows are in ascending order of their ids."""

    number: int
    segment: Segment
    proposals: Proposals | None = None


def load(folder: Path, dim: int) -> tuple[Generation, str]:
    """The generation in use, else the newest that is whole, else an empty one; and what was wrong ("" if nothing).

    Reads every byte once to check it: a damaged annoy file would end the process.
    """
    wrong: list[str] = []
    for name in _by_preference(folder):
        try:
            return _load(folder / name, dim), "; ".join(wrong)
        except (DamagedGeneration, OSError, ValueError) as error:
            wrong.append(f"{name} was dropped: {error}")
    return Generation(0, Segment.empty(dim)), "; ".join(wrong)


def write(folder: Path, references: References, with_annoy: bool, is_wanted: Callable[[], bool]) -> Generation | None:
    """Write a generation of these references, put it to use, delete old ones.

    None if it was not wanted any more. A kill at any moment leaves the generation that was in use. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = max(_numbers(folder), default=0) + 1
    final, unfinished = folder / f"generation-{number}", folder / f"generation-{number}.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(mode=0o700)  # faces are nobody else's business, wherever the data folder lies
        if not _fill(unfinished, references, with_annoy, is_wanted):
            return None
        _sync(unfinished)
        unfinished.rename(final)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    generation = _load(final, references.dim)
    _write_text(folder / f"{CURRENT}.new", final.name)
    (folder / f"{CURRENT}.new").replace(folder / CURRENT)
    _sync(folder)
    tidy(folder)
    return generation


def tidy(folder: Path) -> None:
    """Delete what a kill left half-written and all generations but the one in use and the one before it.

    What cannot be deleted yet, as a mapped file on Windows, is left for the next time.
    """
    keep = {f"generation-{number}" for number in sorted(_numbers(folder))[-2:]} | {_current(folder)}
    for path in folder.glob("generation-*"):
        if path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


def size_bytes(folder: Path) -> int:
    """Of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _by_preference(folder: Path) -> list[str]:
    names = [f"generation-{number}" for number in sorted(_numbers(folder), reverse=True)]
    current = _current(folder)
    return sorted(names, key=lambda name: name != current)


def _current(folder: Path) -> str:
    try:
        return (folder / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _numbers(folder: Path) -> list[int]:
    """Of the generations that are written wholly."""
    found = (_NAME.fullmatch(path.name) for path in folder.glob("generation-*"))
    return [int(match[1]) for match in found if match]


def _fill(path: Path, references: References, with_annoy: bool, is_wanted: Callable[[], bool]) -> bool:
    """Write all files of a generation; False if it was not wanted any more."""
    checksums = {
        IDS: _write(path / IDS, [references.ids.astype("<i8")]),
        IDENTITIES: _write(path / IDENTITIES, [references.identities.astype("<i8")]),
        VECTORS: _write(path / VECTORS, references.blocks()),
    }
    if with_annoy:
        if not proposals.build(path / ANNOY, references, is_wanted):
            return False
        checksums[ANNOY] = _checksum(path / ANNOY)
    manifest = {
        "format": FORMAT,
        "dim": references.dim,
        "count": len(references),
        "annoy": proposals.version() if with_annoy else "",
        "crc32": checksums,
    }
    _write_text(path / MANIFEST, json.dumps(manifest, indent=1))
    return is_wanted()


def _load(path: Path, dim: int) -> Generation:
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        count, annoy_version, checksums = manifest["count"], manifest["annoy"], dict(manifest["crc32"])
        if (manifest["format"], manifest["dim"]) != (FORMAT, dim):
            raise DamagedGeneration(f"it is of format {manifest['format']} and dimension {manifest['dim']}")
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedGeneration(f"its manifest cannot be read ({error})") from error
    usable = bool(annoy_version) and annoy_version == proposals.version()
    for name, written in checksums.items():
        # A file that another annoy made is not opened, so it need not be whole.
        if (name != ANNOY or usable) and list(written) != _checksum(path / name):
            raise DamagedGeneration(f"{name} is not what was written")
    if count == 0:
        segment = Segment.empty(dim)
    else:
        ids = np.fromfile(path / IDS, "<i8").astype(np.int64, copy=False)
        identities = np.fromfile(path / IDENTITIES, "<i8").astype(np.int64, copy=False)
        vectors = np.memmap(path / VECTORS, "<f2", "r", shape=(count, dim))
        if not len(ids) == len(identities) == count:
            raise DamagedGeneration("its files are of different lengths")
        segment = Segment.of(ids, identities, vectors)
    number = int(path.name.removeprefix("generation-"))
    return Generation(number, segment, Proposals(path / ANNOY, dim) if usable else None)


def _write(path: Path, blocks: Iterable[NDArray[Any]]) -> list[int]:
    with path.open("xb") as file:
        for block in blocks:
            file.write(block.tobytes())
        file.flush()
        os.fsync(file.fileno())
    return _checksum(path)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _checksum(path: Path) -> list[int]:
    """Size and CRC-32 of a file."""
    crc, size = 0, 0
    with path.open("rb") as file:
        while block := file.read(_READ_BYTES):
            crc, size = zlib.crc32(block, crc), size + len(block)
    return [size, crc]


def _sync(folder: Path) -> None:
    """Make new names in a folder last through a power cut. Windows neither needs nor allows it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
