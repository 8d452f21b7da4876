"""Filters, searches, sorts and pages things of one kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tests.standin.query.criteria import BadFilter, Input, Truth, all_of, any_of, negate
from tests.standin.text import natural_key, parse_search

T = TypeVar("T")
Predicate = Callable[[T], Truth]
SortKey = Callable[[T], Any]
"""A value that SQL would sort by; None (NULL) comes first."""


@dataclass(frozen=True)
class Found(Generic[T]):
    """count is of all that matched, page is what was asked for."""

    count: int
    matched: Sequence[T]
    page: Sequence[T]


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How one kind of thing is found."""

    criteria: Mapping[str, Callable[[Any], Predicate[T]]]
    """filter field -> from its input, a predicate"""
    texts: Callable[[T], list[str | None]]
    """what a search text is looked for in"""
    sorts: Mapping[str, SortKey[T]]
    default_sort: str | None
    last_sorts: tuple[SortKey[T], ...] = field(default=())

    def find(self, things: Iterable[T], filter_input: Input | None, find_filter: Input | None) -> Found[T]:
        """Raises BadFilter for what Stash refuses."""
        asked = find_filter or {}
        matches = self.predicate(filter_input)
        search = parse_search(asked.get("q") or "")
        searching = bool(asked.get("q"))
        matched = [t for t in things if matches(t) and (not searching or search.found_in(self.texts(t)))]
        ordered = self._sorted(matched, asked)
        return Found(len(matched), matched, _page(ordered, asked))

    def predicate(self, filter_input: Input | None) -> Predicate[T]:
        """All criteria of a filter, and its AND, OR or NOT."""
        asked = {name: value for name, value in (filter_input or {}).items() if value is not None}
        operators = [name for name in ("AND", "OR", "NOT") if name in asked]
        if len(operators) > 1:
            raise BadFilter(f"cannot have {operators[0]} and {operators[1]} in the same filter")
        own = [self.criteria[name](value) for name, value in asked.items() if name not in operators]

        def matches_own(thing: T) -> Truth:
            return all_of(criterion(thing) for criterion in own)

        if not operators:
            return matches_own
        operator = operators[0]
        inner = self.predicate(asked[operator])
        if operator == "OR":
            return (lambda thing: any_of((matches_own(thing), inner(thing)))) if own else inner
        if operator == "AND":
            return lambda thing: all_of((matches_own(thing), inner(thing)))
        return lambda thing: all_of((matches_own(thing), negate(inner(thing))))

    def _sorted(self, things: list[T], asked: Input) -> list[T]:
        name = asked.get("sort")
        if name is None or (name == "" and self.default_sort is None):
            name = self.default_sort
        if name is None:
            return things
        descending = asked.get("direction") == "DESC"
        ordered = list(things)
        for key in reversed(self.last_sorts):
            ordered.sort(key=lambda thing: nulls_first(key(thing)))
        if name == "random" or name.startswith("random_"):
            key_of = _random_key(name)
        elif name in self.sorts:
            key_of = self.sorts[name]
        else:
            raise BadFilter(f"invalid sort: {name}")
        # A reversed sort keeps the order of equals too.
        ordered.sort(key=lambda thing: nulls_first(key_of(thing)), reverse=descending)
        return ordered


def nulls_first(value: Any) -> tuple[bool, Any]:
    """A sort key that puts None before everything."""
    return (value is not None, value if value is not None else 0)


def _random_key(name: str) -> SortKey[Any]:
    seed_text = name.removeprefix("random").removeprefix("_")
    if name.startswith("random_") and not seed_text.isdecimal():
        raise BadFilter(f"invalid random seed: {seed_text}")
    seed = int(seed_text) % 10**8 if seed_text else random.randrange(10**8)

    def key(thing: Any) -> int:
        n = int(thing.id) + seed
        return (n * n * 52959209 + n * 1047483763) % 2147483647

    return key


def _page(things: list[T], asked: Input) -> list[T]:
    per_page = asked.get("per_page")
    if per_page is None:
        per_page = 25
    if per_page < 0:
        return things
    page = max(1, asked.get("page") or 1)
    return things[(page - 1) * per_page : page * per_page]


def natural(value: str | None) -> Any:
    """Sort key of a text under NATURAL_CI; None stays NULL."""
    return None if value is None else natural_key(value)
