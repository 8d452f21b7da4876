"""A thing becomes one row of JSON, and back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from tests.standin.library.things import GroupPlace, StashId

PARTS = {"stash_ids": StashId, "groups": GroupPlace}


def to_json(thing: Any) -> str:
    """One line, keys in the order of the fields; nested parts as objects."""
    return json.dumps(plain(thing), ensure_ascii=False)


def from_json(kind: type[Any], text: str) -> Any:
    """The thing that to_json was given. Fields that it did not have yet get their defaults."""
    values = json.loads(text)
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(**{key: _tuples(key, value) for key, value in values.items() if key in known})


def plain(thing: Any) -> dict[str, Any]:
    """The fields as JSON would give them back: lists, objects, numbers, texts."""
    return {field.name: _plain(getattr(thing, field.name)) for field in dataclasses.fields(thing)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return plain(value) if dataclasses.is_dataclass(value) else value


def _tuples(key: str, value: Any) -> Any:
    if key in PARTS:
        return tuple(PARTS[key](**part) for part in value)
    return _deep_tuple(value) if isinstance(value, list) else value


def _deep_tuple(value: Any) -> Any:
    return tuple(_deep_tuple(item) for item in value) if isinstance(value, list) else value
