"""Only regular files inside the media roots are opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sidecar.media.access import AccessPolicy, origin_of
from sidecar.media.errors import ErrorCode, MediaError, redacted_location
from sidecar.media.source import open_source


@pytest.fixture
def roots(tmp_path: Path) -> AccessPolicy:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.bin").write_bytes(b"x" * 100)
    (tmp_path / "secret.bin").write_bytes(b"secret")
    return AccessPolicy((tmp_path / "media",), ())


@contextmanager
def refused(code: ErrorCode) -> Iterator[None]:
    with pytest.raises(MediaError) as caught:
        yield
    assert caught.value.code == code, str(caught.value)


def test_a_file_inside_is_opened(roots: AccessPolicy) -> None:
    with open_source(str(roots.media_roots[0] / "a.bin"), roots) as source:
        assert source.size_bytes == 100
        assert source.read_head(4) == b"xxxx"


def test_no_roots_allow_nothing(roots: AccessPolicy) -> None:
    with refused("outside_media_roots"):
        open_source(str(roots.media_roots[0] / "a.bin"), AccessPolicy((), ()))


def test_a_symlink_may_stay_inside_but_not_lead_out(roots: AccessPolicy) -> None:
    folder = roots.media_roots[0]
    (folder / "inside").symlink_to(folder / "a.bin")
    (folder / "outside").symlink_to(folder.parent / "secret.bin")
    open_source(str(folder / "inside"), roots).close()
    with refused("outside_media_roots"):
        open_source(str(folder / "outside"), roots)
    with refused("outside_media_roots"):
        open_source(str(folder / ".." / "secret.bin"), roots)


def test_what_lies_outside_is_not_told_from_what_does_not_exist(roots: AccessPolicy) -> None:
    with refused("outside_media_roots"):
        open_source(str(roots.media_roots[0].parent / "nothing"), roots)


def test_a_root_may_itself_be_a_symlink(roots: AccessPolicy, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(roots.media_roots[0])
    open_source(str(tmp_path / "link" / "a.bin"), AccessPolicy((tmp_path / "link",), ())).close()


def test_missing_files_and_folders_are_told(roots: AccessPolicy) -> None:
    with refused("not_found"):
        open_source(str(roots.media_roots[0] / "missing.mp4"), roots)
    with refused("not_found"):
        open_source("relative.mp4", roots)
    with refused("not_found"):
        open_source(f"{roots.media_roots[0]}/a.bin\0.mp4", roots)
    with refused("not_a_file"):
        open_source(str(roots.media_roots[0]), roots)
    with refused("empty_file"):
        (roots.media_roots[0] / "empty.mp4").touch()
        open_source(str(roots.media_roots[0] / "empty.mp4"), roots)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
@pytest.mark.timeout(10)
def test_a_fifo_is_refused_without_waiting_for_a_writer(roots: AccessPolicy) -> None:
    os.mkfifo(roots.media_roots[0] / "pipe.mp4")
    with refused("not_a_file"):
        open_source(str(roots.media_roots[0] / "pipe.mp4"), roots)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
def test_an_unreadable_file_is_told(roots: AccessPolicy) -> None:
    path = roots.media_roots[0] / "locked.mp4"
    path.write_bytes(b"x")
    path.chmod(0)
    as_root = os.geteuid() == 0
    if as_root:
        os.seteuid(65534)  # root may read everything, nobody may not
    try:
        with refused("permission_denied"):
            open_source(str(path), roots)
    finally:
        if as_root:
            os.seteuid(0)


def test_the_opened_file_stays_the_same_when_its_name_moves(roots: AccessPolicy) -> None:
    folder = roots.media_roots[0]
    with open_source(str(folder / "a.bin"), roots) as source:
        (folder / "a.bin").rename(folder / "b.bin")
        (folder / "a.bin").write_bytes(b"another")
        if sys.platform == "linux":
            assert source.read_head(4) == b"xxxx"
        else:
            with refused("io_error"):
                source.read_head(4)


def test_descriptors_have_positions_of_their_own(roots: AccessPolicy) -> None:
    source = open_source(str(roots.media_roots[0] / "a.bin"), roots)
    with source, source.open_stream() as first, source.open_stream() as second:
        assert len(first.read(60)) == 60
        assert len(second.read(60)) == 60


def test_locations_are_shown_without_secrets() -> None:
    assert redacted_location("http://me:pw@host:99/a/b?apikey=1#x") == "http://host:99/a/b"
    assert redacted_location("/a/b?c") == "/a/b?c"


def test_origins_are_compared_exactly() -> None:
    assert origin_of("HTTP://Host/x") == origin_of("http://host:80")
    assert origin_of("https://host") != origin_of("http://host")
    assert origin_of("ftp://host") is None
