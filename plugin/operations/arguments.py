"""Arguments of operations: anybody who can load a page may send them, so each is checked before anything else runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[str, Any], Any]

REQUIRED = object()
MOST_IDS = 20_000


class ArgumentError(Exception):
    """An argument is missing, unknown or not allowed. The message says which, and what is."""


@dataclass(frozen=True, slots=True)
class Argument:
    """check returns the value, or raises ArgumentError. default: REQUIRED, or what holds where it is left out."""

    check: Check
    default: Any = REQUIRED
    about: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the browser's. handler: "module:function" below plugin, called with (context, arguments)."""

    name: str
    handler: str
    about: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)


def parse_arguments(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every argument of the operation, checked, with defaults. Raises ArgumentError."""
    unknown = sorted(set(given) - set(operation.arguments))
    if unknown:
        known = ", ".join(operation.arguments) or "none"
        raise ArgumentError(f"{operation.name} knows no argument {str(unknown[0])[:100]!r}; it has: {known}")
    values = {}
    for name, argument in operation.arguments.items():
        value = given.get(name)
        if value is None:
            if argument.default is REQUIRED:
                raise ArgumentError(f"{operation.name} needs the argument {name}")
            values[name] = argument.default
        else:
            values[name] = argument.check(name, value)
    return values


def text(longest: int = 200) -> Check:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise ArgumentError(f"{name} must be a text of at most {longest} characters")
        if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in value):
            raise ArgumentError(f"{name} holds control characters")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ArgumentError(f"{name} holds half a character")
        return value

    return check


def whole(low: int, high: int) -> Check:
    def check(name: str, value: Any) -> int:
        # Stash's own ids are texts of digits.
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ArgumentError(f"{name} is {_shown(value)}; it must be a whole number from {low} to {high}")
        return value

    return check


def number(low: float, high: float) -> Check:
    def check(name: str, value: Any) -> float:
        # NaN is between no two numbers, and no whole number is too large to be compared.
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise ArgumentError(f"{name} is {_shown(value)}; it must be a number from {low:g} to {high:g}")
        return float(value)

    return check


def switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ArgumentError(f"{name} is {_shown(value)}; it must be true or false")
    return value


def choice(*allowed: str) -> Check:
    def check(name: str, value: Any) -> str:
        if value not in allowed:
            raise ArgumentError(f"{name} is {_shown(value)}; it must be one of {', '.join(allowed)}")
        return str(value)

    return check


def list_of(item: Check, longest: int = MOST_IDS) -> Check:
    def check(name: str, value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > longest:
            raise ArgumentError(f"{name} must be a list of at most {longest}")
        return [item(f"{name}[{n}]", one) for n, one in enumerate(value)]

    return check


def mapping(name: str, value: Any) -> dict[str, Any]:
    """An object whose content somebody else checks: Stash its filters, the settings themselves."""
    if not isinstance(value, dict) or len(value) > 1000:
        raise ArgumentError(f"{name} must be an object")
    return value


def _shown(value: Any) -> str:
    return repr(value)[:80]


identifier = whole(1, (1 << 63) - 1)
kind = choice("scene", "image", "gallery")
