from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standin.stashbox import Server, StashBox


@pytest.fixture
def box() -> Iterator[StashBox]:
    with StashBox() as running:
        yield running


@pytest.fixture
def cdn() -> Iterator[Server]:
    """Another server on the box's own machine."""
    with Server() as running:
        yield running


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """A server in the owner's own network, which is none of the box's."""
    with Server("127.0.0.2") as running:
        yield running
