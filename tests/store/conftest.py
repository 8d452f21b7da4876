from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.store import FeatureStore


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data_dir: Path) -> Iterator[FeatureStore]:
    with FeatureStore.open(data_dir) as opened:
        yield opened
