from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standin import Standin
from tests.standin.samples import write_video


@pytest.fixture
def stash(tmp_path: Path) -> Iterator[Standin]:
    """A stand-in without credentials, over empty folders."""
    with Standin(tmp_path / "config", tmp_path / "library") as running:
        yield running


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds, 64 x 48."""
    return write_video(tmp_path_factory.mktemp("videos") / "two seconds.mp4")
