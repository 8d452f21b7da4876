"""Recommending through the operations, whoever asks: an answer that is JSON, or a sentence."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.calls import load
from plugin.commands.recomputing import refresh
from plugin.context import Context
from plugin.library.sync import sync_library
from plugin.operations.arguments import ArgumentError, parse_arguments
from plugin.operations.table import OPERATIONS
from tests.plugin.world import World

junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["tags", "performers", "tag_id", "id", "presence", "source", "x"]), inner),
    ),
    max_leaves=6,
)
sound = {
    "context": st.sampled_from(["global_feed", "similar_scene", "prune_candidates"]),
    "recommender": st.sampled_from(["", "blend", "taste", "fresh", "segment_similarity", "performer_tag_hybrid"]),
    "seeds": st.lists(st.sampled_from([1, 2, 99, 2**62]), max_size=3),
    "config": st.dictionaries(st.sampled_from(["tags", "performers", "search", "source"]), junk),
    "cursor": st.sampled_from(["", "..", "a.1.2", "x.99999999999999.1"]),
    "scene_id": st.sampled_from([1, 2**62]),
    "verdict": st.sampled_from(["more", "less", "hide", "none"]),
}


@pytest.fixture(params=["full", "empty"])
def context(world: World, request: pytest.FixtureRequest) -> Iterator[Context]:
    with world.process() as process:
        if request.param == "full":
            for number in range(2):
                world.stash.add_scene_without_media(f"/v/{number}.mp4", "", tags=["cat"], play_duration=50.0)
            sync_library(process.store, process.stash)
            refresh(process)
        yield process


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([name for name in OPERATIONS if name.startswith("recommend.") and name != "recommend.refresh"]),
    st.data(),
)
def test_anything_that_is_asked_is_answered(context: Context, name: str, data: st.DataObject) -> None:
    operation = OPERATIONS[name]
    args: dict[str, Any] = {}
    for each in operation.arguments:
        value = data.draw(st.one_of(st.just(...), sound.get(each, junk), sound.get(each, junk), junk), each)
        if value is not ...:
            args[each] = value
    with contextlib.suppress(ArgumentError):
        json.dumps(load(operation.handler)(context, parse_arguments(operation, args)), allow_nan=False)
