"""Whatever comes as an event: it is one, or it is refused with a sentence; nothing else ever happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.store.watch_values import WatchEvent
from plugin.telemetry.events import PLAYING, TYPES, Refusal, parse_event
from tests.plugin.telemetry.browser import Player, name_of

STATE = {"position_s": 12.5, "rate": 1.0, "duration_s": 60.0, "visible": True, "playing": True}


def event(type_: str = "scene_watch_progress", **fields: Any) -> dict[str, Any]:
    kind = TYPES.get(type_, "")
    medium = {f"{kind}_id": 7} if kind else {}
    body = {**STATE, "from_s": 1.0, "to_s": 12.5} if type_ in PLAYING else {}
    return {
        "v": 1,
        "id": name_of(1, "e"),
        "type": type_,
        "session": name_of(1, "5e5510"),
        "tab": name_of(1, "7ab"),
        "seq": 3,
        "at_ms": 1_764_000_000_000,
        "mono_ms": 1234.5,
        "watch": name_of(1, "3a7c4"),
        **medium,
        "body": body,
        **fields,
    }


def refused(value: Any) -> str:
    found = parse_event(value)
    assert isinstance(found, Refusal) and found.code == "invalid" and found.reason
    return found.reason


@pytest.mark.parametrize("type_", TYPES)
def test_each_of_the_thirteen_types_is_understood(type_: str) -> None:
    found = parse_event(event(type_))
    assert isinstance(found, WatchEvent)
    assert (found.type, found.kind, found.media_id) == (type_, TYPES[type_], 7 if TYPES[type_] else 0)
    assert (found.at_s, found.mono_s, found.seq) == (1_764_000_000.0, 1.2345, 3)
    assert len(TYPES) == 13


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"type": "scene_watched"}, "type"),
        ({"type": None}, "type"),
        ({"type": ["scene_view"]}, "type"),
        ({"session": ""}, "session"),
        ({"session": "x" * 65}, "session"),
        ({"tab": "../../etc/passwd"}, "tab"),
        ({"tab": None}, "tab"),
        ({"watch": None}, "watch"),
        ({"watch": "a\x00b-12345"}, "watch"),
        ({"seq": 0}, "seq"),
        ({"seq": -1}, "seq"),
        ({"seq": 1.5}, "seq"),
        ({"seq": True}, "seq"),
        ({"seq": 10**400}, "seq"),
        ({"scene_id": 0}, "scene_id"),
        ({"scene_id": 1 << 63}, "scene_id"),
        ({"scene_id": "7; DROP TABLE watch_event"}, "scene_id"),
        ({"scene_id": None}, "scene_id"),
        ({"at_ms": float("nan")}, "at_ms"),
        ({"at_ms": float("inf")}, "at_ms"),
        ({"at_ms": "yesterday"}, "at_ms"),
        ({"at_ms": -1}, "at_ms"),
        ({"mono_ms": float("-inf")}, "mono_ms"),
        ({"mono_ms": 10**30}, "mono_ms"),
        ({"body": []}, "body"),
        ({"body": "{}"}, "body"),
        ({"body": {**STATE, "position_s": float("nan")}}, "position_s"),
        ({"body": {**STATE, "position_s": -0.1}}, "position_s"),
        ({"body": {**STATE, "position_s": 10**400}}, "position_s"),
        ({"body": {**STATE, "position_s": None}}, "position_s"),
        ({"body": {**STATE, "rate": 0}}, "rate"),
        ({"body": {**STATE, "rate": 1000}}, "rate"),
        ({"body": {**STATE, "duration_s": float("inf")}}, "duration_s"),
        ({"body": {**STATE, "playing": 1}}, "playing"),
        ({"body": {**STATE, "visible": "yes"}}, "visible"),
        ({"type": "scene_seek", "body": STATE}, "from_s"),
        ({"type": "library_search", "body": {"words": "x" * 201}}, "words"),
        ({"type": "library_search", "body": {"words": 5}}, "words"),
        ({"type": "library_search", "body": {"kind": "secrets"}}, "kind"),
        ({"type": "session_end", "body": {"reason": ["idle"]}}, "reason"),
        ({"type": "image_view", "image_id": 4, "body": {"visible_s": -1}}, "visible_s"),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], says: str) -> None:
    assert refused(event(**fields)).startswith(says)


@pytest.mark.parametrize("version", [0, 2, "1", None, True, 1.5, [], 10**400])
def test_another_version_is_not_guessed_at(version: Any) -> None:
    found = parse_event(event(v=version))
    assert isinstance(found, Refusal) and found.code == "unknown_version" and found.id == name_of(1, "e")


@pytest.mark.parametrize(
    "value", [None, 5, "x", [], [[]], True, {}, {"id": 5}, {"id": ""}, {"id": "a" * 65}, {"id": "ä" * 9}]
)
def test_what_has_no_usable_id_is_answered_without_one(value: Any) -> None:
    found = parse_event(value)
    assert isinstance(found, Refusal) and (found.id, found.code) == (None, "invalid")


def test_what_an_event_does_not_need_is_not_kept() -> None:
    nested: Any = {}
    for _ in range(500):
        nested = {"deep": nested}
    found = parse_event(event(body={**STATE, "password": "secret", "nested": nested}, cookie="secret"))
    assert isinstance(found, WatchEvent) and found.body == STATE
    entered = parse_event(event("scene_page_enter", body={"referrer": "/scenes/12?q=secret#x", "from": None}))
    assert isinstance(entered, WatchEvent) and entered.body == {"referrer": "/scenes"}


def test_control_characters_and_halves_of_characters_become_spaces() -> None:
    words = "a\x00b\x1b[31m\ud800c\N{RIGHT-TO-LEFT OVERRIDE}d"
    found = parse_event(event("library_search", body={"words": words}))
    assert isinstance(found, WatchEvent) and found.body == {"words": "a b [31m c d"}


def test_ids_of_stash_may_be_texts_and_a_length_may_be_unknown() -> None:
    found = parse_event(event(scene_id="12", body={**STATE, "duration_s": None}))
    assert isinstance(found, WatchEvent) and (found.media_id, found.body["duration_s"]) == (12, 0.0)
    del (body := dict(STATE))["visible"]
    seen = parse_event(event(body=body))
    assert isinstance(seen, WatchEvent) and seen.body["visible"] is True


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*event(), "image_id", "gallery_id", "x"]), junk), st.sampled_from(list(TYPES)))
def test_any_junk_is_answered(junk_fields: dict[str, Any], type_: str) -> None:
    for value in (junk_fields, event(type_) | junk_fields, event(type_, body=junk_fields)):
        found = parse_event(value)
        assert isinstance(found, WatchEvent | Refusal)
        json.dumps(found, allow_nan=False).encode()
        if isinstance(found, WatchEvent):
            assert parse_event(value) == found and 0 <= found.at_s < 1e12


def test_a_player_tells_nothing_but_sound_events() -> None:
    player = Player(1000.0)
    player.watch_scene(1, 100)
    assert all(isinstance(parse_event(one), WatchEvent) for one in player.events)
