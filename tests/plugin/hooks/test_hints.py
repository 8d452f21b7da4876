from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugin.hooks.hints import NAME, hints_from, read_hints, write_hints
from plugin.hooks.wish import Hints
from plugin.stash.documents import HOOK_HINTS
from plugin.stash.transport import HttpTransport
from tests.plugin.world import World

FULL = Hints(True, True, "me", "again", 7, 8, True, 123.5)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    write_hints(str(tmp_path), FULL)
    assert read_hints(str(tmp_path)) == FULL
    write_hints(str(tmp_path), Hints())
    assert read_hints(str(tmp_path)) == Hints()
    assert [entry.name for entry in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", '"x"', '{"read_s": "soon"}', '{"read_s": null}', "\xff"])
def test_what_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "latin-1")
    assert read_hints(str(tmp_path)) is None


def test_no_file_is_none(tmp_path: Path) -> None:
    assert read_hints(str(tmp_path)) is None
    assert read_hints(str(tmp_path / "nowhere")) is None


def test_fields_of_other_versions(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps({"analyse_new": True, "later": 1}))
    assert read_hints(str(tmp_path)) == Hints(analyse_new=True)


def test_a_folder_that_may_not_be_written_is_no_failure(tmp_path: Path) -> None:
    write_hints(str(tmp_path / "nowhere"), FULL)
    assert list(tmp_path.iterdir()) == []


def asked(world: World, known: Hints) -> Hints:
    transport = HttpTransport(world.server)
    variables = {"plugin": ["stash-sense-native"], "tag_me": known.tag_me_name, "reprocess": known.reprocess_name}
    answer: dict[str, Any] = transport.call(HOOK_HINTS, variables)
    transport.close()
    return hints_from(answer, known, "stash-sense-native", 99.0)


def test_stash_is_asked_once_for_all_of_it(world: World) -> None:
    world.stash.configure_plugin("stash-sense-native", analyseNew=True, ignoreUpdates=False)
    tag = world.stash.add_tag("ai_tagme")
    assert asked(world, Hints()) == Hints(True, False, tag_me=tag.id, reprocess=None, read_s=99.0)
    assert len(world.stash.requests.all()) == 1


def test_the_underscore_of_a_name_is_no_wildcard(world: World) -> None:
    """To Stash, EQUALS is LIKE."""
    world.stash.add_tag("AI-TagMe")
    world.stash.add_tag("AIxReprocess")
    assert asked(world, Hints()).tag_me is None and asked(world, Hints()).reprocess is None
    right = world.stash.add_tag("AI_TagMe ")
    assert asked(world, Hints(tag_me_name="AI_TagMe ")).tag_me == right.id
    world.stash.add_tag("anything")
    assert asked(world, Hints(tag_me_name="%")).tag_me is None


def test_a_wish_that_is_switched_off_and_settings_that_were_never_saved(world: World) -> None:
    world.stash.add_tag("AI_TagMe")
    found = asked(world, Hints(tag_me_name="", reprocess_name=""))
    assert (found.tag_me, found.reprocess, found.analyse_new, found.ignore_updates) == (None, None, False, False)
