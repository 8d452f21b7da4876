from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.hooks.wish import Hints, may_matter, wish_of
from plugin.interface.input import HookContext

ALL = Hints(analyse_new=True, tag_me=7, reprocess=8)
TAGS = Hints(tag_me=7, reprocess=8)
COVER = "data:image/png;base64," + "A" * 400_000


def hook(type_: str = "Scene.Update.Post", hook_input: Any = None) -> HookContext:
    return HookContext(5, type_, hook_input, ())


def ids(mode: str, *tag_ids: str) -> dict[str, Any]:
    return {"ids": ["5"], "tag_ids": {"ids": list(tag_ids), "mode": mode}}


@pytest.mark.parametrize(
    ("type_", "hook_input", "hints", "wish"),
    [
        # New media, which scans bring without an input.
        ("Scene.Create.Post", None, ALL, "new"),
        ("Image.Create.Post", None, ALL, "new"),
        ("Gallery.Create.Post", {"title": "x"}, ALL, "new"),
        ("Scene.Create.Post", None, TAGS, None),
        ("Gallery.Create.Post", {"title": "x", "tag_ids": ["7"]}, TAGS, "tag_me"),
        ("Gallery.Create.Post", {"title": "x", "tag_ids": ["8"]}, ALL, "reprocess"),
        # One thing, whose list of tags replaces what it had.
        ("Scene.Update.Post", {"id": "5", "tag_ids": ["1", "7"]}, TAGS, "tag_me"),
        ("Image.Update.Post", {"id": "5", "tag_ids": ["7"]}, TAGS, "tag_me"),
        ("Scene.Update.Post", {"id": "5", "tag_ids": ["8", "7"]}, TAGS, "reprocess"),
        ("Scene.Update.Post", {"id": "5", "tag_ids": ["1"]}, ALL, None),
        ("Scene.Update.Post", {"id": "5", "tag_ids": []}, ALL, None),
        ("Scene.Update.Post", {"id": "5", "tag_ids": None}, ALL, None),
        ("Scene.Update.Post", {"id": "5", "title": "7"}, ALL, None),
        ("Scene.Update.Post", {"id": "5", "cover_image": COVER}, ALL, None),
        ("Scene.Update.Post", {"id": "5", "cover_image": COVER, "tag_ids": ["7"]}, ALL, "tag_me"),
        ("Scene.Update.Post", None, ALL, None),
        # Many at once.
        ("Scene.Update.Post", ids("ADD", "7"), TAGS, "tag_me"),
        ("Scene.Update.Post", ids("SET", "7"), TAGS, "tag_me"),
        ("Scene.Update.Post", ids("REMOVE", "7"), TAGS, None),
        ("Gallery.Update.Post", ids("ADD", "8"), TAGS, "reprocess"),
        ("Scene.Update.Post", {"ids": ["5"], "tag_ids": None, "rating100": 80}, TAGS, None),
        ("Scene.Update.Post", {"tag_ids": {"ids": None, "mode": "ADD"}}, TAGS, None),
        # Switched off.
        ("Scene.Update.Post", ids("ADD", "7"), Hints(ignore_updates=True, tag_me=7), None),
        ("Scene.Create.Post", None, Hints(analyse_new=True, ignore_updates=True), "new"),
        ("Scene.Update.Post", ids("ADD", "7"), Hints(tag_me=None, reprocess=None), None),
        # Nothing of ours.
        ("Scene.Destroy.Post", None, ALL, None),
        ("Performer.Update.Post", ids("ADD", "7"), ALL, None),
        ("Performer.Create.Post", None, ALL, None),
        ("SceneMarker.Create.Post", None, ALL, None),
        ("Tag.Merge.Post", None, ALL, None),
        ("", None, ALL, None),
        ("Scene", None, ALL, None),
    ],
)
def test_what_an_event_asks_for(type_: str, hook_input: Any, hints: Hints, wish: str | None) -> None:
    assert wish_of(hook(type_, hook_input), hints) == wish


@pytest.mark.parametrize(
    ("type_", "fields", "wish"),
    [
        ("Performer.Create.Post", (), "person"),
        ("Performer.Destroy.Post", (), "person"),
        ("Performer.Update.Post", ("id", "image"), "person"),
        ("Performer.Update.Post", ("id", "stash_ids", "rating100"), "person"),
        ("Performer.Update.Post", ("ids", "gender"), "person"),
        # A rating says nothing of a face.
        ("Performer.Update.Post", ("id", "rating100", "favorite", "tag_ids"), None),
        ("Performer.Update.Post", (), None),
        ("Performer.Merge.Post", (), None),
    ],
)
def test_a_performer_is_looked_at_where_faces_are_in_use(type_: str, fields: tuple[str, ...], wish: str | None) -> None:
    event = HookContext(5, type_, None, fields)
    following = replace(ALL, follow_performers=True)
    assert wish_of(event, following) == wish
    assert wish_of(event, ALL) is None
    ignored = type_.endswith(".Update.Post")
    assert wish_of(event, replace(following, ignore_updates=True)) == (None if ignored else wish)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["7", "8", "ADD", "SET"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ids", "mode", "tag_ids", "x"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(
    st.dictionaries(st.sampled_from(["tag_ids", "ids", "title"]), JSON),
    st.sampled_from(["Scene.Update.Post", "Image.Create.Post"]),
)
def test_any_input_is_understood_or_ignored(hook_input: dict[str, Any], type_: str) -> None:
    event = hook(type_, hook_input)
    assert wish_of(event, ALL) in ("new", "tag_me", "reprocess", None)
    if wish_of(event, ALL) is not None:
        assert may_matter(event)
