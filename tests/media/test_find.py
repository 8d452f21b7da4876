"""Files are found by name and size below the roots, within limits, and nothing outside is ever told."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from sidecar.media.access import AccessPolicy
from sidecar.media.errors import MediaError
from sidecar.media.find import MAX_PATHS, FoundFiles, WantedFile, find_files, size_of_visible
from sidecar.values import Cancelled
from tests.media.make import never


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    for path, size in (("a.mp4", 5), ("deep/er/b.mp4", 7), ("deep/a.mp4", 5), ("deep/er/a.mp4", 6), ("Übung/ü.mp4", 9)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(bytes(size))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.mp4").write_bytes(bytes(3))
    return folder


def find(*wanted: tuple[str, int], root: Path, time_limit_s: float = 5.0, max_folders: int = 1000) -> FoundFiles:
    policy = AccessPolicy((root,), ())
    return find_files([WantedFile(*file) for file in wanted], policy, time_limit_s, max_folders, never)


def test_name_and_size_must_fit_and_the_nearest_comes_first(root: Path) -> None:
    found = find(("a.mp4", 5), ("b.mp4", 7), ("b.mp4", 8), root=root)
    assert found.paths == ((str(root / "a.mp4"), str(root / "deep/a.mp4")), (str(root / "deep/er/b.mp4"),), ())
    assert (found.complete, found.folders) == (True, 4)


def test_the_search_ends_once_everything_was_found(root: Path) -> None:
    found = find(("a.mp4", 5), root=root)
    assert (found.paths, found.complete, found.folders) == (((str(root / "a.mp4"),),), False, 1)


def test_accents_are_found_however_they_are_written(root: Path) -> None:
    assert find(("u\u0308.mp4", 9), root=root).paths == ((str(root / "Übung/ü.mp4"),),)


def test_limits_end_the_search(root: Path) -> None:
    assert find(("missing.mp4", 1), root=root, max_folders=2).complete is False
    for number in range(30):
        (root / "many" / str(number)).mkdir(parents=True)
    begun = time.monotonic()
    found = find(("missing.mp4", 1), root=root, time_limit_s=0.0)
    assert (found.complete, found.paths) == (False, ((),))
    assert time.monotonic() - begun < 1.0


def test_a_large_folder_is_left_in_time(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2000):
        (root / f"{number}.txt").touch()
    monkeypatch.setattr(time, "monotonic", iter(range(10_000)).__next__)
    assert find(("missing.mp4", 1), root=root, time_limit_s=2.5).folders == 1


def test_a_search_that_nobody_waits_for_stops(root: Path) -> None:
    gone = threading.Event()
    gone.set()
    with pytest.raises(Cancelled):
        find_files([WantedFile("x", 1)], AccessPolicy((root,), ()), 5.0, 10, gone.is_set)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_are_followed_inside_the_roots_only_and_loops_end(root: Path) -> None:
    (root / "loop").symlink_to(root)
    (root / "deep" / "up").symlink_to("..")
    (root / "out").symlink_to(root.parent / "outside")
    (root / "linked.mp4").symlink_to(root.parent / "outside" / "secret.mp4")
    found = find(("secret.mp4", 3), ("linked.mp4", 3), root=root)
    assert (found.paths, found.complete) == (((), ()), True)
    (root / "nested").mkdir()
    (root / "in").symlink_to(root / "deep" / "er")
    assert find(("b.mp4", 7), root=root).paths == ((str(root / "in/b.mp4"),),)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
@pytest.mark.timeout(10)
def test_what_is_no_regular_file_is_no_find(root: Path) -> None:
    os.mkfifo(root / "pipe.mp4")
    (root / "folder.mp4").mkdir()
    assert find(("pipe.mp4", 0), ("folder.mp4", 0), root=root).paths == ((), ())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_passed_over(root: Path) -> None:
    (root / os.fsdecode(b"bad-\xff")).mkdir()
    (root / os.fsdecode(b"bad-\xff") / "c.mp4").write_bytes(bytes(4))
    assert find(("c.mp4", 4), root=root).paths == ((),)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(root: Path) -> None:
    (root / "locked").mkdir(mode=0)
    assert find(("missing.mp4", 1), root=root).complete is False


def test_a_root_that_is_gone_is_said(tmp_path: Path) -> None:
    found = find(("x", 1), root=tmp_path / "gone")
    assert (found.complete, found.folders) == (False, 0)


def test_at_most_a_few_paths_are_told(root: Path) -> None:
    for number in range(MAX_PATHS + 3):
        (root / "copies" / str(number)).mkdir(parents=True)
        (root / "copies" / str(number) / "copy.mp4").write_bytes(b"x")
    assert len(find(("copy.mp4", 1), ("missing", 1), root=root).paths[0]) == MAX_PATHS


def test_size_of_what_is_visible(root: Path) -> None:
    policy = AccessPolicy((root,), ())
    assert size_of_visible(str(root / "deep/er/b.mp4"), policy) == 7
    (root / "empty.mp4").touch()
    assert size_of_visible(str(root / "empty.mp4"), policy) == 0
    with pytest.raises(MediaError, match="lies outside the media roots"):
        size_of_visible(str(root.parent / "outside" / "secret.mp4"), policy)
