"""Numbers as they lie in the store: little-endian, whatever machine wrote them. Pure."""

from __future__ import annotations

import sys
from array import array
from typing import Any

from plugin.store.errors import CacheDamaged

_SWAPPED = sys.byteorder == "big"


def pack(numbers: array[Any]) -> bytes:
    """As unpack() reads them."""
    if _SWAPPED:
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


def unpack(typecode: str, data: bytes) -> array[Any]:
    """typecode: of array, of which "I" has 4 bytes everywhere that Python runs today. Raises CacheDamaged."""
    numbers = array(typecode)
    if len(data) % numbers.itemsize:
        raise CacheDamaged
    numbers.frombytes(data)
    if _SWAPPED:
        numbers.byteswap()
    return numbers
