"""Events as the browser tells of them, checked at the edge: anybody who can load a page may send them.

Version 1. Times of an event: at_ms by the browser's clock, which its owner may set; mono_ms by the clock of that load
of the page, which only goes forward. What an event does not need is dropped, so that it is never kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from plugin.store.watch_values import WatchEvent

VERSION = 1

SECONDS = (0.0, 2e6)
"""Positions and lengths of media: up to 23 days."""
RATES = (0.05, 16.0)
"""The browsers' own are 0.0625 to 16."""

PLAYING = frozenset(
    ("scene_watch_start", "scene_watch_pause", "scene_watch_progress", "scene_seek", "scene_watch_complete")
)
"""Types that say how the player stands after them."""

TYPES: Mapping[str, str] = {
    "session_start": "",
    "session_end": "",
    "scene_view": "scene",
    "scene_page_enter": "scene",
    "scene_page_leave": "scene",
    "scene_watch_start": "scene",
    "scene_watch_pause": "scene",
    "scene_watch_progress": "scene",
    "scene_seek": "scene",
    "scene_watch_complete": "scene",
    "image_view": "image",
    "gallery_view": "gallery",
    "library_search": "",
}
"""Type -> the kind of medium that it is about, "" for none."""


class Refusal(NamedTuple):
    """id: None where it has none that can be repeated. code: "off", "paused", "excluded", "invalid", "future",
    "too_old" or "unknown_version". reason: a sentence, which never says what was watched.
    """

    id: str | None
    code: str
    reason: str


_Check: TypeAlias = Callable[[str, Any], Any]
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LARGEST_ID = (1 << 63) - 1


def parse_event(value: Any) -> WatchEvent | Refusal:
    """Whatever came as an event, checked. Never raises."""
    if not isinstance(value, dict):
        return Refusal(None, "invalid", "an event must be an object")
    given = value.get("id")
    found = given if isinstance(given, str) and _ID.fullmatch(given) else None
    if found is None:
        return Refusal(None, "invalid", "id must be 8 to 64 letters, digits, - or _")
    version = value.get("v")
    if version != VERSION or isinstance(version, bool):
        return Refusal(found, "unknown_version", f"events of version {VERSION} are understood")
    try:
        return _event(found, value)
    except InvalidEvent as error:
        return Refusal(found, "invalid", str(error))


class InvalidEvent(ValueError):
    """A sentence of what an event must have."""


def _event(event_id: str, value: Mapping[str, Any]) -> WatchEvent:
    type_ = value.get("type")
    kind = TYPES.get(type_) if isinstance(type_, str) else None
    if kind is None or not isinstance(type_, str):
        raise InvalidEvent(f"type must be one of {', '.join(TYPES)}")
    is_playing = type_ in PLAYING
    body = value.get("body")
    if body is None:
        body = {}
    if not isinstance(body, dict):
        raise InvalidEvent("body must be an object")
    return WatchEvent(
        event_id,
        type_,
        _identifier("session", value.get("session")),
        _identifier("tab", value.get("tab")),
        _whole("seq", value.get("seq"), (1 << 53) - 1),
        _identifier("watch", value.get("watch")) if is_playing or (kind == "scene" and value.get("watch")) else "",
        kind,
        _whole(f"{kind}_id", value.get(f"{kind}_id"), _LARGEST_ID) if kind else 0,
        _number("at_ms", value.get("at_ms"), 0, 1e14) / 1000,
        _number("mono_ms", value.get("mono_ms"), 0, 1e12) / 1000,
        _state(body, type_ == "scene_seek") if is_playing else _described(type_, body),
    )


def _state(body: Mapping[str, Any], is_seek: bool) -> dict[str, Any]:
    """How the player stands after the event. duration_s: 0 where it is not known yet."""
    duration = body.get("duration_s")
    state = {
        "position_s": _number("position_s", body.get("position_s"), *SECONDS),
        "rate": _number("rate", body.get("rate"), *RATES),
        "duration_s": 0.0 if duration is None else _number("duration_s", duration, *SECONDS),
        "visible": _switch("visible", body.get("visible", True)),
        "playing": _switch("playing", body.get("playing")),
    }
    if is_seek:
        state["from_s"] = _number("from_s", body.get("from_s"), *SECONDS)
        state["to_s"] = _number("to_s", body.get("to_s", state["position_s"]), *SECONDS)
    return state


def _described(type_: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: check(name, body[name]) for name, check in _BODIES.get(type_, {}).items() if body.get(name) is not None
    }


def _identifier(name: str, value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise InvalidEvent(f"{name} must be 8 to 64 letters, digits, - or _")
    return value


def _whole(name: str, value: Any, high: int) -> int:
    # Stash's own ids are texts of digits.
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= high:
        raise InvalidEvent(f"{name} must be a whole number of 1 or more")
    return value


def _number(name: str, value: Any, low: float, high: float) -> float:
    # NaN is between no two numbers, and no whole number is too large to be compared.
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidEvent(f"{name} must be a number from {low:g} to {high:g}")
    return float(value)


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidEvent(f"{name} must be true or false")
    return value


def _seconds(name: str, value: Any) -> float:
    return _number(name, value, *SECONDS)


def _text(longest: int) -> _Check:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise InvalidEvent(f"{name} must be a text of at most {longest} characters")
        return value if value.isprintable() else "".join(one if one.isprintable() else " " for one in value)

    return check


def _path(name: str, value: Any) -> str:
    """Which kind of page; what stands behind that may name anything, also media that are not to be remembered."""
    return "/" + str(_text(500)(name, value)).split("?")[0].split("#")[0].lstrip("/").split("/")[0]


def _choice(*allowed: str) -> _Check:
    def check(name: str, value: Any) -> str:
        if value not in allowed or not isinstance(value, str):
            raise InvalidEvent(f"{name} must be one of {', '.join(allowed)}")
        return value

    return check


_BODIES: Mapping[str, Mapping[str, _Check]] = {
    "session_start": {"resumed": _switch},
    "session_end": {"reason": _choice("idle", "pagehide", "off")},
    "scene_page_enter": {"referrer": _path, "from": _choice("queue")},
    "image_view": {"visible_s": _seconds},
    "gallery_view": {"visible_s": _seconds},
    "library_search": {
        "kind": _choice("scenes", "images", "galleries", "performers", "studios", "tags", "groups", "markers"),
        "words": _text(200),
        "filters": _text(2000),
    },
}
