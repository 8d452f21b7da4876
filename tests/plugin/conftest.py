from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin.world import World
from tests.standin import Standin


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A stand-in without credentials over an empty library."""
    with Standin(tmp_path / "config", tmp_path / "library") as stash:
        yield World(stash)
