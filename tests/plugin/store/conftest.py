from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.store.store import Store, open_store


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "stash-sense-native"


@pytest.fixture
def store(data_dir: Path, clock: Hands) -> Iterator[Store]:
    opened = open_store(str(data_dir), clock)
    yield opened
    opened.close()
