"""Moments of media, as an argument."""

from __future__ import annotations

from typing import Any

from plugin.operations.arguments import ArgumentError, choice, identifier, number

MOST_MOMENTS = 60
LONGEST_S = 30 * 24 * 3600.0

_FIELDS = {"kind": choice("scene", "image"), "id": identifier, "at_s": number(0, LONGEST_S)}


def moments(name: str, value: Any) -> list[dict[str, Any]]:
    """1 to 60 objects of kind, id and at_s (seconds), nothing else in them."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_MOMENTS:
        raise ArgumentError(f"{name} must be a list of 1 to {MOST_MOMENTS} moments")
    return [_moment(f"{name}[{n}]", one) for n, one in enumerate(value)]


def _moment(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(_FIELDS):
        raise ArgumentError(f"{name} must be an object of {', '.join(_FIELDS)}, and nothing else")
    return {key: check(f"{name}.{key}", value[key]) for key, check in _FIELDS.items()}
