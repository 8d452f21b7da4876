"""Stash's own scalars. Inside, times are seconds since 1970."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from tests.standin.times import rfc3339, rfc3339_nano, seconds_of

DURATION = re.compile(r"([0-9]+(?:\.[0-9]*)?)(h|ms|m|s|us|ns)")
UNIT_S = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Scalar:
    serialize: Callable[[Any], Any]
    parse: Callable[[Any], Any]


def _time_out(value: Any) -> str:
    if isinstance(value, str):
        return value
    return rfc3339(value) if isinstance(value, int) else rfc3339_nano(value)


def _time_in(value: Any) -> float:
    if not isinstance(value, str):
        raise GraphQLError("time should be RFC3339Nano formatted string")
    try:
        return seconds_of(value)
    except ValueError as error:
        raise GraphQLError(f'parsing time "{value}" as "2006-01-02T15:04:05Z07:00": cannot parse') from error


def _timestamp_in(value: Any) -> float:
    """RFC 3339, a date, a date and time, or >1h (in an hour) and <1h (an hour ago)."""
    if not isinstance(value, str):
        raise GraphQLError("cannot parse Timestamp: not a string")
    if not value:
        raise GraphQLError("cannot parse Timestamp: empty string")
    if value[0] in "<>":
        parts = DURATION.findall(value[1:])
        if "".join(number + unit for number, unit in parts) != value[1:]:
            raise GraphQLError(f"cannot parse Timestamp: cannot parse {value[0]}-duration")
        seconds = sum(float(number) * UNIT_S[unit] for number, unit in parts)
        return time.time() + (seconds if value[0] == ">" else -seconds)
    try:
        return seconds_of(
            value if "T" in value else value.replace(" ", "T") + ("T00:00:00" if " " not in value else "") + "Z"
        )
    except ValueError as error:
        raise GraphQLError(f"ParseDateStringAsTime failed: dateString <{value}>") from error


def _map_in(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise GraphQLError(f"{type(value).__name__} is not a map")
    return value


def _bool_map_in(value: Any) -> dict[str, bool]:
    found = _map_in(value)
    for key, item in found.items():
        if not isinstance(item, bool):
            raise GraphQLError(f"key {key} is not a bool")
    return found


def _int64_in(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise GraphQLError(f"{type(value).__name__} is not an int")
    return int(value)


def _same(value: Any) -> Any:
    return value


SCALARS = {
    "Time": Scalar(_time_out, _time_in),
    "Timestamp": Scalar(_time_out, _timestamp_in),
    "Int64": Scalar(int, _int64_in),
    "Any": Scalar(_same, _same),
    "Map": Scalar(_same, _map_in),
    "BoolMap": Scalar(_same, _bool_map_in),
    "PluginConfigMap": Scalar(_same, _map_in),
}
