"""Where the sidecar runs, and whose it is: told from the lock and the note on its data folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.locks import exclusive
from plugin.setup.owner import LOCK_NAME, OWNER_NAME, log_file_of
from plugin.setup.sidecar_environment import OVERRIDE_NAME
from plugin.setup.whereabouts import Whereabouts, whereabouts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sidecar's data folder, with a Python to start it and the log of an earlier start."""
    found = tmp_path / "sidecar"
    (found / "logs").mkdir(parents=True)
    (found / OVERRIDE_NAME).write_text("/usr/bin/python3\n")
    Path(log_file_of(str(found))).touch()
    return found


@contextlib.contextmanager
def running(folder: Path, launch_id: str, pid: int = 4711, address: str = "unix:/x/sidecar.sock") -> Iterator[None]:
    (folder / OWNER_NAME).write_text(f"{pid}\n0\n{address}\n0.2.0\n{launch_id}\n")
    with exclusive(str(folder / LOCK_NAME)):
        yield


def test_one_that_the_plugin_started_is_ours(tmp_path: Path, folder: Path) -> None:
    with running(folder, "plugin-abc-def"):
        for chosen in ("", "unix:/x/sidecar.sock"):
            found = whereabouts(str(tmp_path), chosen, answers=True)
            assert found == Whereabouts("unix:/x/sidecar.sock", True, log_file_of(str(folder)))


def test_one_that_a_person_started_is_not(tmp_path: Path, folder: Path) -> None:
    for launch_id in ("", "mine"):
        with running(folder, launch_id):
            found = whereabouts(str(tmp_path), "", answers=True)
        assert (found.address, found.is_ours, found.log_path) == ("unix:/x/sidecar.sock", False, "")
        assert "was not started by the plugin" in found.why_not


def test_one_of_another_machine_is_not_whatever_runs_here(tmp_path: Path, folder: Path) -> None:
    with running(folder, "plugin-abc-def"):
        found = whereabouts(str(tmp_path), "gpu.example:50151")
    assert (found.address, found.is_ours, found.log_path) == ("gpu.example:50151", False, "")
    assert "gpu.example:50151 is on another machine" in found.why_not


def test_one_that_is_down_is_ours_to_start_where_it_was_installed(tmp_path: Path, folder: Path) -> None:
    log = log_file_of(str(folder))
    assert whereabouts(str(tmp_path), "") == Whereabouts("", True, log)
    assert whereabouts(str(tmp_path), "127.0.0.1:50151") == Whereabouts("127.0.0.1:50151", True, log)
    answering = whereabouts(str(tmp_path), "127.0.0.1:50151", answers=True)
    assert (answering.is_ours, "was not started by the plugin" in answering.why_not) == (False, True)
    (folder / OVERRIDE_NAME).unlink()
    beside_us = whereabouts(str(tmp_path), "127.0.0.1:50151")
    assert (beside_us.is_ours, "was not started by the plugin" in beside_us.why_not) == (False, True)
    assert whereabouts(str(tmp_path), "").why_not == "", "Set up has more to say of one that was never installed"


def test_one_that_has_not_said_yet_who_started_it(tmp_path: Path, folder: Path) -> None:
    with exclusive(str(folder / LOCK_NAME)):
        found = whereabouts(str(tmp_path), "")
    assert (found.is_ours, found.why_not) == (False, "the sidecar is just starting; ask again in a moment.")
