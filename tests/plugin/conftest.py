from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.store.store import Store, open_store
from tests.plugin.clock import Hands
from tests.plugin.world import World
from tests.standin import Standin


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def store_dir(tmp_path: Path) -> Path:
    """The plugin's data folder, not made yet."""
    return tmp_path / "stash-sense-native"


@pytest.fixture
def store(store_dir: Path, clock: Hands) -> Iterator[Store]:
    opened = open_store(str(store_dir), clock)
    yield opened
    opened.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A stand-in without credentials over an empty library."""
    with Standin(tmp_path / "config", tmp_path / "library") as stash:
        yield World(stash)
