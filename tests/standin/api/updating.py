"""The road of every update: one transaction, then the hooks, then the thing as it is after them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from tests.standin.api.changes import Input, Reader, changed_fields
from tests.standin.app import Ask

T = TypeVar("T")


def put_changed(ask: Ask, thing: T, value: Input, readers: Mapping[str, Reader]) -> T:
    """Put the thing that an input makes of another one. updated_at moves even if nothing else does, as in Stash."""
    library = ask.library
    fields: dict[str, Any] = {**changed_fields(value, readers, thing), "updated_s": library.now_s()}
    return library.put(replace(thing, **fields))  # type: ignore[type-var]


def in_transaction(ask: Ask, work: Callable[[], T]) -> T:
    """Run work in a transaction. Raises Cancelled, and changes nothing, for somebody who is gone already."""
    ask.asker.check()
    with ask.library.transaction():
        return work()


def after_hooks(
    ask: Ask, kind: type[T], trigger: str, things: Iterable[Any], hook_inputs: Iterable[tuple[Any, list[str] | None]]
) -> list[T | None]:
    """Run one event's hooks for each thing; what the things are afterwards.

    Raises Cancelled when the client has gone meanwhile: then Stash reads no more either.
    """
    found: list[T | None] = []
    for thing, (hook_input, fields) in zip(things, hook_inputs, strict=True):
        ask.hooks(trigger, thing.id, hook_input, fields)
        ask.asker.check()
        found.append(ask.library.find(kind, thing.id))
    return found
