from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.operations.arguments import (
    Argument,
    ArgumentError,
    Operation,
    choice,
    identifier,
    list_of,
    mapping,
    number,
    parse_arguments,
    switch,
    text,
    whole,
)
from plugin.operations.table import OPERATIONS

EXAMPLE = Operation(
    "example",
    "x:y",
    "for tests",
    {"id": Argument(identifier), "limit": Argument(whole(1, 500), 100), "words": Argument(text(), "")},
)


def test_arguments_are_checked_and_have_defaults() -> None:
    assert parse_arguments(EXAMPLE, {"id": 5}) == {"id": 5, "limit": 100, "words": ""}
    assert parse_arguments(EXAMPLE, {"id": "5", "limit": 7.0, "words": None}) == {"id": 5, "limit": 7, "words": ""}


@pytest.mark.parametrize(
    ("given_args", "said"),
    [
        ({}, "example needs the argument id"),
        ({"id": None}, "example needs the argument id"),
        ({"id": 5, "what": 1}, "example knows no argument 'what'; it has: id, limit, words"),
        ({"id": 5, "x" * 10_000: 1}, "example knows no argument"),
        ({"id": 0}, "id is 0; it must be a whole number from 1"),
        ({"id": 1 << 63}, "it must be a whole number"),
        ({"id": 10**400}, "it must be a whole number"),
        ({"id": "0x5"}, "id is '0x5'"),
        ({"id": "\u0665"}, "it must be a whole number"),
        ({"id": "9" * 5000}, "it must be a whole number"),
        ({"id": True}, "id is True"),
        ({"id": [5]}, "id is [5]"),
        ({"id": float("nan")}, "id is nan"),
        ({"id": float("inf")}, "id is inf"),
        ({"id": 5, "limit": 501}, "limit is 501; it must be a whole number from 1 to 500"),
        ({"id": 5, "words": 5}, "words must be a text of at most 200 characters"),
        ({"id": 5, "words": "x" * 201}, "words must be a text of at most 200 characters"),
        ({"id": 5, "words": "a\x00b"}, "words holds control characters"),
    ],
)
def test_what_is_not_allowed_is_said(given_args: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        parse_arguments(EXAMPLE, given_args)
    assert said in str(caught.value) and len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (number(0, 10), [0, 10, 2.5], [-0.1, 10.1, "5", True, None, float("nan"), float("inf"), 10**400, [1]]),
        (switch, [True, False], [0, 1, "true", None, []]),
        (choice("a", "b"), ["a", "b"], ["", "A", None, 1, ["a"], {"a": 1}]),
        (list_of(identifier, 3), [[], [1, "2"], [1, 1, 1]], [[1, 2, 3, 4], "123", {"1": 2}, [0], [[1]], None]),
        (mapping, [{}, {"a": 1}], [[], "x", None, {str(n): n for n in range(1001)}]),
        (text(5), ["", "a\nb\tc"], ["123456", b"x", "a\x1b", ["a"]]),
    ],
)
def test_checks(check: Any, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        check("it", value)
    for value in bad:
        with pytest.raises(ArgumentError, match="it"):
            check("it", value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=20)
@given(data=st.data())
def test_anything_sent_to_any_operation_is_read_or_refused(name: str, data: st.DataObject) -> None:
    operation = OPERATIONS[name]
    names = st.sampled_from([*operation.arguments, "other"])
    given_args = data.draw(st.dictionaries(names, JSON, max_size=4))
    try:
        read = parse_arguments(operation, given_args)
    except ArgumentError as error:
        assert str(error)
        return
    assert list(read) == list(operation.arguments)
