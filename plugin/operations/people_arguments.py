"""Arguments that only operations on people have."""

from __future__ import annotations

import re
from typing import Any

from plugin.operations.arguments import ArgumentError, identifier, number, text

_TRACK = re.compile(r"[0-9a-f]{16}")


def track_id(name: str, value: Any) -> str:
    if not isinstance(value, str) or not _TRACK.fullmatch(value):
        raise ArgumentError(f"{name} is {repr(value)[:80]}; it must be a track's id: 16 hex digits")
    return value


def key(name: str, value: Any) -> str:
    """A person's: the sidecar knows people by nothing else."""
    return _filled(name, value, 300)


def face_id(name: str, value: Any) -> str:
    """Of a track, a reference, a group, a merge or a naming."""
    return _filled(name, value, 100)


def box(name: str, value: Any) -> tuple[float, float, float, float]:
    """[left, top, width, height] as shares of the picture."""
    if not isinstance(value, list) or len(value) != 4:
        raise ArgumentError(f"{name} must be a list of left, top, width and height")
    left, top, width, height = (number(0, 1)(f"{name}[{n}]", one) for n, one in enumerate(value))
    if width <= 0 or height <= 0 or left + width > 1.001 or top + height > 1.001:
        raise ArgumentError(f"{name} is {repr(value)[:80]}; it must lie inside the picture and have an area")
    return left, top, width, height


def new_performer(name: str, value: Any) -> str:
    """{"name": ...}: what a performer who is to be made is called."""
    if not isinstance(value, dict) or set(value) != {"name"}:
        raise ArgumentError(f"{name} must be an object with a name, and nothing else")
    found = str(text(200)(f"{name}.name", value["name"])).strip()
    if not found or not found.isprintable():
        raise ArgumentError(f"{name}.name must hold something that can be printed")
    return found


def box_person(name: str, value: Any) -> tuple[str, str]:
    """{"endpoint": ..., "id": ...}: somebody in a stash-box."""
    if not isinstance(value, dict) or set(value) != {"endpoint", "id"}:
        raise ArgumentError(f"{name} must be an object with endpoint and id, and nothing else")
    endpoint, found = _filled(f"{name}.endpoint", value["endpoint"], 200), _filled(f"{name}.id", value["id"], 100)
    if not re.fullmatch(r"https?://[^\s|]+", endpoint) or not re.fullmatch(r"[\w-]+", found):
        raise ArgumentError(f"{name} must hold a stash-box's address and an id of it")
    return endpoint, found


def _filled(name: str, value: Any, longest: int) -> str:
    found = str(text(longest)(name, value))
    if not found or not found.isprintable():
        raise ArgumentError(f"{name} must be a text of 1 to {longest} printable characters")
    return found


__all__ = ["box", "box_person", "face_id", "identifier", "key", "new_performer", "track_id"]
