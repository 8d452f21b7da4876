"""Names content by its bytes: oshash for video as Stash computes it, md5 for images. Pure but for reading."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

import numpy as np

from sidecar.media.sniff import SNIFF_BYTES, sniff_image
from sidecar.values import ContentKey

_OSHASH_CHUNK_BYTES = 64 * 1024
_READ_BYTES = 1024 * 1024


def content_key(stream: BinaryIO, size_bytes: int) -> ContentKey:
    """The key of the bytes of a seekable stream; reads 128 KiB of a video, all of an image.

    A file for which Stash has no oshash (below 64 KiB and no multiple of 8 bytes) is named by its md5.
    """
    stream.seek(0)
    head = _read_exactly(stream, min(SNIFF_BYTES, size_bytes))
    if sniff_image(head) is None and (size_bytes >= _OSHASH_CHUNK_BYTES or size_bytes % 8 == 0):
        return ContentKey("oshash", oshash(stream, size_bytes), size_bytes)
    return ContentKey("md5", _md5(stream), size_bytes)


def oshash(stream: BinaryIO, size_bytes: int) -> str:
    """16 hex digits: size + sums of the first and the last 64 KiB as little-endian uint64, modulo 2**64.

    The OpenSubtitles hash exactly as in Stash's pkg/hash/oshash/oshash.go: a file below 64 KiB counts whole, twice.
    """
    chunk_bytes = min(_OSHASH_CHUNK_BYTES, size_bytes)
    total = np.uint64(size_bytes)
    for offset in (0, size_bytes - chunk_bytes):
        stream.seek(offset)
        words = np.frombuffer(_read_exactly(stream, chunk_bytes), dtype="<u8")
        with np.errstate(over="ignore"):
            total = np.uint64(total + words.sum(dtype=np.uint64))
    return f"{int(total):016x}"


def _md5(stream: BinaryIO) -> str:
    stream.seek(0)
    digest = hashlib.md5(usedforsecurity=False)
    while block := stream.read(_READ_BYTES):
        digest.update(block)
    return digest.hexdigest()


def _read_exactly(stream: BinaryIO, count: int) -> bytes:
    parts: list[bytes] = []
    while count > 0 and (part := stream.read(count)):
        parts.append(part)
        count -= len(part)
    if count > 0:
        raise OSError("the file became shorter while it was read")
    return b"".join(parts)
