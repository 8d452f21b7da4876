"""Which function answers which field of the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Resolver = Callable[..., Any]
"""(Ask, the object that the field belongs to, **the field's arguments) -> value"""

F = TypeVar("F", bound=Resolver)

RESOLVERS: dict[str, Resolver] = {}
"""Type.field -> resolver"""


class ApiError(Exception):
    """An error with Stash's words for the client."""


def answers(*fields: str) -> Callable[[F], F]:
    """Make a function the resolver of Type.field."""

    def register(function: F) -> F:
        for field in fields:
            assert field not in RESOLVERS, field
            RESOLVERS[field] = function
        return function

    return register


def always(value: Any, *fields: str) -> None:
    """Fields whose answer never changes, for what the stand-in does not keep."""
    for field in fields:
        assert field not in RESOLVERS, field
        RESOLVERS[field] = lambda ask, source, **args: value


def to_int(text: str, what: str = "") -> int:
    """An id as Go's strconv.Atoi reads it. Raises ApiError with its words, after "converting <what>: "."""
    try:
        if not text.strip() or text != text.strip() or "_" in text:
            raise ValueError(text)
        return int(text)
    except ValueError as error:
        prefix = f"converting {what}: " if what else ""
        raise ApiError(f'{prefix}strconv.Atoi: parsing "{text}": invalid syntax') from error


def to_ints(texts: list[str] | None, what: str) -> list[int]:
    """Ids, without repetitions."""
    return list(dict.fromkeys(to_int(text, what) for text in texts or ()))


def distinct_ints(texts: list[str], what: str = "ids") -> list[int]:
    """Ids of a finder's list. Raises ApiError for one that comes twice."""
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise ApiError(f"validating {what}: duplicate id found: {text}")
        seen.add(text)
    return [to_int(text, what) for text in texts]
