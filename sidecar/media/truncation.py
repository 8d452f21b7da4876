"""Tells from a file's outer structure whether its end is missing."""

from __future__ import annotations

import struct
from typing import BinaryIO

_TS_PACKET_BYTES = 188
_EBML_ID, _SEGMENT_ID = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
# Fragmented mp4 has two boxes per fragment; 20,000 are about five hours.
_MAX_BOXES = 20_000


def is_cut_off(stream: BinaryIO, size_bytes: int) -> bool:
    """Whether an mp4, Matroska, AVI or MPEG-TS file ends before its own structure does. False if it cannot tell."""
    stream.seek(0)
    head = stream.read(512)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip"):
        return _boxes_end(stream, size_bytes) > size_bytes
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return 8 + int(struct.unpack_from("<I", head, 4)[0]) > size_bytes
    if head[:4] == _EBML_ID:
        return _segment_end(head) > size_bytes
    if head[:1] == b"G" and head[_TS_PACKET_BYTES : _TS_PACKET_BYTES + 1] == b"G":
        return size_bytes % _TS_PACKET_BYTES != 0
    return False


def _boxes_end(stream: BinaryIO, size_bytes: int) -> int:
    """Where the last top-level box says that it ends (ISO/IEC 14496-12, 4.2)."""
    position = 0
    for _ in range(_MAX_BOXES):
        if position + 8 > size_bytes:
            break
        stream.seek(position)
        header = stream.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1 and len(header) == 16:
            length = int.from_bytes(header[8:], "big")
        if length < 8:  # 0: to the end of the file; other values are broken
            return size_bytes
        position += length
    return position


def _segment_end(head: bytes) -> int:
    """Where the Matroska segment says that it ends (RFC 8794, 4); 0 if it does not say."""
    length, used = _vint(head, 4)
    position = 4 + used + length
    if head[position : position + 4] != _SEGMENT_ID:
        return 0
    length, used = _vint(head, position + 4)
    unknown = used == 0 or length == (1 << (7 * used)) - 1
    return 0 if unknown else position + 4 + used + length


def _vint(data: bytes, position: int) -> tuple[int, int]:
    """(value, bytes used) of an EBML variable-size integer; (0, 0) if there is none."""
    if position >= len(data) or data[position] == 0:
        return 0, 0
    used = 9 - data[position].bit_length()
    value = int.from_bytes(data[position : position + used], "big")
    return value & ((1 << (7 * used)) - 1), used
