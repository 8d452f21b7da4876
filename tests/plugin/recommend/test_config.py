from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.recommend.config import MOST_ENTRIES, MOST_LETTERS, defaults, parse_config
from plugin.recommend.registry import CONTEXTS, recommenders
from plugin.recommend.values import Choice, Field, Spec

CHOICES = (Choice("a", "A"), Choice("b", "B"))
SPEC = Spec(
    "every",
    "Every type",
    "",
    (),
    (
        Field("number", "number", "Number", "", 3, 0, 10, 1),
        Field("slider", "slider", "Slider", "", 0.5, 0.0, 1.0, 0.1),
        Field("select", "select", "Select", "", "a", choices=CHOICES),
        Field("enum", "enum", "Enum", "", "b", choices=CHOICES),
        Field("boolean", "boolean", "Boolean", "", True),
        Field("text", "text", "Text", "", ""),
        Field("search", "search", "Search", "", "x"),
        Field("tags", "tags", "Tags", "", ()),
        Field("performers", "performers", "Performers", "", ()),
    ),
)
NAMES = [field.name for field in SPEC.fields]
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ANYTHING = PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(st.text(max_size=2), PLAIN, max_size=2)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("tag_id", "label", "id", "presence", "min_share", "max_share", "importance"), ANYTHING),
    ),
    max_size=2,
)


def one(name: str, value: Any) -> tuple[Any, int]:
    config, warnings = parse_config(SPEC, {name: value})
    return config[name], len(warnings)


@pytest.mark.parametrize(
    ("name", "given", "kept", "warnings"),
    [
        ("number", 4, 4, 0),
        ("number", 4.4, 4, 0),
        ("number", 1e300, 10, 1),
        ("number", math.inf, 10, 1),
        ("number", math.nan, 3, 1),
        ("number", True, 3, 1),
        ("number", "4", 3, 1),
        ("slider", -1, 0.0, 1),
        ("slider", 0.25, 0.25, 0),
        ("select", "b", "b", 0),
        ("select", ["b"], "a", 1),
        ("enum", "c", "b", 1),
        ("boolean", False, False, 0),
        ("boolean", 0, True, 1),
        ("text", "two\nlines\u202e", "twolines", 0),
        ("text", "x" * 1000, "x" * MOST_LETTERS, 1),
        ("search", None, "x", 0),
        ("tags", "guitar", [], 1),
        ("performers", [{"id": "7"}], [{"id": 7, "presence": "require"}], 0),
        ("performers", [{"id": 0}, {"id": True}, {"id": 7, "presence": "love"}, 7], [], 4),
    ],
)
def test_a_value_is_taken_or_brought_within_its_limits(name: str, given: Any, kept: Any, warnings: int) -> None:
    assert one(name, given) == (kept, warnings)


def test_a_tag_is_asked_for_by_id_or_by_label() -> None:
    kept, warnings = one(
        "tags",
        [
            {"tag_id": 7},
            {"label": " guitar ", "presence": "prefer", "min_share": 0.5, "max_share": 0.1, "importance": 99},
            {"tag_id": 7},
            {"label": ""},
        ],
    )
    assert warnings == 1
    assert kept == [
        {"tag_id": 7, "presence": "require", "min_share": None, "max_share": None, "importance": 1.0},
        {"label": "guitar", "presence": "prefer", "min_share": 0.1, "max_share": 0.5, "importance": 3.0},
    ]


def test_there_is_an_end_to_entries() -> None:
    kept, warnings = one("tags", [{"tag_id": number + 1} for number in range(1000)])
    assert (len(kept), warnings) == (MOST_ENTRIES, 1)


def test_what_is_not_there_is_told() -> None:
    config, warnings = parse_config(SPEC, {"colour": "red"})
    assert config == defaults(SPEC)
    assert warnings == ("Every type has no setting colour",)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), ANYTHING | ENTRIES))
def test_nothing_that_is_sent_breaks_it_and_what_is_kept_is_kept_again(given: dict[str, Any]) -> None:
    config, _ = parse_config(SPEC, given)
    assert set(config) == {field.name for field in SPEC.fields}
    assert parse_config(SPEC, json.loads(json.dumps(config, allow_nan=False))) == (config, ())


def test_every_default_is_one_that_is_taken() -> None:
    for recommender in recommenders().values():
        spec = recommender.spec
        assert parse_config(spec, defaults(spec)) == (defaults(spec), ())
        assert set(spec.contexts) <= set(CONTEXTS)
        assert len({field.name for field in spec.fields}) == len(spec.fields)


def test_defaults_are_nobody_elses() -> None:
    defaults(SPEC)["tags"].append("mine")
    assert defaults(SPEC)["tags"] == []
