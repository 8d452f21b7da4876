"""Criteria of a filter, with SQL's three values: True, False, and None where a NULL is compared.

A row is found only where the whole is True; NOT of None stays None.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from tests.standin.library.library import Library
from tests.standin.library.things import Studio, Tag
from tests.standin.text import like
from tests.standin.times import rfc3339

T = TypeVar("T")
Truth = bool | None
Input = Mapping[str, Any]


class BadFilter(Exception):
    """Stash refuses the filter, or its SQL would."""


def all_of(truths: Iterable[Truth]) -> Truth:
    unknown = False
    for truth in truths:
        if truth is False:
            return False
        unknown = unknown or truth is None
    return None if unknown else True


def any_of(truths: Iterable[Truth]) -> Truth:
    unknown = False
    for truth in truths:
        if truth:
            return True
        unknown = unknown or truth is None
    return None if unknown else False


def negate(truth: Truth) -> Truth:
    return None if truth is None else not truth


def text(criterion: Input, values: Iterable[str | None]) -> Truth:
    """A StringCriterionInput over the rows that a thing is joined to: one row that satisfies it is enough."""
    return any_of(_text(criterion, value) for value in _rows(values))


def text_list(criterion: Input, values: Iterable[str]) -> Truth:
    """Over a list of texts: EXCLUDES asks that none of them holds the value."""
    if criterion["modifier"] == "EXCLUDES":
        return not any(like(value, f"%{criterion['value']}%") for value in values)
    return text(criterion, values)


def path(criterion: Input, values: Iterable[str]) -> Truth:
    """Over paths: INCLUDES asks for any of the words, EXCLUDES for none, or for "a quoted phrase" as a whole."""
    return any_of(_text(criterion, value) for value in _rows(values))


def _rows(values: Iterable[T]) -> Sequence[T | None]:
    """A thing without joined rows has one of NULLs."""
    return list(values) or [None]


def _text(criterion: Input, value: str | None) -> Truth:
    wanted, modifier = criterion["value"], criterion["modifier"]
    if modifier == "EQUALS":
        return like(value, wanted)
    if modifier == "NOT_EQUALS":
        return negate(like(value, wanted))
    if modifier in ("INCLUDES", "EXCLUDES"):
        found = [like(value, f"%{word}%") for word in _words(wanted)]
        return any_of(found) if modifier == "INCLUDES" else all_of(map(negate, found))
    if modifier in ("MATCHES_REGEX", "NOT_MATCHES_REGEX"):
        try:
            matches = value is not None and re.search(wanted, value) is not None
        except re.error as error:
            raise BadFilter(f"error parsing regexp: {error}") from error
        return matches if modifier == "MATCHES_REGEX" else not matches
    if modifier in ("IS_NULL", "NOT_NULL"):
        missing = value is None or not value.strip(" ")
        return missing if modifier == "IS_NULL" else not missing
    raise BadFilter("Internal system error. Error <unsupported string filter modifier>")


def _words(wanted: str) -> list[str]:
    stripped = wanted.strip()
    unquoted = stripped.strip('"')
    return re.sub(r"\s+", " ", stripped).split(" ") if unquoted == stripped else [unquoted]


def number(criterion: Input, value: float | None) -> Truth:
    """An IntCriterionInput or FloatCriterionInput."""
    return _compare(criterion, value, criterion.get("value2") or 0)


def whole_number(criterion: Input, value: float | None) -> Truth:
    """An IntCriterionInput over a float, whose fraction SQL's cast drops."""
    return number(criterion, None if value is None else int(value))


def numbers(criterion: Input, values: Iterable[float]) -> Truth:
    """A whole number over joined rows: one is enough."""
    return any_of(whole_number(criterion, value) for value in _rows(values))


def date(criterion: Input, value: str | None) -> Truth:
    """A DateCriterionInput, compared as text as in SQL."""
    if criterion["modifier"] in ("IS_NULL", "NOT_NULL"):
        return (not value) is (criterion["modifier"] == "IS_NULL")
    return _compare(criterion, value, criterion.get("value2") or rfc3339(time.time() + 86400))


def timestamp(criterion: Input, seconds: float | None) -> Truth:
    """A TimestampCriterionInput. Stash compares the texts, and so does this: "2024-05-01" is before
    "2024-05-01T00:00:00Z", and time zones are not looked at."""
    value = None if seconds is None else rfc3339(seconds)
    return _compare(criterion, value, criterion.get("value2") or rfc3339(time.time() + 86400))


def _compare(criterion: Input, value: Any, upper: Any) -> Truth:
    modifier, wanted = criterion["modifier"], criterion["value"]
    if modifier in ("IS_NULL", "NOT_NULL"):
        return (value is None) is (modifier == "IS_NULL")
    comparisons: dict[str, Callable[[], bool]] = {
        "EQUALS": lambda: bool(value == wanted),
        "NOT_EQUALS": lambda: bool(value != wanted),
        "GREATER_THAN": lambda: bool(value > wanted),
        "LESS_THAN": lambda: bool(value < wanted),
        "BETWEEN": lambda: bool(wanted <= value <= upper),
        "NOT_BETWEEN": lambda: not wanted <= value <= upper,
    }
    if modifier not in comparisons:
        raise BadFilter(f"Internal system error. Error <unsupported numeric modifier type {modifier}>")
    return None if value is None else comparisons[modifier]()


def ids(criterion: Input, carried: Iterable[int]) -> Truth:
    """A MultiCriterionInput over the ids that a thing carries."""
    have = set(carried)
    modifier = criterion["modifier"]
    if modifier in ("IS_NULL", "NOT_NULL"):
        return (not have) is (modifier == "IS_NULL")
    wanted, excluded = _id_list(criterion.get("value")), _id_list(criterion.get("excludes"))
    if modifier == "EXCLUDES":
        wanted, excluded = [], excluded + wanted
    if have.intersection(excluded):
        return False
    if not wanted:
        return True
    if modifier == "INCLUDES":
        return bool(have.intersection(wanted))
    if modifier == "INCLUDES_ALL":
        return have.issuperset(wanted)
    if modifier == "EQUALS":
        return have == set(wanted)
    if modifier == "NOT_EQUALS":
        raise BadFilter("not equals modifier is not supported for multi criterion input")
    raise BadFilter(f"modifier {modifier} is not supported for ids")


class Hierarchy:
    """A HierarchicalMultiCriterionInput over tags or studios, expanded once and asked for many things."""

    def __init__(self, library: Library, kind: type[Any], criterion: Input) -> None:
        self._modifier = criterion["modifier"]
        depth = criterion.get("depth")
        if self._modifier == "EQUALS" and depth:
            raise BadFilter("depth is not supported for equals modifier in hierarchical multi criterion input")
        if kind is Studio:
            self._modifier = {"EQUALS": "INCLUDES_ALL", "NOT_EQUALS": "EXCLUDES"}.get(self._modifier, self._modifier)
        wanted, excluded = _id_list(criterion.get("value")), _id_list(criterion.get("excludes"))
        if self._modifier == "EXCLUDES":
            wanted, excluded = [], excluded + wanted
        if wanted and self._modifier == "NOT_EQUALS":
            raise BadFilter("not equals modifier is not supported for hierarchical multi criterion input")
        self._wanted = library.with_descendants(kind, wanted, depth)
        self._excluded = {
            found for below in library.with_descendants(kind, excluded, depth).values() for found in below
        }

    def allows(self, carried: Iterable[int]) -> Truth:
        have = set(carried)
        if self._modifier in ("IS_NULL", "NOT_NULL"):
            return (not have) is (self._modifier == "IS_NULL")
        if have.intersection(self._excluded):
            return False
        roots = [bool(have.intersection(below)) for below in self._wanted.values()]
        if not roots:
            return True
        if self._modifier == "INCLUDES":
            return any(roots)
        return all(roots) and (self._modifier != "EQUALS" or len(have) == len(roots))


def tags(library: Library, criterion: Input) -> Hierarchy:
    return Hierarchy(library, Tag, criterion)


RESOLUTIONS = {
    "VERY_LOW": (144, 239),
    "LOW": (240, 359),
    "R360P": (360, 479),
    "STANDARD": (480, 539),
    "WEB_HD": (540, 719),
    "STANDARD_HD": (720, 1079),
    "FULL_HD": (1080, 1439),
    "QUAD_HD": (1440, 1919),
    "VR_HD": (1920, 2159),
    "FOUR_K": (1920, 2559),
    "FIVE_K": (2560, 2999),
    "SIX_K": (3000, 3583),
    "SEVEN_K": (3584, 3839),
    "EIGHT_K": (3840, 6143),
    "HUGE": (6144, 9999),
}
"""Name -> smallest and largest length of the shorter side, in pixels."""


def resolution(criterion: Input, sizes: Iterable[tuple[int, int]]) -> Truth:
    """Over (width, height) of the files."""
    low, high = RESOLUTIONS[criterion["value"]]
    checks: dict[str, Callable[[int], bool]] = {
        "EQUALS": lambda side: low <= side <= high,
        "NOT_EQUALS": lambda side: not low <= side <= high,
        "LESS_THAN": lambda side: side < low,
        "GREATER_THAN": lambda side: side > high,
    }
    check = checks.get(criterion["modifier"])
    return check is None or any(check(min(size)) for size in sizes)


def orientation(criterion: Input, sizes: Iterable[tuple[int, int]]) -> Truth:
    names = {-1: "PORTRAIT", 1: "LANDSCAPE", 0: "SQUARE"}
    wanted = criterion["value"]
    return not wanted or any(names[(width > height) - (width < height)] in wanted for width, height in sizes)


def stash_id(criterion: Input, carried: Iterable[Any]) -> Truth:
    endpoint = criterion.get("endpoint")
    values = [item.stash_id for item in carried if not endpoint or item.endpoint == endpoint]
    return text({"value": criterion.get("stash_id") or "", "modifier": criterion["modifier"]}, values)


def _id_list(values: Iterable[str] | None) -> list[int]:
    # SQLite compares what is no number as text, which equals no id.
    found = [int(value) if re.fullmatch(r"-?\d+", value) else -1 for value in values or ()]
    return list(dict.fromkeys(found))
