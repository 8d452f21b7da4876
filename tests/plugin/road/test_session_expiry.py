"""A run that outlives its session: with an API key and without one, and with a key that is changed meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.sidecar_client import SidecarProcess
from tests.plugin.road.conftest import put
from tests.plugin.road.disturbing import (
    automatic,
    outcome,
    standing_still,
    state_of,
    states,
    write_long_video,
    writes,
)
from tests.plugin.road.installed import PLUGIN_ID, InstalledPlugin, until
from tests.standin.asker import Asker
from tests.standin.sessions import Session

HOUR_S = 3600


@pytest.fixture
def auto(
    tmp_path: Path,
    library: Path,
    sidecar: SidecarProcess,
    cat_and_rocket: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[InstalledPlugin]:
    """Two scenes, one at a time, the second a long one."""
    long_video = write_long_video(tmp_path_factory.getbasetemp() / "three times.mp4", repeats=3)
    with automatic(tmp_path, library, sidecar.address) as plugin:
        plugin.set_settings(media_at_once=1, interval_s=0.25, refine="none")
        plugin.stash.add_scene(put(cat_and_rocket, library, "first.mp4"), "First")
        plugin.stash.add_scene(put(long_video, library, "second.mp4"), "Second")
        yield plugin


@contextlib.contextmanager
def between_two_media(plugin: InstalledPlugin, sidecar: SidecarProcess, api_key: str) -> Iterator[None]:
    """A run of a Stash with a login; the first scene is written, the second one is in work until the block ends."""
    stash = plugin.stash
    assert sidecar.process is not None
    stash.settings.set(username="owner", password="secret", api_key=api_key)
    stash.app.runner.run_task(Asker(Session("owner"), stash.url), PLUGIN_ID, "Analyse new", None, {})
    until(lambda: state_of(plugin, 2) == "running", 30, "the second one is in work")
    with standing_still(sidecar.process.pid):
        until(lambda: state_of(plugin, 1) == "completed", 10, "the first one is written")
        assert state_of(plugin, 2) == "running"
        yield
    stash.wait_for_jobs(60)


def polls(plugin: InstalledPlugin) -> int:
    return len(plugin.stash.requests.all(field="jobQueue"))


@pytest.mark.parametrize("api_key", ["the-key", ""])
def test_all_is_written_more_than_an_hour_after_the_start(
    auto: InstalledPlugin, sidecar: SidecarProcess, api_key: str
) -> None:
    stash = auto.stash
    with between_two_media(auto, sidecar, api_key):
        for _ in range(2):
            known = polls(auto)
            stash.clock.advance(0.7 * HOUR_S)
            until(lambda: polls(auto) > known, 10, "Stash is asked now and then")  # noqa: B023
    stash.settings.set(username="", password="", api_key="")
    assert states(auto) == {"completed": 2}
    tags = outcome(auto)["tags"]
    assert tags == {"First": ["AI_Tagged", "cat", "rocket"], "Second": ["AI_Tagged", "cat", "coffee", "rocket"]}
    assert [one.operation for one in writes(auto)].count("SenseChanges") == 2
    assert {one.api_key for one in writes(auto)} == {bool(api_key)}


@pytest.mark.parametrize("what", ["the key was changed", "the machine slept"])
def test_a_session_that_stash_refuses_leaves_everything_waiting(
    auto: InstalledPlugin, sidecar: SidecarProcess, what: str
) -> None:
    stash = auto.stash
    with between_two_media(auto, sidecar, "the-key" if what == "the key was changed" else ""):
        if what == "the key was changed":
            stash.settings.set(api_key="another-key")
        else:
            stash.clock.advance(1.1 * HOUR_S)
    assert states(auto) == {"completed": 1, "pending": 1}
    assert stash.log.has("does not accept the plugin's session", "error")
    if what == "the machine slept":
        stash.settings.set(username="", password="")
    assert "AI_Errored" not in stash.tag_names()
    assert stash.tags_of(2) == []
    auto.ask("status")
    stash.wait_for_jobs(60)
    assert states(auto) == {"completed": 2}
    assert stash.tags_of(2) == ["AI_Tagged", "cat", "coffee", "rocket"]
    assert "another-key" not in auto.logged()
