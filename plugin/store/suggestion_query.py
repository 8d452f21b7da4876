"""Which suggestions are meant, and in which order: SQL for the page of a list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from plugin.store.jobs import like

Order: TypeAlias = Literal["newest", "score", "medium"]

_KEYS: Mapping[str, tuple[str, ...]] = {
    "newest": ("suggestion.id",),
    "score": ("suggestion.score", "suggestion.id"),
    "medium": ("kind", "media_id", "start_s", "suggestion.id"),
}
"""Order -> what is sorted by; the last one tells rows apart, so that a page begins exactly behind another."""

_DESCENDING = frozenset({"newest", "score"})


class BadCursor(Exception):
    """A cursor that no page of this order gave."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Filters; what is left out filters nothing. words: in the label. min_score: in the model's unit. up_to_id:
    what came later is left out. face_decision: of performers, "match" or "maybe".
    """

    kind: str = ""
    media_id: int | None = None
    type: str = ""
    label: str = ""
    words: str = ""
    run_id: int | None = None
    min_score: float | None = None
    up_to_id: int | None = None
    face_decision: str = ""


def where(states: Sequence[str], chosen: Chosen) -> tuple[list[str], list[Any]]:
    """Conditions on rows of suggestion, at least one, and their values. No states: all of them."""
    conditions: list[str] = [f"state IN ({','.join('?' * len(states))})"] if states else ["1"]
    values: list[Any] = list(states)
    for condition, value in (
        ("kind = ?", chosen.kind or None),
        ("media_id = ?", chosen.media_id),
        ("type = ?", chosen.type or None),
        ("label_id IN (SELECT id FROM label WHERE name = ?)", chosen.label or None),
        (
            "label_id IN (SELECT id FROM label WHERE name LIKE ? ESCAPE '\\')",
            like(chosen.words) if chosen.words else None,
        ),
        ("run_id = ?", chosen.run_id),
        ("suggestion.score >= ?", chosen.min_score),
        ("suggestion.id <= ?", chosen.up_to_id),
        ("json_extract(reason, '$.decision') = ?", chosen.face_decision or None),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    return conditions, values


def order_by(order: Order) -> str:
    """newest: by id, falling. score: falling. medium: all of one medium together, by time."""
    direction = " DESC" if order in _DESCENDING else ""
    return ", ".join(key + direction for key in _KEYS[order])


def behind(order: Order, cursor: str) -> tuple[str, list[Any]]:
    """The condition for rows behind a cursor, and its values. Raises BadCursor."""
    try:
        values = json.loads(cursor)
    except ValueError:
        values = None
    keys = _KEYS[order]
    is_one = isinstance(values, list) and len(values) == len(keys)
    if not is_one or not all(map(_is_storable, values)):
        raise BadCursor(f"after is {cursor[:100]!r}; it must be what the page before said, in the same order")
    sign = "<" if order in _DESCENDING else ">"
    return f"({', '.join(keys)}) {sign} ({', '.join('?' * len(keys))})", values


def _is_storable(value: object) -> bool:
    """Whether the database can compare with it."""
    if isinstance(value, str):
        return value.isprintable()  # what is half a character is not
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 63)


def cursor_of(order: Order, row: Mapping[str, Any]) -> str:
    """The cursor behind a row. row: id, score, kind, media_id and start_s of its suggestion."""
    return json.dumps([row[key.removeprefix("suggestion.")] for key in _KEYS[order]])
