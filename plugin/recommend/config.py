"""Configuration of recommenders: what they offer, and what anybody sent for it, brought within its limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from plugin.recommend.values import Choice, Field, Spec

MOST_ENTRIES = 50
MOST_LETTERS = 200
PRESENCES = ("require", "exclude", "prefer")
GREATEST_IMPORTANCE = 3.0

SOURCE = Field(
    "source",
    "enum",
    "History",
    "Whose record of your watching counts: ours, Stash's own, or both with nothing counted twice.",
    "plugin+stash",
    choices=(Choice("plugin+stash", "both"), Choice("plugin", "ours"), Choice("stash", "Stash's own")),
    advanced=True,
)
HALF_LIFE = Field(
    "half_life_days",
    "slider",
    "Half-life",
    "After so many days, having watched something counts half as much.",
    60,
    low=3,
    high=730,
    step=1,
    unit="days",
)
DIVERSITY = Field(
    "diversity",
    "slider",
    "Variety",
    "How much a scene loses for being like those above it.",
    0.2,
    low=0.0,
    high=0.9,
    step=0.05,
)
WATCHED = Field(
    "watched",
    "select",
    "Watched scenes",
    "Whether scenes that you have watched may come.",
    "leave_out",
    choices=(
        Choice("leave_out", "leave out"),
        Choice("after_90_days", "only after 90 days"),
        Choice("keep", "may come"),
    ),
)
TAGS = Field("tags", "tags", "Tags", "What scenes must show, must not show, or gain by.", ())
PERFORMERS = Field("performers", "performers", "Performers", "Who must be there, must not, or is a gain.", ())
SHORTEST = Field(
    "min_minutes", "number", "Shortest", "Leave out what is shorter.", 0, low=0, high=1440, step=1, unit="minutes"
)
LONGEST = Field(
    "max_minutes",
    "number",
    "Longest",
    "Leave out what is longer; 0 for any length.",
    0,
    low=0,
    high=1440,
    step=1,
    unit="minutes",
)
FILTERS = (TAGS, PERFORMERS, SHORTEST, LONGEST)

Warn = Callable[[str], None]


def defaults(spec: Spec) -> dict[str, Any]:
    """Every field of its schema at its default."""
    return {field.name: _copied(field.default) for field in spec.fields}


def parse_config(spec: Spec, given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Every field of the schema, and a sentence for each value that was not taken as it was given. Never raises: what
    cannot be understood is replaced by the default, what is out of range by the nearest that is allowed.
    """
    warnings: list[str] = []
    names = {field.name for field in spec.fields}
    unknown = sorted(str(name)[:60] for name in given if name not in names)
    if unknown:
        warnings.append(f"{spec.label} has no setting {', '.join(unknown[:5])}")
    config = {}
    for field in spec.fields:
        value = given.get(field.name)
        config[field.name] = (
            _copied(field.default) if value is None else _PARSERS[field.type](field, value, warnings.append)
        )
    return config, tuple(warnings)


def _number(field: Field, value: Any, warn: Warn) -> Any:
    if not isinstance(value, int | float) or isinstance(value, bool) or math.isnan(value):
        return _default(field, "a number", warn)
    low = -math.inf if field.low is None else field.low
    high = math.inf if field.high is None else field.high
    kept = min(max(value, low), high)
    if kept != value:
        warn(f"{field.label} must be from {low:g} to {high:g}: {kept:g} was taken")
    if isinstance(field.default, int):
        return round(kept)
    return float(kept)


def _choice(field: Field, value: Any, warn: Warn) -> Any:
    if any(value == choice.value for choice in field.choices):
        return value
    return _default(field, "one of " + ", ".join(choice.value for choice in field.choices), warn)


def _boolean(field: Field, value: Any, warn: Warn) -> Any:
    return value if isinstance(value, bool) else _default(field, "true or false", warn)


def _text(field: Field, value: Any, warn: Warn) -> Any:
    if not isinstance(value, str):
        return _default(field, "a text", warn)
    if len(value) > MOST_LETTERS:
        warn(f"{field.label} was cut to {MOST_LETTERS} letters")
    return "".join(letter for letter in value[:MOST_LETTERS] if letter.isprintable())


def _tags(field: Field, value: Any, warn: Warn) -> Any:
    return _entries(field, value, warn, _tag)


def _performers(field: Field, value: Any, warn: Warn) -> Any:
    return _entries(field, value, warn, _performer)


def _entries(field: Field, value: Any, warn: Warn, parse: Callable[[Mapping[str, Any]], dict[str, Any] | None]) -> Any:
    if not isinstance(value, list | tuple):
        return _default(field, "a list", warn)
    if len(value) > MOST_ENTRIES:
        warn(f"{field.label} may have {MOST_ENTRIES} entries: the others were left out")
    kept = []
    for place, one in enumerate(value[:MOST_ENTRIES], 1):
        entry = parse(one) if isinstance(one, Mapping) else None
        if entry is None:
            warn(f"entry {place} of {field.label} was not understood, and left out")
        elif entry not in kept:
            kept.append(entry)
    return kept


def _tag(given: Mapping[str, Any]) -> dict[str, Any] | None:
    presence, label = given.get("presence", "require"), given.get("label")
    entry: dict[str, Any]
    if _is_id(given.get("tag_id")):
        entry = {"tag_id": int(given["tag_id"])}
    elif isinstance(label, str) and 0 < len(label.strip()) <= MOST_LETTERS:
        entry = {"label": label.strip()}
    else:
        return None
    if presence not in PRESENCES:
        return None
    low, high = _bounded(given.get("min_share"), 1.0), _bounded(given.get("max_share"), 1.0)
    if low is not None and high is not None and low > high:
        low, high = high, low
    importance = _bounded(given.get("importance"), GREATEST_IMPORTANCE)
    return {
        **entry,
        "presence": presence,
        "min_share": low,
        "max_share": high,
        "importance": 1.0 if importance is None else importance,
    }


def _performer(given: Mapping[str, Any]) -> dict[str, Any] | None:
    presence = given.get("presence", "require")
    if not _is_id(given.get("id")) or presence not in PRESENCES:
        return None
    return {"id": int(given["id"]), "presence": presence}


def _bounded(value: Any, high: float) -> float | None:
    """None where it is no number."""
    if not isinstance(value, int | float) or isinstance(value, bool) or math.isnan(value):
        return None
    return float(min(max(value, 0.0), high))


def _is_id(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) < 19
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63


def _default(field: Field, wanted: str, warn: Warn) -> Any:
    warn(f"{field.label} must be {wanted}: the default was taken")
    return _copied(field.default)


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


_PARSERS: Mapping[str, Callable[[Field, Any, Warn], Any]] = {
    "number": _number,
    "slider": _number,
    "select": _choice,
    "enum": _choice,
    "boolean": _boolean,
    "text": _text,
    "search": _text,
    "tags": _tags,
    "performers": _performers,
}
