from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.review.repair import find_created, outcome_of
from plugin.stash.values import Marker, Medium
from plugin.store.journal import Action, Entry

ENTRY = Entry(
    id=1,
    run_id=1,
    suggestion_id=None,
    undoes=None,
    purpose="suggestion",
    action="create_marker",
    kind="scene",
    media_id=5,
    tag_id=7,
    tag_name="cat",
    marker_id=None,
    title="cat",
    start_s=10.0,
    end_s=20.0,
    state="intent",
    note="",
    intent_s=1000.0,
    settled_s=None,
)
MARKER = Marker(55, "cat", 10.0, 20.0, 7, frozenset(), 1000.5)


def scene(*markers: Marker, tags: dict[int, str] | None = None) -> Medium:
    return Medium("scene", 5, "", tags or {}, None, markers=markers)


def test_the_marker_that_was_made_is_found_by_exact_match() -> None:
    assert find_created(ENTRY, scene(replace(MARKER, id=54, title="dog"), MARKER), set()) == 55
    assert find_created(ENTRY, scene(replace(MARKER, start_s=10.004)), set()) == 55


@pytest.mark.parametrize(
    "other",
    [
        replace(MARKER, title="Cat"),
        replace(MARKER, primary_tag_id=8),
        replace(MARKER, start_s=10.5),
        replace(MARKER, end_s=None),
        replace(MARKER, end_s=19.0),
        replace(MARKER, created_s=997.9),  # before the intent: somebody else's
    ],
)
def test_another_marker_is_not(other: Marker) -> None:
    assert find_created(ENTRY, scene(other), set()) is None


def test_one_that_the_journal_knows_is_another_writes() -> None:
    assert find_created(ENTRY, scene(MARKER), {55}) is None
    assert find_created(ENTRY, scene(MARKER, replace(MARKER, id=56)), {55}) == 56


def test_a_second_of_its_time_may_be_cut_off_and_it_may_be_unknown() -> None:
    assert find_created(replace(ENTRY, intent_s=1000.9), scene(replace(MARKER, created_s=1000.0)), set()) == 55
    assert find_created(ENTRY, scene(replace(MARKER, created_s=0.0)), set()) == 55


def test_only_a_marker_is_looked_for_where_one_was_made() -> None:
    assert find_created(replace(ENTRY, action="add_tag"), scene(MARKER), set()) is None


@pytest.mark.parametrize(
    ("action", "medium", "created", "was_done"),
    [
        ("add_tag", scene(tags={7: "cat"}), None, True),
        ("add_tag", scene(tags={8: "dog"}), None, False),
        ("remove_tag", scene(tags={7: "cat"}), None, False),
        ("remove_tag", scene(), None, True),
        ("create_marker", scene(MARKER), 55, True),
        ("create_marker", scene(MARKER), None, False),
        ("destroy_marker", scene(MARKER), None, False),
        ("destroy_marker", scene(), None, True),
    ],
)
def test_whether_a_write_was_done(action: Action, medium: Medium, created: int | None, was_done: bool) -> None:
    assert outcome_of(replace(ENTRY, action=action, marker_id=55), medium, created) == was_done
