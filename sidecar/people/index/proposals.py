"""Approximate neighbours by annoy, as proposals that an exact look decides between. This file alone imports annoy.

annoy (https://github.com/spotify/annoy) is compiled where it is installed, so it may be missing; it maps its file, and
a file is never changed once it is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from sidecar.people.index.references import References
from sidecar.people.index.segments import Rows
from sidecar.values import Vectors

TREES = 50
SEARCH_K = 50_000
"""Nodes that a query looks at. annoy's default (trees x neighbours) finds the right one of 100 000 references in
37 of 100 cases, 10 000 in 96 and 50 000 in all: measured on vectors whose mates have cosine 0.6."""
PROPOSALS = 500
SEED = 5


def is_installed() -> bool:
    """Whether annoy can be had here, without importing it."""
    return find_spec("annoy") is not None


def version() -> str:
    """Of annoy: its files are for one version. Empty where it is not installed."""
    return metadata.version("annoy") if is_installed() else ""


class Proposals:
    """A finished annoy file, mapped. Any number of threads may ask at once."""

    def __init__(self, path: Path, dim: int) -> None:
        """Raises OSError if annoy cannot map the file. Check it before: annoy trusts what it reads."""
        self._index = _new(dim)
        self._index.load(str(path))

    def near(self, query: Vectors, n: int = PROPOSALS, search_k: int = SEARCH_K) -> Rows:
        """Rows that are probably near a query (dim,): at most n, removed ones included."""
        rows = self._index.get_nns_by_vector(query.tolist(), n, search_k)
        return np.array(rows, np.int64)


def build(path: Path, references: References, is_wanted: Callable[[], bool]) -> bool:
    """Write an annoy file of all references and sync it; False if it was not wanted any more half-way.

    Needs about three times the bytes of the float16 vectors in memory while it works. Raises OSError.
    """
    index = _new(references.dim)
    index.set_seed(SEED)
    step = 1024
    for start in range(0, len(references), step):
        if not is_wanted():
            return False
        rows = references.vectors(np.arange(start, min(start + step, len(references))))
        for row, vector in enumerate(rows.tolist(), start):
            index.add_item(row, vector)
    # One thread fewer than there are: searches go on meanwhile.
    index.build(TREES, max(1, (os.cpu_count() or 1) - 1))
    index.save(str(path))
    index.unload()
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return is_wanted()


def _new(dim: int) -> Any:
    from annoy import AnnoyIndex

    # Of unit vectors: its order is that of cosines.
    return AnnoyIndex(dim, "angular")
