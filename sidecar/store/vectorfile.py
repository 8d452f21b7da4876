"""One append-only file of vectors: a header, then records of one size. The truth of the store."""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sidecar.store.rows import Flags, Float16Vectors, PtsSeconds
from sidecar.values import ContentKey

Records: TypeAlias = NDArray[np.void]
"""Structured (N,): pts_s float64, flags uint16, vector float16 (dim,), little-endian, 8-byte aligned."""

MAGIC = b"SSNVEC\r\n"
"""The line break shows a file that was copied as text."""
FORMAT_VERSION = 1
_HEADER = struct.Struct("<8sHHII32s128s")
HEADER_BYTES = 256


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one append wrote: rows [first_row, first_row + n_rows) and the CRC-32 of their bytes."""

    id: int
    first_row: int
    n_rows: int
    crc32: int


@dataclass(frozen=True, slots=True)
class VectorFile:
    """Names a vector file and the shape of its records. Holds nothing open."""

    path: Path
    key: ContentKey
    model_key: str
    dim: int

    @property
    def dtype(self) -> np.dtype[np.void]:
        """One record."""
        # Named Any because numpy's stubs know no dtype from a field table.
        fields: Any = {
            "names": ["pts_s", "flags", "vector"],
            "formats": ["<f8", "<u2", ("<f2", (self.dim,))],
            "offsets": [0, 8, 16],
            "itemsize": self.record_bytes(self.dim),
        }
        record: np.dtype[np.void] = np.dtype(fields)
        return record

    @staticmethod
    def record_bytes(dim: int) -> int:
        """Size of one record; a multiple of 8, which keeps pts_s aligned."""
        return (16 + 2 * dim + 7) // 8 * 8

    def pack(self, pts_s: PtsSeconds, flags: Flags, vectors: Float16Vectors) -> Records:
        """Records of these samples, in the order given."""
        records = np.zeros(len(pts_s), self.dtype)
        records["pts_s"], records["flags"], records["vector"] = pts_s, flags, vectors
        return records

    def write(self, first_row: int, records: Records) -> None:
        """Put records after the first_row rows that count, cut what lay behind, and sync to the disk.

        Rows before first_row are not touched. Raises OSError after cutting off what it had written so far.
        """
        if first_row == 0:
            _make_folder(self.path.parent)
        with _open_to_write(self.path) as file:
            start = self._offset(first_row)
            try:
                if first_row == 0:
                    _write_all(file, 0, self._header())
                _write_all(file, start, records.tobytes())
                file.truncate(start + records.nbytes)
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(start if first_row else 0)
                raise
        if first_row == 0:
            _sync_folder(self.path.parent)

    def read(self, n_rows: int) -> Records:
        """The first n_rows records, in memory. Raises OSError if they are not there."""
        with self.path.open("rb") as file:
            file.seek(HEADER_BYTES)
            records = np.fromfile(file, self.dtype, n_rows)
        if len(records) != n_rows:
            raise OSError(f"{self.path} holds {len(records)} records, {n_rows} were expected")
        return records

    def map(self, n_rows: int) -> Records:
        """The first n_rows records, mapped from the file and read-only. Raises OSError or ValueError."""
        if n_rows == 0:
            return np.zeros(0, self.dtype)
        return np.memmap(self.path, self.dtype, "r", HEADER_BYTES, (n_rows,))

    def n_intact(self, chunks: Sequence[Chunk], n_verified: int = 0) -> tuple[int, str]:
        """How many chunks from the first on are whole, and what is wrong with the next one ("" if all are whole).

        The first n_verified are not read again, but must still be there. Raises OSError for a file that is there and
        cannot be read: that says nothing about its content.
        """
        n_empty = next((at for at, chunk in enumerate(chunks) if chunk.n_rows), len(chunks))
        if n_empty == len(chunks):
            return n_empty, ""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return n_empty, "the file is missing"
        with file:
            if file.read(HEADER_BYTES) != self._header():
                return n_empty, "the header is not that of this set"
            size = os.fstat(file.fileno()).st_size
            next_row = 0
            for at, chunk in enumerate(chunks):
                if chunk.first_row != next_row:
                    return at, f"row {next_row} is not accounted for"
                next_row += chunk.n_rows
                if size < self._offset(next_row):
                    return at, f"the file ends within rows [{chunk.first_row}, {next_row})"
                if at >= n_verified and self._crc32(file, chunk) != chunk.crc32:
                    return at, f"rows [{chunk.first_row}, {next_row}) are not what was written"
        return len(chunks), ""

    def _crc32(self, file: Any, chunk: Chunk) -> int:
        file.seek(self._offset(chunk.first_row))
        return zlib.crc32(file.read(chunk.n_rows * self.dtype.itemsize))

    def _offset(self, row: int) -> int:
        return HEADER_BYTES + row * self.dtype.itemsize

    def _header(self) -> bytes:
        fixed = _HEADER.pack(
            MAGIC,
            FORMAT_VERSION,
            HEADER_BYTES,
            self.dim,
            self.dtype.itemsize,
            model_digest(self.model_key),
            str(self.key).encode("ascii"),
        )
        return fixed + bytes(HEADER_BYTES - 4 - len(fixed)) + struct.pack("<I", zlib.crc32(fixed))


def model_digest(model_key: str) -> bytes:
    """SHA-256 of a model key: 32 bytes that stand for it in headers and, shortened, in file names."""
    return sha256(model_key.encode("utf-8", "surrogatepass")).digest()


def file_name(key: ContentKey, model_key: str) -> str:
    """Where a set lies below features/, with "/" between the parts."""
    return f"{key.digest[:2]}/{key}.{model_digest(model_key).hex()[:16]}.vec"


def crc32(records: Records) -> int:
    """CRC-32 of the bytes that these records have in the file."""
    return zlib.crc32(records.tobytes())


def _open_to_write(path: Path) -> FileIO:
    # Unbuffered: a buffered file that failed to write tries again when it is closed.
    return FileIO(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+")


def _write_all(file: FileIO, offset: int, data: bytes) -> None:
    file.seek(offset)
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make new names in a folder last through a power cut. Windows neither needs nor allows it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
